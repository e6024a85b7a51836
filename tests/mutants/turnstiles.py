"""Wrong turnstiles, and wrong baskets: a domain whose state can be changed where it must not be."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from deciderkit import Decider
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import decider as laws
from deciderkit.testing.laws.checking import runs
from tests.deciderkit import turnstile as domain
from tests.deciderkit.turnstile import turnstile
from tests.mutants.mutant import Mutant

TURNSTILE_RUNS = runs(domain.commands())


def turnstile_with(law: Law[Any], wrong: str, **parts: Any) -> Mutant:
    return Mutant("turnstile", wrong, law, (replace(turnstile, **parts),), TURNSTILE_RUNS)


def takes_coins_when_open(command: Any, state: Any) -> Any:
    if isinstance(state, domain.Open) and isinstance(command, domain.InsertCoin):
        return (domain.CoinTaken(command.turnstile, command.value),)
    return turnstile.decide(command, state)


def never_unlocks(command: Any, state: Any) -> Any:
    return turnstile.decide(command, state)[:1]


def opens_when_broken(command: Any, state: Any) -> Any:
    if isinstance(state, domain.Broken) and isinstance(command, domain.Push):
        return (domain.PersonPassed(command.turnstile),)
    return turnstile.decide(command, state)


def in_the_order_of_a_set(command: Any, state: Any) -> Any:
    """Take a coin for each of some words, in the order in which a set of them comes."""
    if isinstance(state, domain.Locked) and isinstance(command, domain.Kick):
        names = {"alpha", "beta", "gamma", "delta", "epsilon"}
        return tuple(domain.Jammed(name) for name in names)[:1]
    return turnstile.decide(command, state)


@dataclass
class Basket:
    """A state that can be changed, where it must not be."""

    items: list[str]
    asked: list[str]


def put(command: str, state: Basket) -> tuple[str, ...]:
    return (command,)


def put_and_note(command: str, state: Basket) -> tuple[str, ...]:
    state.asked.append(command)
    return (command,)


def add(state: Basket, event: Any) -> Basket:
    return Basket([*state.items, event], state.asked)


def add_in_place(state: Basket, event: Any) -> Basket:
    state.items.append(event)
    return state


def is_full(state: Basket) -> bool:
    return False


def remembering_baskets() -> Callable[[Any, Any], Any]:
    weights: dict[int, int] = {}
    kept: list[Basket] = []

    def evolve(state: Basket, event: Any) -> Basket:
        """Know a basket by its place in memory: a copy of it is another one."""
        weight = weights.get(id(state), 0) + 1
        kept.append(Basket([*state.items, event], [str(weight)]))
        weights[id(kept[-1])] = weight
        return kept[-1]

    return evolve


def of_its_own_making() -> tuple[Any, Any]:
    """Know the events that were decided here by the objects that they are."""
    made: list[Any] = []

    def decide(command: str, state: Basket) -> tuple[Any, ...]:
        made.append([command])
        return (made[-1],)

    def evolve(state: Basket, event: Any) -> Basket:
        own = any(event is each for each in made)
        return Basket([*state.items, *event], state.asked) if own else state

    return decide, evolve


FIRST = Basket([], [])


def only_in_the_first_basket(command: str, state: Basket) -> tuple[str, ...]:
    return (command,) if state is FIRST else ()


def put_what_the_environment_says(command: str, state: Basket) -> tuple[str, ...]:
    return (os.environ.get("BASKET_PREFIX", "") + command,)


def basket_with(
    law: Law[Any],
    wrong: str,
    decide: Any = put,
    evolve: Any = add,
    initial: Basket = Basket([], []),  # noqa: B008 - as a module's constant would be
) -> Mutant:
    basket = Decider[str, Any, Basket, str](initial, decide, evolve, is_full)
    return Mutant("basket", wrong, law, (basket,), runs(st.sampled_from(["pear", "plum"])))


PURITY_ONLY = basket_with(
    laws.decide_leaves_its_arguments_alone,
    "decide notes in the state what it was asked, and never looks at it",
    decide=put_and_note,
)
"""Deterministic, and no answer ever shows it: only a look at the arguments afterwards does."""

TURNSTILES_AND_BASKETS = (
    PURITY_ONLY,
    turnstile_with(
        laws.evolve_takes_what_decide_gives, "takes coins when open", decide=takes_coins_when_open
    ),
    turnstile_with(laws.evolve_takes_what_decide_gives, "never unlocks", decide=never_unlocks),
    basket_with(
        laws.evolve_leaves_its_arguments_alone, "evolve adds in place", evolve=add_in_place
    ),
    basket_with(
        laws.replay_reaches_the_same_state, "takes in what it decided itself", *of_its_own_making()
    ),
    basket_with(
        laws.a_copy_is_treated_as_the_original,
        "decides by the very object that a basket is",
        decide=only_in_the_first_basket,
        initial=FIRST,
    ),
    basket_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "the environment says what is put in",
        decide=put_what_the_environment_says,
    ),
    basket_with(
        laws.a_fold_can_be_taken_up_anywhere,
        "knows a state by its place in memory",
        evolve=remembering_baskets(),
    ),
    turnstile_with(
        laws.a_terminal_state_only_refuses, "lets pass when broken", decide=opens_when_broken
    ),
    turnstile_with(
        laws.a_decider_does_not_depend_on_the_hash_seed,
        "the first of a set is jammed",
        decide=in_the_order_of_a_set,
    ),
)
