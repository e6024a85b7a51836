"""How far commands are decided in one go, and that every event stands in its own stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec import Struct

from deciderkit import Aggregate, Refused
from deciderkit.planning import Misplaced, Plan, plan
from tests.deciderkit.turnstile import (
    CoinTaken,
    Command,
    Event,
    InsertCoin,
    Jammed,
    Kick,
    Locked,
    MechanicCalled,
    Open,
    PersonPassed,
    Push,
    Reason,
    State,
    Unlocked,
    turnstile,
    turnstiles,
)

COIN, PUSH, KICK = InsertCoin("north", 2), Push("north"), Kick("north")
PAID = (CoinTaken("north", 2), Unlocked("north"))
PASSED = (PersonPassed("north"),)
REFUSED = (Refused(PUSH, Reason.NOT_PAID),)


def planned(commands: list[Any], state: State, **how: frozenset[type]) -> Plan:
    return plan(turnstiles, "north", commands, state, **how)


def test_each_command_is_decided_on_the_state_after_the_one_before() -> None:
    expected = Plan([PAID, PASSED], [*PAID, *PASSED], [], Locked(), recorded=2)
    assert expected == planned([COIN, PUSH], Locked())


def test_no_command_is_an_empty_plan() -> None:
    assert Plan([], [], [], Open()) == planned([], Open())


def test_a_refusal_is_a_decision_and_no_event() -> None:
    expected = Plan([REFUSED, PAID], list(PAID), [0], Open(), recorded=2)
    assert expected == planned([PUSH, COIN], Locked())


def test_what_is_recorded_ends_with_the_last_command_that_led_to_an_event() -> None:
    decisions = [PAID, PASSED, REFUSED, REFUSED]
    expected = Plan(decisions, [*PAID, *PASSED], [2, 3], Locked(), recorded=2)
    assert expected == planned([COIN, PUSH, PUSH, PUSH], Locked())
    assert Plan([REFUSED], [], [0], Locked(), recorded=0) == planned([PUSH], Locked())


def test_a_command_that_leads_to_nothing_is_decided_and_not_recorded() -> None:
    expected = Plan([PAID, (), PASSED], [*PAID, *PASSED], [], Locked(), recorded=3)
    assert expected == planned([COIN, KICK, PUSH], Locked())
    assert Plan([PASSED], list(PASSED), [], Locked(), recorded=1) == planned([PUSH], Open())
    assert Plan([()], [], [], Open(), recorded=0) == planned([KICK], Open())
    assert Plan([(), ()], [], [], Open(), recorded=0) == planned([KICK, KICK], Open())


def test_a_cut_ends_the_plan_after_its_command() -> None:
    cut = planned([PUSH, KICK, PUSH], Locked(), cuts=frozenset([Jammed]))
    assert [Jammed("north")] == cut.events
    assert 2 == len(cut.decisions)
    assert cut.cut
    refused = planned([PUSH, KICK], Locked(), cuts=frozenset([Refused]))
    assert [REFUSED] == refused.decisions
    assert refused.cut
    assert not planned([PUSH, COIN], Locked(), cuts=frozenset([Jammed])).cut


def test_what_stands_alone_gets_a_plan_to_itself() -> None:
    alone = frozenset([PersonPassed])
    first = planned([COIN, PUSH, COIN], Locked(), cuts=alone, alone=alone)
    assert Plan([PAID], list(PAID), [], Open(), recorded=1) == first
    second = planned([PUSH, COIN], first.state, cuts=alone, alone=alone)
    assert Plan([PASSED], list(PASSED), [], Locked(), recorded=1, cut=True) == second


class Stray(Struct, frozen=True):
    turnstile: str


def deciding(*events: Any) -> Aggregate:
    def decide(command: Any, state: Any) -> Any:
        return events if command is KICK else turnstile.decide(command, state)

    return replace(turnstiles, decider=replace(turnstile, decide=decide))


def raising(where: str) -> Aggregate:
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError(where)

    if where == "key":

        def key(message: Any) -> str:
            return fail() if isinstance(message, Jammed) else str(message.turnstile)

        return replace(turnstiles, key=key)

    def decide(command: Command, state: State) -> Any:
        return fail() if command is KICK and where == "decide" else turnstile.decide(command, state)

    def evolve(state: State, event: Event | Refused[Command, Reason]) -> Any:
        raises = where == "evolve" and isinstance(event, Jammed)
        return fail() if raises else turnstile.evolve(state, event)

    return replace(turnstiles, decider=replace(turnstile, decide=decide, evolve=evolve))


TROUBLES: dict[str, tuple[Callable[[], Aggregate], type[Exception], str]] = {
    "an event of another key": (
        lambda: deciding(Jammed("north"), Jammed("south")),
        Misplaced,
        "Turnstile north decided Jammed of south: expected events of the stream of its own "
        "command; a policy sends commands to others",
    ),
    "an event that evolve does not name": (
        lambda: deciding(MechanicCalled("north")),
        Misplaced,
        "Turnstile decided MechanicCalled, which its evolve does not name: expected one of "
        "CoinTaken, Unlocked, PersonPassed, Jammed",
    ),
    "something else": (
        lambda: deciding(Stray("north")),
        Misplaced,
        "Turnstile decided Stray, which its evolve does not name: expected one of "
        "CoinTaken, Unlocked, PersonPassed, Jammed",
    ),
    "events and a refusal": (
        lambda: deciding(Jammed("north"), *REFUSED),
        Misplaced,
        "Turnstile decided events and a refusal: expected one of the two",
    ),
    "two refusals": (
        lambda: deciding(*REFUSED, *REFUSED),
        Misplaced,
        "Turnstile decided events and a refusal: expected one of the two",
    ),
    "decide raises": (lambda: raising("decide"), ZeroDivisionError, "decide"),
    "evolve raises": (lambda: raising("evolve"), ZeroDivisionError, "evolve"),
    "key raises": (lambda: raising("key"), ZeroDivisionError, "key"),
}


@pytest.mark.parametrize(("aggregate", "kind", "said"), TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize("before", [[], [COIN, PUSH]], ids=["alone", "behind two others"])
def test_a_command_with_a_trouble_of_its_own_ends_the_plan_before_it(
    aggregate: Callable[[], Aggregate], kind: type[Exception], said: str, before: list[Any]
) -> None:
    found = plan(aggregate(), "north", [*before, KICK, PUSH], Locked())
    assert planned(before, Locked()) == replace_trouble(found)
    assert (kind, said) == (type(found.trouble), str(found.trouble))


def replace_trouble(found: Plan) -> Plan:
    return Plan(found.decisions, found.events, found.refused, found.state, found.recorded)


@pytest.mark.parametrize("decision", [[Jammed("north")], None, "Jammed", Jammed("north")], ids=repr)
def test_a_decision_is_a_tuple(decision: Any) -> None:
    aggregate = replace(
        turnstiles, decider=replace(turnstile, decide=lambda command, state: decision)
    )
    found = plan(aggregate, "north", [KICK], Locked())
    assert isinstance(found.trouble, Misplaced)
    assert str(found.trouble).startswith(f"Turnstile decided {decision!r}: expected a tuple of")


def test_the_state_behind_a_trouble_is_the_one_before_its_command() -> None:
    found = plan(deciding(CoinTaken("north", 2), Jammed("south")), "north", [KICK], Locked())
    assert (Locked(), []) == (found.state, found.events)


def test_a_key_is_compared_as_it_stands_in_a_stream() -> None:
    numbered = replace(turnstiles, key=lambda message: int(message.turnstile))
    paid = plan(numbered, "7", [InsertCoin("7", 1)], Locked())
    assert paid.trouble is None
    assert [CoinTaken("7", 1)] == paid.events
