"""A report, and no law: the fields of messages and states that no example changed anything by.

Such a field may be kept for people, or for later; or a rule was forgotten that was to look at it, or
the examples never show what it is for. Each message and state on the way is asked once more with one
field of another example in it: where an answer is another one, the field is at work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass
from dataclasses import replace as replace_in_dataclass
from functools import partial
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy
from msgspec import Struct
from msgspec.structs import replace as replace_in_struct

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.testing.laws.checking import profile, runs
from deciderkit.testing.laws.driving import Drive, taker_of, up_to_trouble
from deciderkit.testing.snapshot import snapshot
from pytest_deciderkit import conduct

Field: TypeAlias = tuple[type, str]
Ask: TypeAlias = Callable[[Any], object]

EXAMPLES = 200
"""How many runs are looked at, unless it is said."""

OTHERS = 3
"""How many other values of a field are tried in its place."""


def idle_fields(
    board: Board,
    commands: SearchStrategy[Any],
    *,
    max_examples: int | None = None,
    seed: int = 0,
) -> tuple[str, ...]:
    """The fields by which no run of ``commands`` on ``board`` was ever changed, as ``Type.field``.

    They come in the board's order: of each aggregate its commands, its events and its states.

    >>> from hypothesis import strategies as st
    >>> from deciderkit import Decider
    >>> class Ring(Struct, frozen=True):
    ...     door: str
    ...     mood: str
    >>> class Rang(Struct, frozen=True):
    ...     door: str
    >>> def decide(command: Ring, state: int) -> tuple[Rang, ...]:
    ...     return (Rang(command.door),)
    >>> def evolve(state: int, event: Rang) -> int:
    ...     return state + 1
    >>> bell = Decider(0, decide, evolve, lambda state: False)
    >>> board = Board((Aggregate("Bell", "bell", bell, lambda message: message.door),))
    >>> idle_fields(board, st.builds(Ring, st.sampled_from("ab"), st.sampled_from("xy")))
    ('Ring.mood',)
    """
    watch = _Watch(board)
    most = max_examples or conduct.examples or EXAMPLES

    @seeded(seed)
    @profile(most)
    @given(runs(commands))
    def look(asked: list[Any]) -> None:
        watch.look(asked)

    look()
    return tuple(f"{kind.__name__}.{name}" for kind, name in watch.idle())


class _Watch:
    """Which fields were seen, with some of their values, and which are at work."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._values: dict[Field, dict[Hashable, Any]] = defaultdict(dict)
        self._at_work: set[Field] = set()
        self._holders: dict[type, Aggregate] = {}

    def idle(self) -> Iterator[Field]:
        """Fields in the board's order: of each aggregate its commands, its events and its states."""
        for aggregate in self._board.aggregates:
            states = [each for each, holder in self._holders.items() if holder is aggregate]
            for kind in (*aggregate.commands, *aggregate.events, *states):
                own = (field for field in self._values if field[0] is kind)
                yield from (field for field in own if field not in self._at_work)

    def look(self, commands: list[Any]) -> None:
        """Follow a run, and ask about all that is met on the way."""
        drive = Drive(self._board)
        for drive, command in up_to_trouble(self._board, commands):
            self._step(drive, command)
        for todo in drive.state.todos():
            self._step(drive, todo.command)

    def _step(self, drive: Drive, command: Any) -> None:
        taker = taker_of(self._board, command)
        state = drive.state.state(taker, taker.key(command))
        decide = taker.decider.decide
        self._holders.setdefault(type(state), taker)
        self._ask(command, lambda other: (_content(decide(other, state)), taker.key(other)))
        self._ask(state, lambda other: _content(decide(command, other)))
        self._ask(state, taker.decider.is_terminal)
        for event in _events(taker, command, state):
            self._ask(event, partial(self._heard, drive, taker, state))
            for name in _names(state):
                self._ask(state, partial(_rest, taker, event, name), name)
            state = taker.decider.evolve(state, event)
            self._holders.setdefault(type(state), taker)

    def _heard(self, drive: Drive, taker: Aggregate, state: Any, event: Any) -> object:
        """All that anybody makes of ``event``; those outside are told all of it."""
        kind, board = type(event), self._board
        views = [view for view in board.projections if kind in view.takes]
        asking = [policy for policy in board.policies if kind is policy.whenever]
        hearing = [policy for policy in board.policies if kind in policy.heard]
        return (
            taker.key(event),
            taker.decider.evolve(state, event),
            [
                (view.key(event), view.evolve(drive.state.view(view, view.key(event)), event))
                for view in views
            ],
            [policy.key(event) for policy in hearing],
            [(policy.then(event), policy.due and policy.due(event)) for policy in asking],
            event if kind in board.delivered else None,
        )

    def _ask(self, value: Any, ask: Ask, only: str = "") -> None:
        """Ask about ``value``, and once more with other values of each field that is not at work yet."""
        kind = type(value)
        for name in _names(value):
            known = self._values[kind, name]
            here = getattr(value, name)
            if (kind, name) not in self._at_work and name in (only or name):
                others = [each for look, each in known.items() if look != snapshot(here)]
                mine = _answer(ask, value)
                for other in others[-OTHERS:]:
                    if mine != _answer(ask, _with(value, name, other)):
                        self._at_work.add((kind, name))
            if len(known) <= 2 * OTHERS:
                known[snapshot(here)] = here


def _events(taker: Aggregate, command: Any, state: Any) -> list[Any]:
    """What ``command`` leads to; nothing where it raises, of which a law tells."""
    try:
        decision = taker.decider.decide(command, state)
        return [event for event in decision if type(event) in taker.own]
    except Exception:
        return []


def _content(decision: tuple[Any, ...]) -> list[Any]:
    """A decision; of a refusal the reason, since the command in it is but the echo of the question."""
    return [each.reason if isinstance(each, Refused) else each for each in decision]


def _rest(taker: Aggregate, event: Any, name: str, state: Any) -> object:
    """The state after ``event`` but for the field ``name``, which may only have been carried on."""
    after = taker.decider.evolve(state, event)
    return type(after), [getattr(after, each) for each in _names(after) if each != name]


def _answer(ask: Ask, value: Any) -> Hashable:
    try:
        return snapshot(ask(value))
    except Exception as error:
        return "raised", type(error)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, Struct):
        return value.__struct_fields__
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(field.name for field in fields(value))
    return tuple(getattr(type(value), "_fields", ()))


def _with(value: Any, name: str, other: Any) -> Any:
    """``value`` with ``other`` in its field ``name``; as it is where its type will not have that."""
    try:
        if isinstance(value, Struct):
            return replace_in_struct(value, **{name: other})
        if is_dataclass(value) and not isinstance(value, type):
            return replace_in_dataclass(value, **{name: other})
        return value._replace(**{name: other})
    except (TypeError, ValueError):
        return value
