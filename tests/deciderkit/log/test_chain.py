"""Checksums that chain each event to all that stands before it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit.log.chain import START, head_sum, kind_sum
from deciderkit.log.codec import Stored
from deciderkit.log.pages import Commit, chained

COMMIT = Commit(3, 2, 1, "a-1", "c1", "2026", '{"done":1}', 99)
STORED = (Stored("Landed", 1, b"{}"), Stored("Left", 1, b'{"x":1}'))
CHANGES: dict[str, Any] = {
    "first": 4,
    "size": 3,
    "version": 2,
    "stream": "a-2",
    "command_id": "c2",
    "recorded_at": "2027",
    "tally": '{"done":2}',
    "chained_to": 98,
}


@pytest.mark.parametrize("field", CHANGES)
def test_every_part_of_a_commit_counts(field: str) -> None:
    assert COMMIT.seed() != COMMIT._replace(**{field: CHANGES[field]}).seed()
    assert set(Commit._fields) == set(CHANGES)


@pytest.mark.parametrize(
    "other",
    [
        (STORED[1], STORED[0]),
        (Stored("Landed", 2, b"{}"), STORED[1]),
        (Stored("Landed2", 1, b"{}"), STORED[1]),
        (Stored("Landed", 1, b"{ }"), STORED[1]),
    ],
    ids=["the order", "the schema", "the type", "the data"],
)
def test_every_part_of_an_event_counts_in_its_sum_and_in_all_behind_it(
    other: tuple[Stored, Stored],
) -> None:
    here, there = chained(COMMIT, STORED), chained(COMMIT, other)
    assert 2 == len(here) == len(there)
    assert all(left != right for left, right in zip(here, there, strict=True))


def test_a_commit_without_a_tally_has_the_sum_that_it_had_before_there_were_tallies() -> None:
    before = head_sum(START, (1, 1, 1), "a-1", "c1", "2026")
    assert before == head_sum(START, (1, 1, 1), "a-1", "c1", "2026", "")
    assert before != head_sum(START, (1, 1, 1), "a-1", "c1", "2026", "{}")


@pytest.mark.parametrize("place", range(4))
def test_no_two_commits_have_the_same_sum_by_a_nul(place: int) -> None:
    texts = ["a", "b", "c", "d"]
    texts[place] += "\0e"
    with pytest.raises(ValueError, match="a text has a NUL"):
        head_sum(0, (1, 1, 1), *texts)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_changed_bit_is_always_seen(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    sums = [chained(COMMIT, [Stored("Landed", 1, bytes(each))]) for each in (content, changed)]
    assert sums[0] != sums[1]


def test_kinds_are_told_apart_by_name_and_schema() -> None:
    kinds = [(name, schema) for name in ("A", "A/1", "B") for schema in (1, 2, 11)]
    assert len(kinds) == len({kind_sum(*kind) for kind in kinds})
