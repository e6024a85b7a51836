"""A request with an id of its own: however often it is made, it is carried out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError
from deciderkit.log.recorded import Refusal
from deciderkit.request import Request
from deciderkit.shell import (
    Claim,
    Dispatcher,
    EventStore,
    MemoryEventStore,
    OtherCommands,
    Report,
    StoreFailure,
)
from tests.deciderkit.bank import Deposit, Withdraw, bank, commands, quiet
from tests.deciderkit.turnstile import InsertCoin, Jammed, Kick, Push, board

COIN, PUSH, KICK = InsertCoin("north", 2), Push("north"), Kick("north")
VISIT = (COIN, PUSH)


def log(store: EventStore) -> list[Any]:
    return [each.event for each in store.read_all(limit=10_000).unwrap()]


class Mute(MemoryEventStore):
    """A store that does its work and now and then does not say so."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Iterator[bool] = iter(())

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        done = super().append(stream, expected_version, events, claim)
        return done if next(self.answers, True) else Failure(StoreFailure("no answer"))


@contextmanager
def silence(store: Mute, after: int) -> Iterator[None]:
    store.answers = iter([True] * after + [False])
    yield
    store.answers = iter(())


PROGRAM = (PUSH, *VISIT, InsertCoin("south", 1), *VISIT, KICK, KICK, COIN)


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("again", [1, 2, 5])
def test_a_retry_ends_as_if_the_first_try_had_been_answered(
    chunk: int, after: int, again: int
) -> None:
    calm, store = MemoryEventStore(), Mute()
    report = Dispatcher(board, calm, chunk=chunk).dispatch(PROGRAM, command_id="c1").unwrap()
    with silence(store, after):
        Dispatcher(board, store, chunk=chunk).dispatch(PROGRAM, command_id="c1")
    for _ in range(3):
        retried = Dispatcher(board, store, chunk=again).dispatch(PROGRAM, command_id="c1")
        assert Success(report) == retried
        assert log(calm) == log(store)


@given(
    st.lists(commands(), min_size=1, max_size=12),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 12),
)
def test_money_is_moved_once_whatever_the_batches_were(
    sent: list[Any], chunk: int, again: int, after: int
) -> None:
    calm, store = MemoryEventStore(), Mute()
    report = Dispatcher(bank, calm, chunk=chunk).dispatch(sent, command_id="c1").unwrap()
    with silence(store, after):
        Dispatcher(bank, store, chunk=chunk).dispatch(sent, command_id="c1")
    assert Success(report) == Dispatcher(bank, store, chunk=again).dispatch(sent, command_id="c1")
    assert log(calm) == log(store)


def test_control_a_retry_under_a_fresh_id_does_it_twice() -> None:
    store = Mute()
    with silence(store, after=0):
        Dispatcher(board, store).dispatch(VISIT, command_id="c1")
    Dispatcher(board, store).dispatch(VISIT, command_id="c2").unwrap()
    assert 6 == len(log(store))


def test_a_retry_is_told_the_first_outcome_even_if_the_world_has_moved_on() -> None:
    store = MemoryEventStore()
    first = Dispatcher(board, store).dispatch([PUSH, *VISIT], command_id="c1")
    Dispatcher(board, store).dispatch([KICK]).unwrap()
    again = Dispatcher(board, store).dispatch([PUSH, *VISIT], command_id="c1")
    assert Success(Report(2, 1, Refusal(1, "not paid"))) == first == again


def test_a_retry_halts_where_the_first_try_did() -> None:
    store = MemoryEventStore()
    sent = (KICK, InsertCoin("south", 2))
    for _ in range(2):
        report = Dispatcher(board, store).dispatch(sent, halts=[Jammed], command_id="c1")
        assert Success(Report(carried_out=1)) == report
    assert 2 == len(log(store))


def test_what_was_refused_left_no_trace_and_is_decided_again() -> None:
    store = MemoryEventStore()
    refused = Dispatcher(board, store).dispatch([PUSH], command_id="c1").unwrap()
    assert Refusal(1, "not paid") == refused.refusal
    Dispatcher(board, store).dispatch([COIN]).unwrap()
    assert Success(Report(carried_out=1)) == Dispatcher(board, store).dispatch(
        [PUSH], command_id="c1"
    )


def test_what_was_refused_behind_the_last_event_is_no_part_of_the_tally() -> None:
    store = MemoryEventStore()
    poor = Withdraw(1, Decimal(500))
    sent = [Deposit(1, Decimal(10)), poor, poor]
    assert 2 == Dispatcher(quiet, store).dispatch(sent, command_id="c1").unwrap().refused
    tally = store.tally("c1").unwrap()
    assert tally is not None
    assert (1, 0, None) == (tally.done, tally.refused, tally.refusal)
    Dispatcher(quiet, store).dispatch([Deposit(1, Decimal(900))]).unwrap()
    assert Success(Report(3)) == Dispatcher(quiet, store).dispatch(sent, command_id="c1")


def test_a_refusal_before_the_last_event_binds() -> None:
    store = MemoryEventStore()
    poor, rich = Withdraw(1, Decimal(150)), Deposit(1, Decimal(10))
    first = Dispatcher(quiet, store).dispatch([poor, rich], command_id="c1")
    Dispatcher(quiet, store).dispatch([Deposit(1, Decimal(500))]).unwrap()
    assert first == Dispatcher(quiet, store).dispatch([poor, rich], command_id="c1")
    assert 2 == len(log(store))


@pytest.mark.parametrize("sent", [[KICK], [PUSH], [], [InsertCoin("north", 1)]], ids=repr)
def test_an_id_that_was_used_for_other_commands_is_a_failure(sent: list[Any]) -> None:
    store = MemoryEventStore()
    Dispatcher(board, store).dispatch([COIN], command_id="c1").unwrap()
    because = Dispatcher(board, store).dispatch(sent, command_id="c1").failure().because
    assert isinstance(because, OtherCommands)
    assert ("c1", 1) == (because.command_id, because.done)
    assert 2 == len(log(store))


def test_more_commands_under_an_id_are_done_and_the_first_are_not_again() -> None:
    store = MemoryEventStore()
    Dispatcher(board, store).dispatch([COIN], command_id="c1").unwrap()
    assert Success(Report(2)) == Dispatcher(board, store).dispatch([COIN, PUSH], command_id="c1")
    assert 3 == len(log(store))


def test_a_time_in_an_hour_that_comes_twice_is_no_other_command() -> None:
    store = MemoryEventStore()
    berlin = ZoneInfo("Europe/Berlin")
    late = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin)
    sent = [Deposit(1, Decimal(1), late), Deposit(1, Decimal(2), late)]
    for _ in range(2):
        assert Success(Report(2)) == Dispatcher(quiet, store).dispatch(sent, command_id="c1")
    early = [Deposit(1, Decimal(1), late.replace(fold=0)), sent[1]]
    because = Dispatcher(quiet, store).dispatch(early, command_id="c1").failure().because
    assert isinstance(because, OtherCommands)


@pytest.mark.parametrize("given", ["c1.1", "c1.2", "c1-1", "c1_1"])
def test_no_id_that_is_given_is_that_of_a_part_of_another_request(given: str) -> None:
    store = MemoryEventStore()
    Dispatcher(board, store, chunk=1).dispatch(PROGRAM, command_id="c1").unwrap()
    before = len(log(store))
    assert Success(Report(carried_out=1)) == Dispatcher(board, store).dispatch(
        [InsertCoin("east", 2)], command_id=given
    )
    assert before < len(log(store))


class Twin(MemoryEventStore):
    """A store in which another try of the same request, with other batches, is faster."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        self.at -= 1
        if self.at == 0:
            twin = Dispatcher(board, self, chunk=3).dispatch([*VISIT, *VISIT], command_id="c1")
            assert Success(Report(carried_out=4)) == twin
        return super().append(stream, expected_version, events, claim)


@pytest.mark.parametrize("chunk", [1, 2, 100])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_another_try_that_is_faster_is_taken_as_the_outcome(chunk: int, at: int) -> None:
    store = Twin(at)
    dispatcher = Dispatcher(board, store, chunk=chunk)
    report = dispatcher.dispatch([*VISIT, *VISIT], command_id="c1")
    assert Success(Report(carried_out=4)) == report
    assert 6 == len(log(store))
    assert board.fold(log(store)).todos() == dispatcher.todos().unwrap()


def test_commands_left_over_after_a_conflict_are_not_reported_as_carried_out() -> None:
    """Only the first half of what was in hand is decided anew before an event that cuts the batch."""

    class Rival(MemoryEventStore):
        came = False

        def append(
            self,
            stream: str,
            expected_version: int,
            events: Sequence[Any],
            claim: Claim | None = None,
        ) -> Result[Page, AppendError]:
            if not self.came:
                self.came = True
                poor = Dispatcher(quiet, self).dispatch([Withdraw(1, Decimal(95))])
                assert Success(Report(1)) == poor
            return super().append(stream, expected_version, events, claim)

    store = Rival()
    sent = [Withdraw(1, Decimal(4)), Withdraw(1, Decimal(4)), Withdraw(1, Decimal(9))]
    report = Dispatcher(bank, store).dispatch(sent, command_id="c1").unwrap()
    assert Report(1, 2, Refusal(3, "too poor")) == report
    assert Success(report) == Dispatcher(bank, store).dispatch(sent, command_id="c1")


def test_what_is_in_hand_is_no_more_than_a_chunk() -> None:
    taken: list[int] = []

    def source() -> Iterator[Any]:
        for number in range(10):
            taken.append(number)
            yield InsertCoin("north", 1)

    request = Request(source(), None, 3, frozenset(), lambda: "made")
    assert 3 == len(request.batch(board.takers))
    assert [0, 1, 2] == taken


def test_commands_of_another_stream_or_aggregate_begin_another_batch() -> None:
    other = InsertCoin("south", 1)
    request = Request([COIN, PUSH, other, COIN], None, 100, frozenset(), lambda: "made")
    batches = [request.batch(board.takers) for _ in range(4)]
    assert [[COIN, PUSH], [other], [COIN], []] == batches
