"""Wrong halls: seats given twice, in the order of a set, by the hour of the machine, or by the very object."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deciderkit import Decider, Refused, cannot_follow
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import decider as laws
from deciderkit.testing.laws.checking import runs
from tests.domains import seats
from tests.domains.seats import (
    HALLS,
    SEATS,
    Book,
    Booked,
    Held,
    Hold,
    Reason,
    Release,
    Released,
    Selling,
    ShowStarted,
    Started,
    StartShow,
    hall,
)
from tests.mutants.mutant import Mutant

RUNS = runs(seats.commands())


def seats_with(law: Law[Any], wrong: str, **parts: Any) -> Mutant:
    return Mutant("seats", wrong, law, (replace(hall, **parts),), RUNS)


def holds_what_is_booked(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, Hold) and command.seat not in state.held:
        return (Held(command.hall, command.seat, command.at),)
    return hall.decide(command, state)


def books_what_is_free(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, Book):
        return (Booked(command.hall, command.seat),)
    return hall.decide(command, state)


def starts_with_held_seats(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, StartShow):
        return (ShowStarted(command.hall, ()),)
    return hall.decide(command, state)


def releases_as_the_set_says(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, StartShow):
        released = (Released(command.hall, seat) for seat in state.held)
        return (*released, ShowStarted(command.hall, ()))
    return hall.decide(command, state)


def tells_of_a_set_of_seats(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, StartShow) and not state.held:
        return (ShowStarted(command.hall, tuple(frozenset(SEATS) - state.booked)),)
    return hall.decide(command, state)


def holds_until_now(command: Any, state: Any) -> Any:
    decision = hall.decide(command, state)
    if isinstance(decision[0], Held):
        return (Held(command.hall, command.seat, datetime.now(UTC)),)
    return decision


def closed_at_night_here(command: Any, state: Any) -> Any:
    if isinstance(command, Hold) and command.at.astimezone().hour < 12:
        return (Refused(command, Reason.STARTED),)
    return hall.decide(command, state)


def sold_out_today(command: Any, state: Any) -> Any:
    decision = hall.decide(command, state)
    if isinstance(decision[0], Held):
        today = datetime.today().date()
        return (Held(command.hall, command.seat, datetime(today.year, today.month, today.day)),)
    return decision


def reads_a_file_beside_it(command: Any, state: Any) -> Any:
    if isinstance(command, Hold) and not os.path.exists("pyproject.toml"):
        return (Refused(command, Reason.TAKEN),)
    return hall.decide(command, state)


def goes_to_a_folder(command: Any, state: Any) -> Any:
    os.chdir(os.path.dirname(os.path.abspath(os.curdir)) or os.sep)
    return hall.decide(command, state)


def asks_for_a_dict(command: Any, state: Any) -> Any:
    if isinstance(state, Selling) and isinstance(command, Release):
        {seat: seat for seat in state.held}[command.seat]
    return hall.decide(command, state)


def refuses_the_show(command: Any, state: Any) -> Any:
    decision = hall.decide(command, state)
    if isinstance(command, Hold) and isinstance(decision[0], Refused):
        return (Refused(StartShow(command.hall), decision[0].reason),)
    return decision


def holds_once_started(command: Any, state: Any) -> Any:
    if isinstance(state, Started) and isinstance(command, Hold):
        return ()
    return hall.decide(command, state)


def one_clerk_for_all() -> Callable[[Any, Any], Any]:
    last: list[Any] = [None, None]

    def decide(command: Any, state: Any) -> Any:
        """Refuse a hold of the seat that was asked for before."""
        seat = getattr(command, "seat", None)
        if seat != last[-1]:
            last.append(seat)
        if isinstance(state, Selling) and isinstance(command, Hold) and last[-2] == SEATS[0]:
            return (Refused(command, Reason.TAKEN),)
        return hall.decide(command, state)

    return decide


def releases_what_is_not_held(state: Any, event: Any) -> Any:
    if isinstance(event, Released) and isinstance(state, Selling):
        held = set(state.held)
        held.remove(event.seat)
        return Selling(frozenset(held), state.booked)
    return seats.evolve(state, event)


def a_refusal_frees_a_seat(state: Any, event: Any) -> Any:
    if isinstance(event, Refused) and isinstance(state, Selling):
        return Selling(frozenset(), state.booked)
    return seats.evolve(state, event)


def names_the_wrong_state(state: Any, event: Any) -> Any:
    if isinstance(state, Started) and not isinstance(event, Refused):
        cannot_follow(Selling(), event)
    return seats.evolve(state, event)


class Row:
    """A state whose content says nothing: only which object it is."""


EMPTY, FULL = Row(), Row()


def decide_by_the_row(command: Any, state: Row) -> Any:
    if state is EMPTY and isinstance(command, Hold):
        return (Held(HALLS[0], SEATS[0], command.at),)
    return ()


def evolve_the_row(state: Row, event: Any) -> Row:
    return FULL


def is_full(state: object) -> bool:
    return False


ROWS = Decider[Any, Any, Row, str](EMPTY, decide_by_the_row, evolve_the_row, is_full)


def note_in_place(state: dict[str, str], event: Any) -> dict[str, str]:
    if isinstance(event, Held):
        state[event.seat] = "held"
    return state


def decide_by_notes(command: Any, state: dict[str, str]) -> Any:
    if isinstance(command, Hold) and command.seat not in state:
        return (Held(command.hall, command.seat, command.at),)
    return ()


NOTES = Decider[Any, Any, dict[str, str], str]({}, decide_by_notes, note_in_place, is_full)

ABROAD = laws.a_decider_does_not_depend_on_its_surroundings

SEATINGS = (
    seats_with(laws.decide_is_total, "KeyError for a free seat", decide=asks_for_a_dict),
    seats_with(
        laws.a_decision_is_events_or_one_refusal,
        "refuses the show where a seat was asked for",
        decide=refuses_the_show,
    ),
    seats_with(
        laws.evolve_takes_what_decide_gives, "holds what is booked", decide=holds_what_is_booked
    ),
    seats_with(
        laws.evolve_takes_what_decide_gives, "books what is free", decide=books_what_is_free
    ),
    seats_with(
        laws.evolve_takes_what_decide_gives, "starts with held seats", decide=starts_with_held_seats
    ),
    seats_with(
        laws.a_terminal_state_only_refuses,
        "is silent once the show started",
        decide=holds_once_started,
    ),
    seats_with(
        laws.a_decider_does_not_depend_on_the_hash_seed,
        "releases as a set says",
        decide=releases_as_the_set_says,
    ),
    seats_with(
        laws.a_decider_does_not_depend_on_the_hash_seed,
        "tells of a set of seats",
        decide=tells_of_a_set_of_seats,
    ),
    seats_with(laws.decide_is_deterministic, "holds until now", decide=holds_until_now),
    seats_with(ABROAD, "the hour of the machine counts", decide=closed_at_night_here),
    seats_with(ABROAD, "holds until today, here", decide=sold_out_today),
    seats_with(ABROAD, "looks for a file in its folder", decide=reads_a_file_beside_it),
    seats_with(
        laws.a_decider_leaves_the_world_alone, "changes the folder", decide=goes_to_a_folder
    ),
    seats_with(laws.decide_keeps_no_memory, "one clerk for all", decide=one_clerk_for_all()),
    seats_with(
        laws.evolve_follows_or_says_corrupt, "a set's KeyError", evolve=releases_what_is_not_held
    ),
    seats_with(
        laws.evolve_follows_or_says_corrupt,
        "names another state than the one before",
        evolve=names_the_wrong_state,
    ),
    seats_with(
        laws.a_refusal_changes_nothing, "a refusal frees a seat", evolve=a_refusal_frees_a_seat
    ),
    Mutant(
        "seats",
        "states that only `is` tells apart",
        laws.a_copy_is_treated_as_the_original,
        (ROWS,),
        RUNS,
    ),
    Mutant(
        "seats",
        "the dict that all halls begin with is written in",
        laws.evolve_leaves_its_arguments_alone,
        (NOTES,),
        RUNS,
    ),
)
