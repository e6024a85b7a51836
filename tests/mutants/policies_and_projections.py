"""Wrong policies and projections, made of the turnstile's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from deciderkit import Policy, Projection
from deciderkit.policy import ToDo
from deciderkit.testing.laws import Law, board_histories
from deciderkit.testing.laws import policy as policy_laws
from deciderkit.testing.laws import projection as projection_laws
from deciderkit.testing.laws.checking import runs
from tests.deciderkit import turnstile as domain
from tests.deciderkit.turnstile import (
    CallMechanic,
    CoinTaken,
    InsertCoin,
    Jammed,
    Kick,
    MechanicCalled,
    PersonPassed,
    Push,
    Unlocked,
    board,
    by_turnstile,
    call_mechanic,
)
from tests.mutants.mutant import Mutant

OUTSIDE = runs(domain.commands("north") | domain.commands("south"))
HISTORIES = board_histories(board, domain.board_commands())


def policy_with(law: Law[Any], wrong: str, policy: Any, *others: Any) -> Mutant:
    wall = replace(board, policies=(policy, *others))
    return Mutant("policy", wrong, law, (policy, wall), OUTSIDE)


def key_of_jams_alone(event: Any) -> str:
    return event.turnstile if isinstance(event, Jammed) else "unknown"


def call_elsewhere(event: Jammed) -> CallMechanic:
    return CallMechanic("the one over there")


def kick_again(event: Jammed) -> Kick:
    return Kick(event.turnstile)


def push_through(event: Unlocked) -> Push:
    return Push(event.turnstile)


def pay_again(event: PersonPassed) -> InsertCoin:
    return InsertCoin(event.turnstile, domain.FARE)


def numbering() -> Any:
    numbers = count()

    def then(event: Jammed) -> CallMechanic:
        return CallMechanic(f"{event.turnstile} {next(numbers)}")

    return then


@dataclass(frozen=True)
class NeverDone(Policy[Any, Any]):
    def evolve(self, pending: Any, position: int, event: object) -> Any:
        return (
            pending if isinstance(event, self.until) else super().evolve(pending, position, event)
        )


@dataclass(frozen=True)
class NorthOnly(Policy[Any, Any]):
    def evolve(self, pending: Any, position: int, event: Any) -> Any:
        return pending if event.turnstile == "south" else super().evolve(pending, position, event)


@dataclass(frozen=True)
class LastFirst(Policy[Any, Any]):
    def todos(self, events: Iterable[object]) -> tuple[ToDo[Any], ...]:
        return super().todos(events)[::-1]


def as_a(kind: type[Policy[Any, Any]]) -> Policy[Any, Any]:
    return kind(call_mechanic.name, Jammed, call_mechanic.then, MechanicCalled, call_mechanic.key)


PASS_ON = Policy("pass on", Unlocked, push_through, PersonPassed, by_turnstile)
PAY_ON = Policy("pay on", PersonPassed, pay_again, Unlocked, by_turnstile)

POLICIES = (
    policy_with(
        policy_laws.todos_depend_on_the_log_alone,
        "numbers its commands",
        replace(call_mechanic, then=numbering()),
    ),
    policy_with(
        policy_laws.todos_depend_on_the_log_alone, "the last asked comes first", as_a(LastFirst)
    ),
    policy_with(
        policy_laws.whenever_puts_on_and_until_takes_off,
        "until takes nothing off",
        as_a(NeverDone),
    ),
    policy_with(
        policy_laws.whenever_puts_on_and_until_takes_off, "is deaf in the south", as_a(NorthOnly)
    ),
    policy_with(
        policy_laws.doing_a_todo_ends_it,
        "until has another key than whenever",
        replace(call_mechanic, key=key_of_jams_alone),
    ),
    policy_with(
        policy_laws.doing_a_todo_ends_it,
        "waits for the wrong event",
        replace(call_mechanic, until=PersonPassed),
    ),
    policy_with(
        policy_laws.doing_a_todo_ends_it,
        "calls to another turnstile",
        replace(call_mechanic, then=call_elsewhere),
    ),
    policy_with(
        policy_laws.doing_a_todo_ends_it,
        "asks for what is refused",
        replace(call_mechanic, then=kick_again),  # type: ignore[arg-type]
    ),
    policy_with(policy_laws.a_cascade_ends, "two policies feed each other", PASS_ON, PAY_ON),
)


def counting() -> Any:
    calls = count()

    def evolve(total: int, event: CoinTaken) -> int:
        return total + event.value + next(calls)

    return evolve


def add_any(total: int, event: object) -> int:
    return total + 1


def list_in_place(values: list[int], event: CoinTaken) -> list[int]:
    values.append(event.value)
    return values


@dataclass(frozen=True)
class AlwaysFromScratch(Projection[int]):
    def fold(self, events: Iterable[object], view: Any = 0) -> int:
        return super().fold(events)


@dataclass(frozen=True)
class TakesAll(Projection[int]):
    def fold(self, events: Iterable[object], view: Any = 0) -> int:
        return super().fold(events, view) + sum(not hasattr(each, "turnstile") for each in events)


def view_with(law: Law[Any], wrong: str, projection: Projection[Any]) -> Mutant:
    return Mutant("projection", wrong, law, (projection,), HISTORIES)


PROJECTIONS = (
    view_with(
        projection_laws.a_view_is_deterministic,
        "counts its own calls",
        Projection("takings", 0, counting()),
    ),
    view_with(
        projection_laws.a_view_can_be_kept_up_to_date,
        "begins from scratch every time",
        AlwaysFromScratch("takings", 0, domain.add_coin),
    ),
    view_with(
        projection_laws.a_view_leaves_its_arguments_alone,
        "adds to the view in place",
        Projection("takings", [], list_in_place),
    ),
    view_with(
        projection_laws.other_events_leave_a_view_alone,
        "counts whatever comes",
        Projection("takings", 0, add_any),
    ),
    view_with(
        projection_laws.other_events_leave_a_view_alone,
        "counts what it does not know",
        TakesAll("takings", 0, domain.add_coin),
    ),
)
