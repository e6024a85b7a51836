"""P4: each asking is one to-do, done once; one that cannot be done is parked, and everybody else goes on."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Refused
from deciderkit.log.codec import Codec
from deciderkit.log.recorded import Tally
from deciderkit.shell import Claim, Conflict, Dispatcher, EventStore, MemoryEventStore, StoreFailure
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.interrupted import Crash, Interrupted, crash_after, meanwhile
from tests.deciderkit.shell.ledger import (
    ChargeFee,
    CloseMonth,
    Deposit,
    Explode,
    FeeCharged,
    Look,
    Overdrawn,
    Rate,
    Rated,
    Withdraw,
    accounts,
    fee,
    fee_board,
    fees,
    quiet_board,
)


def memory() -> MemoryEventStore:
    return MemoryEventStore(Codec.of(fee_board))


def kinds(store: EventStore) -> Counter[str]:
    log = store.read_all(0, 100_000).unwrap()
    return Counter(type(each.event).__name__ for each in log)


def answered(store: EventStore) -> None:
    """Rule: in a log each asking was done once, under its id, when nobody else charges fees."""
    log = store.read_all(0, 100_000).unwrap()
    asked = {f"charge-fee@{each.position}" for each in log if isinstance(each.event, Overdrawn)}
    done = [each.command_id for each in log if isinstance(each.event, FeeCharged)]
    assert sorted(asked) == sorted(done)


def test_two_askings_while_no_policy_runs_are_two_to_dos(new_store: Stores) -> None:
    store = new_store(fee_board)
    Dispatcher(quiet_board, store).dispatch([Withdraw(1, 10), Withdraw(1, 10)]).unwrap()
    assert 2 == len(Dispatcher(fee_board, store).todos().unwrap())
    assert () == Dispatcher(fee_board, store).resume().unwrap().parked
    assert 2 == kinds(store)["FeeCharged"]
    answered(store)


@pytest.mark.parametrize("at", range(12))
def test_two_dispatchers_charge_each_fee_once(new_store: Stores, at: int) -> None:
    store = new_store(fee_board)
    Dispatcher(quiet_board, store).dispatch([Withdraw(1, 1), Withdraw(2, 1), Withdraw(1, 1)])
    other = Dispatcher(fee_board, store)
    racing: Any = Interrupted(store, before=meanwhile(at, other.resume))
    assert () == Dispatcher(fee_board, racing).resume().unwrap().parked
    assert 3 == kinds(store)["FeeCharged"]
    answered(store)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["quiet", "a", "b"]),
            st.lists(
                st.one_of(
                    st.builds(Withdraw, st.integers(1, 2), st.integers(1, 150)),
                    st.builds(Deposit, st.integers(1, 2), st.integers(1, 30)),
                ),
                max_size=4,
            ),
            st.integers(0, 8),
        ),
        max_size=8,
    )
)
def test_whoever_runs_and_crashes_when_each_asking_is_answered_once(
    runs: list[tuple[str, list[Any], int]],
) -> None:
    store = memory()
    running = {"a": Dispatcher(fee_board, store), "quiet": Dispatcher(quiet_board, store)}
    for who, commands, crash in runs:
        broken: Any = Interrupted(store, after=crash_after(crash))
        with contextlib.suppress(Crash):
            running.get(who, Dispatcher(fee_board, broken)).dispatch(commands)
    assert () == Dispatcher(fee_board, store).resume().unwrap().parked
    answered(store)


def test_a_fee_that_somebody_charged_by_hand_answers_the_oldest_of_its_account() -> None:
    store = memory()
    Dispatcher(quiet_board, store).dispatch([Withdraw(1, 1), Withdraw(1, 1), Withdraw(2, 1)])
    Dispatcher(quiet_board, store).dispatch([ChargeFee(1)])
    dispatcher = Dispatcher(fee_board, store)
    assert [4, 6] == [todo.position for todo in dispatcher.todos().unwrap()]


def test_an_answer_under_an_id_ends_that_to_do_and_no_other_even_if_it_is_off_already() -> None:
    waiting = fee_board.fold(
        [Overdrawn(1, 1), Overdrawn(1, 2), FeeCharged(1), FeeCharged(1)],
        command_ids=["a", "b", "charge-fee@2", "charge-fee@2"],
    )
    assert [1] == [todo.position for todo in waiting.todos()]


def broken(name: str, **changed: Any) -> Board:
    """The board with a fee policy that is wrong for account 7 alone."""

    def then(event: Overdrawn) -> ChargeFee | Explode | Rate | Withdraw | Look:
        return changed["then"](event) if event.account == 7 else ChargeFee(event.account)

    wrong: Any = then
    return Board((accounts,), (replace(fee, then=wrong),), (fees,))


def fails(event: Overdrawn) -> Any:
    raise LookupError("no such customer")


POISON: dict[str, tuple[Any, str]] = {
    "then raises": (fails, "LookupError: no such customer"),
    "decide raises": (lambda event: Explode(7), "ZeroDivisionError: the domain has a bug"),
    "refused": (lambda event: Withdraw(7, 10_000), "refused: too poor"),
    "its event cannot be stored": (lambda event: Rate(7, float("nan")), "cannot be stored"),
    "its key names no stream": (lambda event: Look("ann@example.org"), "bad id"),  # type: ignore[arg-type]
    "its key is none": (lambda event: Look(None), "the key None"),  # type: ignore[arg-type]
    "no aggregate takes it": (lambda event: event, "no aggregate takes"),
    "it leads to nothing": (lambda event: Look(7), "it led to nothing"),
    "it ends nothing": (lambda event: Rate(7, 1.0), "Rated did not end it"),
}


@pytest.mark.parametrize("name", POISON)
def test_a_to_do_that_cannot_be_done_is_parked_and_stops_nobody(
    new_store: Stores, name: str
) -> None:
    then, words = POISON[name]
    board = broken(name, then=then)
    store = new_store(board)
    dispatcher = Dispatcher(board, store)
    report = dispatcher.dispatch([Withdraw(7, 1), Withdraw(1, 1), Deposit(2, 1)]).unwrap()
    assert 3 == report.carried_out
    (parked,) = report.parked
    assert words in parked.reason
    assert 7 == parked.todo.event.account
    assert 1 == kinds(store)["FeeCharged"]
    for each in (dispatcher, Dispatcher(board, new_store(board))):
        assert () == each.dispatch([Withdraw(3, 1)]).unwrap().parked
        assert [parked] == list(each.parked().unwrap())
    assert 3 == kinds(store)["FeeCharged"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (lambda event: event.account if event.account != 7 else None, "the key None of policy"),
        (lambda event: {1: "a", 2: "b"}[event.account], "raises KeyError: 7: expected"),
    ],
    ids=["gives none", "raises"],
)
def test_a_to_do_of_which_nobody_can_tell_what_it_is_about_is_parked_with_whose_key_that_is(
    new_store: Stores, key: Any, words: str
) -> None:
    board = Board((accounts,), (replace(fee, key=key),), (fees,))
    store = new_store(board)
    dispatcher = Dispatcher(board, store)
    (parked,) = dispatcher.dispatch([Withdraw(7, 1), Withdraw(1, 1)]).unwrap().parked
    assert words in parked.reason
    assert 7 == parked.todo.event.account
    assert 1 == kinds(store)["FeeCharged"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Look(7), "it led to nothing"),
        (CloseMonth(7), "it was done, and MonthClosed, StatementMailed did not end it"),
    ],
    ids=["nothing", "two events"],
)
def test_a_to_do_that_was_not_ended_is_parked_with_what_it_led_to(
    command: Look | CloseMonth, reason: str
) -> None:
    dispatcher = Dispatcher(broken("", then=lambda event: command), memory())
    (parked,) = dispatcher.dispatch([Withdraw(7, 1)]).unwrap().parked
    assert reason == parked.reason


def test_a_to_do_that_another_did_and_nothing_ended_is_parked_with_these_words() -> None:
    store = memory()
    Dispatcher(quiet_board, store).dispatch([Withdraw(7, 1)]).unwrap()
    done = Claim("charge-fee@2", 0, Tally(1))
    store.append("account-7", 2, [Rated(7, 1.0)], done).unwrap()
    (parked,) = Dispatcher(fee_board, store).resume().unwrap().parked
    assert "it was done, and nothing ended it" == parked.reason


def test_all_that_is_parked_is_known_to_a_process_that_begins() -> None:
    store = memory()
    Dispatcher(broken("", then=fails), store).dispatch([Withdraw(7, 1)] * 5).unwrap()
    beginning = Dispatcher(fee_board, store)
    beginning.resume().unwrap()
    assert 0 == kinds(store)["FeeCharged"]
    assert 5 == len(beginning.parked().unwrap())


def test_let_go_after_the_mistake_was_mended_it_is_done(new_store: Stores) -> None:
    store = new_store(fee_board)
    wrong = Dispatcher(broken("", then=fails), store)
    wrong.dispatch([Withdraw(7, 1), Withdraw(7, 1)]).unwrap()
    running, mended = Dispatcher(fee_board, store), Dispatcher(fee_board, new_store(fee_board))
    assert 2 == len(running.resume().unwrap().parked + running.parked().unwrap())
    mended.let_go(*[each.todo for each in mended.parked().unwrap()][:1]).unwrap()
    running.resume().unwrap()
    assert 1 == kinds(store)["FeeCharged"]
    assert [4] == [each.todo.position for each in running.parked().unwrap()]
    mended.let_go(*[each.todo for each in mended.parked().unwrap()]).unwrap()
    mended.resume().unwrap()
    assert () == running.parked().unwrap()
    assert () == store.notes().unwrap() or all(not note.reason for note in store.notes().unwrap())
    answered(store)


def test_a_parked_to_do_blocks_no_later_one_of_its_key() -> None:
    store = memory()
    Dispatcher(broken("", then=fails), store).dispatch([Withdraw(7, 1)]).unwrap()
    dispatcher = Dispatcher(fee_board, store)
    dispatcher.dispatch([Withdraw(7, 1)]).unwrap()
    assert ["charge-fee@4"] == [
        each.command_id for each in store.read_all().unwrap() if isinstance(each.event, FeeCharged)
    ]
    assert 1 == len(dispatcher.parked().unwrap())


def test_the_note_goes_when_the_log_ends_the_to_do() -> None:
    store = memory()
    dispatcher = Dispatcher(broken("", then=fails), store)
    dispatcher.dispatch([Withdraw(7, 1)]).unwrap()
    dispatcher.dispatch([ChargeFee(7)]).unwrap()
    assert () == dispatcher.parked().unwrap()
    assert () == store.notes().unwrap()


class Echo(Struct, frozen=True):
    account: int


class Echoed(Struct, frozen=True):
    account: int


class Answered(Struct, frozen=True):
    account: int


def echo(command: Echo, state: int) -> tuple[Echoed | Answered, ...]:
    return (Answered(command.account), Echoed(command.account))


def still(state: int, event: Echoed | Answered | Refused[Any, Any]) -> int:
    return state


def again(event: Echoed) -> Echo:
    return Echo(event.account)


echoes = Aggregate(
    "Echo",
    "echo",
    Decider[Echo, Echoed | Answered, int, Any](0, echo, still, lambda state: False),
    attrgetter("account"),
)
echoing = Board(
    (accounts, echoes),
    (fee, Policy("echo", Echoed, again, Answered, attrgetter("account"))),
)


def test_a_policy_that_feeds_itself_is_parked_and_hangs_nobody(new_store: Stores) -> None:
    store = new_store(echoing)
    dispatcher = Dispatcher(echoing, store)
    report = dispatcher.dispatch([Echo(1), Withdraw(1, 1)]).unwrap()
    assert ["it stands in a cascade of 100 to-dos: expected it to end"] == [
        each.reason for each in report.parked
    ]
    assert 1 == kinds(store)["FeeCharged"]
    before = store.head().unwrap()
    for each in (dispatcher, Dispatcher(echoing, new_store(echoing))):
        assert () == each.resume().unwrap().parked
    assert before == store.head().unwrap()


def test_a_cascade_is_counted_along_its_own_line_and_not_along_those_of_others() -> None:
    """A process that works off 500 to-dos of others, one after the other, parks none of them."""
    store = MemoryEventStore(Codec.of(fee_board))
    rest = [500]

    def before(number: int, name: str) -> None:
        if name == "append" and rest[0]:
            rest[0] -= 1
            Dispatcher(quiet_board, store).dispatch([Withdraw(rest[0], 1)]).unwrap()

    busy: Any = Interrupted(store, before=before)
    dispatcher = Dispatcher(fee_board, busy)
    assert () == dispatcher.dispatch([Withdraw(1_000, 1)]).unwrap().parked
    assert () == dispatcher.resume().unwrap().parked
    assert 501 == kinds(store)["FeeCharged"]


def test_trouble_of_the_store_stops_and_parks_nothing() -> None:
    store = memory()
    Dispatcher(quiet_board, store).dispatch([Withdraw(1, 1)]).unwrap()

    class Failing(Interrupted):
        def append(self, *args: Any, **more: Any) -> Any:
            from returns.result import Failure  # noqa: PLC0415

            return Failure(StoreFailure("no room left"))

    broken_store: Any = Failing(store)
    stopped = Dispatcher(fee_board, broken_store).resume().failure()
    assert "no room left" in str(stopped)
    assert () == store.notes().unwrap()
    assert 1 == len(Dispatcher(fee_board, store).todos().unwrap())


class Kept(Struct, frozen=True):
    account: int
    by: datetime


class Keep(Struct, frozen=True):
    account: int
    by: datetime


class Return(Struct, frozen=True):
    account: int


class Returned(Struct, frozen=True):
    account: int


class Remind(Struct, frozen=True):
    account: int


class Reminded(Struct, frozen=True):
    account: int


def lend(
    command: Keep | Return | Remind, state: int
) -> tuple[Kept | Returned | Reminded, ...] | tuple[Refused[Any, Any]]:
    match command:
        case Keep(account, by):
            return (Kept(account, by),)
        case Return(account):
            return (Returned(account),)
        case Remind(account):
            return (Reminded(account),)


def lent(state: int, event: Kept | Returned | Reminded | Refused[Any, Any]) -> int:
    return state


def remind(event: Kept) -> Remind:
    return Remind(event.account)


DUE = datetime(2026, 1, 10, 12, tzinfo=UTC)
lending = Board(
    (
        Aggregate(
            "Loan",
            "loan",
            Decider[Any, Any, int, Any](0, lend, lent, lambda state: False),
            attrgetter("account"),
        ),
    ),
    (
        Policy(
            "remind",
            Kept,
            remind,
            until=Reminded,
            unless=Returned,
            key=attrgetter("account"),
            due=attrgetter("by"),
        ),
    ),
)


def test_a_to_do_that_is_due_waits_until_then_and_is_needless_when_it_was_answered(
    new_store: Stores,
) -> None:
    store, time = new_store(lending), [DUE - timedelta(days=9)]
    dispatcher = Dispatcher(lending, store, now=lambda: time[0])
    later = DUE + timedelta(days=1)
    dispatcher.dispatch([Keep(1, DUE), Keep(2, DUE), Keep(3, later), Return(2)]).unwrap()
    assert 0 == kinds(store)["Reminded"]
    assert dispatcher.next_due == DUE
    assert [1, 3] == [todo.event.account for todo in dispatcher.todos().unwrap()]
    time[0] = DUE
    for each in (dispatcher, Dispatcher(lending, new_store(lending), now=lambda: time[0])):
        each.resume().unwrap()
        assert 1 == kinds(store)["Reminded"]
        assert each.next_due == later
    time[0] = later
    dispatcher.dispatch([]).unwrap()
    assert 2 == kinds(store)["Reminded"]
    assert dispatcher.next_due is None


def test_a_time_without_a_zone_parks_the_to_do() -> None:
    naive = datetime(2026, 1, 1)
    report = Dispatcher(lending, MemoryEventStore()).dispatch([Keep(1, naive)]).unwrap()
    assert "expected a datetime with a time zone" in report.parked[0].reason


def test_a_decision_without_events_is_held_against_the_log() -> None:
    """Two dispatchers on one account: one pays in 50, the other does not refuse on what it remembers."""
    store = memory()
    one, other = Dispatcher(quiet_board, store), Dispatcher(quiet_board, store)
    other.dispatch([Deposit(1, 1)]).unwrap()
    one.dispatch([Deposit(1, 500)]).unwrap()
    assert 1 == other.dispatch([Withdraw(1, 550)]).unwrap().carried_out


def test_a_to_do_is_not_parked_for_a_refusal_on_what_was_remembered() -> None:
    board = broken("", then=lambda event: Withdraw(7, 300))
    store = MemoryEventStore(Codec.of(board))
    dispatcher = Dispatcher(board, store)
    dispatcher.dispatch([Deposit(7, 1)]).unwrap()
    Dispatcher(quiet_board, store).dispatch([Withdraw(7, 2), Deposit(7, 500)]).unwrap()
    (parked,) = dispatcher.resume().unwrap().parked
    assert "Withdrawn did not end it" in parked.reason


def test_an_endless_conflict_is_told_as_one() -> None:
    store = memory()
    rated = Rated(1, 1.0)

    def before(number: int, name: str) -> None:
        if name == "append":
            store.append("account-1", store.version("account-1").unwrap(), [rated]).unwrap()

    racing: Any = Interrupted(store, before=before)
    stopped = Dispatcher(fee_board, racing).dispatch([Deposit(1, 1)]).failure()
    assert Conflict("account-1", 999, 999) == stopped.because
