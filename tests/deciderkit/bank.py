"""The second domain of the kit's own tests, one that does not forgive: a bank.

Its events are amounts, so one too many or one too few shows for good; nothing is refused because it
was done before; accounts have numbers for keys and transfers UUIDs; money is a `Decimal`. Whoever
overdraws an account is charged a fee, what was sent by one account is credited to another, and whoever
closes one gets a receipt from a printer, which stands outside.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import TypeAlias, assert_never
from uuid import UUID

from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PVector, pvector

from deciderkit import Aggregate, Board, Decider, ExternalSystem, Policy, Projection, Refused

LIMIT = Decimal(100)
FEE = Decimal("2.50")


class Deposit(Struct, frozen=True):
    account: int
    amount: Decimal
    at: datetime | None = None


class Withdraw(Struct, frozen=True):
    account: int
    amount: Decimal


class Send(Struct, frozen=True):
    account: int
    transfer: UUID
    to: int
    amount: Decimal


class Credit(Struct, frozen=True):
    account: int
    transfer: UUID
    amount: Decimal


class ChargeFee(Struct, frozen=True):
    account: int


class Close(Struct, frozen=True):
    account: int


class PrintReceipt(Struct, frozen=True):
    account: int


class Deposited(Struct, frozen=True):
    account: int
    amount: Decimal
    at: datetime | None = None


class Withdrawn(Struct, frozen=True):
    account: int
    amount: Decimal


class Overdrawn(Struct, frozen=True):
    account: int
    by: Decimal


class MoneySent(Struct, frozen=True):
    account: int
    transfer: UUID
    to: int
    amount: Decimal


class Credited(Struct, frozen=True):
    account: int
    transfer: UUID
    amount: Decimal


class FeeCharged(Struct, frozen=True):
    account: int
    amount: Decimal


class Closed(Struct, frozen=True):
    account: int


class ReceiptPrinted(Struct, frozen=True):
    account: int
    balance: Decimal


class Reason(Enum):
    TOO_POOR = "too poor"


Command: TypeAlias = Deposit | Withdraw | Send | Credit | ChargeFee | Close | PrintReceipt
Event: TypeAlias = (
    Deposited | Withdrawn | Overdrawn | MoneySent | Credited | FeeCharged | Closed | ReceiptPrinted
)
Refusal: TypeAlias = Refused[Command, Reason]
Decision: TypeAlias = tuple[Event, ...] | tuple[Refusal]


def decide(command: Command, balance: Decimal) -> Decision:
    match command:
        case Deposit(account, amount, at):
            return (Deposited(account, amount, at),)
        case Withdraw(account, amount):
            return spend(command, balance - amount, Withdrawn(account, amount))
        case Send(account, transfer, to, amount):
            return spend(command, balance - amount, MoneySent(account, transfer, to, amount))
        case Credit(account, transfer, amount):
            return (Credited(account, transfer, amount),)
        case ChargeFee(account):
            return (FeeCharged(account, FEE),)
        case Close(account):
            return (Closed(account),)
        case PrintReceipt(account):
            return (ReceiptPrinted(account, balance),)
        case _:
            assert_never(command)


def spend(command: Withdraw | Send, after: Decimal, event: Withdrawn | MoneySent) -> Decision:
    if after < -LIMIT:
        return (Refused(command, Reason.TOO_POOR),)
    return (event, Overdrawn(command.account, -after)) if after < 0 else (event,)


def evolve(balance: Decimal, event: Event | Refusal) -> Decimal:
    match event:
        case Deposited(_, amount) | Credited(_, _, amount):
            return balance + amount
        case Withdrawn(_, amount) | MoneySent(_, _, _, amount) | FeeCharged(_, amount):
            return balance - amount
        case Overdrawn() | Closed() | ReceiptPrinted() | Refused():
            return balance
        case _:
            assert_never(event)


def never(balance: Decimal) -> bool:
    return False


def charge(event: Overdrawn) -> ChargeFee:
    return ChargeFee(event.account)


def credit(event: MoneySent) -> Credit:
    return Credit(event.to, event.transfer, event.amount)


def receipt(event: Closed) -> PrintReceipt:
    return PrintReceipt(event.account)


def add(
    total: Decimal, event: Deposited | Withdrawn | MoneySent | Credited | FeeCharged
) -> Decimal:
    return evolve(total, event)


def note(fees: PVector[int], event: FeeCharged) -> PVector[int]:
    return fees.append(event.account)


by_account = attrgetter("account")
by_transfer = attrgetter("transfer")

account = Decider[Command, Event, Decimal, Reason](Decimal(0), decide, evolve, never)
accounts = Aggregate("Account", "account", account, by_account)

charge_fee = Policy("charge fee", Overdrawn, charge, FeeCharged, by_account)
credit_transfer = Policy("credit transfer", MoneySent, credit, Credited, by_transfer)
print_receipt = Policy("print receipt", Closed, receipt, ReceiptPrinted, by_account)

balances = Projection[Decimal]("balances", Decimal(0), add, key=by_account)
money = Projection[Decimal]("money", Decimal(0), add)
fees = Projection[PVector[int]]("fees", pvector(), note)

printer = ExternalSystem("Printer", hears=(ReceiptPrinted,))

quiet = Board((accounts,), (), (balances, money, fees))
"""Nobody reacts, and nobody is told."""

bank = Board((accounts,), (charge_fee, credit_transfer), (balances, money, fees))
"""Fees and transfers, and nobody outside."""

whole_bank = Board(
    (accounts,), (charge_fee, credit_transfer, print_receipt), (balances, money, fees), (printer,)
)


def commands(accounts: int = 2) -> st.SearchStrategy[Command]:
    """Any command for some accounts, that a person may send."""
    numbers = st.integers(1, accounts)
    amounts = st.integers(1, 90).map(Decimal)
    return st.one_of(
        st.builds(Deposit, numbers, amounts),
        st.builds(Withdraw, numbers, amounts),
        st.builds(Send, numbers, st.integers(1, 9).map(lambda n: UUID(int=n)), numbers, amounts),
    )
