"""The domains of the kit's tests keep every law: the controls of the mutants that are made of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from deciderkit import Refused
from deciderkit.testing import BoardLaws, DeciderLaws, check_decider
from tests.domains import bank, cart, seats


class TestAccount(DeciderLaws):
    decider = bank.account
    commands = bank.commands()


class TestLetters(DeciderLaws):
    decider = bank.letters
    commands = st.just(bank.SendLetter(1, Decimal(-1)))


class TestBank(BoardLaws):
    board = bank.board
    commands = bank.board_commands()


class TestHall(DeciderLaws):
    decider = seats.hall
    commands = seats.commands()


class TestHalls(BoardLaws):
    board = seats.board
    commands = seats.board_commands()


class TestCart(DeciderLaws):
    decider = cart.cart
    commands = cart.commands()


class TestShipment(DeciderLaws):
    decider = cart.shipment
    commands = st.builds(cart.Ship, st.just("c1"), st.just(["pear"]))


class TestShop(BoardLaws):
    board = cart.board
    commands = cart.board_commands()


def never_in_debt(command: Any, state: Any) -> Any:
    balance = getattr(state, "balance", 0)
    if isinstance(command, bank.Withdraw) and balance < command.amount:
        return (Refused(command, bank.Reason.LIMIT),)
    return bank.account.decide(command, state)


def pears_are_free(command: Any, state: Any) -> Any:
    decision = cart.cart.decide(command, state)
    return tuple(
        cart.Added(each.cart, each.good, Decimal(0))
        if isinstance(each, cart.Added) and each.good == "pear"
        else each
        for each in decision
    )


OTHER_RULES: dict[str, tuple[Any, Any]] = {
    "never in debt": (replace(bank.account, decide=never_in_debt), bank.commands()),
    "pears are free": (replace(cart.cart, decide=pears_are_free), cart.commands()),
}


@pytest.mark.parametrize("name", OTHER_RULES)
def test_control_other_rules_break_no_law(name: str) -> None:
    """A law knows no rule of a domain: what a bank or a shop wants is said by given, when and then."""
    decider, commands = OTHER_RULES[name]
    assert () == check_decider(decider, commands, max_examples=30).left_out
