"""P3: a request tried again under its id has the outcome of one that went well."""

from __future__ import annotations

import contextlib
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deciderkit import Board
from deciderkit.log.codec import Codec
from deciderkit.shell import (
    Dispatcher,
    EventStore,
    MemoryEventStore,
    OtherCommands,
    Report,
    verify_log,
)
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.interrupted import Crash, Interrupted, crash_after, meanwhile
from tests.deciderkit.shell.ledger import (
    ChargeFee,
    Deposit,
    Deposited,
    Look,
    Overdrawn,
    Withdraw,
    Withdrawn,
    balances,
    fee_board,
)

COMMANDS = st.one_of(
    st.builds(Deposit, st.integers(1, 2), st.integers(1, 99)),
    st.builds(Withdraw, st.integers(1, 2), st.integers(50, 200)),
    st.builds(Look, st.integers(1, 2)),
    st.builds(ChargeFee, st.integers(1, 2)),
)
REFUSED = Withdraw(1, 10_000)


def memory() -> MemoryEventStore:
    return MemoryEventStore(Codec.of(fee_board))


def events(store: EventStore) -> list[Any]:
    return [each.event for each in store.read_all(0, 10_000).unwrap()]


def undisturbed(commands: list[Any], halts: tuple[type, ...] = ()) -> tuple[Report, list[Any]]:
    store = memory()
    report = Dispatcher(fee_board, store).dispatch(commands, halts, "undisturbed").unwrap()
    return report, events(store)


def sound(store: EventStore, board: Board = fee_board) -> None:
    audit = verify_log(store, board).unwrap()
    assert audit.position == store.head().unwrap()


@given(
    st.lists(COMMANDS, min_size=1, max_size=8),
    st.integers(0, 6),
    st.sampled_from([1, 2, 3, 1_000]),
    st.sampled_from([1, 2, 5, 1_000]),
    st.booleans(),
)
def test_after_a_crash_anywhere_a_retry_has_the_outcome_of_one_that_went_well(
    commands: list[Any], crash: int, chunk: int, again: int, halting: bool
) -> None:
    halts = (Overdrawn,) if halting else ()
    expected, log = undisturbed(commands, halts)
    store = memory()
    first = Dispatcher(fee_board, Interrupted(store, after=crash_after(crash)), chunk=chunk)
    with contextlib.suppress(Crash):
        first.dispatch(commands, halts, "x1")
    for _ in range(2):
        report = Dispatcher(fee_board, store, chunk=again).dispatch(commands, halts, "x1").unwrap()
        assert expected == report
    assert sorted(map(repr, log)) == sorted(map(repr, events(store)))
    sound(store)


def test_2000_commands_of_which_one_is_refused_are_told_again(new_store: Stores) -> None:
    store = new_store(fee_board)
    commands: list[Any] = [Deposit(1, 1) for _ in range(2_000)]
    commands[999] = REFUSED
    dispatcher = Dispatcher(fee_board, store)
    first = dispatcher.dispatch(commands, command_id="x1").unwrap()
    assert (1_999, 1, 1_000) == (first.carried_out, first.refused, first.refusal.number)  # type: ignore[union-attr]
    assert first == dispatcher.dispatch(commands, command_id="x1").unwrap()
    assert first == Dispatcher(fee_board, store, chunk=7).dispatch(commands, (), "x1").unwrap()
    assert 1_999 == store.head().unwrap()


@pytest.mark.parametrize(("chunk", "again"), list(product([1, 2, 3], repeat=2)))
def test_the_smallest_shifted_batches(new_store: Stores, chunk: int, again: int) -> None:
    store = new_store(fee_board)
    commands = [Deposit(1, 1), REFUSED, Deposit(1, 2), Deposit(1, 4)]
    first = Dispatcher(fee_board, store, chunk=chunk).dispatch(commands, (), "x1").unwrap()
    assert first == Dispatcher(fee_board, store, chunk=again).dispatch(commands, (), "x1").unwrap()
    assert [Deposited(1, 1), Deposited(1, 2), Deposited(1, 4)] == events(store)


def test_a_refusal_behind_the_last_event_binds_nobody_and_is_decided_again() -> None:
    store = memory()
    commands = [Deposit(1, 1), Withdraw(1, 150)]
    first = Dispatcher(fee_board, store).dispatch(commands, (), "x1").unwrap()
    assert (1, 1) == (first.carried_out, first.refused)
    Dispatcher(fee_board, store).dispatch([Deposit(1, 500)]).unwrap()
    again = Dispatcher(fee_board, store).dispatch(commands, (), "x1").unwrap()
    assert (2, 0) == (again.carried_out, again.refused)


def test_somebody_else_who_wrote_behind_a_refused_batch_changes_nothing() -> None:
    store = memory()
    commands = [REFUSED, REFUSED, Deposit(1, 5), REFUSED, Deposit(1, 6)]
    first = Dispatcher(fee_board, store, chunk=2).dispatch(commands, (), "x1").unwrap()
    Dispatcher(fee_board, store).dispatch([Deposit(1, 7)]).unwrap()
    assert first == Dispatcher(fee_board, store, chunk=5).dispatch(commands, (), "x1").unwrap()
    assert 18 == sum(each.amount for each in events(store))


def test_a_request_that_was_halted_stays_halted() -> None:
    store = memory()
    commands = [Withdraw(1, 50), Deposit(1, 7)]
    first = Dispatcher(fee_board, store).dispatch(commands, (Overdrawn,), "x1").unwrap()
    again = Dispatcher(fee_board, store).dispatch(commands, (Overdrawn,), "x1").unwrap()
    assert 1 == first.carried_out
    assert first == again
    assert Deposited(1, 7) not in events(store)


def test_other_or_fewer_commands_under_an_id_are_an_error_and_more_are_simply_done() -> None:
    store = memory()
    dispatcher = Dispatcher(fee_board, store)
    dispatcher.dispatch([Deposit(1, 1), Deposit(2, 2)], command_id="x1").unwrap()
    for others in ([Deposit(1, 1), Deposit(2, 3)], [Deposit(1, 1)], []):
        stopped = dispatcher.dispatch(others, command_id="x1").failure()
        assert isinstance(stopped.because, OtherCommands)
    more = dispatcher.dispatch([Deposit(1, 1), Deposit(2, 2), Deposit(1, 4)], command_id="x1")
    assert 3 == more.unwrap().carried_out
    assert 3 == store.head().unwrap()


RACE = [Deposit(1, 10), Withdraw(1, 120), Deposit(2, 1), REFUSED, Deposit(1, 1)]


@pytest.mark.parametrize("chunk", [1, 2, 1_000])
@pytest.mark.parametrize("other", [1, 3, 1_000])
def test_a_retry_that_races_its_first_try_forks_nothing(chunk: int, other: int) -> None:
    expected, log = undisturbed(RACE)
    reached = 0
    for at in range(100):
        store = memory()

        def first(store: EventStore = store) -> None:
            assert (
                expected
                == Dispatcher(fee_board, store, chunk=other).dispatch(RACE, (), "x1").unwrap()
            )

        racing = Interrupted(store, before=meanwhile(at, first))
        report = Dispatcher(fee_board, racing, chunk=chunk).dispatch(RACE, (), "x1").unwrap()
        assert expected == report
        if racing.calls <= at:
            first()
        assert sorted(map(repr, log)) == sorted(map(repr, events(store)))
        sound(store)
        if racing.calls <= at:
            break
        reached = at
    assert reached > 5


@settings(max_examples=60)
@given(
    st.lists(COMMANDS, min_size=1, max_size=6),
    st.lists(st.integers(0, 40), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 40), COMMANDS), max_size=3),
)
def test_two_tries_and_somebody_else_at_any_call_leave_a_sound_log(
    commands: list[Any], tries: list[int], others: list[tuple[int, Any]]
) -> None:
    store = memory()
    reports = []

    def before(number: int, name: str) -> None:
        if number in tries:
            reports.append(Dispatcher(fee_board, store, chunk=2).dispatch(commands, (), "x1"))
        for at, command in others:
            if at == number:
                Dispatcher(fee_board, store).dispatch([command])

    racing: Any = Interrupted(store, before=before)
    reports.append(Dispatcher(fee_board, racing).dispatch(commands, (), "x1"))
    last = Dispatcher(fee_board, store).dispatch(commands, (), "x1").unwrap()
    assert len(commands) == last.carried_out + last.refused
    for report in reports:
        assert len(commands) == report.unwrap().carried_out + report.unwrap().refused
    sound(store)
    for each in store.read_all(0, 10_000).unwrap():
        assert each.tally is None or each.tally.done <= len(commands)
    done = [each.event for each in store.read_all(0, 10_000).unwrap() if each.command_id == "x1"]
    asked = sum(isinstance(each, Deposit) for each in commands)
    assert asked == sum(isinstance(each, Deposited) for each in done)


def test_the_race_that_recorded_money_that_was_not_there(new_store: Stores) -> None:
    """Account at 0, deposit 10 and withdraw 105: the retry decides on 10, and not on 20."""
    store = new_store(fee_board)
    commands = [Deposit(1, 10), Withdraw(1, 105), Withdraw(1, 10)]

    def first() -> None:
        Dispatcher(fee_board, store, chunk=1).dispatch(commands, (), "x1").unwrap()

    for at in range(8):
        racing: Any = Interrupted(store, before=meanwhile(at, first))
        Dispatcher(fee_board, racing).dispatch(commands, (), "x1").unwrap()
    assert 1 == events(store).count(Deposited(1, 10))
    assert 1 == events(store).count(Withdrawn(1, 105))
    assert -96 == Dispatcher(fee_board, store).view(balances, 1).unwrap()


def test_a_command_without_json_can_be_carried_out_and_not_be_told_again() -> None:
    odd: Any = Look(Odd(1))
    dispatcher = Dispatcher(fee_board, memory())
    assert 1 == dispatcher.dispatch([odd]).unwrap().carried_out
    stopped = dispatcher.dispatch([Deposit(1, 1), odd, Deposit(1, 1)], command_id="x1").failure()
    assert "Look has no JSON" in str(stopped)
    assert "expected commands that can be told again under a command id" in str(stopped)


class Odd(int):
    """A number that JSON does not know."""

    def __eq__(self, other: object) -> bool:
        return other == 1

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize("hostile", ["", "../x", "a b", "turn-off@7", "x~1", "\ud800", "a" * 300])
def test_an_id_that_is_none_is_refused(hostile: str) -> None:
    stopped = Dispatcher(fee_board, memory()).dispatch([Deposit(1, 1)], (), hostile).failure()
    assert "bad id" in str(stopped)
