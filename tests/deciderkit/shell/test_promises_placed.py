"""P2: an event stands in its own stream, and is of a type that ``evolve`` names."""

from __future__ import annotations

from operator import attrgetter
from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused
from deciderkit.planning import Misplaced
from deciderkit.shell import Dispatcher, MemoryEventStore, verify_log
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.ledger import Look


class Transfer(Struct, frozen=True):
    account: str
    to: str
    amount: int


class MoneyMoved(Struct, frozen=True):
    account: str
    amount: int


class Gone(MoneyMoved, frozen=True):
    pass


class Come(MoneyMoved, frozen=True):
    pass


def transfer(command: Transfer, balance: int) -> tuple[Gone | Come, ...]:
    return (Gone(command.account, command.amount), Come(command.to, command.amount))


def by_each(balance: int, event: Gone | Come) -> int:
    return balance + (event.amount if isinstance(event, Come) else -event.amount)


def by_base(balance: int, event: MoneyMoved) -> int:
    return balance + event.amount


def move(command: Transfer, balance: int) -> tuple[MoneyMoved, ...]:
    return (Come(command.account, command.amount),)


def never(state: Any) -> bool:
    return False


by_account = attrgetter("account")


def board_of(decide: Any, evolve: Any, key: Any = by_account) -> Board:
    decider = Decider[Any, Any, int, Any](0, decide, evolve, never)
    return Board((Aggregate("Account", "account", decider, key),))


def test_an_event_of_another_stream_is_refused_before_anything_is_recorded(
    new_store: Stores,
) -> None:
    board = board_of(transfer, by_each)
    store = new_store(board)
    stopped = Dispatcher(board, store).dispatch([Transfer("ann", "bob", 60)]).failure()
    assert isinstance(stopped.because, Misplaced)
    assert "Account ann decided Come of bob" in str(stopped)
    assert 0 == store.head().unwrap()
    assert 0 == verify_log(store, board).unwrap().position


def test_an_event_of_a_type_that_evolve_does_not_name_is_refused(new_store: Stores) -> None:
    board = board_of(move, by_base)
    store = new_store(board)
    stopped = Dispatcher(board, store).dispatch([Transfer("ann", "ann", 60)]).failure()
    assert "decided Come, which its evolve does not name: expected one of MoneyMoved" in str(
        stopped
    )
    assert 0 == store.head().unwrap()


def test_what_can_be_seen_from_annotations_is_refused_when_the_board_is_made() -> None:
    with pytest.raises(ValueError, match="Account decides Gone, which its evolve does not name"):
        board_of(transfer, by_base)


def test_a_decision_is_a_tuple_of_events_or_of_one_refusal() -> None:
    def listed(command: Look, state: int) -> Any:
        return [Gone("1", 1)]

    def mixed(command: Look, state: int) -> Any:
        return (Gone("1", 1), Refused(command, "no"))

    for decide, words in ((listed, "expected a tuple of events"), (mixed, "one of the two")):
        board = board_of(decide, by_each)
        stopped = Dispatcher(board, MemoryEventStore()).dispatch([Look(1)]).failure()
        assert words in str(stopped)


class Booked(Struct, frozen=True):
    order: UUID
    seats: int


class Book(Struct, frozen=True):
    order: UUID
    seats: int


class Confirm(Struct, frozen=True):
    order: UUID


class Confirmed(Struct, frozen=True):
    order: UUID


def book(command: Book | Confirm, seats: int) -> tuple[Booked | Confirmed, ...]:
    if isinstance(command, Book):
        return (Booked(command.order, command.seats),)
    return (Confirmed(command.order),)


def booked(seats: int, event: Booked | Confirmed | Refused[Any, Any]) -> int:
    return seats + event.seats if isinstance(event, Booked) else seats


def confirm(event: Booked) -> Confirm:
    return Confirm(event.order)


def count(seats: int, event: Booked) -> int:
    return seats + event.seats


def test_keys_may_be_uuids_in_streams_to_dos_and_views(new_store: Stores) -> None:
    by_order = attrgetter("order")
    decider = Decider[Any, Any, int, Any](0, book, booked, never)
    aggregate = Aggregate("Order", "order", decider, by_order)
    seats = Projection[int]("seats", 0, count, key=by_order)
    policy = Policy("confirm", Booked, confirm, Confirmed, by_order)
    board = Board((aggregate,), (policy,), (seats,))
    order = UUID("12345678123456781234567812345678")
    dispatcher = Dispatcher(board, new_store(board))
    assert () == dispatcher.dispatch([Book(order, 2), Book(order, 3)]).unwrap().parked
    assert (
        5 == dispatcher.view(seats, order).unwrap() == dispatcher.view(seats, str(order)).unwrap()
    )
    assert 5 == dispatcher.state(aggregate, order).unwrap()
    assert () == dispatcher.todos().unwrap()
    assert 5 == Dispatcher(board, new_store(board)).view(seats, order).unwrap()


@pytest.mark.parametrize("key", [None, True, 1.5, ("a", "b"), b"a"], ids=repr)
def test_a_key_of_another_kind_is_named_and_nothing_is_recorded(key: object) -> None:
    board = board_of(move, by_base, key=lambda message: key)
    stopped = Dispatcher(board, MemoryEventStore()).dispatch([Transfer("a", "a", 1)]).failure()
    said = f"the key {key!r} of aggregate 'Account': expected a str, an int, a UUID or a date"
    assert said == str(stopped)


@pytest.mark.parametrize("category", ["my account", "", "my-account", "é", "a/b"])
def test_a_category_that_names_no_stream_is_refused_when_the_board_is_made(category: str) -> None:
    each: Any = by_each
    decider = Decider[Any, Any, int, Any](0, transfer, each, never)
    with pytest.raises(ValueError, match=r"category .* expected a word without a hyphen"):
        Board((Aggregate("Account", category, decider, by_account),))
