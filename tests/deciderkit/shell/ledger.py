"""A domain that does not forgive, for the promises of the shell: accounts with numbers for names.

Its events are amounts and no absolute places, so one too many or one too few shows; its fee is charged
as often as somebody asks; nothing is refused for having been done before. Whoever overdraws an account
is charged a fee, and whoever closes a month gets a statement by mail.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Annotated, Any, TypeAlias, assert_never

from msgspec import Meta, Struct
from pyrsistent import PVector, pvector

from deciderkit import (
    Aggregate,
    Board,
    Decider,
    ExternalSystem,
    Policy,
    Projection,
    Refused,
)

LIMIT = 100


class Deposit(Struct, frozen=True):
    account: int
    amount: int


class Withdraw(Struct, frozen=True):
    account: int
    amount: int


class ChargeFee(Struct, frozen=True):
    account: int


class CloseMonth(Struct, frozen=True):
    account: int


class Look(Struct, frozen=True):
    """Leads to nothing."""

    account: int


class Explode(Struct, frozen=True):
    """Makes `decide` raise."""

    account: int


class Rate(Struct, frozen=True):
    """Leads to a value as it is, readable or not."""

    account: int
    value: Any


class Deposited(Struct, frozen=True):
    account: int
    amount: int


class Withdrawn(Struct, frozen=True):
    account: int
    amount: int


class Overdrawn(Struct, frozen=True):
    account: int
    by: int


class FeeCharged(Struct, frozen=True):
    account: int


class MonthClosed(Struct, frozen=True):
    account: int
    balance: int


class StatementMailed(Struct, frozen=True):
    account: int
    balance: int


class Rated(Struct, frozen=True):
    account: int
    value: float
    at_least: Annotated[int, Meta(ge=0)] = 0
    note: str = ""
    share: Decimal = Decimal("0.10")
    items: list[int] = []


class Reason(Enum):
    TOO_POOR = "too poor"


Command: TypeAlias = Deposit | Withdraw | ChargeFee | CloseMonth | Look | Explode | Rate
Event: TypeAlias = (
    Deposited | Withdrawn | Overdrawn | FeeCharged | MonthClosed | StatementMailed | Rated
)
Refusal: TypeAlias = Refused[Command, Reason]


def decide(command: Command, balance: int) -> tuple[Event, ...] | tuple[Refusal]:
    match command:
        case Deposit(account, amount):
            return (Deposited(account, amount),)
        case Withdraw(account, amount):
            return withdraw(command, balance - amount)
        case ChargeFee(account):
            return (FeeCharged(account),)
        case CloseMonth(account):
            return (MonthClosed(account, balance), StatementMailed(account, balance))
        case Look():
            return ()
        case Explode():
            raise ZeroDivisionError("the domain has a bug")
        case Rate(account, value):
            return (value if isinstance(value, Rated) else Rated(account, value),)
        case _:
            assert_never(command)


def withdraw(command: Withdraw, after: int) -> tuple[Event, ...] | tuple[Refusal]:
    if after < -LIMIT:
        return (Refused(command, Reason.TOO_POOR),)
    withdrawn = Withdrawn(command.account, command.amount)
    return (withdrawn, Overdrawn(command.account, -after)) if after < 0 else (withdrawn,)


def evolve(balance: int, event: Event | Refusal) -> int:
    match event:
        case Deposited(_, amount):
            return balance + amount
        case Withdrawn(_, amount):
            return balance - amount
        case FeeCharged():
            return balance - 1
        case Overdrawn() | MonthClosed() | StatementMailed() | Rated() | Refused():
            return balance
        case _:
            assert_never(event)


def never(balance: int) -> bool:
    return False


def charge(event: Overdrawn) -> ChargeFee:
    return ChargeFee(event.account)


def add(total: int, event: Deposited | Withdrawn | FeeCharged) -> int:
    match event:
        case Deposited(_, amount):
            return total + amount
        case Withdrawn(_, amount):
            return total - amount
        case FeeCharged():
            return total - 1


def note(fees: PVector[int], event: FeeCharged) -> PVector[int]:
    return fees.append(event.account)


by_account = attrgetter("account")
account = Decider[Command, Event, int, Reason](0, decide, evolve, never)
accounts = Aggregate("Account", "account", account, by_account)
fee = Policy("charge fee", Overdrawn, charge, FeeCharged, by_account)
balances = Projection[int]("balances", 0, add, key=by_account)
total = Projection[int]("total", 0, add)
fees = Projection[PVector[int]]("fees", pvector(), note)
post = ExternalSystem("Post", hears=(StatementMailed,))

quiet_board = Board((accounts,), (), (balances, total, fees))
"""No policies, and nobody outside."""
fee_board = Board((accounts,), (fee,), (balances, total, fees))
board = Board((accounts,), (fee,), (balances, total, fees), (post,))
