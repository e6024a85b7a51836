"""A line of a log for anything that happens on a board: short, and never more than a line.

``[COMMAND] Move`` and ``[EVENT] MarsRoverMoved 2:1:N``, as the article's log has them. What a message
is about (the rover, the order) is told once and not in every line: a line keeps it apart as its key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.ids import key_text
from deciderkit.log.recorded import Recorded
from deciderkit.picture.spelling import AS_IT_IS, Speller, Spelling, parts_of
from deciderkit.picture.stickies import Kind
from deciderkit.plain import shown
from deciderkit.policy import ToDo

LABELS: Final[dict[Kind, str]] = {
    "command": "COMMAND",
    "event": "EVENT",
    "policy": "TO-DO",
    "refusal": "REFUSED",
}
"""What stands in brackets before a line of each kind."""


class Line(Struct, frozen=True):
    """One line of a log: the ``kind`` of sticky, its ``name``, what it is about, and what it says.

    >>> print(Line("event", "MarsRoverMoved", "r1", "2:1:N"))
    [EVENT] MarsRoverMoved 2:1:N
    """

    kind: Kind
    name: str
    key: str
    text: str

    @property
    def label(self) -> str:
        """What stands in brackets before the line, without them."""
        return LABELS.get(self.kind, self.kind.upper())

    def said(self, before: Line | None = None) -> str:
        """The line without its label; it names its key unless the line ``before`` had the same.

        >>> first, second = Line("command", "Move", "r1", ""), Line("event", "Moved", "r1", "2:1:N")
        >>> first.said(), second.said(first)
        ('Move r1', 'Moved 2:1:N')
        """
        new = "" if before is not None and before.key == self.key else self.key
        head = " ".join(each for each in (self.name, new) if each)
        if not self.text:
            return head
        return (
            f"{head}: {self.text}" if self.kind in ("refusal", "policy") else f"{head} {self.text}"
        )

    def __str__(self) -> str:
        return f"[{self.label}] {self.said(self)}"


class Lines:
    """Makes a `Line` of whatever happens on ``board``; never fails.

    It takes commands, events, a `Recorded`, a `Refused` and a `ToDo`. ``spelling`` says how messages and
    values of some types are spelled; the text for a message leaves out its name and its key.
    """

    def __init__(self, board: Board, spelling: Spelling = AS_IT_IS) -> None:
        self.spell = Speller(spelling)
        self._spelling = spelling
        self._owners = {**board.takers, **board.givers}
        self._commands = frozenset(board.takers)
        self._ways: dict[type, Callable[[Any], Line]] = {}

    def __call__(self, happened: Any) -> Line:
        """The line for ``happened``."""
        match happened:
            case Recorded(event=event):
                return self(event)
            case Refused(command, reason):
                asked = self(command)
                return Line("refusal", asked.name, asked.key, _bare(self.spell(reason)))
            case ToDo():
                return self._todo(happened)
        kind = type(happened)
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._way(kind)
        try:
            return way(happened)
        except Exception:  # a message that cannot even be looked at still has its line
            return Line("event", shown(kind.__name__), "", "")

    def _todo(self, todo: ToDo[Any, Any]) -> Line:
        policy, key = shown(todo.policy.name), shown(todo.key or "")
        try:
            asked = self(todo.command)
        except Exception as error:  # somebody's `then`: what it raises is said, and stops no log
            return Line("policy", policy, key, f"raised {self.spell(type(error))}")
        return Line("policy", policy, key, f"{asked.name} {asked.text}".strip())

    def _way(self, kind: type) -> Callable[[Any], Line]:
        owner = self._owners.get(kind)
        sticky: Kind = "command" if kind in self._commands else "event"
        name = shown(kind.__name__)
        said = kind in self._spelling
        names = parts_of(kind)

        def line(message: Any) -> Line:
            key = _key(owner, message)
            if said or names is None:
                return Line(sticky, name, key, self.spell(message))
            rest = [each for each in names if not _is_key(getattr(message, each, None), key)]
            return Line(sticky, name, key, self._fields(message, rest))

        return line

    def _fields(self, message: Any, names: list[str]) -> str:
        """What a message says besides its key: a lone value as it is, several by name."""
        if len(names) == 1:
            return self.spell(getattr(message, names[0], None))
        return " ".join(f"{name}={self.spell(getattr(message, name, None))}" for name in names)


def _key(owner: Any, message: Any) -> str:
    try:
        return "" if owner is None else shown(key_text(owner.key(message)))
    except Exception:  # a key that raises is no key, and stops no log
        return ""


def _is_key(value: object, key: str) -> bool:
    """Whether a field holds the key: a key is a text, a whole number or a UUID."""
    if isinstance(value, str):
        return value == key
    return (type(value) is int and str(value) == key) or (len(key) == 36 and str(value) == key)


def _bare(text: str) -> str:
    return text[1:-1] if text[:1] == text[-1:] == '"' else text
