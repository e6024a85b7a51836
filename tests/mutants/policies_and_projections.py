"""Wrong policies and projections, made of the turnstile's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
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
from tests.domains import bank, cart, seats
from tests.domains.seats import Held
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
    def evolve(self, waiting: Any, position: int, event: object, command_id: str = "") -> Any:
        if isinstance(event, self.answers):
            return waiting
        return super().evolve(waiting, position, event, command_id)


@dataclass(frozen=True)
class NorthOnly(Policy[Any, Any]):
    def evolve(self, waiting: Any, position: int, event: Any, command_id: str = "") -> Any:
        if event.turnstile == "south":
            return waiting
        return super().evolve(waiting, position, event, command_id)


@dataclass(frozen=True)
class AllAtOnce(Policy[Any, Any]):
    def evolve(self, waiting: Any, position: int, event: Any, command_id: str = "") -> Any:
        if isinstance(event, self.answers):
            return waiting.without_all(self.key(event))
        return super().evolve(waiting, position, event, command_id)


@dataclass(frozen=True)
class DeafToIds(Policy[Any, Any]):
    def evolve(self, waiting: Any, position: int, event: Any, command_id: str = "") -> Any:
        return super().evolve(waiting, position, event, "")


@dataclass(frozen=True)
class KnowsNoExcuse(Policy[Any, Any]):
    def evolve(self, waiting: Any, position: int, event: Any, command_id: str = "") -> Any:
        if isinstance(event, self.excuses):
            return waiting
        return super().evolve(waiting, position, event, command_id)


@dataclass(frozen=True)
class LastFirst(Policy[Any, Any]):
    def todos(
        self, events: Iterable[object], now: datetime | None = None
    ) -> tuple[ToDo[Any, Any], ...]:
        return super().todos(events, now)[::-1]


@dataclass(frozen=True)
class AlwaysReady(Policy[Any, Any]):
    def todos(
        self, events: Iterable[object], now: datetime | None = None
    ) -> tuple[ToDo[Any, Any], ...]:
        return super().todos(events)


def without_a_zone(event: Held) -> datetime:
    return event.until.replace(tzinfo=None)


def by_the_clock(event: Held) -> datetime:
    return datetime.now(UTC)


def hall_with(law: Law[Any], wrong: str, policy: Any) -> Mutant:
    wall = replace(seats.board, policies=(policy,))
    return Mutant("policy", wrong, law, (policy, wall), runs(seats.commands()))


def shop_with(law: Law[Any], wrong: str, policy: Any) -> Mutant:
    wall = replace(cart.board, policies=(policy,))
    return Mutant("policy", wrong, law, (policy, wall), runs(cart.board_commands()))


def bank_with(law: Law[Any], wrong: str, policy: Any) -> Mutant:
    wall = replace(bank.board, policies=(policy,))
    return Mutant("policy", wrong, law, (policy, wall), runs(bank.board_commands()))


def to_the_wrong_cart(event: cart.CheckedOut) -> cart.Ship:
    return cart.Ship("c1", list(event.goods))


def like(policy: Policy[Any, Any], kind: type[Policy[Any, Any]]) -> Policy[Any, Any]:
    return kind(**{each.name: getattr(policy, each.name) for each in fields(policy)})


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
    bank_with(
        policy_laws.whenever_puts_on_and_until_takes_off,
        "one answer ends all",
        like(bank.warn, AllAtOnce),
    ),
    bank_with(
        policy_laws.whenever_puts_on_and_until_takes_off,
        "is deaf to the id of what was done",
        like(bank.warn, DeafToIds),
    ),
    hall_with(
        policy_laws.whenever_puts_on_and_until_takes_off,
        "a booked seat is released all the same",
        like(seats.run_out, KnowsNoExcuse),
    ),
    hall_with(
        policy_laws.doing_a_todo_ends_it,
        "knows no booking",
        replace(seats.run_out, unless=()),
    ),
    hall_with(
        policy_laws.a_todo_waits_until_it_is_due,
        "is due at a time without a zone",
        replace(seats.run_out, due=without_a_zone),
    ),
    hall_with(
        policy_laws.a_todo_waits_until_it_is_due,
        "is due by the clock",
        replace(seats.run_out, due=by_the_clock),
    ),
    hall_with(
        policy_laws.a_todo_waits_until_it_is_due, "does not wait", like(seats.run_out, AlwaysReady)
    ),
    shop_with(
        policy_laws.doing_a_todo_ends_it,
        "ships to the first cart",
        replace(cart.ship_goods, then=to_the_wrong_cart),
    ),
    shop_with(
        policy_laws.doing_a_todo_ends_it,
        "waits for what it does not lead to",
        replace(cart.ship_goods, until=cart.Removed),
    ),
    bank_with(
        policy_laws.doing_a_todo_ends_it,
        "waits for the money",
        replace(bank.warn, until=bank.Deposited),
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
