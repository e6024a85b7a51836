"""A yellow sticky: one copy of a book, on the shelf or with a member."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from deciderkit import Decider, Refused, cannot_follow
from deciderkit.examples.library.commands import AddCopy, CopyCommand, HandOut, Renew, Return
from deciderkit.examples.library.events import (
    CopyAdded,
    CopyEvent,
    Declined,
    DueDateSet,
    HandedOut,
    Returned,
)

LOAN: Final = timedelta(days=28)


class NoCopy(Struct, frozen=True, tag=True):
    """There is no such copy yet."""


class OnShelf(Struct, frozen=True, tag=True):
    """Anybody may have it."""


class Lent(Struct, frozen=True, tag=True):
    """``member`` has it, until ``due`` once that was set; it was renewed so many times."""

    member: str
    due: datetime | None = None
    renewed: int = -1


CopyState: TypeAlias = NoCopy | OnShelf | Lent


class Reason(Enum):
    """Why a command for a copy is refused."""

    UNKNOWN = "there is no such copy"
    KNOWN = "there is such a copy already"
    NOT_LENT = "nobody has it"
    RENEWED_TWICE = "it was renewed twice already"


Refusal: TypeAlias = Refused[CopyCommand, Reason]
Decision: TypeAlias = tuple[CopyEvent, ...] | tuple[Refusal]


def decide(command: CopyCommand, state: CopyState) -> Decision:
    """What a command leads to.

    >>> decide(AddCopy("c1", "Dune"), NoCopy())
    (CopyAdded(copy='c1', title='Dune'),)
    >>> decide(Return("c1", datetime(2026, 1, 1)), OnShelf())[0].reason
    <Reason.NOT_LENT: 'nobody has it'>
    """
    match command:
        case AddCopy(copy, title):
            known = not isinstance(state, NoCopy)
            return (Refused(command, Reason.KNOWN),) if known else (CopyAdded(copy, title),)
        case HandOut():
            return _hand_out(command, state)
        case Renew() | Return():
            match state:
                case Lent():
                    return _of_lent(command, state)
                case OnShelf():
                    return (Refused(command, Reason.NOT_LENT),)
                case NoCopy():
                    return (Refused(command, Reason.UNKNOWN),)
                case _:
                    assert_never(state)
        case _:
            assert_never(command)


def _hand_out(command: HandOut, state: CopyState) -> Decision:
    if not isinstance(state, OnShelf):
        return (Declined(command.copy, command.member),)
    due = DueDateSet(command.copy, command.member, command.at + LOAN)
    return (HandedOut(command.copy, command.member), due)


def _of_lent(command: Renew | Return, lent: Lent) -> Decision:
    match command:
        case Renew(copy, at):
            if lent.renewed >= 2:
                return (Refused(command, Reason.RENEWED_TWICE),)
            return (DueDateSet(copy, lent.member, at + LOAN),)
        case Return(copy, at):
            late = (at - lent.due).days if lent.due is not None else 0
            return (Returned(copy, lent.member, max(late, 0)),)
        case _:
            assert_never(command)


def evolve(state: CopyState, event: CopyEvent | Refusal) -> CopyState:
    """The state after ``event``."""
    match event:
        case CopyAdded():
            if isinstance(state, NoCopy):
                return OnShelf()
        case HandedOut(_, member):
            if isinstance(state, OnShelf):
                return Lent(member)
        case DueDateSet(_, _, due):
            if isinstance(state, Lent):
                return Lent(state.member, due, state.renewed + 1)
        case Returned():
            if isinstance(state, Lent):
                return OnShelf()
        case Declined() | Refused():
            return state
        case _:
            assert_never(event)
    cannot_follow(state, event)


def _never(state: CopyState) -> bool:
    return False


copy: Final = Decider[CopyCommand, CopyEvent, CopyState, Reason](NoCopy(), decide, evolve, _never)
"""A copy as a `Decider`."""
