"""The words and signs of a line, and a cursor that takes them one by one.

A line that is indented goes on with the one before; ``#`` begins a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator
from typing import Final, NamedTuple, TypeVar

from deciderkit.plain import shown

T = TypeVar("T")

_TOKEN: Final = re.compile(
    r"""(?P<comment>(?<!\S)\#.*) | (?P<arrow>->)
      | (?P<mark>\((?:computed|own)\)) | (?P<sign>[,:()\[\]])
      | (?P<quoted>"(?:[^"\\]|\\.)*") | (?P<word>(?:(?!->)[^\s,:()\[\]"])+) | (?P<bad>\S)""",
    re.VERBOSE,
)


class WallError(Exception):
    """A line of the wall that is not understood: what is wrong with it, and what would do.

    ``line`` counts from 1; it is None where the trouble is of no one line.

    >>> print(WallError(3, "no event is called 'Oped'", "Opened"))
    line 3: no event is called 'Oped': expected Opened
    """

    def __init__(self, line: int | None, problem: str, expected: str) -> None:
        super().__init__(line, problem, expected)
        self.line = line
        self.problem = problem
        self.expected = expected

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.problem}: expected {self.expected}"


class Line(NamedTuple):
    """One line of the wall with those that go on with it, from its number on."""

    number: int
    text: str


class Token(NamedTuple):
    """A word, a sign, or a name in quotes with the quotes taken off."""

    kind: str
    text: str


def lines_of(text: str) -> list[Line]:
    """The lines that say something, each with the indented ones behind it."""
    lines: list[Line] = []
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        if raw[0].isspace() and lines:
            lines[-1] = Line(lines[-1].number, f"{lines[-1].text}\n{raw}")
        else:
            lines.append(Line(number, raw))
    return lines


def named(text: str) -> str:
    """A piece of the wall as an error shows it: in quotes, escaped, cut where it is long.

    >>> named("Turn\\tLeft")
    "'Turn\\\\tLeft'"
    """
    return f"'{shown(text, 60)}'"


class Cursor:
    """The tokens of one line, taken from left to right. What is asked for and not there is an error."""

    def __init__(self, line: Line) -> None:
        self.number = line.number
        self._tokens = list(_tokens(line))
        self._at = 0

    def error(self, problem: str, expected: str) -> WallError:
        """An error on this line."""
        return WallError(self.number, problem, expected)

    def has(self, *texts: str) -> bool:
        """Whether there is one of these signs or words somewhere in the rest."""
        return any(token.text in texts and token.kind != "quoted" for token in self._rest)

    def sees(self, *texts: str) -> bool:
        """Whether one of these signs or words comes next."""
        return self._next.text in texts and self._next.kind != "quoted"

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._tokens)

    @property
    def _rest(self) -> list[Token]:
        return self._tokens[self._at :]

    @property
    def _next(self) -> Token:
        return Token("end", "") if self.at_end else self._tokens[self._at]

    def takes(self, *texts: str) -> bool:
        """Take one of these signs or words if it comes next, and say whether it did."""
        taken = self.sees(*texts)
        self._at += taken
        return taken

    def take(self, text: str, after: str) -> None:
        """Take ``text``, which has to come next, ``after`` what was taken."""
        if not self.takes(text):
            raise self.error(f"{self.found} after {after}", repr(text))

    @property
    def found(self) -> str:
        """What comes next, as an error shows it."""
        return "nothing" if self.at_end else named(self._next.text)

    def name(self, of: str, stops: Container[str] = ()) -> str:
        """Take a name: a quoted one, or words up to a sign or one of ``stops``."""
        if self._next.kind == "quoted":
            self._at += 1
            return self._tokens[self._at - 1].text
        start = self._at
        while self._next.kind == "word" and self._next.text not in stops:
            self._at += 1
        if start == self._at:
            raise self.error(f"{self.found} where {of} should stand", of)
        return " ".join(token.text for token in self._tokens[start : self._at])


def _tokens(line: Line) -> Iterator[Token]:
    for match in _TOKEN.finditer(line.text):
        kind, text = str(match.lastgroup), match[0]
        if kind == "bad":
            raise WallError(line.number, "a quote that does not end", 'one more "')
        if kind == "quoted":
            yield Token(kind, _unquoted(line.number, text))
        elif kind != "comment":
            yield Token(kind, text)


def _unquoted(number: int, text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        problem = f"{named(text)} is not a quoted name"
        raise WallError(number, problem, 'a name in quotes, as in JSON: "a \\"name\\""') from None


def several(cursor: Cursor, take: Callable[[], T], between: str = ",") -> tuple[T, ...]:
    """One or more of what ``take`` takes, each once."""
    taken = [take()]
    while cursor.takes(between):
        taken.append(take())
    return tuple(dict.fromkeys(taken))
