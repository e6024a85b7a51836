"""The lilac stickies: what happens by itself."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from deciderkit import Policy
from deciderkit.examples.library.commands import HandOut, Remind, SettleLoan
from deciderkit.examples.library.events import (
    Declined,
    DueDateSet,
    HandedOut,
    LoanRequested,
    LoanSettled,
    Reminded,
    Returned,
)


def hand_it_out(event: LoanRequested) -> HandOut:
    """A member who may borrow gets the copy, if it is there."""
    return HandOut(event.copy, event.member, event.at)


def settle_returned(event: Returned) -> SettleLoan:
    """A copy that came back is no loan any more, and costs a fine if it came late."""
    return SettleLoan(event.member, event.copy, event.days_late)


def settle_declined(event: Declined) -> SettleLoan:
    """A copy that was not there is no loan either."""
    return SettleLoan(event.member, event.copy, 0)


def write_to_member(event: DueDateSet) -> Remind:
    """The day has come."""
    return Remind(event.member, event.copy, event.due)


def by_loan(event: LoanRequested | HandedOut | Declined | Returned | LoanSettled) -> str:
    """A key as fine as what is to be done: two members may ask for one copy at once."""
    return f"{event.copy} {event.member}"


hand_out: Final = Policy(
    "hand out", LoanRequested, hand_it_out, until=(HandedOut, Declined), key=by_loan
)
settle_loan: Final = Policy("settle loan", Returned, settle_returned, LoanSettled, by_loan)
settle_request: Final = Policy("settle request", Declined, settle_declined, LoanSettled, by_loan)
remind: Final = Policy(
    "remind",
    whenever=DueDateSet,
    then=write_to_member,
    until=Reminded,
    unless=(Returned, DueDateSet),
    key=attrgetter("copy"),
    due=attrgetter("due"),
)
"""Remind on the day that a copy is due, unless it was returned, or renewed, by then."""
