"""The blue stickies: what members, librarians and policies want to happen."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class AddCopy(Struct, frozen=True):
    """A librarian puts a copy of a book on the shelf."""

    copy: str
    title: str


class HandOut(Struct, frozen=True):
    """A member asked for the copy, and may borrow."""

    copy: str
    member: str
    at: datetime


class Renew(Struct, frozen=True):
    """Whoever has the copy keeps it longer."""

    copy: str
    at: datetime


class Return(Struct, frozen=True):
    """The copy is back."""

    copy: str
    at: datetime


class Join(Struct, frozen=True):
    """Somebody becomes a member."""

    member: str
    email: str


class Borrow(Struct, frozen=True):
    """A member asks for a copy."""

    member: str
    copy: str
    at: datetime


class SettleLoan(Struct, frozen=True):
    """A loan of the member has ended, so many days late, or never began."""

    member: str
    copy: str
    days_late: int


class Remind(Struct, frozen=True):
    """Write to the member that the copy is due."""

    member: str
    copy: str
    due: datetime


class Pay(Struct, frozen=True):
    """A member pays fines."""

    member: str
    amount: Decimal


CopyCommand = AddCopy | HandOut | Renew | Return
MemberCommand = Join | Borrow | SettleLoan | Remind | Pay
