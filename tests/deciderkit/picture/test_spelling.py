"""Any value of any domain has a short text, and no value makes it fail."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PClass, field, pmap, pset, pvector

from deciderkit.picture.spelling import LONGEST, Spelling, short


class Point(Struct, frozen=True):
    x: int
    y: int


class Spelled(Point, frozen=True):
    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True)
class Order:
    name: str
    at: date


class Pair(NamedTuple):
    left: object
    right: object


class Empty(Struct, frozen=True):
    pass


class Colour(Enum):
    RED = "dark red"


class Size(IntEnum):
    SMALL = 1


class Person(PClass):
    name: Any = field()


class Evil:
    def __str__(self) -> str:
        raise RuntimeError("no")


class Liar(Struct, frozen=True):
    def __str__(self) -> str:
        return None  # type: ignore[return-value]  # noqa: PLE0307


def endless() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "none"),
        (True, "true"),
        (7, "7"),
        (-0.5, "-0.5"),
        (10**20, "100000000000000000000"),
        (Decimal("9.50"), "9.50"),
        ("r1", "r1"),
        ("none", '"none"'),
        ("7", '"7"'),
        ("", '""'),
        ('say "hi"\n', r'"say \"hi\"\n"'),
        ("</script>\u202e", r'"</script>\u202e"'),
        (b"\x00", r"b'\x00'"),
        (date(2026, 11, 25), "2026-11-25"),
        (datetime(2026, 11, 25, 10, tzinfo=UTC), "2026-11-25T10:00:00Z"),
        (time(10, 30), "10:30:00"),
        (timedelta(days=1), "1 day, 0:00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "dark red"),
        (Size.SMALL, "SMALL"),
        (Point(1, 2), "Point {x: 1, y: 2}"),
        (Spelled(1, 2), "1,2"),
        (Empty(), "Empty"),
        (Order("a b", date(2026, 1, 2)), 'Order {name: "a b", at: 2026-01-02}'),
        (Pair(1, [2]), "Pair {left: 1, right: [2]}"),
        (Person(name="Zoë"), "Person(name='Zoë')"),
        ((1, "a"), "[1, a]"),
        (pvector(range(8)), "[0, 1, 2, 3, 4, 5, ... 2 more]"),
        (deque([1]), "[1]"),
        (pmap({"b": 1, "a": pmap()}), "{a: {}, b: 1}"),
        ({n: n for n in range(99)}, "{99 entries}"),
        (pset([3, 1, 2]), "{1, 2, 3}"),
        (frozenset(range(1000)), "{1,000 members}"),
        ([[[[[[1]]]]]], "[[[[[1 items]]]]]"),
        ({1: {2: {3: {4: {5: 6}}}}}, "{1: {2: {3: {4: {1 entries}}}}}"),
        ([[[[{1, 2}]]]], "[[[[{2 members}]]]]"),
        ([[[[Point(1, 2)]]]], "[[[[Point {...}]]]]"),
        (endless(), "[[[[[1 items]]]]]"),
        (Point, "Point"),
        (Evil(), "<Evil>"),
        ([Evil(), 1], "[<Evil>, 1]"),
        (Liar(), "<Liar>"),
        (ValueError("bad\nthing"), r"bad\nthing"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_said_after_its_shape(value: object, expected: str) -> None:
    assert expected == short(value)


def test_a_spelling_says_how_a_type_is_spelled_wherever_it_stands() -> None:
    spelling: Spelling = {Point: lambda point: f"{point.x}/{point.y}\n"}
    assert r"[1/2\n, Pair {left: 3/4\n, right: none}]" == short(
        [Point(1, 2), Pair(Point(3, 4), None)], spelling
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.binary() | st.decimals() | st.times(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.builds(Pair, inner, inner)
        | st.builds(pvector, st.lists(inner))
    ),
)


@given(VALUES)
def test_every_value_is_one_line_of_bounded_length(value: object) -> None:
    text = short(value)
    assert [text] == text.splitlines()
    assert len(text) <= LONGEST
    assert text == text.encode().decode()
