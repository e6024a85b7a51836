"""The dispatch loop, on a small domain: in order, after the event, bounded, and nothing done twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import Conflict, Page, StoreError, StoreFailure
from deciderkit.shell.happenings import (
    EndlessCascade,
    Happening,
    NotOnBoard,
    Parked,
    Report,
    Submitted,
    Undelivered,
)
from deciderkit.shell.memory import MemoryEventStore
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pvector
from returns.io import IOFailure, IOResult, IOSuccess
from returns.unsafe import unsafe_perform_io

from deciderkit import Board, Policy, Refused, ToDo
from deciderkit.log.codec import CorruptEvent
from deciderkit.log.recorded import Recorded
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


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.failure())


def log(store: MemoryEventStore) -> list[Any]:
    return [each.event for each in value(store.read_all(limit=1_000_000))]


def test_commands_lead_to_events_state_and_views() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    report = dispatcher.dispatch([InsertCoin("north", 2), Push("north"), InsertCoin("north", 2)])
    assert Report(carried_out=3) == value(report)
    assert Open() == value(dispatcher.state(turnstiles, "north"))
    assert 4 == dispatcher.view(takings)
    assert pvector(["PersonPassed"]) == dispatcher.view(diary, "north")
    assert pvector() == dispatcher.view(diary, "south")


def test_a_policy_s_command_follows_the_event_that_asked_for_it() -> None:
    store = MemoryEventStore()
    Dispatcher(board, store).dispatch([Kick("north"), InsertCoin("south", 1)])
    assert [Jammed("north"), MechanicCalled("north"), CoinTaken("south", 1)] == log(store)


def test_no_to_do_is_left_when_the_dispatcher_rests() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore())
    dispatcher.dispatch([Kick("north"), Kick("south")])
    assert () == dispatcher.todos
    assert Called() == value(dispatcher.state(mechanics, "south"))


def test_a_refusal_is_reported_and_leaves_nothing_in_the_log() -> None:
    store = MemoryEventStore()
    report = Dispatcher(board, store).dispatch([Push("north"), InsertCoin("north", 1)])
    refusal = Refused(Push("north"), Reason.NOT_PAID)
    assert Report(carried_out=1, refused=1, refusal=refusal) == value(report)
    assert [CoinTaken("north", 1)] == log(store)


def test_a_command_that_changes_nothing_is_carried_out() -> None:
    store = MemoryEventStore()
    report = Dispatcher(board, store).dispatch([InsertCoin("north", 2), Kick("north")])
    assert Report(carried_out=2) == value(report)
    assert [CoinTaken("north", 2), Unlocked("north")] == log(store)


@pytest.mark.parametrize("halt", [Refused, Jammed])
def test_a_halt_ends_the_run_after_its_cascade_and_leaves_the_rest(halt: type) -> None:
    store = MemoryEventStore()
    first = Push("north") if halt is Refused else Kick("north")
    rest = iter([first, InsertCoin("south", 1)])
    Dispatcher(board, store, chunk=1).dispatch(rest, halts=[halt])
    assert [] == [event for event in log(store) if isinstance(event, CoinTaken)]
    assert InsertCoin("south", 1) == next(rest)


def test_the_observer_is_told_of_everything_in_order() -> None:
    seen: list[Happening] = []
    dispatcher = Dispatcher(
        board, MemoryEventStore(), observe=seen.append, deliveries={MechanicCalled: deliver_to([])}
    )
    dispatcher.dispatch([InsertCoin("north", 1), Push("north"), Kick("north")])
    told = [each.event if isinstance(each, Recorded) else each for each in seen]
    assert [
        Submitted(InsertCoin("north", 1)),
        CoinTaken("north", 1),
        Submitted(Push("north")),
        Refused(Push("north"), Reason.NOT_PAID),
        Submitted(Kick("north")),
        Jammed("north"),
        Submitted(CallMechanic("north")),
        MechanicCalled("north"),
    ] == told


@given(st.lists(board_commands()), st.integers(1, 5))
def test_the_chunk_never_changes_what_is_recorded(commands: list[Any], chunk: int) -> None:
    stores = MemoryEventStore(), MemoryEventStore()
    reports = [
        value(Dispatcher(board, store, chunk=size).dispatch(commands))
        for store, size in zip(stores, (chunk, 1_000), strict=True)
    ]
    assert log(stores[0]) == log(stores[1])
    assert reports[0] == reports[1]


@given(st.lists(board_commands()))
def test_the_dispatcher_knows_what_a_fold_of_the_log_says(commands: list[Any]) -> None:
    store = MemoryEventStore()
    dispatcher = Dispatcher(board, store)
    dispatcher.dispatch(commands)
    wall = board.fold(log(store))
    assert wall.view(takings) == dispatcher.view(takings)
    for name in ("north", "south"):
        assert wall.view(diary, name) == dispatcher.view(diary, name)
        assert wall.state(turnstiles, name) == value(dispatcher.state(turnstiles, name))
    # A mechanic who came before the turnstile jammed refuses to come again: that to-do stays.
    assert wall.todos() == dispatcher.todos == tuple(each.todo for each in dispatcher.parked)


def deliver_to(letters: list[tuple[Any, str]]) -> Any:
    def deliver(event: MechanicCalled, key: str) -> IOResult[None, str]:
        letters.append((event, key))
        return IOSuccess(None)

    return deliver


def deliver_nothing(event: MechanicCalled, key: str) -> IOResult[None, str]:
    return IOFailure("no line") if event.turnstile == "north" else IOSuccess(None)


def test_a_delivery_comes_before_the_record_and_carries_a_stable_key() -> None:
    letters: list[tuple[Any, str]] = []
    dispatcher = Dispatcher(
        board, MemoryEventStore(), deliveries={MechanicCalled: deliver_to(letters)}
    )
    dispatcher.dispatch([Kick("north")])
    assert [(MechanicCalled("north"), "mechanic-north/1")] == letters


def test_a_to_do_that_cannot_be_delivered_is_parked_and_the_others_go_on() -> None:
    store = MemoryEventStore()
    seen: list[Happening] = []
    dispatcher = Dispatcher(
        board, store, deliveries={MechanicCalled: deliver_nothing}, observe=seen.append
    )
    report = dispatcher.dispatch([Kick("north"), Kick("south")])
    assert Report(carried_out=2) == value(report)
    assert [Jammed("north"), Jammed("south"), MechanicCalled("south")] == log(store)
    todo = ToDo(1, "call the mechanic", "north", CallMechanic("north"))
    assert (Parked(todo, "no line"),) == dispatcher.parked
    assert Parked(todo, "no line") in seen
    assert (todo,) == dispatcher.todos


def test_what_was_parked_is_done_by_the_next_dispatcher() -> None:
    store = MemoryEventStore()
    Dispatcher(board, store, deliveries={MechanicCalled: deliver_nothing}).dispatch([Kick("north")])
    later = Dispatcher(board, store)
    assert board.follow([*log(store), MechanicCalled("north")]) == value(later.resume())
    assert () == later.todos


def test_a_command_that_cannot_be_delivered_is_a_failure() -> None:
    dispatcher = Dispatcher(board, MemoryEventStore(), deliveries={MechanicCalled: deliver_nothing})
    failure = error(dispatcher.dispatch([CallMechanic("north")]))
    assert Undelivered(MechanicCalled("north"), "no line") == failure
    assert "MechanicCalled was not delivered: no line" == str(failure)


def test_a_to_do_that_is_refused_is_parked() -> None:
    def push(event: Jammed) -> Push:
        return Push(event.turnstile)

    stubborn = Policy("stubborn", Jammed, push, PersonPassed, key=lambda event: event.turnstile)
    dispatcher = Dispatcher(Board(board.aggregates, (stubborn,)), MemoryEventStore())
    dispatcher.dispatch([Kick("north")])
    assert ["refused: jammed"] == [parked.reason for parked in dispatcher.parked]


def test_a_cascade_without_an_end_is_an_error_and_not_a_hang() -> None:
    def pay_again(event: CoinTaken) -> InsertCoin:
        return InsertCoin(event.turnstile, 0)

    greedy = Policy("greedy", CoinTaken, pay_again, CoinTaken, key=lambda event: event.turnstile)
    dispatcher = Dispatcher(Board(board.aggregates, (greedy,)), MemoryEventStore(), rounds=7)
    assert EndlessCascade(("greedy",), 7) == error(dispatcher.dispatch([InsertCoin("north", 1)]))


def test_a_long_cascade_that_ends_is_none() -> None:
    def pay_on(event: CoinTaken) -> InsertCoin:
        return InsertCoin(event.turnstile, 1)

    insistent = Policy("insistent", CoinTaken, pay_on, Unlocked, key=lambda event: event.turnstile)
    store = MemoryEventStore()
    dispatcher = Dispatcher(Board(board.aggregates, (insistent,)), store)
    assert Report(carried_out=1) == value(dispatcher.dispatch([InsertCoin("north", 1)]))
    assert [CoinTaken("north", 1)] * 2 + [Unlocked("north")] == log(store)


def test_a_command_that_no_aggregate_takes_is_a_failure() -> None:
    failure = error(Dispatcher(board, MemoryEventStore()).dispatch(["Fly"]))
    assert NotOnBoard("Fly") == failure
    assert "no aggregate takes 'Fly': expected a command of the board" == str(failure)


def test_a_corrupt_history_is_a_failure_with_its_place_in_the_log() -> None:
    store = MemoryEventStore()
    value(store.append("turnstile-south", 0, [CoinTaken("south", 1)], "c1"))
    value(store.append("turnstile-north", 0, [PersonPassed("north")], "c2"))
    failure = error(Dispatcher(board, store).dispatch([Push("north")]))
    assert isinstance(failure, CorruptEvent)
    assert 2 == failure.position
    assert "PersonPassed" in failure.reason


def test_a_corrupt_history_that_a_conflict_shows_is_named_alike() -> None:
    store = MemoryEventStore()
    dispatcher = Dispatcher(board, store)
    value(dispatcher.dispatch([InsertCoin("south", 1), InsertCoin("north", 1)]))
    value(store.append("turnstile-north", 1, [PersonPassed("north")], "c1"))
    failure = error(dispatcher.dispatch([InsertCoin("north", 1)]))
    assert isinstance(failure, CorruptEvent)
    assert 3 == failure.position


class Rival(MemoryEventStore):
    """A store into which somebody else appends just before the dispatcher, ``times`` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        if self.times:
            self.times -= 1
            coin = [CoinTaken("north", 1)]
            super().append("turnstile-north", expected_version, coin, f"rival-{self.times}")
        return super().append(stream, expected_version, events, command_id)


def test_on_a_conflict_the_command_is_decided_anew_on_what_happened() -> None:
    store = Rival(times=1)
    dispatcher = Dispatcher(board, store)
    value(dispatcher.dispatch([InsertCoin("north", 1)]))
    assert [CoinTaken("north", 1), CoinTaken("north", 1), Unlocked("north")] == log(store)
    assert 2 == dispatcher.view(takings)


def test_conflicts_without_an_end_are_a_failure() -> None:
    failure = error(Dispatcher(board, Rival(times=99), tries=1).dispatch([InsertCoin("north", 1)]))
    assert Conflict("turnstile-north", expected=0, actual=1) == failure


def test_a_to_do_that_somebody_else_did_meanwhile_is_no_failure() -> None:
    store = MemoryEventStore()
    Dispatcher(Board(board.aggregates), store).dispatch([Kick("north")])
    first, second = Dispatcher(board, store), Dispatcher(board, store)
    value(first.resume())
    value(second.resume())
    assert [Jammed("north"), MechanicCalled("north")] == log(store)
    assert () == second.parked


class Full(MemoryEventStore):
    """A store that has no room left."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        return IOFailure(StoreFailure("the disk is full"))


def test_a_failure_of_the_store_ends_the_run() -> None:
    failure = error(Dispatcher(board, Full()).dispatch([InsertCoin("north", 1)]))
    assert StoreFailure("the disk is full") == failure


def test_the_policies_see_what_was_in_the_store_before() -> None:
    store = MemoryEventStore()
    store.append("turnstile-north", 0, [Jammed("north")], "c1")
    dispatcher = Dispatcher(board, store)
    value(dispatcher.resume())
    assert Broken() == value(dispatcher.state(turnstiles, "north"))
    assert [Jammed("north"), MechanicCalled("north")] == log(store)
    assert call_mechanic.todos(log(store)) == dispatcher.todos
