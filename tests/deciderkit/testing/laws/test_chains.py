"""A note that stands behind policies is asked as hard as one that stands in front."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused
from deciderkit.shell.dispatch.dispatcher import Dispatcher
from deciderkit.shell.stores.memory import MemoryEventStore
from deciderkit.testing import LawBroken, check_board


class Book(Struct, frozen=True):
    """Take a room."""

    stay: str


class Hold(Struct, frozen=True):
    """Keep its nights."""

    stay: str


class Ask(Struct, frozen=True):
    """Ask for the money."""

    stay: str


class Lapse(Struct, frozen=True):
    """Give the room up."""

    stay: str


class Booked(Struct, frozen=True):
    """A room was taken."""

    stay: str


class Held(Struct, frozen=True):
    """Its nights are kept."""

    stay: str


class Asked(Struct, frozen=True):
    """The money was asked for."""

    stay: str
    until: datetime = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=30)


class Lapsed(Struct, frozen=True):
    """Nobody paid."""

    stay: str


STEPS: dict[type, Any] = {Book: Booked, Hold: Held, Ask: Asked, Lapse: Lapsed}


ORDER = ("", "Booked", "Held", "Asked")


def decide(
    command: Book | Hold | Ask | Lapse, state: str
) -> tuple[Booked | Held | Asked | Lapsed, ...] | tuple[Refused[Any, str]]:
    if ORDER[list(STEPS).index(type(command))] != state:
        return (Refused(command, "out of order"),)
    return (STEPS[type(command)](command.stay),)


def evolve(state: str, event: Booked | Held | Asked | Lapsed | Refused[Any, Any]) -> str:
    return type(event).__name__


def nowhere(event: Asked) -> str:
    """A key that the event has not."""
    raise AttributeError("no room in Asked")


def ask_hold(event: Booked) -> Hold:
    return Hold(event.stay)


def ask_for_money(event: Held) -> Ask:
    return Ask(event.stay)


def inn(lapse: Policy[Asked, Lapse], *views: Projection[Any]) -> Board:
    """Booked, so hold; held, so ask; asked, so let it lapse."""
    stays = Decider[Book | Hold | Ask | Lapse, Booked | Held | Asked | Lapsed, str, Any](
        "", decide, evolve, lambda state: False
    )
    stay = attrgetter("stay")
    return Board(
        aggregates=(Aggregate("Stay", "stay", stays, key=stay),),
        policies=(
            Policy("hold", Booked, ask_hold, Held, stay),
            Policy("ask", Held, ask_for_money, Asked, stay),
            lapse,
        ),
        projections=views,
    )


def ask_lapse(event: Asked) -> Lapse:
    return Lapse(event.stay)


LAPSE = Policy("lapse", Asked, ask_lapse, Lapsed, attrgetter("stay"), due=attrgetter("until"))
COMMANDS = st.builds(Book, st.sampled_from("ab"))


def test_a_sound_chain_holds_every_law() -> None:
    check_board(inn(LAPSE), COMMANDS, max_examples=10)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Policy("lapse", Asked, ask_lapse, Lapsed, nowhere), "no room in Asked"),
        (Policy("lapse", Asked, ask_lapse, Held, attrgetter("stay")), "ends it"),
        (
            Policy("lapse", Asked, ask_lapse, Lapsed, attrgetter("stay"), due=lambda _: datetime.min),
            "lapse",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_at_the_end_of_a_chain_is_found(broken: Any, said: str) -> None:
    with pytest.raises(LawBroken, match=said):
        check_board(inn(broken), COMMANDS, max_examples=10)


def test_a_view_that_is_changed_in_place_is_found_though_the_board_has_run_on_it() -> None:
    def add(stays: dict[str, str], event: Booked) -> dict[str, str]:
        stays[event.stay] = "booked"
        return stays

    board = inn(LAPSE, Projection("guests", {}, add))
    with pytest.raises(LawBroken, match="leaves the view before and the event as they were"):
        check_board(board, COMMANDS, max_examples=10)


def asked_for(count: int, event: Asked) -> int:
    return count + 1


BY_DAY = attrgetter("until")


@pytest.mark.parametrize(
    ("lapse", "view", "whose"),
    [
        (replace(LAPSE, key=lambda event: getattr(event, "until", event.stay)), (), "policy 'lapse'"),
        (LAPSE, (Projection("by day", 0, asked_for, BY_DAY),), "projection 'by day'"),
    ],
)  # fmt: skip
def test_a_key_of_another_kind_is_said_to_be_whose_it_is(
    lapse: Any, view: tuple[Any, ...], whose: str
) -> None:
    said = rf"the key datetime\.datetime\(2026, .*\) of {whose}: expected a str, an int, a UUID or a date"
    with pytest.raises(LawBroken, match=said):
        check_board(inn(lapse, *view), COMMANDS, max_examples=10)


def test_a_view_that_stops_at_its_key_says_so() -> None:
    view = Projection("by day", 0, asked_for, BY_DAY)
    dispatcher = Dispatcher(inn(LAPSE, view), MemoryEventStore())
    assert dispatcher.dispatch([Book("a")]).unwrap().carried_out
    [unread] = dispatcher.unread().unwrap()
    assert "of projection 'by day': expected a str, an int, a UUID or a date" in unread.reason
