"""A log that forgets, for ``drive`` without a store: the events of a program of any length go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from returns.result import Failure, Result, Success

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import Claim, Conflict, StoreFailure
from deciderkit.log.codec import Stored
from deciderkit.log.errors import NotStorable
from deciderkit.log.pages import Commit, Page
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell.stores.clock import Clock, NewIds, Stamp
from deciderkit.shell.stores.memory import Beside


class ForgetfulEventStore(Beside):
    """A log that counts and keeps nothing, for a run of any length whose events go elsewhere.

    Positions, versions and conflicts are as everywhere; reading what is gone is a failure, and a
    request that is tried again is one more request.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__()
        self._stamp = Stamp(clock)
        self._new_id = NewIds()
        self._head = 0
        self._versions: dict[str, int] = {}

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        """See `Log.append`."""
        command_id = claim.command_id if claim else self._new_id()
        for each, good in ((stream, is_id), (command_id, is_command_id)):
            if not good(each):
                return Failure(BadId(each))
        version = self._versions.get(stream, 0)
        if version != expected_version:
            return Failure(Conflict(stream, expected_version, version))
        at, tally = self._stamp(), claim.tally if claim else None
        page = tuple(
            Recorded(self._head + place, stream, version + place, event, command_id, at, tally)
            for place, event in enumerate(events, 1)
        )
        self._head += len(page)
        self._versions[stream] = version + len(page)
        return Success(page)

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """Everything can be forgotten."""
        return Success(None)

    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        """Nothing: see above."""
        return Success(None)

    def version(self, stream: str) -> Result[int, StoreError]:
        """See `Log.version`."""
        return Success(self._versions.get(stream, 0))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """Nothing where nothing was written; else a failure."""
        return self._gone() if self._versions.get(stream, 0) > after else Success(())

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """Nothing where nothing was written; else a failure."""
        return self._gone() if self._head > after else Success(())

    def head(self) -> Result[int, StoreError]:
        """See `Log.head`."""
        return Success(self._head)

    def restore(
        self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int
    ) -> Result[None, StoreError]:
        """It would be gone."""
        return self._gone()

    def integrity(self, read: int) -> Result[None, StoreError]:
        """There is nothing to be whole."""
        return Success(None)

    def _gone(self) -> Result[Any, StoreError]:
        return Failure(StoreFailure("this log keeps no events: expected a store that does"))
