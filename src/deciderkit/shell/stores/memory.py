"""The event store without a disk: for tests, notebooks and short runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from returns.result import Failure, Result, Success

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import Claim, Conflict, Note, Saved, StoreFailure, against
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import NotStorable
from deciderkit.log.pages import Commit, Page, events_of
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell.stores.clock import Clock, NewIds, Stamp


class Beside:
    """What stands beside a log in memory: notes of parking, and saved folds."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self._mark = 0
        self._saved: dict[str, Saved] = {}
        self._beside = Lock()

    def park(self, todo: str, reason: str) -> Result[None, StoreError]:
        """See `Parking.park`."""
        with self._beside:
            self._note(todo, reason)
        return Success(None)

    def let_go(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.let_go`."""
        with self._beside:
            for todo in todos:
                note = self._notes.get(todo)
                if note is not None and note.reason:
                    self._note(todo, "")
        return Success(None)

    def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.settled`."""
        with self._beside:
            for todo in todos:
                self._notes.pop(todo, None)
        return Success(None)

    def notes(self, since: int = 0) -> Result[tuple[Note, ...], StoreError]:
        """See `Parking.notes`."""
        found: list[Note] = []
        with self._beside:
            for note in reversed(self._notes.values() if since < self._mark else ()):
                if note.mark <= since:
                    break
                found.append(note)
        return Success(tuple(reversed(found)))

    def _note(self, todo: str, reason: str) -> None:
        self._mark += 1
        self._notes.pop(todo, None)
        self._notes[todo] = Note(self._mark, todo, reason)

    def load(self, name: str, version: str) -> Result[Saved | None, StoreError]:
        """See `SavedFolds.load`."""
        found = self._saved.get(name)
        return Success(found if found and found.version == version else None)

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        """See `SavedFolds.save`."""
        self._saved[name] = saved
        return Success(None)


class MemoryEventStore(Beside):
    """A log in memory, for as long as the process lives; any number of threads may use it.

    With a ``codec`` it holds events to what would read back equal, as a store on a disk does.

    >>> store = MemoryEventStore()
    >>> store.append("door-front", 0, ["Rang"]).map(len)
    <Success: 1>
    >>> store.append("door-front", 0, ["Rang"]).alt(str)
    <Failure: stream door-front is at version 1: expected 0>
    """

    def __init__(self, codec: Codec | None = None, clock: Clock | None = None) -> None:
        super().__init__()
        self.codec = codec
        self._stamp = Stamp(clock)
        self._new_id = NewIds()
        self._lock = Lock()
        self._log: list[Recorded[Any]] = []
        # Made from the log, event by event, and made good wherever an interrupt left off.
        self._indexed = 0
        self._streams: dict[str, list[Recorded[Any]]] = {}
        self._tallies: dict[str, Tally] = {}

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        """See `Log.append`."""
        if self.codec is not None:
            try:
                self.codec.all_readable(events)
            except NotStorable as error:
                return Failure(error)
        with self._lock:
            log = self._log
            position = len(log)
            if self._indexed != position:
                self._index()
            told = self._streams.get(stream)
            version = len(told) if told else 0
            if (claim is not None or not version or version != expected_version) and (
                trouble := self._trouble(stream, version, expected_version, claim)
            ):
                return Failure(trouble)
            if not events:
                return Success(())
            command_id, tally = (claim.command_id, claim.tally) if claim else (self._new_id(), None)
            at, page = self._stamp(), []
            for event in events:
                position += 1
                version += 1
                page.append(Recorded(position, stream, version, event, command_id, at, tally))
            log += page
            if told and tally is None:  # what `_index` does, at once
                told += page
                self._indexed = position
            else:
                self._index()
            return Success(tuple(page))

    def _trouble(
        self, stream: str, version: int, expected_version: int, claim: Claim | None
    ) -> AppendError | None:
        """Why nothing can be appended to ``stream``, which stands at ``version``."""
        if not version and not is_id(stream):
            return BadId(stream)
        if claim is not None:
            if not is_command_id(claim.command_id):
                return BadId(claim.command_id)
            if trouble := against(claim, self._tallies.get(claim.command_id)):
                return trouble
        if version != expected_version:
            return Conflict(stream, expected_version, version)
        return None

    def _index(self) -> None:
        for recorded in self._log[self._indexed :]:
            told = self._streams.setdefault(recorded.stream, [])
            if len(told) < recorded.version:
                told.append(recorded)
            if recorded.tally is not None:
                self._tallies[recorded.command_id] = recorded.tally
            self._indexed = recorded.position

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """See `Log.check`."""
        return self.codec.check(events) if self.codec is not None else Success(None)

    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        """See `Log.tally`."""
        with self._lock:
            self._index()
            return Success(self._tallies.get(command_id))

    def version(self, stream: str) -> Result[int, StoreError]:
        """See `Log.version`."""
        with self._lock:
            self._index()
            return Success(len(self._streams.get(stream, ())))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read`."""
        with self._lock:
            self._index()
            after = max(after, 0)
            return Success(tuple(self._streams.get(stream, ())[after : after + limit]))

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read_all`."""
        after = max(after, 0)
        return Success(tuple(self._log[after : after + limit]))

    def head(self) -> Result[int, StoreError]:
        """See `Log.head`."""
        return Success(len(self._log))

    def restore(
        self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int
    ) -> Result[None, StoreError]:
        """See `Log.restore`; needs a codec."""
        if self.codec is None:
            return Failure(
                StoreFailure("this log has no codec: expected one, to read what comes in")
            )
        page = [each for commit in commits for each in events_of(*commit, self.codec)]
        with self._lock:
            if len(self._log) != after:
                return Failure(StoreFailure(f"somebody else recorded after position {after}"))
            self._log += page
            self._index()
        return Success(None)

    def integrity(self, read: int) -> Result[None, StoreError]:
        """What is kept as objects is as it was."""
        return Success(None)
