"""A hall whose seats are held and booked, for the kit's tests: times with zones, keys that are UUIDs.

A hold runs out: it is released when it is due, unless it was booked by then. Held seats are a
frozenset, so that an order of iteration that gets out shows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import TypeAlias, assert_never
from uuid import UUID

from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused, cannot_follow

HALLS = (UUID(int=1), UUID(int=2))
SEATS = ("A1", "A2", "B1")
HOLD = timedelta(minutes=15)
EVENING = datetime(2026, 10, 24, 20, tzinfo=UTC)


class Hold(Struct, frozen=True):
    hall: UUID
    seat: str
    at: datetime


class Book(Struct, frozen=True):
    hall: UUID
    seat: str


class Release(Struct, frozen=True):
    hall: UUID
    seat: str


class StartShow(Struct, frozen=True):
    hall: UUID


class Held(Struct, frozen=True):
    hall: UUID
    seat: str
    until: datetime


class Booked(Struct, frozen=True):
    hall: UUID
    seat: str


class Released(Struct, frozen=True):
    hall: UUID
    seat: str


class ShowStarted(Struct, frozen=True):
    hall: UUID
    empty: tuple[str, ...]


class Selling(Struct, frozen=True):
    held: frozenset[str] = frozenset()
    booked: frozenset[str] = frozenset()


class Started(Struct, frozen=True):
    pass


class Reason(Enum):
    TAKEN = "taken"
    NOT_HELD = "not held"
    STARTED = "the show has started"


Command: TypeAlias = Hold | Book | Release | StartShow
Event: TypeAlias = Held | Booked | Released | ShowStarted
State: TypeAlias = Selling | Started
Refusal: TypeAlias = Refused[Command, Reason]


def decide(command: Command, state: State) -> tuple[Event, ...] | tuple[Refusal]:
    match state:
        case Started():
            return (Refused(command, Reason.STARTED),)
        case Selling(held, booked):
            return decide_selling(command, held, booked)
        case _:
            assert_never(state)


def decide_selling(
    command: Command, held: frozenset[str], booked: frozenset[str]
) -> tuple[Event, ...] | tuple[Refusal]:
    match command:
        case Hold(hall, seat, at):
            if seat in held | booked:
                return (Refused(command, Reason.TAKEN),)
            return (Held(hall, seat, at + HOLD),)
        case Book(hall, seat):
            if seat not in held:
                return (Refused(command, Reason.NOT_HELD),)
            return (Booked(hall, seat),)
        case Release(hall, seat):
            if seat not in held:
                return (Refused(command, Reason.NOT_HELD),)
            return (Released(hall, seat),)
        case StartShow(hall):
            empty = tuple(seat for seat in SEATS if seat not in booked)
            return (*(Released(hall, seat) for seat in sorted(held)), ShowStarted(hall, empty))
        case _:
            assert_never(command)


def evolve(state: State, event: Event | Refusal) -> State:
    if isinstance(event, Refused):
        return state
    if not isinstance(state, Selling):
        cannot_follow(state, event)
    held, booked = state.held, state.booked
    match event:
        case Held(_, seat):
            if seat not in held | booked:
                return Selling(held | {seat}, booked)
        case Booked(_, seat):
            if seat in held:
                return Selling(held - {seat}, booked | {seat})
        case Released(_, seat):
            if seat in held:
                return Selling(held - {seat}, booked)
        case ShowStarted():
            if not held:
                return Started()
        case _:
            assert_never(event)
    cannot_follow(state, event)


def has_started(state: State) -> bool:
    return isinstance(state, Started)


hall = Decider[Command, Event, State, Reason](Selling(), decide, evolve, has_started)


def let_go(event: Held) -> Release:
    return Release(event.hall, event.seat)


def when_it_runs_out(event: Held) -> datetime:
    return event.until


def by_seat(event: Held | Booked | Released) -> str:
    return f"{event.hall}:{event.seat}"


def take_note(seats: frozenset[str], event: Booked) -> frozenset[str]:
    return seats | {event.seat}


by_hall = attrgetter("hall")
halls = Aggregate("Hall", "hall", hall, by_hall)
run_out = Policy("run out", Held, let_go, Released, by_seat, unless=(Booked,), due=when_it_runs_out)
bookings = Projection[frozenset[str]]("bookings", frozenset(), take_note, key=by_hall)
board = Board((halls,), (run_out,), (bookings,))

moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)
) | st.just(EVENING)


def commands(which: UUID = HALLS[0]) -> st.SearchStrategy[Command]:
    """Commands for one hall; the show starts seldom."""
    hall, seat = st.just(which), st.sampled_from(SEATS)
    hold = st.builds(Hold, hall, seat, moments)
    book = st.builds(Book, hall, seat)
    release = st.builds(Release, hall, seat)
    return st.one_of(hold, book, hold, book, release, hold, st.builds(StartShow, hall))


def board_commands() -> st.SearchStrategy[Command]:
    """Commands for two halls."""
    return commands(HALLS[0]) | commands(HALLS[1])
