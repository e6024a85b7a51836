from __future__ import annotations

import pytest
from msgspec import Struct
from pyrsistent import pmap

from deciderkit import Policy, ToDo
from deciderkit.testing import given
from tests.deciderkit.turnstile import (
    CallMechanic,
    CoinTaken,
    Jammed,
    MechanicCalled,
    call_mechanic,
)


class Tick(Struct, frozen=True):
    clock: str


def test_whenever_puts_a_command_on_the_list() -> None:
    given(call_mechanic, Jammed("a")).then_todos(CallMechanic("a"))


def test_until_takes_it_off_for_its_own_key_only() -> None:
    given(call_mechanic, Jammed("a"), Jammed("b"), MechanicCalled("b")).then_todos(
        CallMechanic("a")
    )


def test_until_without_a_whenever_is_nothing() -> None:
    given(call_mechanic, MechanicCalled("a")).then_nothing()


def test_an_event_that_nobody_waits_for_is_nothing() -> None:
    given(call_mechanic, CoinTaken("a", 1)).then_nothing()


def test_asked_twice_a_to_do_stands_once_at_the_place_of_the_first_asking() -> None:
    todos = call_mechanic.todos([CoinTaken("a", 1), Jammed("a"), Jammed("b"), Jammed("a")])
    name = "call the mechanic"
    expected = (
        ToDo(2, name, "a", CallMechanic("a")),
        ToDo(3, name, "b", CallMechanic("b")),
    )
    assert expected == todos


def test_to_dos_come_in_the_order_of_the_log_and_not_of_their_keys() -> None:
    keys = [f"key{number}" for number in range(50, 0, -1)]
    todos = call_mechanic.todos([Jammed(key) for key in keys])
    assert keys == [todo.key for todo in todos]


def test_asked_again_after_it_was_done_it_stands_at_the_later_place() -> None:
    todos = call_mechanic.todos([Jammed("a"), MechanicCalled("a"), Jammed("a")])
    assert [todo.position for todo in todos] == [3]


def test_an_event_that_ends_one_to_do_may_ask_for_the_next() -> None:
    clock = Policy("tick", Tick, then=lambda event: "tock", until=Tick, key=lambda event: "clock")
    assert (ToDo(2, "tick", "clock", "tock"),) == clock.todos([Tick("a"), Tick("a")])


def test_evolve_leaves_the_to_dos_before_as_they_were() -> None:
    before = call_mechanic.evolve(pmap(), 1, Jammed("a"))
    after = call_mechanic.evolve(before, 2, MechanicCalled("a"))
    assert (len(before), len(after)) == (1, 0)


def test_a_policy_says_which_commands_it_asks_for() -> None:
    assert (CallMechanic,) == call_mechanic.asks_for
    silent = Policy("tick", Tick, then=lambda event: "tock", until=Tick, key=lambda event: "clock")
    with pytest.raises(TypeError, match="what it returns has no annotation"):
        _ = silent.asks_for
