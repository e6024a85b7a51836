"""Requests by their tally: what an append says of the one that asks, and who is overtaken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import Claim, Conflict, Overtaken, StoreFailure
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Tally
from deciderkit.testing.store_rules.examples import (
    HOSTILE_REQUESTS,
    UNREADABLE,
    claim,
    error,
    events,
    noted,
    value,
)


class RequestRules:
    """What `Log` says of claims and tallies."""

    def test_a_claim_is_recorded_under_its_id_with_the_tally(self, store: EventStore) -> None:
        first, second = claim("c1", 0, 2), claim("c1", 2, 5, refused=1)
        page = value(store.append("a-1", 0, noted("x", "y"), first))
        assert [("c1", first.tally)] * 2 == [(each.command_id, each.tally) for each in page]
        assert first.tally == value(store.tally("c1"))
        value(store.append("b-1", 0, noted("z"), second))
        assert second.tally == value(store.tally("c1"))
        assert [first.tally] * 2 + [second.tally] == [each.tally for each in _log(store)]

    def test_whoever_was_overtaken_is_told_how_far_the_other_got(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x"), claim("c1", 0, 2)))
        for version in (0, 1, 7):
            refused = error(store.append("a-1", version, noted("again"), claim("c1", 0, 2)))
            assert Overtaken("c1", claim("c1", 0, 2).tally) == refused
        assert noted("x") == events(_log(store))

    def test_two_tries_cannot_fork_whatever_they_decide_together(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x"), claim("c1", 0, 1)))
        value(store.append("a-1", 1, noted("y"), claim("c1", 1, 3)))
        for before, done in ((0, 1), (0, 5), (1, 2), (2, 4)):
            refused = error(store.append("b-1", 0, noted("z"), claim("c1", before, done)))
            assert Overtaken("c1", claim("c1", 1, 3).tally) == refused
        assert 2 == value(store.head())
        assert claim("c1", 1, 3).tally == value(store.tally("c1"))

    def test_nobody_goes_on_with_what_was_not_begun_here(self, store: EventStore) -> None:
        refused = error(store.append("a-1", 0, noted("x"), claim("c1", 3, 4)))
        assert isinstance(refused, StoreFailure)
        assert "'c1' has no commands done here" in refused.reason
        assert 0 == value(store.head())

    def test_a_conflict_leaves_no_tally(self, store: EventStore) -> None:
        assert Conflict("a-1", 1, 0) == error(store.append("a-1", 1, noted("x"), claim("c1", 0, 1)))
        assert value(store.tally("c1")) is None
        value(store.append("a-1", 0, noted("x"), claim("c1", 0, 1)))

    def test_what_cannot_be_stored_leaves_no_tally(self, store: EventStore) -> None:
        error(store.append("a-1", 0, [UNREADABLE["NaN"]], claim("c1", 0, 1)))
        assert value(store.tally("c1")) is None

    def test_no_events_leave_no_tally(self, store: EventStore) -> None:
        assert () == value(store.append("a-1", 0, (), claim("c1", 0, 1)))
        assert value(store.tally("c1")) is None

    def test_a_tally_comes_back_as_it_was_said(self, store: EventStore) -> None:
        hostile = 'no\nroom "here"\\ \u202e\x1b[31m \U0001f680'
        for number, tally in enumerate(_tallies(hostile)):
            said = Claim(f"c{number}", 0, tally)
            page = value(store.append(f"a-{number}", 0, noted("x"), said))
            assert tally == page[0].tally == value(store.tally(f"c{number}"))
        assert list(_tallies(hostile)) == [each.tally for each in _log(store)]

    def test_one_request_is_not_another_by_its_beginning(self, store: EventStore) -> None:
        for number, name in enumerate(("c1", "c10", "C1", "c1.", "c@1", "c@10")):
            assert value(store.tally(name)) is None
            value(store.append(f"a-{number}", 0, noted("x"), Claim(name, 0, Tally(number + 1))))
        assert Tally(1) == value(store.tally("c1"))
        assert Tally(6) == value(store.tally("c@10"))

    def test_a_to_do_is_done_once(self, store: EventStore) -> None:
        done = Claim("turn-off@7", 0, Tally(1))
        value(store.append("a-1", 0, noted("x"), done))
        assert Overtaken("turn-off@7", Tally(1)) == error(store.append("a-1", 1, noted("x"), done))

    def test_who_gives_no_id_gets_one_that_nobody_can_give(self, store: EventStore) -> None:
        ids = {value(store.append("a-1", each, noted("x")))[0].command_id for each in range(50)}
        assert 50 == len(ids)
        for each in ids:
            assert is_command_id(each)
            assert not is_id(each)
            assert value(store.tally(each)) is None
        assert {None} == {recorded.tally for recorded in _log(store)}

    @pytest.mark.parametrize("hostile", HOSTILE_REQUESTS, ids=ascii)
    def test_a_hostile_id_of_a_request_is_refused(self, store: EventStore, hostile: str) -> None:
        refused = error(store.append("a-1", 0, noted("x"), Claim(hostile, 0, Tally(1))))
        assert isinstance(refused, BadId)
        assert hostile == refused.text
        assert 0 == value(store.head())

    def test_of_many_tries_at_once_one_is_recorded(self, store: EventStore) -> None:
        def attempt(thread: int) -> Any:
            told = []
            for number in range(20):
                said = Claim(f"c{number}", 0, Tally(1, digest=str(thread)))
                told.append(store.append(f"a-{number}-{thread}", 0, noted(str(thread)), said))
            return told

        with ThreadPoolExecutor(4) as threads:
            attempts = list(threads.map(attempt, range(4)))
        assert 20 == len(_log(store))
        for number in range(20):
            tally = value(store.tally(f"c{number}"))
            failed = [each[number].swap().value_or(None) for each in attempts]
            assert 3 == failed.count(Overtaken(f"c{number}", tally))


def _tallies(hostile: str) -> tuple[Tally, ...]:
    whole = claim("", 0, 9, refused=2).tally
    return (
        Tally(1),
        whole,
        Tally(2**62, 2**61),
        Tally(3, 1, None if whole.refusal is None else type(whole.refusal)(2, hostile), True, "d"),
    )


def _log(store: EventStore) -> Any:
    return value(store.read_all())
