"""A board read into its wall: notes, fields and their types, and what its functions go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, TypeVar
from uuid import UUID

import pytest
from msgspec import Meta, Struct
from pyrsistent import PMap, PSet, PVector

from deciderkit.wall import AggregateNote, CommandNote, EventNote, Field, print_wall, wall_of
from deciderkit.wall.field_types import type_of
from deciderkit.wall.notes import COMPUTED
from deciderkit.wall.reading import field_asked, fields_of
from tests.deciderkit.turnstile import Jammed, board

T = TypeVar("T")
OrderId = NewType("OrderId", str)


class ParcelSize(Struct, frozen=True):
    width: int


class Box(Struct, Generic[T], frozen=True):
    inside: T


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        *((str, "text"), (int, "number"), (bool, "yes/no"), (float, "float"), (bytes, "bytes")),
        *((Decimal, "decimal"), (date, "date"), (time, "time"), (datetime, "datetime")),
        *((timedelta, "duration"), (UUID, "uuid"), (None, "nothing"), (type(None), "nothing")),
        *((OrderId, "text"), (Annotated[str, Meta(max_length=3)], "text"), (Colour, "Colour")),
        *((ParcelSize, "Parcel Size"), (Box[int], "Box"), (ParcelSize | None, "Parcel Size or nothing")),
        *((None | int | str, "number or text or nothing"), (Literal["a", 1], "text or number")),
        *((tuple[int, ...], "list of number"), (list[str], "list of text"), (PVector[int], "list of number")),
        *((Sequence[bytes], "list of bytes"), (frozenset[int], "set of number"), (PSet[str], "set of text")),
        *((dict[str, int], "map of text to number"), (PMap[str, int], "map of text to number")),
        (Mapping[str, list[int | None]], "map of text to list of (number or nothing)"),
        (list[dict[str, int]], "list of (map of text to number)"),
        *((tuple[int, str], "Anything"), (Any, "Anything"), (T, "Anything"), (object, "Anything")),
        (Callable[[int], int], "Anything"),
    ],
)  # fmt: skip
def test_an_annotation_becomes_words(annotation: Any, words: str) -> None:
    assert words == str(type_of(annotation))


def test_an_alias_of_python_3_12_is_what_it_stands_for() -> None:
    class Alias:  # as `type Alias = int | None` makes it
        __value__ = int | None

    assert "list of (number or nothing)" == str(type_of(tuple[Alias(), ...]))  # type: ignore[misc]


def test_a_board_is_read_note_by_note() -> None:
    wall = wall_of(board)
    _, mechanic = wall.aggregates
    key = Field("turnstile")
    reasons = ("not paid", "already open", "jammed", "already called")
    assert mechanic == AggregateNote(
        "Mechanic",
        "mechanic",
        key,
        (CommandNote("Call Mechanic", (key,), ("Mechanic Called",)),),
        (EventNote("Mechanic Called", (key,)),),
        reasons,
    )
    assert ["", "turnstile"] == [view.key for view in wall.views]


def test_a_board_is_printed_as_people_would_write_it_down() -> None:
    assert """\
Insert Coin, Push, Kick -> [Turnstile] -> Coin Taken, Unlocked, Person Passed, Jammed
Call Mechanic           -> [Mechanic]  -> Mechanic Called

whenever Jammed: Call Mechanic, until Mechanic Called, called call the mechanic

view takings: Coin Taken
view diary by turnstile: Person Passed, Jammed

[Turnstile] by turnstile
[Turnstile] refuses: not paid, already open, jammed, already called
Insert Coin, Coin Taken: value (number)

[Mechanic] by turnstile
[Mechanic] refuses: not paid, already open, jammed, already called
""" == print_wall(wall_of(board))


def test_a_message_whose_annotations_cannot_be_read_still_has_its_fields() -> None:
    hidden = make_dataclass("Hidden", [("order_id", "NotThere")])
    assert (Field("order id", "Anything"),) == fields_of(hidden)
    assert (Field("order id", "number"), Field("from")) == fields_of(AsDataclass)
    assert (Field("order id", "number"),) == fields_of(AsTuple)
    assert () == fields_of(Colour)


@dataclass(frozen=True)
class AsDataclass:
    order_id: int
    from_: str


class AsTuple(NamedTuple):
    order_id: int


def test_a_key_is_the_field_that_its_function_picks() -> None:
    def by_kind(event: Jammed | AsTuple) -> str:
        match event:
            case Jammed(turnstile):
                return turnstile
            case AsTuple():
                return str(event.order_id)

    both = (Jammed, AsTuple)
    assert "turnstile" == field_asked(by_kind, (Jammed,))
    assert "order id" == field_asked(by_kind, (AsTuple,))
    assert COMPUTED == field_asked(by_kind, both)
    assert "order id" == field_asked(lambda each: f"{each.order_id}", both)
    assert COMPUTED == field_asked(lambda each: each.order.id, both)
    assert COMPUTED == field_asked(lambda each: f"order-{each.order_id}", both)
    assert "order id and day" == field_asked(lambda each: f"{each.order_id}/{each.day}", both)
    assert COMPUTED == field_asked(lambda each: f"{each.order_id}{each.day}", both)
    assert COMPUTED == field_asked(lambda each: each.order_id + 1, both)
    assert COMPUTED == field_asked(lambda each: "all", both)
