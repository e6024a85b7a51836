"""The embedded event store: a log in one SQLite file, durable, for several processes and threads at once.

An append is one transaction: it takes the write lock, looks at the head, inserts and is on the disk
when it returns (write-ahead log, ``synchronous=FULL``). Readers are never in the way of the writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, Final, TypeVar

from returns.result import Failure, Result, Success

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import (
    Claim,
    Conflict,
    Note,
    Saved,
    StoreFailure,
    StoreTrouble,
    against,
)
from deciderkit.log.chain import START
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.pages import Commit, Page, chained, tally_of, tally_text
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell.closing import Closing
from deciderkit.shell.stores.clock import Clock, NewIds, Stamp
from deciderkit.shell.stores.sqlite import side, upkeep
from deciderkit.shell.stores.sqlite.file import RAISED, LogFile
from deciderkit.shell.stores.sqlite.rows import Rows, text

T = TypeVar("T")

_HEADS: Final = (
    "SELECT (SELECT tally FROM commits WHERE command_id = ? AND done IS NOT NULL "
    "ORDER BY done DESC LIMIT 1), ifnull("
    "(SELECT version + size - 1 FROM commits WHERE stream = ? ORDER BY version DESC LIMIT 1), 0), "
    "position, checksum FROM events ORDER BY position DESC LIMIT 1"
)
_EMPTY: Final = (None, 0, 0, START)
_COMMIT: Final = "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TOGETHER: Final = 50
"""Events that one statement inserts; a statement for each event takes twice as long."""
_EVENTS: Final = [
    "INSERT INTO events VALUES " + ", ".join(["(?, ?, ?, ?)"] * rows)
    for rows in range(_TOGETHER + 1)
]


class SqliteEventStore(Closing):
    """A log in an SQLite file, as `EventStore` describes it; made by `open_store`.

    Any number of threads may use one instance, one call after the other, and any number of processes
    may open one file. After a fork it has to be opened again.
    """

    def __init__(self, file: LogFile, codec: Codec, clock: Clock | None = None) -> None:
        self.codec = codec
        self._file = file
        self._lock = RLock()
        self._stamp = Stamp(clock)
        self._new_id = NewIds()
        self._ids: dict[str, int] = {}
        self._kinds: dict[tuple[str, int], int] = {}
        self._connect()

    def _connect(self) -> None:
        assert self._file.connection is not None
        self.connection = self._file.connection
        self.rows = Rows(self.connection, self.codec)

    @property
    def path(self) -> Path:
        """Where the log is."""
        return self._file.path

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        """See `Log.append`: one transaction, on the disk when it returns."""
        if stream not in self._ids and not is_id(stream):
            return Failure(BadId(stream))
        if claim is not None and not is_command_id(claim.command_id):
            return Failure(BadId(claim.command_id))
        try:
            stored = self.codec.all_readable(events)
        except NotStorable as error:
            return Failure(error)
        return self.guard(
            self._transaction, self._append, stream, expected_version, events, stored, claim
        )

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """See `Log.check`."""
        return self.codec.check(events)

    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        """See `Log.tally`."""
        return self.guard(self._tally, command_id)

    def version(self, stream: str) -> Result[int, StoreError]:
        """See `Log.version`."""
        return self.guard(lambda: self.rows.version(stream))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read`."""
        return self.guard(lambda: self.rows.stream(stream, after, limit))

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read_all`; checks that each event is chained to the one before it."""
        return self.guard(lambda: self.rows.all(after, limit))

    def head(self) -> Result[int, StoreError]:
        """See `Log.head`."""
        return self.guard(lambda: self.rows.head())  # noqa: PLW0108 - other rows after a change

    def restore(
        self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int
    ) -> Result[None, StoreError]:
        """See `Log.restore`."""
        return self.guard(self._transaction, self._restore, commits, after)

    def integrity(self, read: int) -> Result[None, StoreError]:
        """See `Log.integrity`."""
        return self.guard(lambda: upkeep.check(self.connection, self.codec, read))

    def park(self, todo: str, reason: str) -> Result[None, StoreError]:
        """See `Parking.park`."""
        return self.guard(self._change, side.PARK, [(todo, reason)])

    def let_go(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.let_go`."""
        return self.guard(self._change, side.LET_GO, [(todo,) for todo in todos])

    def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.settled`."""
        return self.guard(self._change, side.SETTLED, [(todo,) for todo in todos])

    def notes(self, since: int = 0) -> Result[tuple[Note, ...], StoreError]:
        """See `Parking.notes`."""
        return self.guard(lambda: side.notes(self.connection, since))

    def load(self, name: str, version: str) -> Result[Saved | None, StoreError]:
        """See `SavedFolds.load`."""
        return self.guard(lambda: side.load(self.connection, self.rows, name, version))

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        """See `SavedFolds.save`."""
        return self.guard(self._change, side.SAVE, [side.sealed(self.rows, name, saved)])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def guard(self, work: Callable[..., T], *arguments: Any) -> Result[T, Any]:
        """What ``work`` gives, with all that can go wrong in the file as a failure."""
        file = self._file
        with self._lock:
            if trouble := file.trouble:
                return Failure(StoreFailure(trouble))
            try:
                done = work(*arguments)
                while file.thawed():
                    self._connect()
                    done = work(*arguments)
            except (StoreTrouble, CorruptEvent) as error:
                return Failure(error)
            except RAISED as error:
                return Failure(file.in_words(error))
            replaced = file.replaced
            return Failure(StoreFailure(replaced)) if replaced else Success(done)

    def _transaction(self, work: Callable[..., T], *arguments: Any) -> T:
        """What ``work`` gives: all or nothing, alone among the writers."""
        execute = self.connection.execute
        try:
            if self.connection.in_transaction:  # an interrupt came while one was being undone
                execute("ROLLBACK")
            execute("BEGIN IMMEDIATE")
            done = work(*arguments)
            execute("COMMIT")
        except BaseException:
            # First what was read in here is forgotten: on a full disk SQLite has rolled back by itself,
            # or cannot. No call stands before the rollback, so no signal comes in between: Python
            # handles them where a call ends.
            self._kinds, self._ids, self.rows.kinds = {}, {}, {}
            if self.connection.in_transaction:
                execute("ROLLBACK")
            raise
        return done

    def _tally(self, command_id: str) -> Tally | None:
        self._check_age(command_id)
        return self.rows.tally(command_id)

    def _check_age(self, command_id: str) -> None:
        if self.rows.has_no_tally(command_id):
            raise StoreFailure(
                f"{self.path}: request {command_id!r} is from a log without tallies: nobody can tell "
                "how far it got; expected another id"
            )

    def _append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        stored: list[Stored],
        claim: Claim | None,
    ) -> Page:
        asked = (claim.command_id if claim else None, self._known_id(stream))
        said, version, head, checksum = self.connection.execute(_HEADS, asked).fetchone() or _EMPTY
        if claim is not None:
            if trouble := against(claim, tally_of(text(said or b""))):
                raise trouble
            if said is None:
                self._check_age(claim.command_id)
        if version != expected_version:
            raise Conflict(stream, expected_version, version)
        if not stored:
            return ()
        command_id, tally = (claim.command_id, claim.tally) if claim else (self._new_id(), None)
        at = self._stamp()
        place = (head + 1, len(stored), version + 1)
        commit = Commit(*place, stream, command_id, at, tally_text(tally), checksum)
        self._insert(commit, stored, tally.done if tally else None)
        return tuple(
            [
                Recorded(head + place, stream, version + place, event, command_id, at, tally)
                for place, event in enumerate(events, 1)
            ]
        )

    def _restore(self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int) -> None:
        if self.rows.head() != after:
            reason = f"somebody else recorded after position {after} meanwhile"
            raise StoreFailure(f"{self.path}: {reason}; nothing was recorded")
        for commit, stored in commits:
            tally = tally_of(commit.tally)
            chained_to = self.rows.checksum(commit.first - 1)
            done = tally.done if tally else None
            self._insert(commit._replace(chained_to=chained_to), stored, done)
            if tally is None and is_id(commit.command_id):
                insert = "INSERT OR IGNORE INTO untallied VALUES (?)"
                self.connection.execute(insert, (commit.command_id,))

    def _insert(self, commit: Commit, stored: Sequence[Stored], done: int | None) -> None:
        """Write one commit, inside a transaction that has made sure of its place."""
        stream_id = self._known_id(commit.stream) or self._new_stream(commit.stream)
        first, size, version, _, command_id, recorded_at, tally, chained_to = commit
        self.connection.execute(
            _COMMIT,
            (first, size, stream_id, version, command_id, recorded_at, done, tally, chained_to),
        )
        known, new = self._kinds, self._new_kind
        kinds = [known.get((name, schema)) or new(name, schema) for name, schema, _ in stored]
        sums = chained(commit, stored)
        if size == 1:  # as most commits are; by way of lists it would take a fortieth longer
            only = (first, kinds[0], stored[0].data.decode(), sums[0])
            self.connection.execute(_EVENTS[1], only)
            return
        rows: list[Any] = [None] * (4 * size)
        rows[::4], rows[1::4] = range(first, first + size), kinds
        rows[2::4] = [data.decode() for _, _, data in stored]
        rows[3::4] = sums
        for at in range(0, size, _TOGETHER):
            some = rows[4 * at : 4 * (at + _TOGETHER)]
            self.connection.execute(_EVENTS[len(some) // 4], some)

    def _known_id(self, stream: str) -> int:
        """The number of a stream that has events, or 0."""
        known = self._ids.get(stream, 0)
        if not known:
            found = self.connection.execute("SELECT id FROM streams WHERE name = ?", (stream,))
            if row := found.fetchone():
                known = self._ids[stream] = row[0]
        return known

    def _new_stream(self, stream: str) -> int:
        added = self.connection.execute("INSERT INTO streams (name) VALUES (?)", (stream,))
        self._ids[stream] = added.lastrowid or 0
        return self._ids[stream]

    def _new_kind(self, name: str, schema: int) -> int:
        insert = "INSERT OR IGNORE INTO kinds (type, schema) VALUES (?, ?)"
        self.connection.execute(insert, (name, schema))
        (number,) = self.connection.execute(
            "SELECT id FROM kinds WHERE type = ? AND schema = ?", (name, schema)
        ).fetchone()
        self._kinds[name, schema] = number
        return int(number)

    def _change(self, statement: str, values: Sequence[tuple[Any, ...]]) -> None:
        """A change to what stands beside the log."""
        self._transaction(self.connection.executemany, statement, values)
