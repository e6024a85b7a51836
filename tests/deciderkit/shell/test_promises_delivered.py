"""P5: every event that an external system hears is told before it is recorded, under a key that stays the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from returns.result import Failure, Success

from deciderkit import ExternalSystem
from deciderkit.log.codec import Codec
from deciderkit.shell import Dispatcher, MemoryEventStore, Program, Undelivered
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.interrupted import Crash, Interrupted, crash_after, meanwhile
from tests.deciderkit.shell.ledger import (
    CloseMonth,
    Deposit,
    FeeCharged,
    MonthClosed,
    Rate,
    Rated,
    StatementMailed,
    Withdraw,
    board,
    fee_board,
    quiet_board,
)


def memory() -> MemoryEventStore:
    return MemoryEventStore(Codec.of(board))


class Post:
    """Somebody who gets mail; ``drops`` repeats by key as a careful receiver does."""

    def __init__(self, fails: int = 0) -> None:
        self.got: list[tuple[str, Any]] = []
        self.fails = fails

    def __call__(self, event: Any, key: str) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the post is closed")
        self.got.append((key, event))

    @property
    def drops(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, event in self.got:
            kept.setdefault(key, event)
        return kept


def test_every_event_of_a_decision_that_is_to_be_told_is_told_before_the_log(
    new_store: Stores,
) -> None:
    store, heads = new_store(board), []

    def mail(event: StatementMailed, key: str) -> None:
        heads.append((store.head().unwrap(), event, key))

    dispatcher = Dispatcher(board, store, deliveries={StatementMailed: mail})
    dispatcher.dispatch([Deposit(1, 5), CloseMonth(1)], command_id="may").unwrap()
    assert [(1, StatementMailed(1, 5), "may/2/2")] == heads
    assert 3 == store.head().unwrap()


def test_several_events_are_told_in_order_each_under_a_key_of_its_own() -> None:
    both = replace(board, externals=(ExternalSystem("Post", (StatementMailed, MonthClosed)),))
    post = Post()
    Dispatcher(both, memory(), deliveries={StatementMailed: post, MonthClosed: post}).dispatch(
        [CloseMonth(1), CloseMonth(2)], command_id="x"
    ).unwrap()
    assert ["x/1/1", "x/1/2", "x/2/1", "x/2/2"] == [key for key, _ in post.got]


@pytest.mark.parametrize("command_id", ["may", None])
def test_something_recorded_between_telling_and_recording_changes_no_key(
    command_id: str | None,
) -> None:
    store, post = memory(), Post()
    for at in range(6):
        other = Dispatcher(quiet_board, store)
        deposit = meanwhile(at, lambda other=other: other.dispatch([Deposit(1, 1)]))  # type: ignore[misc]
        racing: Any = Interrupted(store, before=deposit)
        told = Post()
        dispatcher = Dispatcher(board, racing, deliveries={StatementMailed: told})
        name = command_id and f"{command_id}{at}"
        dispatcher.dispatch([CloseMonth(1)], command_id=name).unwrap()
        assert 1 == len(told.drops)
        post.got += told.got
    recorded = [each for each in store.read_all().unwrap() if type(each.event) is StatementMailed]
    assert 6 == len(recorded) == len(post.drops)


def test_what_is_decided_the_same_once_more_is_not_told_once_more() -> None:
    """Somebody adds nothing to the account: the stream is longer, and the statement is what it was."""
    store, post = memory(), Post()
    other = Dispatcher(quiet_board, store)
    told_in_vain = iter([1])

    def add_nothing(number: int, name: str) -> None:
        if name == "append" and next(told_in_vain, None):
            other.dispatch([Deposit(1, 0)]).unwrap()

    racing: Any = Interrupted(store, before=add_nothing)
    Dispatcher(board, racing, deliveries={StatementMailed: post}).dispatch([CloseMonth(1)]).unwrap()
    assert 1 == len(post.got)
    assert StatementMailed in {type(each.event) for each in store.read_all().unwrap()}


def test_told_and_not_recorded_it_is_told_again_under_the_same_key() -> None:
    store, post = memory(), Post()

    def crash(number: int, name: str) -> None:
        if name == "append":
            raise Crash

    dying: Any = Interrupted(store, before=crash)
    with pytest.raises(Crash):
        Dispatcher(board, dying, deliveries={StatementMailed: post}).dispatch(
            [CloseMonth(1)], command_id="may"
        )
    Dispatcher(quiet_board, store).dispatch([Deposit(1, 3)]).unwrap()
    Dispatcher(board, store, deliveries={StatementMailed: post}).dispatch(
        [CloseMonth(1)], command_id="may"
    ).unwrap()
    assert ["may/1/2", "may/1/2"] == [key for key, _ in post.got]
    # The new decision has another content; the receiver keeps the first, and the guide says so.
    assert [0, 3] == [event.balance for _, event in post.got]


def test_recorded_and_the_answer_lost_it_is_not_told_again() -> None:
    store, post = memory(), Post()
    dying: Any = Interrupted(store, after=crash_after(0))
    with pytest.raises(Crash):
        Dispatcher(board, dying, deliveries={StatementMailed: post}).dispatch(
            [CloseMonth(1)], command_id="may"
        )
    Dispatcher(board, store, deliveries={StatementMailed: post}).dispatch(
        [CloseMonth(1)], command_id="may"
    ).unwrap()
    assert 1 == len(post.got)


FEES = ExternalSystem("Collector", hears=(FeeCharged,))
collecting = replace(fee_board, externals=(FEES,))


def test_what_a_policy_asks_for_is_told_under_the_id_of_its_to_do(new_store: Stores) -> None:
    store, post = new_store(collecting), Post(fails=1)
    dispatcher = Dispatcher(collecting, store, deliveries={FeeCharged: post})
    report = dispatcher.dispatch([Withdraw(1, 1)]).unwrap()
    assert "FeeCharged was not delivered: ConnectionError: the post is closed" in (
        report.parked[0].reason
    )
    dispatcher.let_go(report.parked[0].todo).unwrap()
    dispatcher.resume().unwrap()
    assert ["charge-fee@2/1"] == [key for key, _ in post.got]


def test_two_dispatchers_tell_under_one_key(new_store: Stores) -> None:
    store, post = new_store(collecting), Post()
    Dispatcher(quiet_board, store).dispatch([Withdraw(1, 1)]).unwrap()
    other = Dispatcher(collecting, store, deliveries={FeeCharged: post})
    for at in range(12):
        racing: Any = Interrupted(store, before=meanwhile(at, other.resume))
        Dispatcher(collecting, racing, deliveries={FeeCharged: post}).resume().unwrap()
    assert ["charge-fee@2/1"] == list(post.drops)


def test_a_function_that_returns_has_delivered_and_one_that_raises_has_not(
    new_store: Stores,
) -> None:
    store = new_store(board)
    for answer in (None, 7, Success(None)):
        delivery: Any = {StatementMailed: lambda event, key, answer=answer: answer}
        assert (
            1
            == Dispatcher(board, store, deliveries=delivery)
            .dispatch([CloseMonth(1)])
            .unwrap()
            .carried_out
        )
    before = store.head().unwrap()
    failing: Any = {StatementMailed: lambda event, key: Failure("no line")}
    for deliveries in (failing, {StatementMailed: Post(fails=1)}):
        stopped = (
            Dispatcher(board, store, deliveries=deliveries)
            .dispatch([Deposit(1, 1), CloseMonth(1), Deposit(1, 1)])
            .failure()
        )
        assert isinstance(stopped.because, Undelivered)
        assert 1 == stopped.report.carried_out
        before += 1
        assert before == store.head().unwrap()


def test_what_could_not_be_recorded_is_not_told() -> None:
    telling = replace(board, externals=(ExternalSystem("Rates", (Rated,)), *board.externals))
    post = Post()
    deliveries = {Rated: post, StatementMailed: post}
    stopped = (
        Dispatcher(telling, memory(), deliveries=deliveries)
        .dispatch([Rate(1, float("nan"))])
        .failure()
    )
    assert "cannot be stored" in str(stopped)
    assert [] == post.got


WRONG = {
    "of a command": {CloseMonth: print},
    "of a text": {"StatementMailed": print},
    "of another event": {StatementMailed: print, MonthClosed: print},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_delivery_for_something_that_nobody_hears_is_refused(name: str) -> None:
    deliveries: Any = WRONG[name]
    with pytest.raises(ValueError, match="expected one for an event that an external system"):
        Dispatcher(board, memory(), deliveries=deliveries)


def test_a_dispatcher_that_would_forget_to_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="'Post' hears StatementMailed: expected a delivery"):
        Dispatcher(board, memory())
    with pytest.raises(ValueError, match="'Post' hears StatementMailed"):
        Program.of(board).on(memory())


def test_a_program_for_some_policies_alone_leaves_the_others_their_to_dos() -> None:
    store = memory()
    program = Program.of(fee_board)
    program.only().on(store).dispatch([Withdraw(1, 1)]).unwrap()
    assert 2 == store.head().unwrap()
    program.only("charge fee").on(store).resume().unwrap()
    assert 3 == store.head().unwrap()
    with pytest.raises(ValueError, match="no policy 'charge a fee': expected 'charge fee'"):
        program.only("charge a fee")
