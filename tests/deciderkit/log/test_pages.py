"""Rows of a log to recorded events, for every store that keeps rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deciderkit.log.chain import START, kind_sum
from deciderkit.log.codec import Codec, EventType, Stored
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import (
    Commit,
    Kind,
    Page,
    Row,
    chained,
    kind_of,
    page_of,
    tally_of,
    tally_text,
)
from deciderkit.log.recorded import Recorded, Refusal, Tally
from tests.deciderkit.log.test_codec import Landed, LandedBefore, Left, Place, codec

AT = "2026-01-01T00:00:00+00:00"
KINDS = {1: ("Landed", 3), 2: ("Left", 1), 3: ("Landed", 1), 4: ("Launched", 1)}
LANDED, LEFT = codec.encode(Landed(Place(1, 2), "a")), codec.encode(Left())
OLD = Stored("Landed", 1, b'{"at":"3,4"}')
DONE = Tally(2, 1, Refusal(1, "no"), digest="d")


def kind_at(position: int, number: int) -> Kind:
    name, schema = KINDS[number]
    return kind_of(codec, name, schema)


def written(*contents: tuple[str, list[Stored], Tally | None]) -> tuple[list[Row], list[Commit]]:
    """Rows and commits as a store writes them."""
    numbers = {kind: number for number, kind in KINDS.items()}
    rows: list[Row] = []
    commits: list[Commit] = []
    versions: dict[str, int] = {}
    before = START
    for stream, stored, tally in contents:
        version = versions.get(stream, 0)
        versions[stream] = version + len(stored)
        place = (len(rows) + 1, len(stored), version + 1)
        commit = Commit(*place, stream, "c1", AT, tally_text(tally), before)
        sums = chained(commit, stored)
        for (name, schema, data), checksum in zip(stored, sums, strict=True):
            rows.append((len(rows) + 1, numbers[name, schema], data, checksum))
        commits.append(commit)
        before = sums[-1]
    return rows, commits


ROWS, COMMITS = written(
    ("a-1", [LANDED, LEFT], DONE), ("b-1", [OLD], None), ("a-1", [LEFT, LEFT, LANDED], None)
)


def page(rows: list[Row], commits: list[Commit], before: int = START, linked: bool = True) -> Page:
    return page_of(rows, commits, before, kind_at, linked=linked)


def test_rows_are_the_events_that_were_written() -> None:
    landed, old = Landed(Place(1, 2), "a"), Landed(Place(3, 4), "unnamed")
    expected = (
        Recorded(1, "a-1", 1, landed, "c1", AT, DONE),
        Recorded(2, "a-1", 2, Left(), "c1", AT, DONE),
        Recorded(3, "b-1", 1, old, "c1", AT),
        Recorded(4, "a-1", 3, Left(), "c1", AT),
        Recorded(5, "a-1", 4, Left(), "c1", AT),
        Recorded(6, "a-1", 5, landed, "c1", AT),
    )
    assert expected == page(ROWS, COMMITS)


@pytest.mark.parametrize("first", range(6))
@pytest.mark.parametrize("last", range(1, 7))
def test_any_part_of_a_log_is_a_page(first: int, last: int) -> None:
    rows = ROWS[first:last]
    before = ROWS[first - 1][3] if first else START
    commits = [each for each in COMMITS if rows and each.first + each.size > rows[0][0]]
    assert page(ROWS, COMMITS)[first:last] == page(rows, commits, before)


def test_a_page_of_one_stream_leaves_others_out() -> None:
    rows, commits = [*ROWS[:2], *ROWS[3:]], [COMMITS[0], COMMITS[2]]
    told = page(rows, commits, linked=False)
    assert [1, 2, 4, 5, 6] == [each.position for each in told]
    with pytest.raises(CorruptEvent, match="position 3: is missing"):
        page(rows, commits)


def changed(place: int, row: Callable[[Row], Row]) -> list[Row]:
    return [*ROWS[:place], row(ROWS[place]), *ROWS[place + 1 :]]


DAMAGE: dict[str, tuple[list[Row], list[Commit], int, str]] = {
    "data": (changed(1, lambda r: (*r[:2], b"{ }", r[3])), COMMITS, 2, "checksum does not fit"),
    "checksum": (changed(1, lambda r: (*r[:3], r[3] ^ 1)), COMMITS, 2, "checksum does not fit"),
    "kind": (changed(1, lambda r: (r[0], 1, *r[2:])), COMMITS, 2, "checksum does not fit"),
    "the first of a kind": (
        changed(0, lambda r: (*r[:2], b"{ }", r[3])),
        *(COMMITS, 1, "checksum does not fit"),
    ),
    "a missing row": ([ROWS[0], *ROWS[2:]], COMMITS, 2, "is missing"),
    "a missing row inside": ([*ROWS[:4], ROWS[5]], COMMITS, 5, "is missing"),
    "a missing commit": (ROWS, [COMMITS[0], COMMITS[2]], 3, "does not belong to the commit"),
    "the last commit is missing": (ROWS, COMMITS[:2], 4, "belongs to no commit"),
    "no commits": (ROWS, [], 1, "belongs to no commit"),
    "a link": (
        ROWS,
        [COMMITS[0], COMMITS[1]._replace(chained_to=7), COMMITS[2]],
        *(3, "is not chained to the event before it"),
    ),
    "a stream": (ROWS, [COMMITS[0]._replace(stream="c-1"), *COMMITS[1:]], 1, "does not fit"),
    "a tally": (ROWS, [COMMITS[0]._replace(tally=""), *COMMITS[1:]], 1, "does not fit"),
    "a tally that is none": (ROWS, [COMMITS[0]._replace(tally="{}"), *COMMITS[1:]], 1, "its tally"),
    "a NUL": (ROWS, [COMMITS[0]._replace(stream="a\0"), *COMMITS[1:]], 1, "a text has a NUL"),
}


@pytest.mark.parametrize(("rows", "commits", "position", "said"), DAMAGE.values(), ids=DAMAGE)
def test_the_first_row_that_is_not_as_written_is_named(
    rows: list[Row], commits: list[Commit], position: int, said: str
) -> None:
    with pytest.raises(CorruptEvent, match=said) as caught:
        page(rows, commits)
    assert position == caught.value.position


@given(
    st.lists(
        st.builds(
            Stored,
            st.sampled_from(("", "Left", "Landed")),
            st.integers(0, 2),
            st.binary(max_size=2),
        )
    )
)
@example([Stored("", 0, b"{}")])
def test_each_event_is_chained_as_its_own_kind(stored: list[Stored]) -> None:
    """Whatever kinds follow each other, also one without a name: a codec takes any text for one."""
    expected: list[int] = []
    before = COMMITS[0].seed()
    for name, schema, data in stored:
        before = crc32(data, before ^ kind_sum(name, schema))
        expected.append(before)
    assert expected == chained(COMMITS[0], stored)


def test_the_link_to_what_stands_before_a_page_is_held() -> None:
    with pytest.raises(CorruptEvent, match="not chained"):
        page(ROWS[2:], COMMITS[1:], before=7)
    with pytest.raises(CorruptEvent, match="not chained"):
        page(ROWS[2:3], COMMITS[1:2], before=7, linked=False)
    with pytest.raises(CorruptEvent, match="does not fit"):
        page(ROWS[1:2], COMMITS[:1], before=7)


def one(stored: Stored, kinds: Codec) -> Any:
    numbers = {("Landed", 3): 1, ("Left", 1): 2, ("Landed", 1): 3, ("Launched", 1): 4}
    commit = Commit(1, 1, 1, "a-1", "c1", AT, "", START)
    (checksum,) = chained(commit, [stored])
    rows = [(1, numbers[stored[:2]], stored.data, checksum)]

    def kind(position: int, number: int) -> Kind:
        return kind_of(kinds, *KINDS[number])

    return page_of(rows, [commit], START, kind, linked=True)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (Stored("Launched", 1, b"{}"), r"unknown type 'Launched': .*EventType\('Launched', "),
        (Stored("Left", 1, b"[]"), "Expected `object`"),
        (Stored("Landed", 3, b"{}"), "missing required field .*: a field that was added wants"),
        (Stored("Left", 1, b'{"x":1}'), r"unknown field \$.x"),
        (Stored("Landed", 1, b"{}"), "missing 'at'"),
    ],
)
def test_what_no_codec_knows_is_corrupt_although_its_checksum_fits(
    stored: Stored, said: str
) -> None:
    with pytest.raises(CorruptEvent, match=said) as caught:
        one(stored, codec)
    assert 1 == caught.value.position


def test_reading_notices_a_field_that_was_taken_away_as_an_audit_does() -> None:
    old = Codec([EventType("Landed", LandedBefore)])
    new = Codec([EventType("Landed", Landed)])
    stored = old.encode(LandedBefore(Place(1, 2), "a"))
    with pytest.raises(CorruptEvent, match=r"unknown field \$.fuel"):
        one(stored, new)


def test_a_later_row_of_a_kind_that_does_not_decode_is_named() -> None:
    rows, commits = written(("a-1", [OLD, Stored("Landed", 1, b'{"at":"3"}')], None))
    with pytest.raises(CorruptEvent, match="not enough values") as caught:
        page(rows, commits)
    assert 2 == caught.value.position


@pytest.mark.parametrize("tally", [None, Tally(1), DONE, Tally(3, halted=True)])
def test_a_tally_is_written_and_read_back(tally: Tally | None) -> None:
    assert tally == tally_of(tally_text(tally))
