"""The changes of a thing add up to the facts of its last value, whatever it was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import pmap, pvector

from deciderkit.picture.facts import LAST, LENGTH, MOST, SHAPE, Change, Facts
from deciderkit.picture.spelling import Speller


class Locked(Struct, frozen=True):
    paid: int


class Open(Struct, frozen=True):
    since: str
    by: str


def after(values: list[Any]) -> dict[str, str]:
    facts = Facts(Speller())
    said: dict[str, str] = {}
    for value in values:
        for change in facts.become(value):
            if change.text is None:
                del said[change.label]
            else:
                assert said.get(change.label) != change.text, "a change that changes nothing"
                said[change.label] = change.text
    return said


VALUES = (
    st.builds(Locked, st.integers(0, 3))
    | st.builds(Open, st.text(max_size=2), st.just("me"))
    | st.lists(st.integers(0, 3), max_size=2 * LAST).map(pvector)
    | st.dictionaries(st.text(max_size=1), st.integers(0, 3)).map(pmap)
    | st.frozensets(st.integers(0, 9))
    | st.integers(0, 3)
    | st.text(max_size=2)
)


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_the_changes_add_up_to_the_facts_of_the_last_value(values: list[Any]) -> None:
    assert after(values[-1:]) == after(values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Locked(2), {SHAPE: "Locked", "paid": "2"}),
        ("a b", {SHAPE: '"a b"'}),
        (7, {SHAPE: "7"}),
        (pmap({"a": 1}), {SHAPE: "1 entry", "a": "1"}),
        (frozenset({3}), {SHAPE: "1 member", "3": ""}),
        (pvector("ab"), {LENGTH: "2", "0": "a", "1": "b"}),
        (
            list(range(LAST + 1)),
            {LENGTH: str(LAST + 1), "0": str(LAST)} | {str(n): str(n) for n in range(1, LAST)},
        ),
        (dict.fromkeys(range(MOST + 1)), {SHAPE: f"{MOST + 1} entries"}),
        (set(range(MOST + 1)), {SHAPE: f"{MOST + 1} members"}),
    ],
    ids=str,
)
def test_a_value_is_taken_apart_after_its_shape(value: object, expected: dict[str, str]) -> None:
    assert expected == after([value])


@dataclass
class Half:
    left: int
    right: int = field(init=False)


def test_a_field_that_was_never_set_is_none() -> None:
    assert {SHAPE: "Half", "left": "1", "right": "none"} == after([Half(1)])


def test_only_what_is_said_in_other_words_is_a_change() -> None:
    facts = Facts(Speller())
    facts.become(Open("noon", "me"))
    assert [Change("since", "night")] == facts.become(Open("night", "me"))


def test_changes_of_a_map_come_in_the_order_of_their_labels() -> None:
    changes = Facts(Speller()).become(pmap(dict.fromkeys("hgfedcba", 1)))
    assert [SHAPE, *"abcdefgh"] == [change.label for change in changes]


def test_a_long_list_costs_as_much_as_a_short_one() -> None:
    class Counting(list[int]):
        asked = 0

        def __getitem__(self, index: Any) -> Any:
            Counting.asked += 1
            return super().__getitem__(index)

    Facts(Speller()).become(Counting(range(100_000)))
    assert LAST == Counting.asked
