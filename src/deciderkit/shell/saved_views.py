"""Where folds are saved as they stood at some position: a cache beside the log.

Deleting all of it loses nothing. What was saved by other code than today's is not used: it carries a
fingerprint of the folds that made it.
"""

from __future__ import annotations

from typing import Final, Protocol

from msgspec import Struct
from returns.io import IOResult, IOSuccess

from deciderkit.shell.event_store import StoreError

STEP: Final = 25_000
"""How many events are folded at least between two savings of the same thing."""


class Saved(Struct, frozen=True):
    """``content`` as it stood at ``position`` of the log, by the folds that ``fingerprint`` names."""

    position: int
    fingerprint: str
    content: bytes


class SavedViews(Protocol):
    """A place for saved folds, by name."""

    def load(self, name: str, fingerprint: str) -> IOResult[Saved | None, StoreError]:
        """What was saved last under ``name``, if it can be trusted.

        That is: if the folds that ``fingerprint`` names made it, of the log that it stands beside,
        and it is as it was written. Nothing else, for a wrong state leads to wrong events.
        """

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """Keep ``saved`` in the place of what was there."""

    def forget(self) -> IOResult[None, StoreError]:
        """Delete it all; the log makes it anew."""


class MemorySavedViews:
    """Saved folds for as long as the process lives.

    >>> views = MemorySavedViews()
    >>> _ = views.save("reading", Saved(7, "f", b"{}"))
    >>> views.load("reading", "f")
    <IOResult: <Success: Saved(position=7, fingerprint='f', content=b'{}')>>
    >>> views.load("reading", "of other code")
    <IOResult: <Success: None>>
    """

    def __init__(self) -> None:
        self._saved: dict[str, Saved] = {}

    def load(self, name: str, fingerprint: str) -> IOResult[Saved | None, StoreError]:
        """See `SavedViews.load`."""
        found = self._saved.get(name)
        return IOSuccess(found if found and found.fingerprint == fingerprint else None)

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """See `SavedViews.save`."""
        self._saved[name] = saved
        return IOSuccess(None)

    def forget(self) -> IOResult[None, StoreError]:
        """See `SavedViews.forget`."""
        self._saved.clear()
        return IOSuccess(None)
