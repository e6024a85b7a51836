"""The small domain of the kit's own tests: a turnstile that takes coins, and jams when it is kicked.

Two aggregates, one policy and two projections, and no rover: what the kit needs to know of a domain
is what is written here. Push an open turnstile and one person passes; kick a locked one and it jams
for good, whereupon a mechanic is called. It can give two events at once, and none.
"""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TypeAlias, assert_never

from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PVector, pvector

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused, cannot_follow

FARE = 2


class InsertCoin(Struct, frozen=True):
    turnstile: str
    value: int


class Push(Struct, frozen=True):
    turnstile: str


class Kick(Struct, frozen=True):
    turnstile: str


class CallMechanic(Struct, frozen=True):
    turnstile: str


class CoinTaken(Struct, frozen=True):
    turnstile: str
    value: int


class Unlocked(Struct, frozen=True):
    turnstile: str


class PersonPassed(Struct, frozen=True):
    turnstile: str


class Jammed(Struct, frozen=True):
    turnstile: str


class MechanicCalled(Struct, frozen=True):
    turnstile: str


class Locked(Struct, frozen=True):
    paid: int = 0


class Open(Struct, frozen=True):
    pass


class Broken(Struct, frozen=True):
    pass


Command: TypeAlias = InsertCoin | Push | Kick
Event: TypeAlias = CoinTaken | Unlocked | PersonPassed | Jammed
State: TypeAlias = Locked | Open | Broken


class Reason(Enum):
    NOT_PAID = "not paid"
    ALREADY_OPEN = "already open"
    JAMMED = "jammed"
    ALREADY_CALLED = "already called"


Decision: TypeAlias = tuple[Event, ...] | tuple[Refused[Command, Reason]]


def decide(command: Command, state: State) -> Decision:
    match state:
        case Locked(paid):
            return decide_locked(command, paid)
        case Open():
            match command:
                case Push(turnstile):
                    return (PersonPassed(turnstile),)
                case InsertCoin():
                    return refuse(command, Reason.ALREADY_OPEN)
                case Kick():
                    return ()
                case _:
                    assert_never(command)
        case Broken():
            return refuse(command, Reason.JAMMED)
        case _:
            assert_never(state)


def decide_locked(command: Command, paid: int) -> Decision:
    match command:
        case InsertCoin(turnstile, value):
            taken = CoinTaken(turnstile, value)
            return (taken, Unlocked(turnstile)) if paid + value >= FARE else (taken,)
        case Push():
            return refuse(command, Reason.NOT_PAID)
        case Kick(turnstile):
            return (Jammed(turnstile),)
        case _:
            assert_never(command)


def refuse(command: Command, reason: Reason) -> tuple[Refused[Command, Reason]]:
    return (Refused(command, reason),)


def evolve(state: State, event: Event | Refused[Command, Reason]) -> State:
    match event:
        case CoinTaken(_, value):
            if isinstance(state, Locked) and state.paid < FARE:
                return Locked(state.paid + value)
        case Unlocked():
            if isinstance(state, Locked) and state.paid >= FARE:
                return Open()
        case PersonPassed():
            if isinstance(state, Open):
                return Locked()
        case Jammed():
            if isinstance(state, Locked):
                return Broken()
        case Refused():
            return state
        case _:
            assert_never(event)
    cannot_follow(state, event)


def is_broken(state: State) -> bool:
    return isinstance(state, Broken)


turnstile = Decider[Command, Event, State, Reason](Locked(), decide, evolve, is_broken)


class Idle(Struct, frozen=True):
    pass


class Called(Struct, frozen=True):
    pass


CallState: TypeAlias = Idle | Called
CallRefusal: TypeAlias = Refused[CallMechanic, Reason]


def decide_call(
    command: CallMechanic, state: CallState
) -> tuple[MechanicCalled, ...] | tuple[CallRefusal]:
    match state:
        case Idle():
            return (MechanicCalled(command.turnstile),)
        case Called():
            return (Refused(command, Reason.ALREADY_CALLED),)
        case _:
            assert_never(state)


def evolve_call(state: CallState, event: MechanicCalled | CallRefusal) -> CallState:
    match event:
        case MechanicCalled():
            if isinstance(state, Idle):
                return Called()
            cannot_follow(state, event)
        case Refused():
            return state
        case _:
            assert_never(event)


def is_called(state: CallState) -> bool:
    return isinstance(state, Called)


mechanic = Decider[CallMechanic, MechanicCalled, CallState, Reason](
    Idle(), decide_call, evolve_call, is_called
)


def call_for(event: Jammed) -> CallMechanic:
    return CallMechanic(event.turnstile)


by_turnstile = attrgetter("turnstile")

call_mechanic = Policy(
    "call the mechanic", whenever=Jammed, then=call_for, until=MechanicCalled, key=by_turnstile
)


def add_coin(total: int, event: CoinTaken) -> int:
    return total + event.value


def add_note(diary: PVector[str], event: PersonPassed | Jammed) -> PVector[str]:
    return diary.append(type(event).__name__)


takings = Projection[int]("takings", 0, add_coin)
diary = Projection[PVector[str]]("diary", pvector(), add_note, key=by_turnstile)

turnstiles = Aggregate("Turnstile", "turnstile", turnstile, key=by_turnstile)
mechanics = Aggregate("Mechanic", "mechanic", mechanic, key=by_turnstile)

board = Board((turnstiles, mechanics), (call_mechanic,), (takings, diary))


def commands(name: str = "north") -> st.SearchStrategy[Command]:
    """Any command for one turnstile; it is kicked less often than it is used."""
    coins = st.builds(InsertCoin, st.just(name), st.integers(1, FARE))
    push = st.just(Push(name))
    return st.one_of(coins, push, coins, push, st.just(Kick(name)))


def board_commands() -> st.SearchStrategy[Command | CallMechanic]:
    """Any command on the board, for two turnstiles."""
    names = ("north", "south")
    return st.one_of(*map(commands, names), st.sampled_from([CallMechanic(name) for name in names]))
