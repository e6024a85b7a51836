"""The dispatch loop, on two small domains: in order, after the event, bounded, and nothing done twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pvector
from returns.result import Failure, Result, Success

from deciderkit import Board, Policy, Refused, ToDo
from deciderkit.ids import BadId
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError
from deciderkit.log.recorded import Recorded, Refusal, Tally
from deciderkit.shell import (
    Claim,
    Conflict,
    Dispatcher,
    Happening,
    MemoryEventStore,
    NotOnBoard,
    Overtaken,
    Parked,
    Report,
    Stopped,
    StoreFailure,
    Submitted,
)
from deciderkit.shell.dispatch import carrying, reacting
from tests.deciderkit import bank
from tests.deciderkit.turnstile import (
    Broken,
    Called,
    CallMechanic,
    CoinTaken,
    InsertCoin,
    Jammed,
    Kick,
    MechanicCalled,
    Open,
    PersonPassed,
    Push,
    Reason,
    Unlocked,
    board,
    board_commands,
    call_mechanic,
    diary,
    mechanics,
    takings,
    turnstiles,
)


def log(store: MemoryEventStore) -> list[Any]:
    return [each.event for each in store.read_all(limit=1_000_000).unwrap()]


def test_commands_lead_to_events_state_and_views() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    report = dispatcher.dispatch([InsertCoin("north", 2), Push("north"), InsertCoin("north", 2)])
    assert Success(Report(carried_out=3)) == report
    assert Success(Open()) == dispatcher.state(turnstiles, "north")
    assert Success(4) == dispatcher.view(takings)
    assert Success(pvector(["PersonPassed"])) == dispatcher.view(diary, "north")
    assert Success(pvector()) == dispatcher.view(diary, "south")
    assert {"north"} == set(dispatcher.views(diary).unwrap())


def test_a_policy_s_command_follows_the_event_that_asked_for_it() -> None:
    store = MemoryEventStore()
    Dispatcher(board, store).dispatch([Kick("north"), InsertCoin("south", 1)]).unwrap()
    assert [Jammed("north"), MechanicCalled("north"), CoinTaken("south", 1)] == log(store)


def test_a_policy_s_command_is_recorded_under_the_id_of_its_to_do() -> None:
    store = MemoryEventStore()
    Dispatcher(board, store).dispatch([InsertCoin("north", 1), Kick("north")]).unwrap()
    (_, _, called) = store.read_all().unwrap()
    assert ("call-the-mechanic@2", MechanicCalled("north")) == (called.command_id, called.event)


def test_no_to_do_is_left_when_the_dispatcher_rests() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    dispatcher.dispatch([Kick("north"), Kick("south")]).unwrap()
    assert Success(()) == dispatcher.todos()
    assert Success(Called()) == dispatcher.state(mechanics, "south")


def test_a_refusal_is_reported_in_words_and_leaves_nothing_in_the_log() -> None:
    store = MemoryEventStore()
    report = Dispatcher(board, store).dispatch([Push("north"), InsertCoin("north", 1)])
    refusal = Refusal(1, "not paid")
    assert Success(Report(carried_out=1, refused=1, refusal=refusal)) == report
    assert [CoinTaken("north", 1)] == log(store)


def test_the_last_refusal_is_the_one_that_is_told() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    commands = [Push("north"), InsertCoin("north", 2), InsertCoin("north", 1), Push("north")]
    report = dispatcher.dispatch(commands)
    assert Success(Report(2, 2, Refusal(3, "already open"))) == report


def test_a_command_that_changes_nothing_is_carried_out() -> None:
    store = MemoryEventStore()
    report = Dispatcher(board, store).dispatch([InsertCoin("north", 2), Kick("north")])
    assert Success(Report(carried_out=2)) == report
    assert [CoinTaken("north", 2), Unlocked("north")] == log(store)


@pytest.mark.parametrize(("halt", "done"), [(bank.Withdrawn, 2), (Refused, 3), (bank.Closed, 4)])
def test_a_halt_in_the_midst_of_a_batch_leaves_what_stands_behind_it(halt: type, done: int) -> None:
    """No policy waits for any of these, so nothing else cuts the batch there."""
    store, some = MemoryEventStore(), Decimal(5)
    commands = [bank.Deposit(1, some), bank.Withdraw(1, some)]
    commands += [bank.Withdraw(1, 100 * some), bank.Deposit(1, some)]
    report = Dispatcher(bank.quiet, store).dispatch(commands, halts=[halt]).unwrap()
    assert done == report.carried_out + report.refused
    assert done - report.refused == len(log(store))


def test_what_is_parked_on_the_way_leaves_the_rest_of_the_report_as_it_is() -> None:
    def too_much(event: bank.Overdrawn) -> bank.Withdraw:
        return bank.Withdraw(event.account, Decimal(500))

    wrong: Any = too_much
    wall = replace(bank.bank, policies=(replace(bank.charge_fee, then=wrong),))
    refused, overdraws = bank.Withdraw(1, Decimal(500)), bank.Withdraw(1, Decimal(1))
    report = Dispatcher(wall, MemoryEventStore()).dispatch([refused, overdraws]).unwrap()
    assert (1, 1, 1) == (report.carried_out, report.refused, len(report.parked))
    assert report.refusal is not None
    assert 1 == report.refusal.number


def test_a_store_that_contradicts_itself_stops_and_is_not_asked_for_ever() -> None:
    class Contradicts(MemoryEventStore):
        def append(self, *arguments: Any, **more: Any) -> Result[Page, AppendError]:
            return Failure(Overtaken("c1", Tally(0, digest=blake2b(digest_size=16).hexdigest())))

    stopped = Dispatcher(board, Contradicts()).dispatch([Kick("north")], command_id="c1").failure()
    assert isinstance(stopped.because, Overtaken)


@pytest.mark.parametrize("halt", [Refused, Jammed])
def test_a_halt_ends_the_run_after_its_cascade_and_leaves_the_rest(halt: type) -> None:
    store = MemoryEventStore()
    first = Push("north") if halt is Refused else Kick("north")
    rest = iter([first, InsertCoin("south", 1)])
    Dispatcher(board, store, chunk=1).dispatch(rest, halts=[halt]).unwrap()
    assert [] == [event for event in log(store) if isinstance(event, CoinTaken)]
    assert (MechanicCalled("north") in log(store)) == (halt is Jammed)
    assert InsertCoin("south", 1) == next(rest)


def test_the_observer_is_told_of_everything_in_order() -> None:
    seen: list[Happening] = []
    dispatcher = Dispatcher(board, MemoryEventStore(), observe=seen.append)
    dispatcher.dispatch([InsertCoin("north", 1), Push("north"), Kick("north")]).unwrap()
    told = [each.event if isinstance(each, Recorded) else each for each in seen]
    assert [
        Submitted(InsertCoin("north", 1)),
        CoinTaken("north", 1),
        Submitted(Push("north")),
        Refused(Push("north"), Reason.NOT_PAID),
        Submitted(Kick("north")),
        Jammed("north"),
        Submitted(call_mechanic.then(Jammed("north"))),
        MechanicCalled("north"),
    ] == told


@given(st.lists(board_commands()), st.integers(1, 5))
def test_the_chunk_never_changes_what_is_recorded(commands: list[Any], chunk: int) -> None:
    stores = MemoryEventStore(), MemoryEventStore()
    reports = [
        Dispatcher(board, store, chunk=size).dispatch(commands).unwrap()
        for store, size in zip(stores, (chunk, 1_000), strict=True)
    ]
    assert log(stores[0]) == log(stores[1])
    assert reports[0] == reports[1]


@given(st.lists(bank.commands(), max_size=20), st.integers(1, 5))
def test_the_chunk_never_changes_what_is_recorded_of_money(commands: list[Any], chunk: int) -> None:
    stores = MemoryEventStore(), MemoryEventStore()
    reports = [
        Dispatcher(bank.bank, store, chunk=size).dispatch(commands, command_id="c1").unwrap()
        for store, size in zip(stores, (chunk, 1_000), strict=True)
    ]
    assert log(stores[0]) == log(stores[1])
    assert reports[0] == reports[1]
    assert stores[0].tally("c1") == stores[1].tally("c1")


@given(st.lists(board_commands()))
def test_the_dispatcher_knows_what_a_fold_of_the_log_says(commands: list[Any]) -> None:
    store = MemoryEventStore()
    dispatcher = Dispatcher(board, store)
    dispatcher.dispatch(commands).unwrap()
    wall = board.fold(log(store))
    assert wall.view(takings) == dispatcher.view(takings).unwrap()
    for name in ("north", "south"):
        assert wall.view(diary, name) == dispatcher.view(diary, name).unwrap()
        assert wall.state(turnstiles, name) == dispatcher.state(turnstiles, name).unwrap()
    # A mechanic who came before the turnstile jammed refuses to come again: that to-do stays.
    parked = tuple(each.todo for each in dispatcher.parked().unwrap())
    assert wall.todos() == dispatcher.todos().unwrap() == parked


@given(st.lists(bank.commands(3), max_size=30))
def test_each_asking_is_answered_once_and_no_money_is_lost(commands: list[Any]) -> None:
    store = MemoryEventStore()
    dispatcher = Dispatcher(bank.bank, store)
    dispatcher.dispatch(commands).unwrap()
    told = store.read_all(limit=10_000).unwrap()
    asked = [each for each in told if isinstance(each.event, (bank.Overdrawn, bank.MoneySent))]
    slugs: dict[type, str] = {bank.Overdrawn: "charge-fee", bank.MoneySent: "credit-transfer"}
    wanted = [f"{slugs[type(each.event)]}@{each.position}" for each in asked]
    assert wanted == [each.command_id for each in told if "@" in each.command_id]
    assert Success(()) == dispatcher.todos()
    sums = sum((each for each in dispatcher.views(bank.balances).unwrap().values()), Decimal(0))
    assert sums == dispatcher.view(bank.money).unwrap()


def test_a_to_do_that_is_refused_is_parked() -> None:
    def push(event: Jammed) -> Push:
        return Push(event.turnstile)

    stubborn = Policy("stubborn", Jammed, push, PersonPassed, key=lambda event: event.turnstile)
    dispatcher = Dispatcher(Board(board.aggregates, (stubborn,)), MemoryEventStore())
    report = dispatcher.dispatch([Kick("north")]).unwrap()
    parked = (Parked(ToDo(stubborn, 1, "north", Jammed("north")), "refused: jammed"),)
    assert parked == report.parked == dispatcher.parked().unwrap()


def pay_again(event: CoinTaken) -> InsertCoin:
    return InsertCoin(event.turnstile, 0)


def test_a_cascade_without_an_end_is_parked_and_not_a_hang() -> None:
    greedy = Policy("greedy", CoinTaken, pay_again, CoinTaken, key=lambda event: event.turnstile)
    store = MemoryEventStore()
    dispatcher = Dispatcher(Board(board.aggregates, (greedy,)), store)
    with patch.object(reacting, "ROUNDS", 7):
        report = dispatcher.dispatch([InsertCoin("north", 1)]).unwrap()
    assert 1 == report.carried_out
    assert 8 == len(log(store))
    assert [(8, "it stands in a cascade of 7 to-dos: expected it to end")] == [
        (each.todo.position, each.reason) for each in report.parked
    ]
    others = Report(refused=1, refusal=Refusal(1, "not paid"))
    assert Success(others) == dispatcher.dispatch([Push("south")])


def test_a_long_cascade_that_ends_is_none() -> None:
    def pay_on(event: CoinTaken) -> InsertCoin:
        return InsertCoin(event.turnstile, 1)

    insistent = Policy("insistent", CoinTaken, pay_on, Unlocked, key=lambda event: event.turnstile)
    store = MemoryEventStore()
    dispatcher = Dispatcher(Board(board.aggregates, (insistent,)), store)
    report = dispatcher.dispatch([InsertCoin("north", 1)]).unwrap()
    assert [CoinTaken("north", 1)] * 2 + [Unlocked("north")] == log(store)
    # The second coin asks once more, and is refused: each asking is one to-do.
    assert [(2, "refused: already open")] == [
        (each.todo.position, each.reason) for each in report.parked
    ]


def test_a_command_that_no_aggregate_takes_is_a_failure() -> None:
    stopped = Dispatcher(board, MemoryEventStore()).dispatch([Kick("north"), "Fly"]).failure()
    assert isinstance(stopped.because, NotOnBoard)
    assert Report(carried_out=1) == stopped.report
    said = (
        "no aggregate takes 'Fly': expected a command of the board; before that 1 command was done"
    )
    assert said == str(stopped)


@pytest.mark.parametrize("hostile", ["", "../c", "a~1", "turn-off@7", "a\nb", "\ud800", "a" * 300])
def test_a_hostile_id_of_a_request_is_a_failure_and_nothing_is_done(hostile: str) -> None:
    store = MemoryEventStore()
    stopped = Dispatcher(board, store).dispatch([Kick("north")], command_id=hostile).failure()
    assert isinstance(stopped.because, BadId)
    assert [] == log(store)


def test_a_key_that_names_no_stream_is_said_to_be_the_commands() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    commands = [Kick("north"), InsertCoin("r 9/\xfc", 1)]
    said = str(dispatcher.dispatch(commands).failure())
    assert "bad id 'turnstile-r 9/\\xfc' by the key of InsertCoin: expected 1 to 256 of" in said
    assert said.endswith("; before that 1 command was done")


def test_a_key_that_names_no_stream_is_parked_even_if_somebody_asked_for_its_state() -> None:
    """Asking makes no stream known: its to-do is its own trouble, and stops nobody."""

    def to_nowhere(event: Jammed) -> CallMechanic:
        return CallMechanic("ann@example.org")

    wrong: Any = to_nowhere
    mistaken = Board(board.aggregates, (replace(call_mechanic, then=wrong),))
    dispatcher = Dispatcher(mistaken, MemoryEventStore())
    for _ in range(2):
        assert isinstance(dispatcher.state(mechanics, "ann@example.org").failure().because, BadId)
    report = dispatcher.dispatch([Kick("north"), InsertCoin("south", 1)]).unwrap()
    assert (2, 1) == (report.carried_out, len(report.parked))
    assert "bad id" in report.parked[0].reason
    assert Success(Report(1)) == dispatcher.dispatch([InsertCoin("south", 1)])


def test_a_corrupt_history_is_a_failure_with_its_place_in_the_log() -> None:
    store = MemoryEventStore()
    store.append("turnstile-south", 0, [CoinTaken("south", 1)]).unwrap()
    store.append("turnstile-north", 0, [PersonPassed("north")]).unwrap()
    corrupt = Dispatcher(board, store).dispatch([Push("north")]).failure().because
    assert isinstance(corrupt, CorruptEvent)
    assert 2 == corrupt.position
    assert "PersonPassed" in corrupt.reason


def test_a_corrupt_history_that_a_conflict_shows_is_named_alike() -> None:
    store = MemoryEventStore()
    dispatcher = Dispatcher(board, store)
    dispatcher.dispatch([InsertCoin("south", 1), InsertCoin("north", 1)]).unwrap()
    store.append("turnstile-north", 1, [PersonPassed("north")]).unwrap()
    corrupt = dispatcher.dispatch([InsertCoin("north", 1)]).failure().because
    assert isinstance(corrupt, CorruptEvent)
    assert 3 == corrupt.position


class Rival(MemoryEventStore):
    """A store into which somebody else appends just before the dispatcher, ``times`` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        if self.times:
            self.times -= 1
            coin = [CoinTaken("north", 1)]
            super().append("turnstile-north", expected_version, coin).unwrap()
        return super().append(stream, expected_version, events, claim)


def test_on_a_conflict_the_command_is_decided_anew_on_what_happened() -> None:
    store = Rival(times=1)
    dispatcher = Dispatcher(board, store)
    dispatcher.dispatch([InsertCoin("north", 1)]).unwrap()
    assert [CoinTaken("north", 1), CoinTaken("north", 1), Unlocked("north")] == log(store)
    assert Success(2) == dispatcher.view(takings)


def test_a_decision_without_events_counts_only_where_it_was_made() -> None:
    store = MemoryEventStore()
    first, second = Dispatcher(bank.quiet, store), Dispatcher(bank.quiet, store)
    first.dispatch([bank.Deposit(1, Decimal(1))]).unwrap()
    second.dispatch([bank.Deposit(1, Decimal(150))]).unwrap()
    assert Success(Report(carried_out=1)) == first.dispatch([bank.Withdraw(1, Decimal(200))])


def test_conflicts_without_an_end_are_a_failure() -> None:
    with patch.object(carrying, "TRIES", 1):
        stopped = Dispatcher(board, Rival(times=99)).dispatch([InsertCoin("north", 1)]).failure()
    assert isinstance(stopped.because, Conflict)
    assert "turnstile-north" == stopped.because.stream


def test_a_to_do_that_somebody_else_did_meanwhile_is_no_failure() -> None:
    store = MemoryEventStore()
    Dispatcher(Board(board.aggregates), store).dispatch([Kick("north")]).unwrap()
    first, second = Dispatcher(board, store), Dispatcher(board, store)
    for each in (first, second):
        each.todos().unwrap()
    assert Success(Report()) == first.resume() == second.resume()
    assert [Jammed("north"), MechanicCalled("north")] == log(store)
    assert Success(()) == second.parked()


class Full(MemoryEventStore):
    """A store that has no room left."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        return Failure(StoreFailure("the disk is full"))


def test_a_failure_of_the_store_ends_the_run() -> None:
    stopped = Dispatcher(board, Full()).dispatch([InsertCoin("north", 1)]).failure()
    assert StoreFailure("the disk is full") == stopped.because
    assert isinstance(stopped, Stopped)


def test_a_failure_of_the_store_parks_nothing() -> None:
    store = Full()
    MemoryEventStore.append(store, "turnstile-north", 0, [Jammed("north")]).unwrap()
    dispatcher = Dispatcher(board, store)
    assert StoreFailure("the disk is full") == dispatcher.resume().failure().because
    assert () == store.notes().unwrap()
    assert 1 == len(dispatcher.todos().unwrap())


def test_catching_up_reads_more_than_a_page() -> None:
    store = MemoryEventStore()
    asks = bank.Withdraw(1, Decimal(1))
    rest = [bank.Deposit(2, Decimal(1))] * 2_300
    Dispatcher(bank.quiet, store).dispatch([*rest, asks]).unwrap()
    dispatcher = Dispatcher(bank.bank, store)
    dispatcher.resume().unwrap()
    assert bank.FeeCharged(1, bank.FEE) == log(store)[-1]


def test_the_policies_see_what_was_in_the_store_before() -> None:
    store = MemoryEventStore()
    store.append("turnstile-north", 0, [Jammed("north")]).unwrap()
    dispatcher = Dispatcher(board, store)
    dispatcher.resume().unwrap()
    assert Success(Broken()) == dispatcher.state(turnstiles, "north")
    assert [Jammed("north"), MechanicCalled("north")] == log(store)
    assert call_mechanic.todos(log(store)) == dispatcher.todos().unwrap()
