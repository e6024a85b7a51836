"""P6 and the words of a dispatch: an error names what is wrong and no more, and what was done is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from deciderkit import Aggregate, Board, Decider, Projection, Refused
from deciderkit.log.codec import Codec
from deciderkit.shell import (
    AsksItself,
    Dispatcher,
    Happening,
    MemoryEventStore,
    Parked,
    Report,
    Submitted,
)
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.ledger import (
    CloseMonth,
    Deposit,
    Deposited,
    Explode,
    Overdrawn,
    Reason,
    StatementMailed,
    Withdraw,
    accounts,
    balances,
    board,
    by_account,
    fee_board,
    fees,
    never,
    quiet_board,
    total,
)


def memory() -> MemoryEventStore:
    return MemoryEventStore(Codec.of(board))


def test_a_failure_in_the_midst_says_what_was_done(new_store: Stores) -> None:
    store = new_store(fee_board)
    stopped = (
        Dispatcher(fee_board, store)
        .dispatch([Deposit(1, 1), Withdraw(1, 9_999), Deposit(2, 1), Explode(2), Deposit(3, 1)])
        .failure()
    )
    assert (2, 1) == (stopped.report.carried_out, stopped.report.refused)
    assert str(stopped) == (
        "ZeroDivisionError: the domain has a bug; before that 3 commands were done"
    )
    assert 2 == store.head().unwrap()


def test_a_key_that_raises_is_the_trouble_of_its_own_command() -> None:
    def picky(message: Any) -> int:
        if message.amount == 13:
            raise LookupError("unlucky")
        return int(message.account)

    store = memory()
    unlucky = Board((replace(accounts, key=picky),))
    commands = [Deposit(1, 1), Deposit(1, 13), Deposit(1, 2)]
    stopped = Dispatcher(unlucky, store).dispatch(commands).failure()
    assert isinstance(stopped.because, LookupError)
    assert 1 == stopped.report.carried_out
    assert 1 == store.head().unwrap()


def test_what_the_source_of_commands_raises_is_raised_after_what_it_gave_before() -> None:
    store = memory()

    def source() -> Iterator[Any]:
        yield Deposit(1, 1)
        yield Withdraw(1, 9_999)
        yield Deposit(2, 1)
        raise LookupError("the file ended")

    with pytest.raises(LookupError, match="the file ended"):
        Dispatcher(fee_board, store).dispatch(source())
    assert 2 == store.head().unwrap()


def test_resume_gives_a_report_and_views_are_there_after_reopening(new_store: Stores) -> None:
    Dispatcher(fee_board, new_store(fee_board)).dispatch([Deposit(1, 5), Withdraw(1, 6)]).unwrap()
    again = Dispatcher(fee_board, new_store(fee_board))
    assert -2 == again.view(balances, 1).unwrap()
    assert {"1": -2} == dict(again.views(balances).unwrap())
    assert -2 == again.state(accounts, 1).unwrap()
    assert Report() == again.resume().unwrap()


def test_a_view_that_cannot_take_an_event_stands_still_alone(new_store: Stores) -> None:
    def picky(sum_: int, event: Deposited) -> int:
        if event.amount == 13:
            raise ValueError("unlucky")
        return sum_ + event.amount

    picky_view = Projection[int]("picky", 0, picky, key=by_account)
    picky_board = Board((accounts,), (), (picky_view, total))
    dispatcher = Dispatcher(picky_board, new_store(picky_board))
    dispatcher.dispatch([Deposit(1, 1), Deposit(1, 13), Deposit(1, 1), Deposit(2, 5)]).unwrap()
    assert (1, 5) == (
        dispatcher.view(picky_view, 1).unwrap(),
        dispatcher.view(picky_view, 2).unwrap(),
    )
    assert 20 == dispatcher.view(total).unwrap()
    (unread,) = dispatcher.unread().unwrap()
    assert ("picky", "1", 2, "ValueError: unlucky") == (
        unread.projection,
        unread.key,
        unread.position,
        unread.reason,
    )


def test_views_that_stand_still_are_named_in_the_order_of_the_log() -> None:
    def picky(unlucky: int) -> Projection[int]:
        def add(sum_: int, event: Deposited) -> int:
            return sum_ // (event.amount - unlucky)

        return Projection(f"without {unlucky}", 0, add, key=by_account)

    dispatcher = Dispatcher(Board((accounts,), (), (picky(13), picky(7))), memory())
    dispatcher.dispatch([Deposit(2, 7), Deposit(1, 13), Deposit(1, 7)]).unwrap()
    unread = [(each.position, each.projection) for each in dispatcher.unread().unwrap()]
    assert [(1, "without 7"), (2, "without 13"), (3, "without 7")] == unread


def test_a_view_that_is_not_on_the_board_is_named() -> None:
    with pytest.raises(LookupError, match="no projection 'fees' on this board"):
        Dispatcher(Board((accounts,)), memory()).view(fees)


def test_the_observer_is_told_of_everything_in_order() -> None:
    told: list[Happening] = []
    dispatcher = Dispatcher(
        board, memory(), deliveries={StatementMailed: print_nothing}, observe=told.append
    )
    dispatcher.dispatch([Withdraw(1, 5), Withdraw(1, 9_999), CloseMonth(1)]).unwrap()
    words = [
        type(each.command).__name__
        if isinstance(each, Submitted)
        else "refused"
        if isinstance(each, Refused)
        else type(each.event).__name__  # type: ignore[union-attr]
        for each in told
    ]
    assert words == [
        *("Withdraw", "Withdrawn", "Overdrawn", "ChargeFee", "FeeCharged"),
        *("Withdraw", "refused", "CloseMonth", "MonthClosed", "StatementMailed"),
    ]


def print_nothing(event: object, key: str) -> None:
    pass


def test_a_command_is_announced_once_although_it_is_decided_anew() -> None:
    told: list[str] = []
    store = memory()

    def mail(event: object, key: str) -> None:
        if told.count("mail") == 0:
            Dispatcher(quiet_board, store).dispatch([Deposit(1, 1)]).unwrap()
        told.append("mail")

    def observe(happening: Happening) -> None:
        told.append(type(happening).__name__)

    Dispatcher(board, store, deliveries={StatementMailed: mail}, observe=observe).dispatch(
        [CloseMonth(1)]
    ).unwrap()
    assert ["Submitted", "mail", "mail", "Recorded", "Recorded"] == told


@pytest.mark.parametrize("at", [Submitted, Parked, "Recorded", Refused])
def test_what_an_observer_raises_goes_to_the_caller_and_decides_nothing_again(at: Any) -> None:
    store = memory()

    def observe(happening: Happening) -> None:
        name = at if isinstance(at, str) else at.__name__
        if type(happening).__name__ == name:
            raise LookupError("the observer")

    watched = Dispatcher(fee_board, store, observe=observe)
    commands = [Deposit(1, 10), Withdraw(1, 9_999), Withdraw(1, 20)]
    if at is not Parked:
        with pytest.raises(LookupError):
            watched.dispatch(commands)
    assert 1 == Dispatcher(quiet_board, store).dispatch([Deposit(2, 1)]).unwrap().carried_out
    if store.head().unwrap() > 1:
        assert 1 == [each.event for each in store.read_all().unwrap()].count(Deposited(1, 10))


def test_a_delivery_that_asks_its_own_dispatcher_gets_an_error_and_does_not_hang() -> None:
    answers: list[Any] = []

    def mail(event: object, key: str) -> None:
        answers.append(dispatcher.dispatch([Deposit(1, 1)]).failure())
        answers.append(dispatcher.view(balances, 1).failure())

    dispatcher = Dispatcher(board, memory(), deliveries={StatementMailed: mail})
    dispatcher.dispatch([CloseMonth(1)]).unwrap()
    assert [AsksItself, AsksItself] == [type(each.because) for each in answers]
    assert "asks the dispatcher that is calling it" in str(answers[0])


def test_several_threads_may_use_one_dispatcher(new_store: Stores) -> None:
    store = new_store(fee_board)
    dispatcher = Dispatcher(fee_board, store)
    failures: list[Any] = []

    def work(number: int) -> None:
        for _ in range(20):
            for answer in (
                dispatcher.dispatch([Deposit(1, 1), Withdraw(2, 1)]),
                dispatcher.view(total),
                dispatcher.state(accounts, 1),
                store.read_all(),
            ):
                answer.alt(failures.append)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [] == failures
    assert 80 == dispatcher.state(accounts, 1).unwrap()
    log = store.read_all(0, 1_000).unwrap()
    assert list(range(1, len(log) + 1)) == [each.position for each in log]


class Depositing:
    """A decider's function that is an object."""

    def __call__(self, command: Deposit, balance: int) -> tuple[Deposited, ...]:
        return (Deposited(command.account, command.amount),)


def scaled(factor: int, balance: int, event: Deposited | Refused[Any, Reason] | Overdrawn) -> int:
    return balance + factor * event.amount if isinstance(event, Deposited) else balance


def test_partial_functions_and_objects_that_can_be_called_are_read_like_functions() -> None:
    decider = Decider[Any, Any, int, Any](0, Depositing(), partial(scaled, 2), never)
    aggregate = Aggregate("Account", "account", decider, by_account)
    assert (Deposit,) == aggregate.commands
    assert (Deposited, Overdrawn) == aggregate.events
    store = MemoryEventStore()
    dispatcher = Dispatcher(Board((aggregate,)), store)
    dispatcher.dispatch([Deposit(1, 4)]).unwrap()
    assert 8 == dispatcher.state(aggregate, 1).unwrap()
