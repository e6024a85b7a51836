"""P7: cost grows with the work, and not with what lies about. It is counted in calls, which no clock disturbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from deciderkit import Board
from deciderkit.log.codec import Codec
from deciderkit.shell import Dispatcher, MemoryEventStore
from tests.deciderkit.shell.ledger import (
    ChargeFee,
    Deposit,
    Overdrawn,
    Withdraw,
    accounts,
    balances,
    fee,
    fee_board,
    quiet_board,
    total,
)


def calls(work: Callable[[], object]) -> int:
    """How many functions, of Python's and of C's, ``work`` calls."""
    count = [0]

    def count_one(frame: object, event: str, argument: object) -> None:
        if event in ("call", "c_call"):
            count[0] += 1

    sys.setprofile(count_one)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count[0]


def fails(event: Overdrawn) -> ChargeFee:
    raise LookupError("the collector is away")


away = Board((accounts,), (replace(fee, then=fails),), (balances, total))


def parked(board: Board, many: int) -> Dispatcher:
    """A dispatcher with ``many`` parked to-dos, each of an account of its own."""
    dispatcher = Dispatcher(board, MemoryEventStore(Codec.of(board)))
    assert many == len(
        dispatcher.dispatch([Withdraw(number, 1) for number in range(many)]).unwrap().parked
    )
    return dispatcher


@pytest.mark.parametrize(
    "work",
    [
        lambda dispatcher: dispatcher.dispatch([Deposit(1, 1)]),
        lambda dispatcher: dispatcher.dispatch([Withdraw(3, 1)]),
        lambda dispatcher: dispatcher.dispatch([ChargeFee(5)]),
        lambda dispatcher: dispatcher.resume(),
    ],
    ids=["a command", "one more that is parked", "one that ends a parked one", "resume"],
)
def test_parked_to_dos_cost_those_who_go_on_nothing(work: Callable[[Dispatcher], object]) -> None:
    few, many = parked(away, 10), parked(away, 3_000)
    for dispatcher in (few, many):
        work(dispatcher)
    assert calls(lambda: work(many)) <= 2 * calls(lambda: work(few))


def test_to_dos_of_one_key_are_answered_without_a_walk() -> None:
    def answering(many: int) -> int:
        store = MemoryEventStore(Codec.of(fee_board))
        Dispatcher(quiet_board, store).dispatch([Deposit(1, many), *[Withdraw(1, many + 1)] * 1])
        Dispatcher(quiet_board, store).dispatch(
            [each for _ in range(many) for each in (Deposit(1, 3), Withdraw(1, 3))]
        )
        dispatcher = Dispatcher(fee_board, store)
        return calls(dispatcher.resume)

    assert answering(400) <= 12 * answering(40)


@pytest.mark.parametrize("streams", [3_000])
def test_other_streams_cost_nothing(streams: int) -> None:
    def one(many: int) -> int:
        store = MemoryEventStore(Codec.of(fee_board))
        dispatcher = Dispatcher(fee_board, store)
        dispatcher.dispatch([Deposit(number, 1) for number in range(many)]).unwrap()
        return calls(lambda: dispatcher.dispatch([Deposit(1, 1)]))

    assert one(streams) <= 2 * one(10)


def test_the_end_of_a_long_stream_costs_what_its_beginning_does() -> None:
    store = MemoryEventStore(Codec.of(fee_board))
    dispatcher = Dispatcher(fee_board, store)
    dispatcher.dispatch([Deposit(1, 1)]).unwrap()
    early = calls(lambda: dispatcher.dispatch([Deposit(1, 1)]))
    dispatcher.dispatch([Deposit(1, 1) for _ in range(20_000)]).unwrap()
    assert calls(lambda: dispatcher.dispatch([Deposit(1, 1)])) <= 2 * early


def test_a_view_is_brought_up_to_date_by_what_is_new_alone() -> None:
    store = MemoryEventStore(Codec.of(fee_board))
    dispatcher = Dispatcher(fee_board, store)
    dispatcher.dispatch([Deposit(1, 1) for _ in range(5_000)]).unwrap()
    first: Any = calls(lambda: dispatcher.view(total))
    dispatcher.dispatch([Deposit(1, 1)]).unwrap()
    assert calls(lambda: dispatcher.view(total)) < first / 50
    assert 5_001 == dispatcher.view(total).unwrap()
