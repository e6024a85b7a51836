"""Event stores without a disk: one for tests, notebooks and short runs, and one that forgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from returns.io import IOFailure, IOResult, IOSuccess

from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import PAGE, Conflict, Page, StoreError, StoreFailure, bad_id

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class MemoryEventStore:
    """A log in memory, for as long as the process lives.

    >>> store = MemoryEventStore()
    >>> store.append("door-front", 0, ["Rang"], command_id="c1").map(len)
    <IOResult: <Success: 1>>
    >>> store.append("door-front", 0, ["Rang"], command_id="c2").alt(str)
    <IOResult: <Failure: stream door-front is at version 1: expected 0>>
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._log: list[Recorded[Any]] = []
        self._streams: dict[str, list[Recorded[Any]]] = {}
        self._outcomes: dict[str, Page] = {}

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        """See `EventStore.append`."""
        if wrong := bad_id(stream, command_id):
            return IOFailure(wrong)
        if command_id in self._outcomes:
            return IOSuccess(self._outcomes[command_id])
        before = self._streams.setdefault(stream, [])
        if len(before) != expected_version:
            return IOFailure(Conflict(stream, expected_version, len(before)))
        template = (stream, command_id, self._clock().isoformat())
        page = _page(events, len(self._log), expected_version, template)
        self._log.extend(page)
        before.extend(page)
        if page:
            self._outcomes[command_id] = page
        return IOSuccess(page)

    def outcome(self, command_id: str) -> IOResult[Page, StoreError]:
        """See `EventStore.outcome`."""
        return IOSuccess(self._outcomes.get(command_id, ()))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """See `EventStore.read`."""
        return IOSuccess(tuple(self._streams.get(stream, [])[after : after + limit]))

    def read_all(self, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """See `EventStore.read_all`."""
        return IOSuccess(tuple(self._log[after : after + limit]))

    def head(self) -> IOResult[int, StoreError]:
        """See `EventStore.head`."""
        return IOSuccess(len(self._log))


class ForgetfulEventStore:
    """A log that counts and keeps nothing, for a run of any length whose events go elsewhere.

    Positions, versions and conflicts are as everywhere; reading what is gone is a failure, and so
    a retry of a command id is one more append.
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._head = 0
        self._versions: dict[str, int] = {}

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        """See `EventStore.append`."""
        if wrong := bad_id(stream, command_id):
            return IOFailure(wrong)
        version = self._versions.get(stream, 0)
        if version != expected_version:
            return IOFailure(Conflict(stream, expected_version, version))
        template = (stream, command_id, self._clock().isoformat())
        page = _page(events, self._head, version, template)
        self._head += len(page)
        self._versions[stream] = version + len(page)
        return IOSuccess(page)

    def outcome(self, command_id: str) -> IOResult[Page, StoreError]:
        """Nothing: see above."""
        return IOSuccess(())

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """Nothing where nothing was written; else a failure."""
        return self._gone() if self._versions.get(stream, 0) > after else IOSuccess(())

    def read_all(self, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """Nothing where nothing was written; else a failure."""
        return self._gone() if self._head > after else IOSuccess(())

    def head(self) -> IOResult[int, StoreError]:
        """See `EventStore.head`."""
        return IOSuccess(self._head)

    def _gone(self) -> IOResult[Page, StoreError]:
        return IOFailure(StoreFailure("this log keeps no events: expected a store that does"))


def _page(
    events: Sequence[Any], position: int, version: int, template: tuple[str, str, str]
) -> Page:
    """``events`` as they stand after ``position`` of the log and ``version`` of their stream."""
    stream, command_id, recorded_at = template
    return tuple(
        Recorded(position + place, stream, version + place, event, command_id, recorded_at)
        for place, event in enumerate(events, start=1)
    )
