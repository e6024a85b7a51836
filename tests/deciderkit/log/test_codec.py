"""Events to bytes and back: old schemas, damaged data and hostile JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from deciderkit.log.codec import Codec, CorruptEvent, CorruptLine, EventType
from deciderkit.log.recorded import Recorded
from deciderkit.log.strict_json import MAX_BYTES


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
        with pytest.raises(ValueError, match=r"bytes|surrogates"):
            codec.encode(Landed(Place(1, 2), text))
    with pytest.raises(KeyError):
        codec.encode("a string")


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


@pytest.mark.parametrize("line", [b"", b"  "])
def test_an_empty_line_is_called_so(line: bytes) -> None:
    with pytest.raises(CorruptLine, match="line 7: the line is empty: expected a recorded event"):
        codec.read_line(line, number=7)


RECORDED = Recorded(7, "ship-a", 3, LANDED, "c1", "2026-01-01T00:00:00+00:00")
LINE = codec.line(RECORDED)


def test_a_line_is_read_back() -> None:
    assert RECORDED == codec.read_line(LINE, number=1)
    spaced = json.dumps(json.loads(LINE), indent=1).encode()
    assert RECORDED == codec.read_line(spaced, number=1)


def test_an_old_line_is_read_as_the_present_schema() -> None:
    old = (
        b'{"position":1,"stream":"ship-a","version":1,"type":"Landed","schema":1,'
        b'"command_id":"c1","recorded_at":"2020-02-29T00:00:00Z","data":{"at":"3,4"}}'
    )
    assert Landed(Place(3, 4), "unnamed") == codec.read_line(old, number=1).event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff",
        LINE[:-1],
        LINE + LINE,
        LINE.replace(b'"version":3', b'"version":0'),
        LINE.replace(b'"position":7', b'"position":7,"position":8'),
        LINE.replace(b'"position":7', b'"position":7,"other":8'),
        LINE.replace(b"ship-a", b"../ship"),
        LINE.replace(b'"c1"', b'""'),
        LINE.replace(b"Landed", b"Launched"),
        LINE.replace(b'"name":"a"', b'"name":1'),
        LINE.replace(b"2026-01-01", b"2026" * 20),
        LINE.replace(b"2026-01-01T00:00:00+00:00", b"bla"),
        LINE.replace(b"2026-01-01T00:00:00+00:00", b"2026-01-01"),
        LINE.replace(b"+00:00", b""),
        LINE.replace(b"+00:00", b"+00:00\\u0000"),
        LINE.replace(b"+00:00", b"+00:00\\n"),
        LINE.replace(b"01-01T", b"13-01T"),
        LINE.replace(b"T00", b"T24"),
        b"[" * 100_000,
        b" " * (MAX_BYTES + 1),
    ],
    ids=range(23),
)
def test_a_bad_line_is_refused_with_its_number(line: bytes) -> None:
    with pytest.raises(CorruptLine) as caught:
        codec.read_line(line, number=12)
    assert 12 == caught.value.number
    assert str(caught.value).startswith("line 12: ")
