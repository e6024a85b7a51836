"""To-dos that cannot be done: they are parked with the reason, let go, and done; nobody else waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from returns.result import Failure, Result, Success

from deciderkit import Board, ExternalSystem, cannot_follow
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError, StoreError
from deciderkit.shell import (
    Claim,
    Dispatcher,
    EventStore,
    MemoryEventStore,
    Note,
    Parked,
    StoreFailure,
    Undelivered,
    open_store,
)
from tests.deciderkit import bank
from tests.deciderkit.turnstile import (
    CallMechanic,
    Jammed,
    Kick,
    MechanicCalled,
    board,
    call_mechanic,
)

OFFICE = replace(board, externals=(ExternalSystem("office", hears=(MechanicCalled,)),))
TODO = "call-the-mechanic"
Opened = Callable[[], EventStore]


@contextmanager
def opened(path: Path, wall: Board = OFFICE) -> Iterator[EventStore]:
    with open_store(path / "log", Codec.of(wall)) as store:
        yield store


def log(store: EventStore) -> list[Any]:
    return [each.event for each in store.read_all().unwrap()]


def reasons(dispatcher: Dispatcher) -> list[tuple[int, str]]:
    return [(each.todo.position, each.reason) for each in dispatcher.parked().unwrap()]


class Line:
    """A line to the mechanic that is dead until it is mended; it counts the calls."""

    def __init__(self) -> None:
        self.dead = True
        self.calls: list[str] = []

    def __call__(self, event: MechanicCalled, key: str) -> Result[None, str]:
        self.calls.append(key)
        if self.dead and event.turnstile == "north":
            return Failure("no line")
        return Success(None)


def office(store: EventStore, line: Any, **how: Any) -> Dispatcher:
    return Dispatcher(OFFICE, store, deliveries={MechanicCalled: line}, **how)


def test_a_to_do_that_cannot_be_delivered_is_parked_and_the_others_go_on() -> None:
    seen: list[Any] = []
    store, line = MemoryEventStore(), Line()
    report = office(store, line, observe=seen.append).dispatch([Kick("north"), Kick("south")])
    assert [f"{TODO}@1/1", f"{TODO}@2/1"] == line.calls
    assert [Jammed("north"), Jammed("south"), MechanicCalled("south")] == log(store)
    reason = "MechanicCalled was not delivered: no line"
    (parked,) = report.unwrap().parked
    assert (1, reason) == (parked.todo.position, parked.reason)
    assert parked in seen
    assert 2 == report.unwrap().carried_out
    assert (Note(1, f"{TODO}@1", reason),) == store.notes().unwrap()


def test_what_is_parked_is_reported_once_and_not_by_every_later_call() -> None:
    store, line = MemoryEventStore(), Line()
    dispatcher = office(store, line)
    assert 1 == len(dispatcher.dispatch([Kick("north")]).unwrap().parked)
    assert () == dispatcher.dispatch([Kick("south")]).unwrap().parked
    assert () == dispatcher.resume().unwrap().parked
    assert 2 == len(line.calls)


def test_what_is_parked_stays_so_in_the_next_process_until_it_is_let_go(tmp_path: Path) -> None:
    line = Line()
    for run in range(3):
        with opened(tmp_path) as store:
            dispatcher = office(store, line)
            if run == 0:
                dispatcher.dispatch([Kick("north"), Kick("south")]).unwrap()
            else:
                dispatcher.resume().unwrap()
            assert [(1, "MechanicCalled was not delivered: no line")] == reasons(dispatcher)
    assert [f"{TODO}@1/1", f"{TODO}@2/1"] == line.calls
    line.dead = False
    with opened(tmp_path) as store:
        dispatcher = office(store, line)
        (parked,) = dispatcher.parked().unwrap()
        dispatcher.let_go(parked.todo).unwrap()
        dispatcher.resume().unwrap()
        assert (Success(()), Success(())) == (dispatcher.parked(), dispatcher.todos())
        assert () == store.notes().unwrap()
        jams = [Jammed("north"), Jammed("south")]
        assert [*jams, MechanicCalled("south"), MechanicCalled("north")] == log(store)


def test_what_was_let_go_is_looked_at_again_by_whoever_runs() -> None:
    store, line = MemoryEventStore(), Line()
    runs, other = office(store, line), office(store, line)
    runs.dispatch([Kick("north")]).unwrap()
    (parked,) = other.parked().unwrap()
    line.dead = False
    other.let_go(parked.todo).unwrap()
    runs.resume().unwrap()
    assert [Jammed("north"), MechanicCalled("north")] == log(store)


def test_what_still_cannot_be_done_is_parked_once_more() -> None:
    store, line = MemoryEventStore(), Line()
    dispatcher = office(store, line)
    (parked,) = dispatcher.dispatch([Kick("north")]).unwrap().parked
    for calls in (2, 3):
        dispatcher.let_go(parked.todo).unwrap()
        assert (parked,) == dispatcher.resume().unwrap().parked
        assert calls == len(line.calls)
        assert (parked,) == dispatcher.parked().unwrap()


def test_a_delivery_that_raises_is_parked_like_one_that_fails() -> None:
    def crash(event: MechanicCalled, key: str) -> None:
        raise ConnectionError("cut off")

    dispatcher = office(MemoryEventStore(), crash)
    dispatcher.dispatch([Kick("north")]).unwrap()
    said = "MechanicCalled was not delivered: ConnectionError: cut off"
    assert [(1, said)] == reasons(dispatcher)


def test_a_command_of_a_caller_that_cannot_be_delivered_is_a_failure() -> None:
    store = MemoryEventStore()
    because = office(store, Line()).dispatch([CallMechanic("north")]).failure().because
    assert isinstance(because, Undelivered)
    assert "MechanicCalled was not delivered: no line" == str(because)
    assert [] == log(store)
    assert () == store.notes().unwrap()


def test_parking_that_fails_ends_the_run() -> None:
    class NoRoom(MemoryEventStore):
        def park(self, todo: str, reason: str) -> Result[None, StoreError]:
            return Failure(StoreFailure("the disk is full"))

    stopped = office(NoRoom(), Line()).dispatch([Kick("north")]).failure()
    assert StoreFailure("the disk is full") == stopped.because
    assert 1 == stopped.report.carried_out


def test_a_hostile_reason_is_kept_on_one_line_and_cut() -> None:
    class Hostile(Exception):
        def __str__(self) -> str:
            return "\ud800\0" + "a" * 5_000

    def crash(event: MechanicCalled, key: str) -> None:
        raise Hostile

    dispatcher = office(MemoryEventStore(), crash)
    dispatcher.dispatch([Kick("north")]).unwrap()
    ((_, said),) = reasons(dispatcher)
    assert 1_000 == len(said)
    assert "Hostile: \\ud800\\0aaa" in said


OVERDRAW = [bank.Withdraw(1, Decimal(10)), bank.Withdraw(1, Decimal(10))]


def fees(store: EventStore) -> list[str]:
    page = store.read_all().unwrap()
    return [each.command_id for each in page if isinstance(each.event, bank.FeeCharged)]


def test_two_askings_of_one_key_are_two_to_dos_whoever_runs_when() -> None:
    at_once, later = MemoryEventStore(), MemoryEventStore()
    Dispatcher(bank.bank, at_once).dispatch(OVERDRAW).unwrap()
    Dispatcher(bank.quiet, later).dispatch(OVERDRAW).unwrap()
    Dispatcher(bank.bank, later).resume().unwrap()
    assert ["charge-fee@2", "charge-fee@5"] == fees(at_once)
    assert ["charge-fee@2", "charge-fee@4"] == fees(later)


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), None], ids=["raises", "corrupt"])
def test_a_to_do_of_a_stream_that_evolve_cannot_follow_is_parked_and_stops_nobody(
    error: Exception | None,
) -> None:
    def evolve(balance: Decimal, event: bank.Event | bank.Refusal) -> Decimal:
        if isinstance(event, bank.Overdrawn) and event.account == 3:
            if error is None:
                cannot_follow(balance, event)
            raise error
        return bank.evolve(balance, event)

    decider = replace(bank.account, evolve=evolve)
    wall = replace(bank.bank, aggregates=(replace(bank.accounts, decider=decider),))
    store = MemoryEventStore()
    sent = [bank.Withdraw(account, Decimal(1)) for account in (3, 4)]
    Dispatcher(bank.quiet, store).dispatch(sent).unwrap()
    dispatcher = Dispatcher(wall, store)
    report = dispatcher.dispatch([bank.Deposit(1, Decimal(1))]).unwrap()
    assert 1 == report.carried_out
    assert ["charge-fee@4"] == fees(store)
    ((position, reason),) = reasons(dispatcher)
    assert 2 == position
    assert "corrupt event at position 2: Overdrawn(account=3" in reason
    assert "cannot follow" in reason
    stopped = dispatcher.dispatch([bank.Deposit(3, Decimal(1))]).failure()
    assert isinstance(stopped.because, CorruptEvent)
    assert reason == str(stopped.because)


def test_control_damage_of_the_store_itself_stops_and_parks_nothing() -> None:
    class Damaged(MemoryEventStore):
        def read(self, stream: str, after: int = 0, limit: int = 1_000) -> Result[Any, Any]:
            return Failure(CorruptEvent(1, "the checksum does not fit"))

    store = Damaged()
    store.append("account-1", 0, [bank.Overdrawn(1, Decimal(1))]).unwrap()
    stopped = Dispatcher(bank.bank, store).resume().failure()
    assert CorruptEvent(1, "the checksum does not fit").args == stopped.because.args
    assert () == store.notes().unwrap()


def test_a_parked_note_blocks_no_later_to_do_of_its_key() -> None:
    raises = [True]

    def charge(event: bank.Overdrawn) -> bank.ChargeFee:
        if raises.pop():
            raise LookupError(event.account)
        return bank.charge(event)

    raises = [False, True]
    wall = replace(bank.bank, policies=(replace(bank.charge_fee, then=charge),))
    store = MemoryEventStore()
    dispatcher = Dispatcher(wall, store)
    dispatcher.dispatch(OVERDRAW).unwrap()
    assert [(2, "LookupError: 1")] == reasons(dispatcher)
    assert ["charge-fee@4"] == fees(store)


def test_a_to_do_that_another_ended_is_not_done() -> None:
    """Somebody charged the fee by hand between the asking and the doing."""
    store = MemoryEventStore()
    Dispatcher(bank.quiet, store).dispatch([OVERDRAW[0], bank.ChargeFee(1)]).unwrap()
    Dispatcher(bank.bank, store).resume().unwrap()
    assert 1 == len(fees(store))
    assert "@" not in fees(store)[0]


class Meanwhile(MemoryEventStore):
    """A store in which something else happens just before the append under a certain id."""

    def __init__(self, before: str, what: Callable[[MemoryEventStore], object]) -> None:
        super().__init__()
        self.before, self.what = before, what

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        if claim is not None and claim.command_id == self.before:
            self.before = ""
            self.what(self)
        return super().append(stream, expected_version, events, claim)


def test_a_to_do_that_another_ended_meanwhile_is_not_done() -> None:
    def by_hand(store: MemoryEventStore) -> None:
        Dispatcher(bank.quiet, store).dispatch([bank.ChargeFee(1)]).unwrap()

    store = Meanwhile("charge-fee@2", by_hand)
    report = Dispatcher(bank.bank, store).dispatch(OVERDRAW[:1]).unwrap()
    assert 1 == len(fees(store))
    assert "@" not in fees(store)[0]
    assert () == report.parked


def test_an_interrupt_in_the_midst_of_a_to_do_does_not_lose_it() -> None:
    class Interrupt(BaseException):
        """Nobody catches it."""

    def interrupt(store: MemoryEventStore) -> None:
        raise Interrupt

    store = Meanwhile("charge-fee@2", interrupt)
    dispatcher = Dispatcher(bank.bank, store)
    with pytest.raises(Interrupt):
        dispatcher.dispatch(OVERDRAW)
    dispatcher.dispatch([bank.Deposit(1, Decimal(1))]).unwrap()
    assert ["charge-fee@2"] == fees(store)


def test_an_interrupt_in_the_midst_of_reading_lets_no_event_end_two_to_dos() -> None:
    class Interrupt(BaseException):
        """Nobody catches it."""

    class Torn(tuple[Any, ...]):
        def __iter__(self) -> Iterator[Any]:
            yield from super().__iter__()
            raise Interrupt  # all was taken in, and the reader does not know yet how far it got

    class Tearing(MemoryEventStore):
        torn = False

        def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, StoreError]:
            page = super().read_all(after, limit)
            if self.torn:
                return page
            self.torn = True
            return page.map(Torn)

    store, somebody = Tearing(), MechanicCalled("north")
    store.append("turnstile-north", 0, [Jammed("north"), Jammed("north"), somebody]).unwrap()
    dispatcher = Dispatcher(board, store)
    with pytest.raises(Interrupt):
        dispatcher.todos()
    assert [2] == [each.position for each in dispatcher.todos().unwrap()]


def test_what_was_let_go_in_another_process_while_something_is_ready() -> None:
    store, line = MemoryEventStore(), Line()
    runs = office(store, line)
    (parked,) = runs.dispatch([Kick("north")]).unwrap().parked
    line.dead = False
    office(store, line).let_go(parked.todo).unwrap()
    runs.dispatch([Kick("south")]).unwrap()
    called = [each for each in log(store) if isinstance(each, MechanicCalled)]
    assert [MechanicCalled("south"), MechanicCalled("north")] == called


def test_a_note_goes_once_the_log_has_ended_its_to_do() -> None:
    class Settling(MemoryEventStore):
        settled_ids: tuple[str, ...] = ()

        def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
            self.settled_ids += tuple(todos)
            return super().settled(todos)

    store, line = Settling(), Line()
    office(store, line).dispatch([Kick("north")]).unwrap()
    Dispatcher(Board(board.aggregates), store).dispatch([CallMechanic("north")]).unwrap()
    dispatcher = office(store, line)
    dispatcher.resume().unwrap()
    for _ in range(2):
        assert Success(()) == dispatcher.parked()
    assert () == store.notes().unwrap()
    assert ("call-the-mechanic@1",) == store.settled_ids


def test_a_process_without_a_policy_leaves_what_it_parked_alone() -> None:
    store, line = MemoryEventStore(), Line()
    office(store, line).dispatch([Kick("north")]).unwrap()
    noted = store.notes().unwrap()
    without = replace(OFFICE, policies=())
    dispatcher = Dispatcher(without, store, deliveries={MechanicCalled: line})
    assert Success(()) == dispatcher.parked()
    assert noted == store.notes().unwrap()
    assert 1 == len(office(store, line).parked().unwrap())


def test_the_note_of_a_to_do_that_was_renamed_goes_as_well() -> None:
    store, line = MemoryEventStore(), Line()
    office(store, line).dispatch([Kick("north")]).unwrap()
    renamed = replace(call_mechanic, name="help", formerly=("call the mechanic",))
    line.dead = False
    wall = replace(OFFICE, policies=(renamed,))
    dispatcher = Dispatcher(wall, store, deliveries={MechanicCalled: line})
    dispatcher.resume().unwrap()
    assert [Jammed("north"), MechanicCalled("north")] == log(store)
    assert Success(()) == dispatcher.parked()
    assert () == store.notes().unwrap()


NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_to_do_waits_until_it_is_due_and_is_done_once_then() -> None:
    later = replace(call_mechanic, due=lambda event: NOON + timedelta(hours=len(event.turnstile)))
    now, store = [NOON], MemoryEventStore()
    dispatcher = Dispatcher(replace(board, policies=(later,)), store, now=lambda: now[0])
    dispatcher.dispatch([Kick("bbb"), Kick("a")]).unwrap()
    assert NOON + timedelta(hours=1) == dispatcher.next_due
    assert 2 == len(dispatcher.todos().unwrap())
    for hours, done in ((1, ["a"]), (2, ["a"]), (3, ["a", "bbb"]), (4, ["a", "bbb"])):
        now[0] = NOON + timedelta(hours=hours)
        dispatcher.resume().unwrap()
        called = [each.turnstile for each in log(store) if isinstance(each, MechanicCalled)]
        assert done == called
    assert dispatcher.next_due is None


def test_parked_to_dos_come_in_the_order_of_the_log() -> None:
    class Dead(Line):
        def __call__(self, event: MechanicCalled, key: str) -> Result[None, str]:
            return Failure("no line")

    dispatcher = office(MemoryEventStore(), Dead())
    dispatcher.dispatch([Kick(name) for name in ("c", "a", "b")]).unwrap()
    parked: tuple[Parked, ...] = dispatcher.parked().unwrap()
    assert [(1, "c"), (2, "a"), (3, "b")] == [
        (each.todo.position, each.todo.key) for each in parked
    ]
