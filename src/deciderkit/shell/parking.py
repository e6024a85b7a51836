"""Where to-dos wait that cannot be done: parked with a reason, until somebody lets them go.

A parked to-do is still on its policy's list, for that is a fold of the log; parking only says that
trying again by itself is of no use. It stands beside the log and is no part of the truth.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.io import IOResult, IOSuccess

from deciderkit.shell.event_store import StoreError


class Note(Struct, frozen=True):
    """Why the to-do of ``policy`` for ``key``, asked for at ``position``, is parked."""

    policy: str
    key: str
    position: int
    reason: str


Notes: TypeAlias = tuple[Note, ...]


class Parking(Protocol):
    """A place for notes, one for each policy and key."""

    def notes(self) -> IOResult[Notes, StoreError]:
        """All notes, in the order of the log."""

    def park(self, note: Note) -> IOResult[None, StoreError]:
        """Keep ``note``, in the place of any other of its policy and key."""

    def unpark(self, policy: str, key: str) -> IOResult[None, StoreError]:
        """Let go: the to-do is tried again by the next run."""


class MemoryParking:
    """Notes for as long as the process lives.

    >>> parking = MemoryParking()
    >>> _ = parking.park(Note("notify", "r1", 7, "no line"))
    >>> parking.notes().map(len)
    <IOResult: <Success: 1>>
    """

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], Note] = {}

    def notes(self) -> IOResult[Notes, StoreError]:
        """See `Parking.notes`."""
        return IOSuccess(tuple(sorted(self._notes.values(), key=lambda note: note.position)))

    def park(self, note: Note) -> IOResult[None, StoreError]:
        """See `Parking.park`."""
        self._notes[note.policy, note.key] = note
        return IOSuccess(None)

    def unpark(self, policy: str, key: str) -> IOResult[None, StoreError]:
        """See `Parking.unpark`."""
        self._notes.pop((policy, key), None)
        return IOSuccess(None)
