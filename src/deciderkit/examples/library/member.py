"""A yellow sticky: a member, with the loans and the fines that decide whether more may be borrowed."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from deciderkit import Decider, Refused, cannot_follow
from deciderkit.examples.library.commands import (
    Borrow,
    Join,
    MemberCommand,
    Pay,
    Remind,
    SettleLoan,
)
from deciderkit.examples.library.events import (
    FineCharged,
    Joined,
    LoanRequested,
    LoanSettled,
    MemberEvent,
    Paid,
    Reminded,
)

MOST_LOANS: Final = 3
MOST_FINES: Final = Decimal("5.00")
FINE_A_DAY: Final = Decimal("0.20")


class Nobody(Struct, frozen=True, tag=True):
    """No member yet."""


class Member(Struct, frozen=True, tag=True):
    """``loans`` counts the copies that were asked for and are not back; ``owes`` is in the library's money."""

    email: str
    loans: int = 0
    owes: Decimal = Decimal("0.00")


MemberState: TypeAlias = Nobody | Member


class Reason(Enum):
    """Why a command of a member is refused."""

    NO_MEMBER = "not a member"
    MEMBER_ALREADY = "a member already"
    TOO_MANY_LOANS = "has as many copies as a member may have"
    OWES_TOO_MUCH = "owes too much in fines"
    NOT_SO_MUCH = "does not owe so much"


Refusal: TypeAlias = Refused[MemberCommand, Reason]
Decision: TypeAlias = tuple[MemberEvent, ...] | tuple[Refusal]


def decide(command: MemberCommand, state: MemberState) -> Decision:
    """What a command leads to.

    >>> decide(Join("ann", "ann@example.org"), Nobody())
    (Joined(member='ann', email='ann@example.org'),)
    >>> decide(Pay("ann", Decimal("1.00")), Member("ann@example.org"))[0].reason
    <Reason.NOT_SO_MUCH: 'does not owe so much'>
    """
    match state:
        case Nobody():
            if isinstance(command, Join):
                return (Joined(command.member, command.email),)
            return (Refused(command, Reason.NO_MEMBER),)
        case Member():
            return _of_member(command, state)
        case _:
            assert_never(state)


def _of_member(command: MemberCommand, member: Member) -> Decision:
    match command:
        case Join():
            return (Refused(command, Reason.MEMBER_ALREADY),)
        case Borrow(name, copy, at):
            if member.owes > MOST_FINES:
                return (Refused(command, Reason.OWES_TOO_MUCH),)
            if member.loans >= MOST_LOANS:
                return (Refused(command, Reason.TOO_MANY_LOANS),)
            return (LoanRequested(name, copy, at),)
        case SettleLoan(name, copy, days_late):
            settled = LoanSettled(name, copy)
            fine = FineCharged(name, copy, FINE_A_DAY * days_late)
            return (settled, fine) if days_late else (settled,)
        case Remind(name, copy, due):
            return (Reminded(name, member.email, copy, due),)
        case Pay(name, amount):
            if not Decimal(0) < amount <= member.owes:
                return (Refused(command, Reason.NOT_SO_MUCH),)
            return (Paid(name, amount),)
        case _:
            assert_never(command)


def evolve(state: MemberState, event: MemberEvent | Refusal) -> MemberState:
    """The state after ``event``."""
    match state:
        case Nobody():
            match event:
                case Joined(_, email):
                    return Member(email)
                case Refused():
                    return state
                case _:
                    cannot_follow(state, event)
        case Member():
            return _evolve_member(state, event)
        case _:
            assert_never(state)


def _evolve_member(member: Member, event: MemberEvent | Refusal) -> Member:
    match event:
        case Joined():
            cannot_follow(member, event)
        case LoanRequested():
            return replace(member, loans=member.loans + 1)
        case LoanSettled():
            return replace(member, loans=member.loans - 1)
        case FineCharged(_, _, amount):
            return replace(member, owes=member.owes + amount)
        case Paid(_, amount):
            return replace(member, owes=member.owes - amount)
        case Reminded() | Refused():
            return member
        case _:
            assert_never(event)


def _never(state: MemberState) -> bool:
    return False


member: Final = Decider[MemberCommand, MemberEvent, MemberState, Reason](
    Nobody(), decide, evolve, _never
)
"""A member as a `Decider`."""
