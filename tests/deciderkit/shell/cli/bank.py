"""A second domain for the command line, one that does not forgive: amounts, decimals, times.

Paying in twice is not paying in once. A loan has to be paid back: who has not by then is reminded, by
a letter that the post carries.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import TypeAlias, assert_never

from msgspec import Struct

from deciderkit import (
    Aggregate,
    Board,
    Decider,
    ExternalSystem,
    Policy,
    Projection,
    Refused,
    cannot_follow,
)
from deciderkit.shell import Program


class Deposit(Struct, frozen=True):
    account: int
    amount: Decimal


class Withdraw(Struct, frozen=True):
    account: int
    amount: Decimal


class Lend(Struct, frozen=True):
    account: int
    back_by: datetime


class Remind(Struct, frozen=True):
    account: int


class Deposited(Struct, frozen=True):
    account: int
    amount: Decimal


class Withdrawn(Struct, frozen=True):
    account: int
    amount: Decimal


class Lent(Struct, frozen=True):
    account: int
    back_by: datetime


class Reminded(Struct, frozen=True):
    account: int


class Balance(Struct, frozen=True):
    amount: Decimal = Decimal(0)
    reminded: int = 0


class Reason(Enum):
    NOT_ENOUGH = "not enough money"


Command: TypeAlias = Deposit | Withdraw | Lend | Remind
Event: TypeAlias = Deposited | Withdrawn | Lent | Reminded
Refusal: TypeAlias = Refused[Command, Reason]


def decide(command: Command, state: Balance) -> tuple[Event, ...] | tuple[Refusal]:
    match command:
        case Deposit(account, amount):
            return (Deposited(account, amount),)
        case Withdraw(account, amount):
            if amount > state.amount:
                return (Refused(command, Reason.NOT_ENOUGH),)
            return (Withdrawn(account, amount),)
        case Lend(account, back_by):
            return (Lent(account, back_by),)
        case Remind(account):
            return (Reminded(account),)
        case _:
            assert_never(command)


def evolve(state: Balance, event: Event | Refusal) -> Balance:
    match event:
        case Deposited(_, amount):
            return Balance(state.amount + amount, state.reminded)
        case Withdrawn(_, amount):
            if amount > state.amount:
                cannot_follow(state, event)
            return Balance(state.amount - amount, state.reminded)
        case Lent() | Refused():
            return state
        case Reminded():
            return Balance(state.amount, state.reminded + 1)
        case _:
            assert_never(event)


def is_closed(state: Balance) -> bool:
    return False


def remind(event: Lent) -> Remind:
    return Remind(event.account)


def add(total: Decimal, event: Deposited) -> Decimal:
    return total + event.amount


def count(turnover: int, event: Deposited | Withdrawn) -> int:
    if event.amount == 13:
        raise ValueError("thirteen\nis not counted")
    return turnover + 1


by_account = attrgetter("account")
account = Decider[Command, Event, Balance, Reason](Balance(), decide, evolve, is_closed)
board = Board(
    (Aggregate("Account", "account", account, by_account),),
    (Policy("remind", Lent, remind, Reminded, by_account, due=attrgetter("back_by")),),
    (Projection("paid in", Decimal(0), add), Projection("turnover", 0, count, by_account)),
    (ExternalSystem("Post", hears=(Reminded,)),),
)


def post(event: Reminded, key: str) -> None:
    if event.account == 99:
        raise OSError("no such\naddress")


program = Program.of(board, {Reminded: post})

PAST = datetime(2001, 2, 3, tzinfo=UTC)
