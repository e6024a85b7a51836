"""Wrong codecs, made of the rover's, and a fast path that is fast and wrong."""

from __future__ import annotations

from itertools import count
from typing import Any

import msgspec
from hypothesis import strategies as st

from deciderkit.log.codec import Codec, EventType, Stored
from deciderkit.log.errors import CorruptEvent
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import codec as laws
from deciderkit.testing.laws.equality import a_fast_path_equals_its_reference
from mars_rover import Direction, MarsRoverMoved, Point
from mars_rover.codec import codec
from mars_rover.testing import events
from tests.mutants.mutant import Mutant


class Flips(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        event = super().decode(type, schema, data, position)
        if isinstance(event, MarsRoverMoved):
            return MarsRoverMoved(
                event.rover_id, Point(event.point.y, event.point.x), event.direction
            )
        return event


class Stamps(Codec):
    numbers = count()

    def encode(self, event: Any) -> Stored:
        stored = super().encode(event)
        number = f'{{"number":{next(self.numbers)},'.encode()
        return stored._replace(data=stored.data.replace(b"{", number, 1))


class AnySchema(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        return super().decode(type, 1, data, position)


class AnyName(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        return super().decode(type.split(maxsplit=1)[0], schema, data, position)


class UnknownSchema(Codec):
    def encode(self, event: Any) -> Stored:
        return super().encode(event)._replace(schema=9)


class Lenient(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        try:
            return super().decode(type, schema, data, position)
        except CorruptEvent:
            return None


class Raw(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        kinds = {each.name: each.type for each in self.event_types}
        return msgspec.json.decode(data, type=kinds[type])


class Misplaces(Codec):
    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        return super().decode(type, schema, data, position=0)


class Packs(Codec):
    def encode(self, event: Any) -> Stored:
        return super().encode(event)._replace(data=msgspec.json.encode([event]))


def as_a(kind: type[Codec]) -> Codec:
    return kind(codec.event_types)


def codec_with(law: Law[Any], wrong: str, wrong_codec: Codec) -> Mutant:
    return Mutant("codec", wrong, law, (wrong_codec,), events())


RENAMED = Codec([EventType("RoverMoved", MarsRoverMoved)])
MOVED = Stored("MarsRoverMoved", 1, b'{"rover_id":"r1","point":{"x":1,"y":2},"direction":"W"}')

CODECS = (
    codec_with(laws.an_event_survives_its_storage, "swaps x and y", as_a(Flips)),
    codec_with(laws.equal_events_are_equal_bytes, "numbers what it stores", as_a(Stamps)),
    codec_with(laws.a_schema_is_known_or_refused, "reads any schema as the first", as_a(AnySchema)),
    codec_with(laws.a_schema_is_known_or_refused, "reads half of a name", as_a(AnyName)),
    codec_with(laws.a_schema_is_known_or_refused, "stores an unknown schema", as_a(UnknownSchema)),
    codec_with(laws.data_that_is_no_event_is_corrupt, "reads rubbish as None", as_a(Lenient)),
    codec_with(laws.data_that_is_no_event_is_corrupt, "raises what its library raises", as_a(Raw)),
    codec_with(laws.data_that_is_no_event_is_corrupt, "names no position", as_a(Misplaces)),
    codec_with(laws.what_is_stored_is_json, "stores a list", as_a(Packs)),
    Mutant(
        "codec",
        "a stored name was changed",
        laws.what_was_stored_is_still_read,
        (RENAMED,),
        st.just((MOVED, MarsRoverMoved("r1", Point(1, 2), Direction.WEST))),
    ),
)


def wrap(x: int, side: int) -> int:
    return x % side


def wrap_once(x: int, side: int) -> int:
    return x - side if x >= side else x


def wrap_or_fail(x: int, side: int) -> int:
    if x == 13:
        raise ArithmeticError("bad luck")
    return x % side


def pair(wrong: str, fast: Any) -> Mutant:
    inputs = st.tuples(st.integers(0, 100), st.integers(1, 10))
    return Mutant("fast path", wrong, a_fast_path_equals_its_reference, (fast, wrap), inputs)


PAIRS = (pair("wraps once", wrap_once), pair("fails where the reference answers", wrap_or_fail))
