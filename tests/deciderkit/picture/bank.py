"""A domain that does not forgive, for pictures: amounts, times, decimals, and keys that are numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, TypeAlias, assert_never

from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PMap, PVector, pmap, pvector

from deciderkit import (
    Aggregate,
    Board,
    BoardState,
    Decider,
    Policy,
    Projection,
    Refused,
    cannot_follow,
)
from deciderkit.log.recorded import Recorded
from deciderkit.picture.steps import Asked, Origin, Told


class Deposit(Struct, frozen=True):
    account: int
    amount: Decimal
    at: datetime


class Withdraw(Struct, frozen=True):
    account: int
    amount: Decimal


class ChargeFee(Struct, frozen=True):
    account: int
    note: str


class Deposited(Struct, frozen=True):
    account: int
    amount: Decimal
    at: datetime


class Withdrawn(Struct, frozen=True):
    account: int
    amount: Decimal


class Overdrawn(Struct, frozen=True):
    account: int


class FeeCharged(Struct, frozen=True):
    account: int
    note: str


class Account(Struct, frozen=True):
    balance: Decimal = Decimal(0)
    fees: tuple[str, ...] = ()


Command: TypeAlias = Deposit | Withdraw | ChargeFee
Event: TypeAlias = Deposited | Withdrawn | Overdrawn | FeeCharged


class Reason(Enum):
    NOTHING_THERE = "nothing there"


def decide(command: Command, state: Account) -> tuple[Event, ...] | tuple[Refused[Command, Reason]]:
    match command:
        case Deposit(account, amount, at):
            return (Deposited(account, amount, at),)
        case Withdraw(account, amount):
            if state.balance <= 0:
                return (Refused(command, Reason.NOTHING_THERE),)
            taken = Withdrawn(account, amount)
            return (taken, Overdrawn(account)) if amount > state.balance else (taken,)
        case ChargeFee(account, note):
            return (FeeCharged(account, note),)
        case _:
            assert_never(command)


def evolve(state: Account, event: Event | Refused[Command, Reason]) -> Account:
    match event:
        case Deposited(_, amount, _):
            return Account(state.balance + amount, state.fees)
        case Withdrawn(_, amount):
            return Account(state.balance - amount, state.fees)
        case Overdrawn():
            if state.balance >= 0:
                cannot_follow(state, event)
            return state
        case FeeCharged(_, note):
            return Account(state.balance - 5, (*state.fees, note))
        case Refused():
            return state
        case _:
            assert_never(event)


def charge(event: Overdrawn) -> ChargeFee:
    return ChargeFee(event.account, 'for </script><b>"being"\u202e poor')


def add_balance(
    balances: PMap[int, Decimal], event: Deposited | Withdrawn | FeeCharged
) -> PMap[int, Decimal]:
    amounts = {Deposited: 1, Withdrawn: -1}
    change = getattr(event, "amount", Decimal(-5)) * amounts.get(type(event), 1)
    return balances.set(event.account, balances.get(event.account, Decimal(0)) + change)


def add_line(lines: PVector[str], event: Deposited | Withdrawn) -> PVector[str]:
    return lines.append(f"{type(event).__name__} {event.amount}")


def add_owner(owners: frozenset[int], event: Deposited) -> frozenset[int]:
    return owners | {event.account}


by_account = attrgetter("account")
accounts = Aggregate(
    "Account",
    "account",
    Decider[Command, Event, Account, Reason](Account(), decide, evolve, lambda state: False),
    by_account,
)
fee = Policy("charge fee", whenever=Overdrawn, then=charge, until=FeeCharged, key=by_account)
balances = Projection[PMap[int, Decimal]]("balances", pmap(), add_balance)
statement = Projection[PVector[str]]("statement", pvector(), add_line, key=by_account)
owners = Projection[frozenset[int]]("owners", frozenset(), add_owner)
board = Board((accounts,), (fee,), (balances, statement, owners))


def commands() -> st.SearchStrategy[Command]:
    """Deposits and withdrawals of a few accounts, in cents."""
    amounts = st.decimals(min_value=1, max_value=99, places=2)
    numbers = st.integers(1, 3)
    times = st.datetimes(timezones=st.just(UTC))
    return st.builds(Deposit, numbers, amounts, times) | st.builds(Withdraw, numbers, amounts)


def told(board: Board, commands: Sequence[Any]) -> list[Told]:
    """What an observer is told of a run of ``commands``; each to-do is tried once."""
    heard, log = list[Told](), list[Any]()
    state = BoardState()

    def do(command: Any, command_id: str, origin: Origin | None = None) -> None:
        nonlocal state
        heard.append(Asked(command, origin))
        taker = board.takers[type(command)]
        for event in taker.decider.decide(command, state.state(taker, taker.key(command))):
            if isinstance(event, Refused):
                heard.append(event)
                continue
            log.append(event)
            state = board.fold([event], state, [command_id])
            time = f"2026-11-25T10:00:{len(log) % 60:02}+00:00"
            stream = board.givers[type(event)].stream(event)
            heard.append(Recorded(len(log), stream, 1, event, command_id, time))

    tried = set[str]()
    for number, command in enumerate(commands):
        do(command, f"c{number}")
        while todos := [todo for todo in state.todos() if todo.id not in tried]:
            tried.add(todos[0].id)
            do(todos[0].command, todos[0].id, Origin(todos[0].policy.name, todos[0].position))
    return heard
