"""The report of fields that no example changed anything by: what is at work is not in it, and what idles is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import pytest
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused
from deciderkit.aggregate import ExternalSystem
from deciderkit.testing import idle_fields
from tests.deciderkit import turnstile
from tests.domains import bank


class Order(Struct, frozen=True):
    table: str
    dish: str
    mood: str


@dataclass(frozen=True)
class Ordered:
    table: str
    dish: str
    colour: str


class Cook(Struct, frozen=True):
    table: str
    dish: str


class Cooked(Struct, frozen=True):
    table: str


class Open(NamedTuple):
    orders: int = 0
    last: str = ""


def decide(command: Order, state: Open) -> tuple[Ordered, ...] | tuple[Refused[Order, str]]:
    if state.orders > 2:
        return (Refused(command, "enough"),)
    return (Ordered(command.table, command.dish, "red"),)


def evolve(state: Open, event: Ordered | Refused[Order, str]) -> Open:
    return Open(state.orders + 1, event.dish) if isinstance(event, Ordered) else state


def decide_cooking(command: Cook, state: int) -> tuple[Cooked, ...]:
    return (Cooked(command.table),)


def evolve_cooking(state: int, event: Cooked) -> int:
    return state + 1


def never(state: object) -> bool:
    return False


def cook(event: Ordered) -> Cook:
    return Cook(event.table, event.dish)


def by_table(message: Order | Ordered | Cook | Cooked) -> str:
    return message.table


table = Decider[Order, Ordered, Open, str](Open(), decide, evolve, never)
kitchen = Decider[Cook, Cooked, int, str](0, decide_cooking, evolve_cooking, never)  # type: ignore[arg-type]
board = Board(
    (
        Aggregate("Table", "table", table, by_table),
        Aggregate("Kitchen", "kitchen", kitchen, by_table),
    ),
    (Policy("cook", Ordered, cook, Cooked, by_table),),
)
orders = st.builds(
    Order, st.sampled_from(["1", "2"]), st.sampled_from(["soup", "fish"]), st.sampled_from("xyz")
)


def test_fields_that_change_nothing_are_named_and_no_others() -> None:
    """A mood that nobody looks at; a colour that is always the same; the last dish, never asked for."""
    idle = idle_fields(board, orders)
    assert ("Order.mood", "Ordered.colour", "Open.last", "Cook.dish") == idle


def test_they_are_named_in_the_order_of_the_board() -> None:
    """The kitchen first: what was met last, since a policy asks for it, is named first."""
    turned = replace(board, aggregates=board.aggregates[::-1])
    idle = idle_fields(turned, orders)
    assert ("Cook.dish", "Order.mood", "Ordered.colour", "Open.last") == idle


def dishes(seen: frozenset[str], event: Ordered) -> frozenset[str]:
    return seen | {event.colour}


def test_a_field_that_a_view_or_somebody_outside_is_told_of_is_at_work() -> None:
    view = replace(board, projections=(Projection("dishes", frozenset(), dishes),))
    few = 40
    assert "Ordered.colour" in idle_fields(view, orders, max_examples=few)  # it is always the same
    other = replace(table, decide=colourful)
    coloured = replace(board.aggregates[0], decider=other)
    both = (coloured, board.aggregates[1])
    assert "Ordered.colour" in idle_fields(
        replace(board, aggregates=both), orders, max_examples=few
    )
    assert "Ordered.colour" not in idle_fields(
        replace(view, aggregates=both), orders, max_examples=few
    )
    told = replace(board, aggregates=both, externals=(ExternalSystem("menu", (Ordered,)),))
    assert "Ordered.colour" not in idle_fields(told, orders, max_examples=few)


def colourful(command: Order, state: Open) -> tuple[Ordered, ...]:
    return (Ordered(command.table, command.dish, command.mood),)


def test_the_same_seed_reports_the_same() -> None:
    assert idle_fields(bank.board, bank.board_commands()) == (
        idle_fields(bank.board, bank.board_commands())
    )


def test_a_domain_whose_fields_are_all_at_work_has_an_empty_report() -> None:
    assert () == idle_fields(turnstile.board, turnstile.board_commands())


def test_the_summary_names_the_fields(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from deciderkit.testing import BoardLaws
        from tests.deciderkit.testing.laws.test_idle import board, orders

        class TestRestaurant(BoardLaws):
            board, commands = board, orders
        """
    )
    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-k", "test_fields or its_place"
    )
    told = "fields that no example changed anything by: Order.mood, Ordered.colour, Open.last, Cook.dish"
    result.stdout.fnmatch_lines(["laws: 2 checked for 1 board, 0 broken", told])
