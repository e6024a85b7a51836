from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import TypeAlias, assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pvector
from returns.result import Failure, Result, Success

from deciderkit import (
    CorruptHistory,
    Decider,
    Refused,
    Run,
    cannot_follow,
    decision_of,
    fold,
    history,
    outcome,
    replay,
    run,
)
from tests.deciderkit.turnstile import (
    Broken,
    CoinTaken,
    Command,
    Decision,
    Event,
    InsertCoin,
    Jammed,
    Kick,
    Locked,
    Open,
    PersonPassed,
    Push,
    Reason,
    State,
    Unlocked,
    commands,
    decide,
    turnstile,
)

Outcome: TypeAlias = Result[tuple[Event, ...], Refused[Command, Reason]]

PAID: tuple[Event, ...] = (CoinTaken("t", 2), Unlocked("t"))
TWICE_OPEN = (*PAID, Unlocked("t"))


def test_a_fold_begins_with_the_initial_state() -> None:
    assert Locked() == fold(turnstile, [])


def test_a_fold_goes_on_from_the_state_given() -> None:
    assert Locked() == fold(turnstile, [PersonPassed("t")], Open())


def test_a_fold_leaves_a_refusal_out() -> None:
    refusal: Refused[Command, Reason] = Refused(Push("t"), Reason.NOT_PAID)
    assert Open() == fold(turnstile, [*PAID, refusal])


def test_a_corrupt_history_names_the_event_the_state_and_the_place() -> None:
    with pytest.raises(CorruptHistory) as caught:
        fold(turnstile, TWICE_OPEN)
    assert (Open(), Unlocked("t"), 2) == (
        caught.value.state,
        caught.value.event,
        caught.value.index,
    )
    assert (
        str(caught.value)
        == "corrupt history at event 2: Unlocked(turnstile='t') cannot follow Open()"
    )


def test_an_event_that_cannot_follow_has_no_place_outside_of_a_fold() -> None:
    with pytest.raises(CorruptHistory) as caught:
        cannot_follow(Open(), Unlocked("t"))
    assert caught.value.index is None
    assert str(caught.value) == "corrupt history: Unlocked(turnstile='t') cannot follow Open()"


def test_a_corrupt_history_can_be_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(CorruptHistory(Open(), Unlocked("t"), 2)))
    assert (Open(), Unlocked("t"), 2) == (error.state, error.event, error.index) == error.args


def test_a_replay_is_the_fold_as_a_result() -> None:
    result = replay(turnstile, PAID)
    assert_type(result, Result[State, CorruptHistory])
    assert Success(Open()) == result
    assert Success(Locked()) == replay(turnstile, [PersonPassed("t")], Open())


def test_a_replay_of_a_corrupt_history_is_a_failure_and_no_exception() -> None:
    failure = replay(turnstile, TWICE_OPEN).failure()
    assert (2, Unlocked("t")) == (failure.index, failure.event)


def test_a_history_has_every_state_on_the_way() -> None:
    events: tuple[Event, ...] = (*PAID, PersonPassed("t"), Jammed("t"))
    assert pvector([Locked(), Locked(2), Open(), Locked(), Broken()]) == history(turnstile, events)
    assert pvector([Locked()]) == history(turnstile, [])


def test_a_history_says_where_it_is_corrupt() -> None:
    with pytest.raises(CorruptHistory) as caught:
        history(turnstile, TWICE_OPEN)
    assert (2, Open(), Unlocked("t")) == (
        caught.value.index,
        caught.value.state,
        caught.value.event,
    )


def test_a_run_stops_at_the_first_refusal_and_counts_what_was_carried_out() -> None:
    pushes: list[Command] = [InsertCoin("t", 2), Push("t"), Push("t"), Kick("t")]
    refused: Refused[Command, Reason] = Refused(Push("t"), Reason.NOT_PAID)
    assert Run(Locked(), (*PAID, PersonPassed("t")), 2, refused) == run(turnstile, pushes)


def test_a_run_that_halts_counts_the_command_that_halted_it() -> None:
    asked: list[Command] = [InsertCoin("t", 2), Push("t"), Kick("t"), Push("t")]
    assert Run(Open(), PAID, 1, None) == run(turnstile, asked, halts=(Unlocked,))


def test_a_run_leaves_what_comes_after_its_end_untouched() -> None:
    def endless() -> Iterator[Command]:
        yield InsertCoin("t", 2)
        while True:
            yield Push("t")

    rest = endless()
    assert run(turnstile, rest).carried_out == 2
    assert Push("t") == next(rest)


def test_a_run_goes_on_from_the_state_given() -> None:
    assert Run(Locked(), (PersonPassed("t"),), 1, None) == run(turnstile, [Push("t")], Open())


@given(st.lists(commands()))
def test_a_run_is_the_fold_of_its_events(asked: list[Command]) -> None:
    ran = run(turnstile, asked)
    assert fold(turnstile, ran.events) == ran.state
    assert (ran.carried_out == len(asked)) == (ran.refused is None)


@given(commands(), st.sampled_from([Locked(), Locked(1), Open(), Broken()]))
def test_a_decision_and_its_outcome_are_two_forms_of_one_thing(
    command: Command, state: State
) -> None:
    decision: Decision = decide(command, state)
    result: Outcome = outcome(decision)
    back: Decision = decision_of(result)
    assert decision == back


def test_an_outcome_is_the_events_or_the_refusal() -> None:
    refusal: Refused[Command, Reason] = Refused(Push("t"), Reason.NOT_PAID)
    refused: Decision = (refusal,)
    result: Outcome = outcome(refused)
    assert Failure(refusal) == result
    assert Success(PAID) == outcome(PAID)
    assert Success(()) == outcome(())


def test_none_is_a_state_to_go_on_from_like_any_other() -> None:
    def latest(state: str | None, event: str | Refused[str, str] | None) -> str | None:
        return state if isinstance(event, Refused) else f"{state}+{event}"

    initial: str | None = "initial"
    last = Decider[str, str | None, str | None, str](
        initial, lambda command, state: (command,), latest, lambda state: False
    )
    assert "None+a" == fold(last, ["a"], None) == run(last, ["a"], None).state
    assert Success("None+a") == replay(last, ["a"], None)
