"""How far commands are decided in one go."""

from __future__ import annotations

from typing import Any

import pytest

from deciderkit import Refused
from deciderkit.planning import Plan, plan, retrace
from tests.deciderkit.turnstile import (
    CoinTaken,
    InsertCoin,
    Jammed,
    Kick,
    Locked,
    Open,
    PersonPassed,
    Push,
    Reason,
    Unlocked,
    turnstile,
)

COIN, PUSH, KICK = InsertCoin("north", 2), Push("north"), Kick("north")
PAID = (CoinTaken("north", 2), Unlocked("north"))
PASSED = (PersonPassed("north"),)


def test_each_command_is_decided_on_the_state_after_the_one_before() -> None:
    decisions = ((COIN, PAID), (PUSH, PASSED))
    assert Plan(decisions, PAID + PASSED, Locked()) == plan(turnstile, [COIN, PUSH], Locked())


def test_no_command_is_an_empty_plan() -> None:
    assert Plan((), (), Open()) == plan(turnstile, [], Open())


def test_a_refusal_is_a_decision_and_no_event() -> None:
    refused = (Refused(PUSH, Reason.NOT_PAID),)
    expected = Plan(((PUSH, refused), (COIN, PAID)), PAID, Open())
    assert expected == plan(turnstile, [PUSH, COIN], Locked())


def test_a_cut_ends_the_plan_after_its_command() -> None:
    cut = plan(turnstile, [PUSH, KICK, PUSH], Locked(), cuts=frozenset([Jammed]))
    assert (Jammed("north"),) == cut.events
    assert 2 == len(cut.decisions)
    refused = plan(turnstile, [PUSH, KICK], Locked(), cuts=frozenset([Refused]))
    assert 1 == len(refused.decisions)


def test_what_stands_alone_gets_a_plan_to_itself() -> None:
    alone = frozenset([PersonPassed])
    first = plan(turnstile, [COIN, PUSH, COIN], Locked(), alone=alone)
    assert Plan(((COIN, PAID),), PAID, Open()) == first
    second = plan(turnstile, [PUSH, COIN], first.state, alone=alone)
    assert Plan(((PUSH, PASSED),), PASSED, Locked()) == second


def test_what_was_decided_is_told_again_up_to_its_last_event() -> None:
    planned = plan(turnstile, [PUSH, COIN, PUSH], Locked())
    again = retrace(turnstile, [PUSH, COIN, PUSH, PUSH], Locked(), planned.events)
    assert planned == again


def test_commands_that_led_to_nothing_are_all_told_again() -> None:
    assert plan(turnstile, [PUSH, PUSH], Locked()) == retrace(turnstile, [PUSH, PUSH], Locked(), ())


@pytest.mark.parametrize(
    "events",
    [(), PAID[:1], PAID[1:], (*PAID, *PASSED, *PASSED), (Jammed("north"),)],
    ids=["none", "half", "other half", "more", "another"],
)
def test_what_the_commands_cannot_have_led_to_is_not_told(events: tuple[Any, ...]) -> None:
    assert retrace(turnstile, [COIN, PUSH], Locked(), events) is None
