"""The yellow sticky: a decider, the folds that run it over events, and the seam to ``returns``.

A decider is four things on a record: where a stream begins, what a command leads to, what an event
changes, and when nothing more can happen. It knows no I/O, so everything else - replay, time travel,
laws, dispatch - is a fold that somebody else runs. The pattern is Jérémie Chassaing's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

from msgspec import UNSET, Struct, UnsetType
from pyrsistent import PVector, pvector
from returns.result import Failure, Result, Success

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")
R = TypeVar("R")
C_co = TypeVar("C_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)


class Refused(Struct, Generic[C_co, R_co], frozen=True):
    """A command that cannot be carried out, and why.

    It is part of a decision and never of the log; ``evolve`` is the identity on it.

    >>> Refused("open the door", "it is locked")
    Refused(command='open the door', reason='it is locked')
    """

    command: C_co
    reason: R_co

    if TYPE_CHECKING:
        # A type checker has no word for "anything but a refusal". This tells it that a refusal is no
        # `Happened`, so that `outcome` finds the events and the refusal in a decision by itself.
        def __sizeof__(self, refused: None) -> int: ...  # type: ignore[override]


class Happened(Protocol):
    """Any value but a `Refused`, for type checkers: each has what every object has."""

    def __sizeof__(self) -> int: ...


H = TypeVar("H", bound=Happened)
F = TypeVar("F", bound=Refused[Any, Any])


class CorruptHistory(Exception):
    """An event that cannot follow the state before it.

    ``index`` is the place of the event in the sequence that was folded, from 0; it is None when a
    single ``evolve`` was called by hand.

    >>> print(CorruptHistory(state="closed", event="Closed", index=3))
    corrupt history at event 3: 'Closed' cannot follow 'closed'
    """

    def __init__(self, state: object, event: object, index: int | None = None) -> None:
        super().__init__(state, event, index)
        self.state = state
        self.event = event
        self.index = index

    def __str__(self) -> str:
        place = "" if self.index is None else f" at event {self.index}"
        return f"corrupt history{place}: {self.event!r} cannot follow {self.state!r}"


def cannot_follow(state: object, event: object) -> NoReturn:
    """Say, inside an ``evolve``, that ``event`` cannot follow ``state``.

    >>> cannot_follow("closed", "Closed")
    Traceback (most recent call last):
        ...
    deciderkit.decider.CorruptHistory: corrupt history: 'Closed' cannot follow 'closed'
    """
    raise CorruptHistory(state, event)


@dataclass(frozen=True)
class Decider(Generic[C, E, S, R]):
    """An aggregate as four values; ``C`` commands, ``E`` events, ``S`` state, ``R`` refusal reasons.

    ``decide(command, state)`` is total: it gives a tuple of events, or exactly one `Refused`.
    ``evolve(state, event)`` gives the next state, is the identity on a `Refused`, and raises
    `CorruptHistory` (through `cannot_follow`) for an event that cannot follow the state.
    ``is_terminal(state)`` tells that every further command will be refused.

    >>> counter = Decider(
    ...     initial=0,
    ...     decide=lambda command, state: ("Counted",),
    ...     evolve=lambda state, event: state + 1,
    ...     is_terminal=lambda state: False,
    ... )
    >>> fold(counter, counter.decide("Count", counter.initial))
    1
    """

    initial: S
    decide: Callable[[C, S], tuple[E, ...] | tuple[Refused[C, R]]]
    evolve: Callable[[S, E | Refused[C, R]], S]
    is_terminal: Callable[[S], bool]


def outcome(decision: tuple[H, ...] | tuple[F]) -> Result[tuple[H, ...], F]:
    """A decision as a ``Result``: the events, or the refusal. `decision_of` is its inverse.

    >>> outcome(("Opened", "Rang"))
    <Success: ('Opened', 'Rang')>
    >>> outcome((Refused("Open", "locked"),))
    <Failure: Refused(command='Open', reason='locked')>
    """
    if len(decision) == 1 and isinstance(decision[0], Refused):
        return Failure(decision[0])
    return Success(decision)


def decision_of(result: Result[tuple[E, ...], F]) -> tuple[E, ...] | tuple[F]:
    """The decision that `outcome` made ``result`` from.

    >>> decision_of(Success(("Opened",)))
    ('Opened',)
    >>> decision_of(Failure(Refused("Open", "locked")))
    (Refused(command='Open', reason='locked'),)
    """
    return result.unwrap() if isinstance(result, Success) else (result.failure(),)


def fold(
    decider: Decider[C, E, S, R], events: Iterable[E | Refused[C, R]], state: S | UnsetType = UNSET
) -> S:
    """The state after ``events``, from ``state`` (by default the initial one; None is a state too).

    Raises `CorruptHistory` with the index of the first event that cannot follow; `replay` gives the
    same as a ``Result``.
    """
    evolve = decider.evolve
    reached = decider.initial if isinstance(state, UnsetType) else state
    index = -1
    try:
        for index, event in enumerate(events):
            reached = evolve(reached, event)
    except CorruptHistory as error:
        raise CorruptHistory(error.state, error.event, index) from None
    return reached


def replay(
    decider: Decider[C, E, S, R], events: Iterable[E | Refused[C, R]], state: S | UnsetType = UNSET
) -> Result[S, CorruptHistory]:
    """The state that ``events`` lead to, or the first event that cannot follow.

    >>> from operator import add
    >>> total = Decider(0, lambda command, state: (command,), add, lambda state: False)
    >>> replay(total, [1, 2, 3])
    <Success: 6>
    """
    try:
        return Success(fold(decider, events, state))
    except CorruptHistory as error:
        return Failure(error)


def history(decider: Decider[C, E, S, R], events: Iterable[E | Refused[C, R]]) -> PVector[S]:
    """Every state on the way, the initial one first: ``history(d, events)[n]`` is the state after n.

    States share their structure, so a long history costs what changed. Raises `CorruptHistory`.

    >>> from operator import add
    >>> total = Decider(0, lambda command, state: (command,), add, lambda state: False)
    >>> list(history(total, [1, 2, 3]))
    [0, 1, 3, 6]
    """

    def states() -> Iterable[S]:
        state = decider.initial
        yield state
        for index, event in enumerate(events):
            try:
                state = decider.evolve(state, event)
            except CorruptHistory as error:
                raise CorruptHistory(error.state, error.event, index) from None
            yield state

    return pvector(states())


@dataclass(frozen=True)
class Run(Generic[C, E, S, R]):
    """How far a sequence of commands got: see `run`."""

    state: S
    events: tuple[E, ...]
    carried_out: int
    refused: Refused[C, R] | None


def run(
    decider: Decider[C, E, S, R],
    commands: Iterable[C],
    state: S | UnsetType = UNSET,
    halts: tuple[type[Any], ...] = (),
) -> Run[C, E, S, R]:
    """Carry out ``commands`` one after the other until the first refusal, or an event in ``halts``.

    Each command is decided against the state after the events of the one before. ``carried_out``
    counts the commands that were not refused, the one whose event halted the run among them; what
    ``commands`` still holds after that is left untouched, so a generator can be of any length.

    >>> from operator import add
    >>> total = Decider(0, lambda command, state: (command,), add, lambda state: False)
    >>> run(total, [1, 2, 3])
    Run(state=6, events=(1, 2, 3), carried_out=3, refused=None)
    """
    decide, evolve = decider.decide, decider.evolve
    reached = decider.initial if isinstance(state, UnsetType) else state
    events: list[E] = []
    carried_out, halted = 0, False
    for command in commands:
        for event in decide(command, reached):
            if isinstance(event, Refused):
                return Run(reached, tuple(events), carried_out, event)
            reached = evolve(reached, event)
            events.append(event)
            halted = halted or isinstance(event, halts)
        carried_out += 1
        if halted:
            break
    return Run(reached, tuple(events), carried_out, None)
