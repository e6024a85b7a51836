"""Wrong banks: amounts that are wrong, and money that hangs on chance, on the machine or on the hour."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, getcontext
from typing import Any

from deciderkit import Decider, Refused
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import decider as laws
from deciderkit.testing.laws.checking import runs
from tests.domains import bank
from tests.domains.bank import (
    CENT,
    Active,
    AddInterest,
    Close,
    Closed,
    Deposit,
    Deposited,
    NotOpen,
    Open,
    Opened,
    Overdrawn,
    Shut,
    Withdraw,
    Withdrawn,
    account,
)
from tests.mutants.mutant import Mutant

RUNS = runs(bank.commands())


def bank_with(law: Law[Any], wrong: str, **parts: Any) -> Mutant:
    return Mutant("bank", wrong, law, (replace(account, **parts),), RUNS)


def changing(kind: type, change: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A ``decide`` that answers one kind of command to an active account in its own way."""

    def decide(command: Any, state: Any) -> Any:
        if isinstance(state, Active) and isinstance(command, kind):
            return change(command, state)
        return account.decide(command, state)

    return decide


def shares_of_nothing(command: Deposit, state: Active) -> Any:
    return (Deposited(command.account, command.amount + 0 / command.amount),)


def as_a_generator(command: Deposit, state: Active) -> Any:
    return (each for each in [Deposited(command.account, command.amount)])


def refuses_a_smaller_one(command: Withdraw, state: Active) -> Any:
    (first, *_) = decision = account.decide(command, state)
    if isinstance(first, Refused):
        return (Refused(Withdraw(command.account, command.amount / 2), first.reason),)
    return decision


def refuses_and_takes(command: Withdraw, state: Active) -> Any:
    decision = account.decide(command, state)
    if isinstance(decision[0], Refused):
        return (*decision, Withdrawn(command.account, command.amount))
    return decision


def beyond_the_limit(command: Withdraw, state: Active) -> Any:
    return (Withdrawn(command.account, command.amount),)


def pays_out_nothing(command: Close, state: Active) -> Any:
    return (Closed(command.account, Decimal(0)),)


def tells_of_the_balance_before(command: Withdraw, state: Active) -> Any:
    decision = account.decide(command, state)
    if isinstance(decision[-1], Overdrawn):
        return (decision[0], Overdrawn(command.account, state.balance))
    return decision


def deposits_once_shut(command: Any, state: Any) -> Any:
    if isinstance(state, Shut) and isinstance(command, Deposit):
        return (Deposited(command.account, command.amount),)
    return account.decide(command, state)


def opens_once_shut(command: Any, state: Any) -> Any:
    if isinstance(state, Shut) and isinstance(command, Open):
        return (Opened(command.account, command.owner),)
    return account.decide(command, state)


def a_bonus_by_lot(command: Deposit, state: Active) -> Any:
    return (Deposited(command.account, command.amount + random.randint(0, 1)),)


def seeds_the_lot(command: Deposit, state: Active) -> Any:
    random.seed(1)
    return account.decide(command, state)


def a_bonus_by_the_clock(command: Deposit, state: Active) -> Any:
    return (Deposited(command.account, command.amount + time.monotonic_ns() % 7),)


def rounds_for_all(command: AddInterest, state: Active) -> Any:
    getcontext().prec = 12
    return account.decide(command, state)


def sets_a_variable(command: Deposit, state: Active) -> Any:
    os.environ["LAST_ACCOUNT"] = f"{command.amount}"
    return account.decide(command, state)


def rounds_as_the_context_says(command: Any, state: Any) -> Any:
    if isinstance(state, Active) and isinstance(command, AddInterest):
        interest = (state.balance * command.rate).quantize(CENT)
        return (Deposited(command.account, interest),) if interest > 0 else ()
    return account.decide(command, state)


def divides_as_the_context_says(command: Any, state: Any) -> Any:
    if isinstance(state, Active) and isinstance(command, Deposit):
        return (Deposited(command.account, command.amount / 3),)
    return account.decide(command, state)


def limited_by_the_environment(command: Any, state: Any) -> Any:
    overdraws = isinstance(command, Withdraw) and command.amount > getattr(state, "balance", 0)
    if isinstance(state, Active) and overdraws and "NO_DEBT" in os.environ:
        return (Refused(command, bank.Reason.LIMIT),)
    return account.decide(command, state)


def in_a_folder_of_its_own(command: Any, state: Any) -> Any:
    if isinstance(state, Active) and isinstance(command, Deposit):
        return (Deposited(command.account, command.amount + len(os.getcwd())),)
    return account.decide(command, state)


def counting() -> Callable[[Any, Any], Any]:
    asked: list[Any] = []

    def decide(command: Deposit, state: Active) -> Any:
        """Take a fee from the hundredth question on."""
        asked.append(command)
        if len(asked) // 2 > 50:
            return (Deposited(command.account, command.amount - CENT),)
        return account.decide(command, state)

    return changing(Deposit, decide)


def a_fee_for_a_refusal(state: Any, event: Any) -> Any:
    if isinstance(event, Refused) and isinstance(state, Active):
        return Active(state.balance - CENT)
    return bank.evolve(state, event)


def looks_up_what_is_not_there(state: Any, event: Any) -> Any:
    if isinstance(event, Deposited):
        balances: dict[Any, Any] = {Active: getattr(state, "balance", None)}
        return Active(balances[type(state)] + event.amount)
    return bank.evolve(state, event)


def skips_what_cannot_follow(state: Any, event: Any) -> Any:
    if isinstance(state, NotOpen) and not isinstance(event, Opened | Refused):
        raise ValueError("not open")
    return bank.evolve(state, event)


def a_fee_by_the_clock(state: Any, event: Any) -> Any:
    after = bank.evolve(state, event)
    if isinstance(event, Deposited) and isinstance(after, Active):
        return Active(after.balance - time.monotonic_ns() % 7)
    return after


@dataclass
class Book:
    """A state of an account that can be changed, where it must not be."""

    balance: Decimal
    is_open: bool = False
    notes: tuple[str, ...] = ()


def decide_in_a_book(command: Any, state: Book) -> Any:
    if not state.is_open:
        return (Opened(command.account, "Ada"),) if isinstance(command, Open) else ()
    return (Deposited(command.account, command.amount),) if isinstance(command, Deposit) else ()


def spends_the_balance(command: Any, state: Book) -> Any:
    decision = decide_in_a_book(command, state)
    state.balance = Decimal(0)
    return decision


def evolve_the_book(state: Book, event: Any) -> Book:
    if isinstance(event, Opened):
        return Book(Decimal(0), is_open=True)
    return Book(state.balance + event.amount, state.is_open)


def evolve_in_place(state: Book, event: Any) -> Book:
    if isinstance(event, Opened):
        state.is_open = True
    else:
        state.balance += event.amount
    return state


def book_with(law: Law[Any], wrong: str, decide: Any, evolve: Any) -> Mutant:
    decider = Decider[Any, Any, Book, str](Book(Decimal(0)), decide, evolve, bank.never)
    return Mutant("bank", wrong, law, (decider,), RUNS)


BANKS = (
    bank_with(
        laws.decide_is_total, "divides by nothing", decide=changing(Deposit, shares_of_nothing)
    ),
    bank_with(
        laws.decide_is_total, "decides a generator", decide=changing(Deposit, as_a_generator)
    ),
    bank_with(
        laws.a_decision_is_events_or_one_refusal,
        "refuses half of what was asked",
        decide=changing(Withdraw, refuses_a_smaller_one),
    ),
    bank_with(
        laws.a_decision_is_events_or_one_refusal,
        "refuses, and takes the money",
        decide=changing(Withdraw, refuses_and_takes),
    ),
    bank_with(
        laws.evolve_takes_what_decide_gives,
        "goes beyond the limit",
        decide=changing(Withdraw, beyond_the_limit),
    ),
    bank_with(
        laws.evolve_takes_what_decide_gives,
        "keeps what is left when it closes",
        decide=changing(Close, pays_out_nothing),
    ),
    bank_with(
        laws.evolve_takes_what_decide_gives,
        "tells of the balance before",
        decide=changing(Withdraw, tells_of_the_balance_before),
    ),
    bank_with(
        laws.a_terminal_state_only_refuses, "takes money once shut", decide=deposits_once_shut
    ),
    bank_with(laws.a_terminal_state_only_refuses, "opens once shut", decide=opens_once_shut),
    bank_with(
        laws.a_decider_leaves_the_world_alone,
        "gives a bonus by lot",
        decide=changing(Deposit, a_bonus_by_lot),
    ),
    bank_with(
        laws.a_decider_leaves_the_world_alone,
        "seeds everybody's lot",
        decide=changing(Deposit, seeds_the_lot),
    ),
    bank_with(
        laws.a_decider_leaves_the_world_alone,
        "sets everybody's digits",
        decide=changing(AddInterest, rounds_for_all),
    ),
    bank_with(
        laws.a_decider_leaves_the_world_alone,
        "sets a variable of the environment",
        decide=changing(Deposit, sets_a_variable),
    ),
    bank_with(
        laws.decide_is_deterministic,
        "gives a bonus by the clock",
        decide=changing(Deposit, a_bonus_by_the_clock),
    ),
    bank_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "rounds as the context says",
        decide=rounds_as_the_context_says,
    ),
    bank_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "divides to as many digits as the context says",
        decide=divides_as_the_context_says,
    ),
    bank_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "the environment sets the limit",
        decide=limited_by_the_environment,
    ),
    bank_with(
        laws.a_decider_does_not_depend_on_its_surroundings,
        "adds up the length of its folder",
        decide=in_a_folder_of_its_own,
    ),
    bank_with(laws.decide_keeps_no_memory, "takes a fee from then on", decide=counting()),
    bank_with(laws.a_refusal_changes_nothing, "a refusal costs", evolve=a_fee_for_a_refusal),
    bank_with(laws.evolve_follows_or_says_corrupt, "KeyError", evolve=looks_up_what_is_not_there),
    bank_with(laws.evolve_follows_or_says_corrupt, "ValueError", evolve=skips_what_cannot_follow),
    bank_with(laws.evolve_is_deterministic, "a fee by the clock", evolve=a_fee_by_the_clock),
    book_with(
        laws.evolve_leaves_its_arguments_alone,
        "the book that all begin with is written in",
        decide_in_a_book,
        evolve_in_place,
    ),
    book_with(
        laws.decide_leaves_its_arguments_alone,
        "a question empties the account",
        spends_the_balance,
        evolve_the_book,
    ),
)
