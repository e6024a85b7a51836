from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PMap, pmap, pset, pvector

from deciderkit.testing.snapshot import snapshot

Json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
)


class Record(Struct):
    items: list[int]


@dataclass
class Plain:
    items: list[int]

    @cached_property
    def total(self) -> int:
        return sum(self.items)


class Slotted:
    __slots__ = ("items", "unset")

    def __init__(self, items: list[int]) -> None:
        self.items = items


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@given(Json)
def test_a_value_left_alone_looks_the_same(value: Any) -> None:
    assert snapshot(value) == snapshot(value)


@pytest.mark.parametrize("kind", [Record, Plain, Slotted])
def test_a_change_deep_inside_shows(kind: Any) -> None:
    value = kind([1])
    before = snapshot({"in": (value,)})
    assert before == snapshot({"in": (kind([1]),)})
    value.items.append(2)
    assert before != snapshot({"in": (value,)})


DIFFERENT: list[Any] = [
    *(0, False, 0.0, -0.0, "", b"", None, ..., 1, True, 1.0, 1j, "1", b"1"),
    *((), [], {}, set(), frozenset(), pvector(), pmap(), pset()),
    *((1,), [1], {1: 1}, {1}, frozenset({1}), deque([1]), deque([2]), bytearray(b"1")),
    *(date(2024, 7, 1), date(2024, 7, 2), Decimal("1"), Decimal("1.0")),
    *(Colour.RED, Colour.BLUE, Colour, len, sorted, Record([1]), Plain([1]), Slotted([1])),
    *([[1], 2], [1, [2]], {1: {2: 3}}, {1: {3: 2}}, {"a": 1}, {"b": 1}),
]


def test_what_is_different_looks_different() -> None:
    assert len(DIFFERENT) == len({snapshot(value) for value in DIFFERENT})


def test_a_nan_looks_like_itself() -> None:
    assert snapshot(float("nan")) == snapshot(float("nan"))


def test_sets_and_mappings_have_no_order() -> None:
    assert snapshot({"a": 1, "b": 2}) == snapshot({"b": 2, "a": 1})
    assert snapshot(["a", "b"]) != snapshot(["b", "a"])


@given(st.lists(st.text(max_size=2), unique=True, max_size=20), st.randoms())
def test_how_a_persistent_map_or_set_grew_does_not_show(keys: list[str], random: Random) -> None:
    grown: PMap[str, int] = pmap()
    again: PMap[str, int] = pmap()
    for key in keys:
        grown = grown.set(key, 1)
    for key in sorted(keys, key=lambda _: random.random()):
        again = again.set(key, 1)
    assert snapshot(grown) == snapshot(again) == snapshot(pmap(dict.fromkeys(keys, 1)))
    assert snapshot(pset(keys)) == snapshot(pset(reversed(keys)))
    before = snapshot(grown)
    assert isinstance(hash(grown), int)
    assert before == snapshot(grown)


def test_what_a_cached_property_remembers_is_no_change() -> None:
    value = Plain([1, 2])
    before = snapshot(value)
    assert 3 == value.total
    assert before == snapshot(value)


def test_a_value_that_holds_itself_ends() -> None:
    one: list[Any] = [1]
    one.append(one)
    two: list[Any] = [1]
    two.append([1, two])
    assert snapshot(one) == snapshot(one)
    assert snapshot(one) != snapshot(two)


def test_what_cannot_be_looked_into_never_changes() -> None:
    assert snapshot(threading.Lock()) == snapshot(threading.Lock())


def test_a_time_looks_as_its_clock_and_its_offset_do() -> None:
    """What JSON keeps of a time: neither ``fold`` nor the name of a zone, and all the rest."""
    autumn = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"), fold=1)
    assert snapshot(autumn) == snapshot(datetime.fromisoformat(autumn.isoformat()))
    assert snapshot(datetime(2026, 1, 1, fold=1)) == snapshot(datetime(2026, 1, 1))
    assert snapshot(time(1, 2, fold=1)) == snapshot(time(1, 2))
    assert snapshot(autumn) != snapshot(autumn.replace(fold=0))
    assert snapshot(autumn) != snapshot(autumn.astimezone(UTC))
    assert snapshot(datetime(2026, 1, 1)) != snapshot(datetime(2026, 1, 1, tzinfo=UTC))
    assert snapshot(datetime(2026, 1, 1)) != snapshot(datetime(2026, 1, 1, 0, 0, 0, 1))
