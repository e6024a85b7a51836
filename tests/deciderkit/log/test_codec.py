"""Events to bytes and back: old schemas, damaged data and hostile JSON."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit.log import codec as codecs
from deciderkit.log.codec import Codec, EventType, Stored
from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.strict_json import MAX_BYTES
from tests.deciderkit.turnstile import Jammed, Unlocked, board


class Place(Struct, frozen=True, order=True):
    x: int
    y: int


class Landed(Struct, frozen=True):
    """Schema 1 had ``at: "x,y"``; schema 2 had ``x`` and ``y``; schema 3 has a place and a name."""

    place: Place
    name: str
    marks: frozenset[Place] = frozenset()


class Left(Struct, frozen=True):
    pass


def split_at(data: dict[str, Any]) -> dict[str, Any]:
    x, y = data["at"].split(",")
    return {"x": int(x), "y": int(y)}


def name_it(data: dict[str, Any]) -> dict[str, Any]:
    return {"place": {"x": data["x"], "y": data["y"]}, "name": "unnamed"}


codec = Codec(
    [
        EventType("Landed", Landed, schema=3, upcasts={1: split_at, 2: name_it}),
        EventType("Left", Left),
    ]
)

CORPUS = [
    (1, b'{"at":"3,4"}', Landed(Place(3, 4), "unnamed")),
    (1, b'{"at":"0,0"}', Landed(Place(0, 0), "unnamed")),
    (2, b'{"x":3,"y":4}', Landed(Place(3, 4), "unnamed")),
    (3, b'{"place":{"x":3,"y":4},"name":"a","marks":[]}', Landed(Place(3, 4), "a")),
]
LANDED = Landed(Place(1, 2), "a", frozenset([Place(0, 1), Place(5, 5)]))


@pytest.mark.parametrize(("schema", "data", "event"), CORPUS)
def test_an_event_of_every_old_schema_is_read_as_the_present_one(
    schema: int, data: bytes, event: Landed
) -> None:
    assert event == codec.decode("Landed", schema, data, position=1)
    assert event == codec.decoder("Landed", schema)(data)


@pytest.mark.parametrize("event", [LANDED, Left(), Landed(Place(-1, 2**60), "\u00e9 \U0001f680")])
def test_what_was_written_is_read_back(event: Any) -> None:
    assert event == codec.decode(*codec.encode(event), position=1)


def test_equal_events_give_the_same_bytes() -> None:
    other = Landed(Place(1, 2), "a", frozenset([Place(5, 5), Place(0, 1)]))
    assert codec.encode(LANDED) == codec.encode(other)


def test_other_spellings_of_the_same_event_are_read_too() -> None:
    spelled = b' {"name": "a", "place": {"y": 2, "x": 1}} '
    assert Landed(Place(1, 2), "a") == codec.decode("Landed", 3, spelled, position=1)


DAMAGED = {
    "unknown type": ("Launched", 1, b"{}"),
    "schema 0": ("Landed", 0, b"{}"),
    "newer schema": ("Landed", 4, b"{}"),
    "truncated": ("Landed", 3, b'{"place":{"x":3,'),
    "empty": ("Landed", 3, b""),
    "an array": ("Landed", 3, b"[1]"),
    "wrong field type": ("Landed", 3, b'{"place":{"x":"3","y":4},"name":"a"}'),
    "missing field": ("Landed", 3, b'{"name":"a"}'),
    "unknown field": ("Landed", 3, b'{"place":{"x":3,"y":4},"name":"a","z":1}'),
    "unknown field inside": ("Landed", 3, b'{"place":{"x":3,"y":4,"z":5},"name":"a"}'),
    "unknown field in a list": (
        *("Landed", 3),
        b'{"place":{"x":3,"y":4},"name":"a","marks":[{"x":1,"y":2,"z":3}]}',
    ),
    "a set that says a thing twice": (
        *("Landed", 3),
        b'{"place":{"x":3,"y":4},"name":"a","marks":[{"x":1,"y":2},{"x":1,"y":2}]}',
    ),
    "old schema without its field": ("Landed", 1, b"{}"),
    "old schema of the wrong type": ("Landed", 1, b'{"at":7}'),
    "old schema that does not split": ("Landed", 1, b'{"at":"3"}'),
    "old schema as a list": ("Landed", 1, b"[]"),
    "old schema with a key twice": ("Landed", 2, b'{"x":3,"x":3,"y":4}'),
    "not UTF-8": ("Landed", 3, b'{"place":{"x":3,"y":4},"name":"\xff"}'),
}
HOSTILE = {
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep unknown field": b'{"place":{"x":1,"y":2},"name":"a","z":%s}'
    % (b"[" * 100_000 + b"]" * 100_000),
    "NaN": b'{"place":{"x":NaN,"y":4},"name":"a"}',
    "NaN in an unknown field": b'{"place":{"x":1,"y":4},"name":"a","z":NaN}',
    "Infinity": b'{"place":{"x":-Infinity,"y":4},"name":"a"}',
    "1e999": b'{"place":{"x":1e999,"y":4},"name":"a"}',
    "duplicate key": b'{"place":{"x":3,"y":4},"name":"a","name":"b"}',
    "duplicate key inside": b'{"place":{"x":3,"x":3,"y":4},"name":"a"}',
    "lone surrogate": b'{"place":{"x":3,"y":4},"name":"\\ud800"}',
    "lone surrogate raw": b'{"place":{"x":3,"y":4},"name":"\xed\xa0\x80"}',
    "5,000 digits": b'{"place":{"x":' + b"9" * 5_000 + b',"y":4},"name":"a"}',
    "100 MB": b'{"place":{"x":3,"y":4},"name":"' + b"a" * 100_000_000 + b'"}',
}


@pytest.mark.parametrize(("type", "schema", "data"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_data_is_a_corrupt_event_with_its_position(
    type: str, schema: int, data: bytes
) -> None:
    with pytest.raises(CorruptEvent) as caught:
        codec.decode(type, schema, data, position=7)
    assert CorruptEvent is caught.type
    assert 7 == caught.value.position
    assert caught.value.reason


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_json_is_a_corrupt_event_and_nothing_else(data: bytes) -> None:
    with pytest.raises(CorruptEvent) as caught:
        codec.decode("Landed", 3, data, position=7)
    assert CorruptEvent is caught.type


def test_control_the_standard_library_takes_or_chokes_on_what_is_refused_here() -> None:
    def outcome(data: bytes) -> str:
        try:
            json.loads(data)
        except ValueError:
            return "refused"
        except RecursionError:
            return "crash"
        return "taken"

    told = {name: outcome(data) for name, data in HOSTILE.items()}
    for name in ("NaN", "Infinity", "1e999", "duplicate key", "lone surrogate", "100 MB"):
        assert "taken" == told[name]


def test_control_a_lenient_reader_takes_the_last_of_two_equal_keys() -> None:
    read = msgspec.json.decode(HOSTILE["duplicate key"], type=Landed)
    assert "b" == read.name


def test_what_could_not_be_read_again_is_not_written() -> None:
    for text in ("a" * MAX_BYTES, "\ud800"):
        with pytest.raises(NotStorable, match=r"bytes|surrogates") as caught:
            codec.encode(Landed(Place(1, 2), text))
        assert ("Landed", 0) == (caught.value.type, caught.value.index)
    with pytest.raises(NotStorable, match=r"its type is not in the codec: expected Landed, Left$"):
        codec.encode("a string")


def event_of_size(size: int) -> Landed:
    """An event whose JSON is so many bytes long."""
    plain = len(codec.encode(Landed(Place(1, 2), "")).data)
    return Landed(Place(1, 2), "a" * (size - plain))


def test_the_longest_event_is_as_long_as_the_limit() -> None:
    for method in (codec.encode, codec.readable):
        assert MAX_BYTES == len(method(event_of_size(MAX_BYTES)).data)
        with pytest.raises(NotStorable, match=f"{MAX_BYTES + 1} bytes: expected at most"):
            method(event_of_size(MAX_BYTES + 1))


def test_the_longest_event_is_read_back() -> None:
    longest = event_of_size(MAX_BYTES)
    assert longest == codec.decode(*codec.encode(longest), position=1)


def test_what_reads_back_equal_is_given_as_data() -> None:
    assert codec.encode(LANDED) == codec.readable(LANDED)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Landed(Place(1.5, 2), "a"), "Expected `int`, got `float` - at `$.place.x`"),  # type: ignore[arg-type]
        (Landed(Place(1, 2), None), "Expected `str`, got `null` - at `$.name`"),  # type: ignore[arg-type]
        (Landed(Place(1, 2), "a", [Place(1, 2)]), "[Place(x=1, y=2)] comes back as"),  # type: ignore[arg-type]
        ("a string", "its type is not in the codec: expected Landed, Left"),
    ],
)
def test_what_would_not_is_refused_with_the_field(event: Any, said: str) -> None:
    with pytest.raises(NotStorable) as caught:
        codec.readable(event)
    assert f"{type(event).__name__} cannot be stored: " + said in str(caught.value)


class Paid(Struct, frozen=True):
    amount: Decimal


@pytest.mark.parametrize("kind", ["NaN", "sNaN"])
def test_an_amount_that_is_no_number_is_refused_with_the_field(kind: str) -> None:
    said = rf"Paid cannot be stored: Decimal\('{kind}'\) is no number, .* - at `\$.amount`"
    with pytest.raises(NotStorable, match=said):
        Codec([EventType("Paid", Paid)]).readable(Paid(Decimal(kind)))


def test_what_comes_back_equal_is_taken_whatever_its_class() -> None:
    as_set = Landed(Place(1, 2), "a", {Place(5, 5), Place(0, 1)})  # type: ignore[arg-type]
    assert codec.encode(LANDED) == codec.readable(as_set)


class Booked(Struct, frozen=True):
    at: datetime


def test_an_instant_is_the_same_in_an_hour_that_a_clock_shows_twice() -> None:
    """Python calls the two unequal."""
    bookings = Codec([EventType("Booked", Booked)])
    twice = Booked(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1))
    stored = bookings.readable(twice)
    assert b'{"at":"2026-10-25T02:30:00+01:00"}' == stored.data
    assert twice != bookings.decode(*stored, position=1)


class Weird(Struct, frozen=True):
    """Raises anything at all when it is made of bad parts."""

    n: int

    def __post_init__(self) -> None:
        raises = {
            1: ArithmeticError("n"),
            2: StopIteration(),
            3: AssertionError(),
            4: OSError(5, "x"),
        }
        if self.n in raises:
            raise raises[self.n]


def upcast_weird(data: dict[str, Any]) -> dict[str, Any]:
    Weird(data["n"])
    return {"n": 0}


weird = Codec([EventType("Weird", Weird, schema=2, upcasts={1: upcast_weird})])


@pytest.mark.parametrize("schema", [1, 2])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"n":1}', "ArithmeticError: n"),
        (b'{"n":2}', "StopIteration"),
        (b'{"n":3}', "AssertionError"),
        (b'{"n":4}', "OSError: "),
    ],
)
def test_whatever_an_upcast_or_a_type_raises_is_a_corrupt_event(
    schema: int, data: bytes, reason: str
) -> None:
    with pytest.raises(CorruptEvent) as caught:
        weird.decode("Weird", schema, data, position=7)
    assert CorruptEvent is caught.type
    assert 7 == caught.value.position
    assert caught.value.reason.startswith(reason)


def test_a_missing_key_in_an_upcast_is_named() -> None:
    with pytest.raises(CorruptEvent, match="missing 'n'"):
        weird.decode("Weird", 1, b"{}", position=7)


class LandedBefore(Struct, frozen=True):
    """`Landed` as it was before somebody took its last field away without a new schema."""

    place: Place
    name: str
    marks: frozenset[Place] = frozenset()
    fuel: int = 0


def test_a_field_that_was_taken_away_is_named_with_what_to_do() -> None:
    old = Codec([EventType("Landed", LandedBefore)])
    new = Codec([EventType("Landed", Landed)])
    data = old.encode(LandedBefore(Place(1, 2), "a")).data
    with pytest.raises(
        CorruptEvent,
        match=r"unknown field \$.fuel: a type whose fields were changed wants a new schema, "
        "with an upcast from schema 1",
    ):
        new.decode("Landed", 1, data, position=7)


def test_a_field_that_came_with_a_default_needs_no_new_schema() -> None:
    old, new = (Codec([EventType("Landed", each)]) for each in (Landed, LandedBefore))
    event = old.encode(Landed(Place(1, 2), "a"))
    assert LandedBefore(Place(1, 2), "a") == new.decode(*event, position=1)


class Numbers(Struct, frozen=True):
    by_number: dict[int, int]


def test_a_map_whose_keys_are_no_texts_is_written_in_order_and_read_back() -> None:
    numbers = Codec([EventType("Numbers", Numbers)])
    one, other = Numbers({2: 0, 1: 0}), Numbers({1: 0, 2: 0})
    assert b'{"by_number":{"1":0,"2":0}}' == numbers.encode(one).data == numbers.encode(other).data
    assert one == numbers.decode(*numbers.readable(one), position=1)


def test_the_codec_of_a_board_names_events_as_their_classes_are_named() -> None:
    given = EventType("Stuck", Jammed, schema=2, upcasts={1: name_it})
    made = Codec.of(board, given)
    names = {each.type: (each.name, each.schema) for each in made.event_types}
    assert set(board.events) == set(names)
    assert (("Stuck", 2), ("Unlocked", 1)) == (names[Jammed], names[Unlocked])
    with pytest.raises(ValueError, match="Landed: Landed is no event of this board"):
        Codec.of(board, EventType("Landed", Landed))


@pytest.mark.parametrize("upcasts", [{}, {1: name_it}, {1: split_at, 2: name_it, 3: name_it}])
def test_a_schema_needs_an_upcast_from_each_before_it(upcasts: dict[int, Any]) -> None:
    with pytest.raises(ValueError, match="expected one from each schema before 3"):
        EventType("Landed", Landed, schema=3, upcasts=upcasts)


def test_a_name_and_a_type_are_registered_once() -> None:
    for twice in (
        [EventType("Left", Left), EventType("Left", Landed)],
        [EventType("Left", Left), EventType("Gone", Left)],
    ):
        with pytest.raises(ValueError, match="registered twice"):
            Codec(twice)


def test_the_schemas_that_would_do_are_named() -> None:
    old = Codec([EventType("Landed", Landed)])
    with pytest.raises(CorruptEvent, match=r"unknown schema 2 of Landed: expected 1$"):
        old.decode("Landed", 2, b"{}", position=1)


def test_a_type_that_json_cannot_hold_is_refused_when_it_is_registered() -> None:
    class Closure(Struct, frozen=True):
        call: type

    with pytest.raises(
        TypeError, match=r"^Closure cannot be stored: \$.call is a type: expected what"
    ):
        EventType("Closure", Closure)


class Quoted(Struct, frozen=True):
    """Holds JSON as somebody wrote it, perhaps over several lines."""

    said: msgspec.Raw


class Alone(Struct, frozen=True, eq=False):
    """Equal to nothing but itself, though it says the same."""

    name: str


many = Codec(
    [
        EventType("Landed", Landed, schema=3, upcasts={1: split_at, 2: name_it}),
        EventType("Left", Left),
        EventType("Quoted", Quoted),
        EventType("Alone", Alone),
        EventType("Number", float),
        EventType("Text", str),
    ]
)
KINDS = (
    st.builds(Landed, st.builds(Place, st.integers(-9, 9), st.just(0)), st.text(max_size=3)),
    st.just(Left()),
    st.sampled_from((b"1", b"[1,\n2]", b'{"a":\n\n1}', b'"\\n"', b'1}{"said":2', b"", b"[1,"))
    .map(msgspec.Raw)
    .map(Quoted),
    st.floats(),
    st.text(max_size=3),
)
SOME_EVENTS = st.one_of(st.lists(st.one_of(KINDS), max_size=12), *map(st.lists, KINDS))


def one_by_one(events: list[Any]) -> list[Stored]:
    stored: list[Stored] = []
    for index, event in enumerate(events):
        try:
            stored.append(many.readable(event))
        except NotStorable as error:
            raise NotStorable(error.type, error.reason, index) from None
    return stored


def all_together(events: list[Any]) -> list[Stored]:
    with patch.object(codecs, "_MANY", 1):
        return many.all_readable(iter(events))


@given(SOME_EVENTS)
@example([LANDED, Left(), LANDED, "a", Left(), 0.5])
@example([LANDED] * 4)
@example([Quoted(msgspec.Raw(b"[1,\n2]"))] * 4)
@example([Quoted(msgspec.Raw(b'1}{"said":2')), Quoted(msgspec.Raw(b""))])
@example([Alone("a"), Alone("b"), Alone("a")])
@example([Left(), LANDED, Left(), float("nan"), object()])
@example([object()] * 4)
def test_many_events_are_judged_as_each_by_itself(events: list[Any]) -> None:
    """However many there are, of one kind or of several, and whichever of them cannot be stored."""
    judged: list[object] = []
    for judge in (one_by_one, all_together):
        try:
            stored = judge(events)
            judged.append([(type(each), each) for each in stored])
        except NotStorable as error:
            judged.append((str(error), error.index))
    assert judged[0] == judged[1]


def test_one_event_that_is_too_large_is_found_among_many() -> None:
    """All together may be larger than any of them may be."""
    large = "x" * (MAX_BYTES // 3)
    assert 4 == len(all_together([large] * 4))
    with pytest.raises(NotStorable, match="expected at most") as refused:
        all_together([large] * 3 + ["x" * MAX_BYTES])
    assert 3 == refused.value.index
