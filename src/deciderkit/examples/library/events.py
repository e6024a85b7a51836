"""The orange stickies: what happened. Each carries all that a fold needs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class CopyAdded(Struct, frozen=True):
    """A copy stands on the shelf."""

    copy: str
    title: str


class HandedOut(Struct, frozen=True):
    """The member has the copy."""

    copy: str
    member: str


class Declined(Struct, frozen=True):
    """Somebody else has the copy, so this member does not get it."""

    copy: str
    member: str


class DueDateSet(Struct, frozen=True):
    """The member is to bring the copy back by ``due``.

    Schema 1 had the day of the loan and the number of days.
    """

    copy: str
    member: str
    due: datetime


class Returned(Struct, frozen=True):
    """The copy is back on the shelf, so many days late."""

    copy: str
    member: str
    days_late: int


class Joined(Struct, frozen=True):
    """Somebody is a member."""

    member: str
    email: str


class LoanRequested(Struct, frozen=True):
    """A member who may borrow asked for the copy."""

    member: str
    copy: str
    at: datetime


class LoanSettled(Struct, frozen=True):
    """A loan of the member is over."""

    member: str
    copy: str


class FineCharged(Struct, frozen=True):
    """The member owes ``amount`` more."""

    member: str
    copy: str
    amount: Decimal


class Reminded(Struct, frozen=True):
    """Mail was sent to the member."""

    member: str
    email: str
    copy: str
    due: datetime


class Paid(Struct, frozen=True):
    """The member owes ``amount`` less."""

    member: str
    amount: Decimal


CopyEvent = CopyAdded | HandedOut | Declined | DueDateSet | Returned
MemberEvent = Joined | LoanRequested | LoanSettled | FineCharged | Reminded | Paid
