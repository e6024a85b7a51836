"""What the type of an event says of its JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict

import pytest
from msgspec import Struct, json
from pyrsistent import PMap

from deciderkit.log.types import strange_field, unstorable


class Point(Struct):
    x: int


class Named(NamedTuple):
    at: Point


class Circle(Struct, tag=True):
    at: Point


class Square(Struct, tag=True):
    at: Point
    side: int = 1


class Listed(Struct, array_like=True):
    at: Point
    side: int = 1


class Typed(TypedDict):
    at: Point


@dataclasses.dataclass
class Data:
    at: Point


class Tree(Struct):
    parts: list[Tree] = []


class Plain:
    pass


class Wide(Struct):
    either: Circle | Square | None = None
    maps: dict[str, Point] = {}
    pair: tuple[Point, int] = (Point(1), 1)
    many: tuple[Point, ...] = ()
    some: frozenset[int] = frozenset()
    listed: Listed | None = None
    named: Named | None = None
    data: Data | None = None
    typed: Typed | None = None
    tree: Tree | None = None
    point_or_map: Point | None = None
    numbers: list[int] | None = None


class WithMap(Struct):
    maps: dict[str, PMap]  # type: ignore[type-arg]


class WithKey(Struct):
    keys: dict[Plain, int]


class WithUnion(Struct):
    either: Plain | None


class WithMore(Struct):
    either: Point | Plain


class WithTuple(Struct):
    pair: tuple[int, Plain]


class WithInside(Struct):
    inside: WithTuple


class WithCall(Struct):
    call: Callable[[], int]


class Lost(Struct):
    gone: Nowhere  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize("type", [Point, Named, Data, Typed, Wide, Tree, Listed])
def test_what_json_can_hold_can_be_stored(type: Any) -> None:
    assert "" == unstorable(type)


@pytest.mark.parametrize(
    ("type", "said"),
    [
        (Plain, "it is a class of another kind: expected a msgspec.Struct, a dataclass,"),
        (WithMap, "$.maps[] is a PMap: expected what JSON can hold"),
        (WithKey, "$.keys[key] is a Plain: expected what JSON can hold"),
        (WithUnion, "is a Plain: expected what JSON can hold"),
        (WithMore, "Type unions containing a custom type may not contain"),
        (WithTuple, "$.pair[] is a Plain: expected"),
        (WithInside, "$.inside.pair[] is a Plain: expected"),
        (WithCall, ""),
        (Lost, "name 'Nowhere' is not defined"),
    ],
)
def test_what_it_cannot_hold_is_named_with_its_place(type: Any, said: str) -> None:
    problem = unstorable(type)
    assert problem
    assert said in problem


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"{}", None),
        (b'{"either":{"type":"Circle","at":{"x":1}}}', None),
        (b'{"either":{"type":"Circle","at":{"x":1},"side":2}}', "$.either.side"),
        (b'{"either":{"type":"Square","at":{"x":1,"y":2},"side":2}}', "$.either.at.y"),
        (b'{"either":null}', None),
        (b'{"maps":{"a":{"x":1},"b":{"x":1,"z":1}}}', "$.maps.b.z"),
        (b'{"maps":{"a":{"x":1},"b":{"x":1}}}', None),
        (b'{"pair":[{"x":1},1]}', None),
        (b'{"pair":[{"x":1,"z":1},1]}', "$.pair[0].z"),
        (b'{"many":[{"x":1},{"x":1,"z":1}]}', "$.many[1].z"),
        (b'{"some":[1,2,3]}', None),
        (b'{"some":[1,2,1]}', "$.some: 3 items, 2 of them different"),
        (b'{"listed":[{"x":1,"z":1},2]}', "$.listed[0].z"),
        (b'{"listed":[{"x":1},2]}', None),
        (b'{"named":[{"x":1,"z":1}]}', "$.named[0].z"),
        (b'{"data":{"at":{"x":1},"z":1}}', "$.data.z"),
        (b'{"typed":{"at":{"x":1,"z":1}}}', "$.typed.at.z"),
        (b'{"tree":{"parts":[{"parts":[{"z":1}]}]}}', "$.tree.parts[0].parts[0].z"),
        (b'{"point_or_map":{"x":1,"z":1}}', "$.point_or_map.z"),
        (b'{"numbers":[1,[{"z":1}]]}', None),
        (b'{"strange":{}}', "$.strange"),
    ],
)
def test_a_field_that_a_type_does_not_know_is_named_with_its_place(
    data: bytes, place: str | None
) -> None:
    assert place == strange_field(json.decode(data), Wide)


def test_a_union_without_a_name_for_its_members_is_left_alone_where_it_is_none_of_them() -> None:
    assert strange_field({"either": {"type": "Triangle", "z": 1}}, Wide) is None
