"""Wrong carts: lists that are changed, prices that hang on the machine, and events that are not taken."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

from deciderkit import Decider, Refused, cannot_follow
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import decider as laws
from deciderkit.testing.laws.checking import runs
from tests.domains import cart as domain
from tests.domains.cart import (
    PRICES,
    Add,
    Added,
    CheckedOut,
    CheckOut,
    Filling,
    Paid,
    Remove,
    Removed,
    cart,
)
from tests.mutants.mutant import Mutant

RUNS = runs(domain.commands())


def cart_with(law: Law[Any], wrong: str, **parts: Any) -> Mutant:
    return Mutant("cart", wrong, law, (replace(cart, **parts),), RUNS)


def sorts_what_it_was_given(command: Any, state: Any) -> Any:
    if isinstance(command, Add):
        command.goods.sort()
    return cart.decide(command, state)


def empties_what_it_was_given(command: Any, state: Any) -> Any:
    decision = cart.decide(command, state)
    if isinstance(command, Add) and isinstance(state, Filling):
        command.goods.clear()
    return decision


def prices_what_there_is_not(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling):
        return tuple(Added(command.cart, good, PRICES[good]) for good in command.goods)
    return cart.decide(command, state)


def takes_what_there_is(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling):
        known = [good for good in command.goods if good in PRICES]
        added = tuple(Added(command.cart, good, PRICES[good]) for good in known)
        refused = (Refused(command, domain.Reason.UNKNOWN),)
        return added + refused if len(known) < len(command.goods) else added
    return cart.decide(command, state)


def checks_an_empty_cart_out(command: Any, state: Any) -> Any:
    if isinstance(command, CheckOut) and isinstance(state, Filling):
        return (CheckedOut(command.cart, (), domain.total(state)),)
    return cart.decide(command, state)


def forgets_the_last_line(command: Any, state: Any) -> Any:
    if isinstance(command, CheckOut) and isinstance(state, Filling) and state.lines:
        total = domain.total(Filling(state.lines[:-1]))
        return (CheckedOut(command.cart, (), total),)
    return cart.decide(command, state)


def removes_what_is_not_in_it(command: Any, state: Any) -> Any:
    if isinstance(command, Remove) and isinstance(state, Filling):
        return (Removed(command.cart, command.good),)
    return cart.decide(command, state)


def adds_once_paid(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Paid):
        return tuple(Added(command.cart, good, Decimal(1)) for good in command.goods)
    return cart.decide(command, state)


def a_price_by_lot(command: Any, state: Any) -> Any:
    decision = cart.decide(command, state)
    random.shuffle([*decision])
    return decision


def a_name_by_the_system(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling) and command.goods:
        return (Added(command.cart, os.urandom(4).hex(), Decimal(1)),)
    return cart.decide(command, state)


def prices_of_the_environment(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling):
        suffix = os.getenv("SHOP_CURRENCY", "EUR")
        return tuple(Added(command.cart, f"{good} {suffix}", Decimal(1)) for good in command.goods)
    return cart.decide(command, state)


def each_good_once(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling):
        goods = {*command.goods, *PRICES}
        return tuple(Added(command.cart, good, Decimal(1)) for good in goods)
    return cart.decide(command, state)


def a_discount_by_the_digits(command: Any, state: Any) -> Any:
    if isinstance(command, Add) and isinstance(state, Filling):
        third = Decimal(1) / Decimal(3)
        return tuple(Added(command.cart, good, third) for good in command.goods)
    return cart.decide(command, state)


def empties_on_a_refusal(state: Any, event: Any) -> Any:
    if isinstance(event, Refused) and isinstance(state, Filling):
        return Filling()
    return domain.evolve(state, event)


def removes_by_index(state: Any, event: Any) -> Any:
    if isinstance(event, Removed) and isinstance(state, Filling):
        at = [name for name, _ in state.lines].index(event.good)
        return Filling(state.lines[:at] + state.lines[at + 1 :])
    return domain.evolve(state, event)


def knows_no_checkout(state: Any, event: Any) -> Any:
    if isinstance(event, CheckedOut):
        cannot_follow(state, event)
    return domain.evolve(state, event)


def append_in_place(lines: list[str], event: Any) -> list[str]:
    lines.append(event.good)
    return lines


def append_a_copy(lines: list[str], event: Any) -> list[str]:
    return [*lines, event.good]


def add_all(command: Any, lines: list[str]) -> Any:
    goods = command.goods if isinstance(command, Add) else []
    return tuple(Added(command.cart, good, Decimal(1)) for good in goods)


def add_and_note(command: Any, lines: list[str]) -> Any:
    lines.insert(0, "asked")
    return add_all(command, lines)


def never(lines: list[str]) -> bool:
    return False


def list_with(law: Law[Any], wrong: str, decide: Any, evolve: Any) -> Mutant:
    decider = Decider[Any, Any, list[str], str]([], decide, evolve, never)
    return Mutant("cart", wrong, law, (decider,), RUNS)


CARTS = (
    cart_with(
        laws.decide_leaves_its_arguments_alone,
        "sorts the list of the command",
        decide=sorts_what_it_was_given,
    ),
    cart_with(
        laws.decide_leaves_its_arguments_alone,
        "empties the list of the command",
        decide=empties_what_it_was_given,
    ),
    list_with(
        laws.decide_leaves_its_arguments_alone,
        "a question is noted in the cart",
        add_and_note,
        append_a_copy,
    ),
    list_with(
        laws.evolve_leaves_its_arguments_alone,
        "the list that all carts begin with is filled",
        add_all,
        append_in_place,
    ),
    cart_with(
        laws.decide_is_total, "KeyError for an unknown good", decide=prices_what_there_is_not
    ),
    cart_with(
        laws.a_decision_is_events_or_one_refusal,
        "adds what there is, and refuses",
        decide=takes_what_there_is,
    ),
    cart_with(
        laws.evolve_takes_what_decide_gives,
        "checks an empty cart out",
        decide=checks_an_empty_cart_out,
    ),
    cart_with(
        laws.evolve_takes_what_decide_gives,
        "forgets the last line of the sum",
        decide=forgets_the_last_line,
    ),
    cart_with(
        laws.evolve_takes_what_decide_gives,
        "removes what is not in it",
        decide=removes_what_is_not_in_it,
    ),
    cart_with(
        laws.evolve_takes_what_decide_gives, "evolve knows no checkout", evolve=knows_no_checkout
    ),
    cart_with(laws.a_terminal_state_only_refuses, "adds once paid", decide=adds_once_paid),
    cart_with(laws.a_decider_leaves_the_world_alone, "shuffles a copy", decide=a_price_by_lot),
    cart_with(
        laws.decide_is_deterministic, "a name by the system's dice", decide=a_name_by_the_system
    ),
    cart_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "the environment says the currency",
        decide=prices_of_the_environment,
    ),
    cart_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "a third is as long as the context says",
        decide=a_discount_by_the_digits,
    ),
    cart_with(
        laws.a_decider_does_not_depend_on_the_hash_seed,
        "adds in the order of a set",
        decide=each_good_once,
    ),
    cart_with(laws.a_refusal_changes_nothing, "a refusal empties it", evolve=empties_on_a_refusal),
    cart_with(laws.evolve_follows_or_says_corrupt, "a list's ValueError", evolve=removes_by_index),
)
