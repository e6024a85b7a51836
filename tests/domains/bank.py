"""A bank account, for the kit's tests: amounts and not places, decimals, and keys that are numbers.

It refuses no repeat: a deposit made twice is money twice. Whenever an account is overdrawn a letter is
sent, unless it was closed meanwhile.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from operator import attrgetter
from typing import TypeAlias, assert_never

from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused, cannot_follow

CENT = Decimal("0.01")
LIMIT = Decimal(-100)


class Open(Struct, frozen=True):
    account: int
    owner: str


class Deposit(Struct, frozen=True):
    account: int
    amount: Decimal


class Withdraw(Struct, frozen=True):
    account: int
    amount: Decimal


class AddInterest(Struct, frozen=True):
    account: int
    rate: Decimal


class Close(Struct, frozen=True):
    account: int


class SendLetter(Struct, frozen=True):
    account: int
    overdrawn: Decimal


class Opened(Struct, frozen=True):
    account: int
    owner: str


class Deposited(Struct, frozen=True):
    account: int
    amount: Decimal


class Withdrawn(Struct, frozen=True):
    account: int
    amount: Decimal


class Overdrawn(Struct, frozen=True):
    account: int
    balance: Decimal


class Closed(Struct, frozen=True):
    account: int
    paid_out: Decimal


class LetterSent(Struct, frozen=True):
    account: int
    overdrawn: Decimal


class NotOpen(Struct, frozen=True):
    pass


class Active(Struct, frozen=True):
    balance: Decimal


class Shut(Struct, frozen=True):
    pass


class Reason(Enum):
    NOT_OPEN = "not open"
    OPEN_ALREADY = "open already"
    LIMIT = "beyond the limit"
    IN_DEBT = "in debt"
    CLOSED = "closed"


Command: TypeAlias = Open | Deposit | Withdraw | AddInterest | Close
Event: TypeAlias = Opened | Deposited | Withdrawn | Overdrawn | Closed
State: TypeAlias = NotOpen | Active | Shut
Refusal: TypeAlias = Refused[Command, Reason]


def decide(command: Command, state: State) -> tuple[Event, ...] | tuple[Refusal]:
    match state:
        case NotOpen():
            if isinstance(command, Open):
                return (Opened(command.account, command.owner),)
            return (Refused(command, Reason.NOT_OPEN),)
        case Active(balance):
            return decide_active(command, balance)
        case Shut():
            return (Refused(command, Reason.CLOSED),)
        case _:
            assert_never(state)


def decide_active(command: Command, balance: Decimal) -> tuple[Event, ...] | tuple[Refusal]:
    match command:
        case Open():
            return (Refused(command, Reason.OPEN_ALREADY),)
        case Deposit(account, amount):
            return (Deposited(account, amount),)
        case Withdraw(account, amount):
            return withdrawal(command, balance - amount)
        case AddInterest(account, rate):
            interest = (balance * rate).quantize(CENT, ROUND_HALF_EVEN)
            return (Deposited(account, interest),) if interest > 0 else ()
        case Close(account):
            if balance < 0:
                return (Refused(command, Reason.IN_DEBT),)
            return (Closed(account, balance),)
        case _:
            assert_never(command)


def withdrawal(command: Withdraw, left: Decimal) -> tuple[Event, ...] | tuple[Refusal]:
    if left < LIMIT:
        return (Refused(command, Reason.LIMIT),)
    taken = Withdrawn(command.account, command.amount)
    return (taken, Overdrawn(command.account, left)) if left < 0 else (taken,)


def evolve(state: State, event: Event | Refusal) -> State:
    match event:
        case Opened():
            if isinstance(state, NotOpen):
                return Active(Decimal(0))
        case Deposited(_, amount):
            if isinstance(state, Active):
                return Active(state.balance + amount)
        case Withdrawn(_, amount):
            if isinstance(state, Active) and state.balance - amount >= LIMIT:
                return Active(state.balance - amount)
        case Overdrawn(_, balance):
            if isinstance(state, Active) and state.balance == balance < 0:
                return state
        case Closed(_, paid_out):
            if isinstance(state, Active) and state.balance == paid_out:
                return Shut()
        case Refused():
            return state
        case _:
            assert_never(event)
    cannot_follow(state, event)


def is_shut(state: State) -> bool:
    return isinstance(state, Shut)


account = Decider[Command, Event, State, Reason](NotOpen(), decide, evolve, is_shut)


def decide_letter(command: SendLetter, sent: int) -> tuple[LetterSent, ...]:
    return (LetterSent(command.account, command.overdrawn),)


def evolve_letters(sent: int, event: LetterSent | Refused[SendLetter, str]) -> int:
    return sent if isinstance(event, Refused) else sent + 1


def never(state: object) -> bool:
    return False


letters = Decider[SendLetter, LetterSent, int, str](0, decide_letter, evolve_letters, never)


def write(event: Overdrawn) -> SendLetter:
    return SendLetter(event.account, event.balance)


def add_up(total: Decimal, event: Deposited | Withdrawn | Closed) -> Decimal:
    match event:
        case Deposited(_, amount):
            return total + amount
        case Withdrawn(_, amount) | Closed(_, amount):
            return total - amount
        case _:
            assert_never(event)


by_account = attrgetter("account")
accounts = Aggregate("Account", "account", account, by_account)
mail = Aggregate("Mail", "mail", letters, by_account)
warn = Policy("warn", Overdrawn, write, LetterSent, by_account)
held = Projection("held", Decimal(0), add_up)
board = Board((accounts, mail), (warn,), (held,))

amounts = st.decimals(0, 150, places=2)


def commands(number: int = 1) -> st.SearchStrategy[Command]:
    """Commands for one account: mostly money that comes and goes."""
    number_ = st.just(number)
    money = st.builds(Deposit, number_, amounts) | st.builds(Withdraw, number_, amounts)
    opening = st.builds(Open, number_, st.sampled_from(["Ada", "Zoë"]))
    rates = st.sampled_from([Decimal("0.015"), Decimal("0.1")])
    return st.one_of(
        opening,
        money,
        opening,
        money,
        st.builds(AddInterest, number_, rates),
        st.just(Close(number)),
    )


def board_commands() -> st.SearchStrategy[Command]:
    """Commands for two accounts."""
    return commands(1) | commands(2)
