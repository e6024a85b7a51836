"""The embedded event store: a log in one SQLite file, durable, for several processes at once.

An append is one transaction: it takes the write lock, looks at the head, inserts and is on the disk
when it returns (write-ahead log, ``synchronous=FULL``). Readers are never in the way of the writer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from zlib import crc32

from returns.io import IOFailure, IOResult, IOSuccess

from deciderkit.log.chain import START
from deciderkit.log.codec import Codec, CorruptEvent, Stored
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import (
    PAGE,
    Conflict,
    Page,
    StoreError,
    StoreFailure,
    bad_id,
)
from deciderkit.shell.memory import Clock, utc_now
from deciderkit.shell.sqlite_file import CannotOpen, Damaged, connect, plain
from deciderkit.shell.sqlite_reading import Reading
from deciderkit.shell.sqlite_rows import Commit, Kinds, Row

T = TypeVar("T")

_HEADS = (
    "SELECT (SELECT first FROM commits WHERE command_id = ?), ifnull("
    "(SELECT version + size - 1 FROM commits WHERE stream = ? ORDER BY version DESC LIMIT 1), 0), "
    "position, checksum FROM events ORDER BY position DESC LIMIT 1"
)
_EMPTY = (None, 0, 0, START)


class Failed(Exception):
    """A store error on its way out, to become an ``IOFailure`` at the door."""

    def __init__(self, error: StoreError) -> None:
        super().__init__(error)
        self.error = error


class SqliteEventStore:
    """A log in the SQLite file ``path``, as `EventStore` describes it; made by `open_store`.

    One instance belongs to one thread; any number of them, in any number of processes, may work on
    one file. Close it, or use it in a ``with``.
    """

    def __init__(
        self,
        path: Path,
        codec: Codec,
        connection: sqlite3.Connection,
        clock: Clock = utc_now,
        busy_seconds: float = 5,
    ) -> None:
        self.path = path
        self.codec = codec
        self.connection = connection
        self._clock = clock
        self._busy_seconds = busy_seconds
        self._kinds = Kinds(connection, codec)
        self._ids: dict[str, int] = {}
        self.reading = Reading(connection, self._kinds)

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        """See `EventStore.append`: one transaction, on the disk when it returns."""
        if wrong := bad_id(stream, command_id):
            return IOFailure(wrong)
        try:
            stored = [self.codec.encode(event) for event in events]
        except (KeyError, ValueError, TypeError) as error:
            return IOFailure(StoreFailure(f"cannot be stored: {error}"))
        return self.guard(
            lambda: self._append(stream, expected_version, events, stored, command_id)
        )

    def outcome(self, command_id: str) -> IOResult[Page, StoreError]:
        """See `EventStore.outcome`."""
        return self.guard(lambda: self.reading.outcome(command_id))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """See `EventStore.read`."""
        return self.guard(lambda: self.reading.stream(stream, after, limit))

    def read_all(self, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """See `EventStore.read_all`; checks that each event is chained to the one before it."""
        return self.guard(lambda: self.reading.all(after, limit))

    def head(self) -> IOResult[int, StoreError]:
        """See `EventStore.head`."""
        return self.guard(
            lambda: int(
                self.connection.execute("SELECT ifnull(max(position), 0) FROM events").fetchone()[0]
            )
        )

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> SqliteEventStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def guard(self, work: Callable[[], T]) -> IOResult[T, StoreError]:
        """What ``work`` gives, with all that can go wrong in the file as a failure."""
        try:
            return IOSuccess(work())
        except Failed as failed:
            return IOFailure(failed.error)
        except CorruptEvent as error:
            return IOFailure(error)
        except sqlite3.Error as error:
            if "malformed" in str(error):
                return IOFailure(CorruptEvent(1, f"{self.path}: {error}"))
            return IOFailure(StoreFailure(f"{self.path}: {plain(error, self._busy_seconds)}"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, alone among the writers."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            # Before all else: on a full disk SQLite has rolled back by itself, or cannot.
            self._kinds.forget()
            self._ids.clear()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def change(self, statement: str, values: Sequence[Any]) -> None:
        """One change to what stands beside the log."""
        with self.transaction():
            self.connection.execute(statement, values)

    def _append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        stored: list[Stored],
        command_id: str,
    ) -> Page:
        with self.transaction():
            first, version, head, checksum = (
                self.connection.execute(_HEADS, (command_id, self._known_id(stream))).fetchone()
                or _EMPTY
            )
            if first is None:
                if version != expected_version:
                    raise Failed(Conflict(stream, expected_version, version))
                if not stored:
                    return ()
                at = self._clock().isoformat()
                place = (head + 1, len(stored), version + 1)
                self.insert(Commit(*place, stream, command_id, at, checksum), stored)
        if first is not None:
            return self.reading.outcome(command_id)
        return tuple(
            Recorded(position, stream, number, event, command_id, at)
            for position, number, event in zip(
                range(head + 1, head + 1 + len(events)),
                range(version + 1, version + 1 + len(events)),
                events,
                strict=True,
            )
        )

    def insert(self, commit: Commit, stored: Sequence[Stored]) -> None:
        """Write one commit, inside a transaction that has made sure of its place."""
        stream_id = self._known_id(commit.stream) or self._new_id(commit.stream)
        first, size, version, _, command_id, recorded_at, chained_to = commit
        self.connection.execute(
            "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?)",
            (first, size, stream_id, version, command_id, recorded_at, chained_to),
        )
        rows: list[Row] = []
        before, kind_of = commit.seed(), self._kinds.of
        for position, (name, schema, data) in enumerate(stored, first):
            kind, part = kind_of(name, schema)
            before = crc32(data, before ^ part)
            rows.append((position, kind, data, before))
        self.connection.executemany("INSERT INTO events VALUES (?, ?, CAST(? AS TEXT), ?)", rows)

    def _known_id(self, stream: str) -> int:
        """The number of a stream that has events, or 0."""
        known = self._ids.get(stream, 0)
        if not known:
            found = self.connection.execute("SELECT id FROM streams WHERE name = ?", (stream,))
            if row := found.fetchone():
                known = self._ids[stream] = row[0]
        return known

    def _new_id(self, stream: str) -> int:
        added = self.connection.execute("INSERT INTO streams (name) VALUES (?)", (stream,))
        self._ids[stream] = added.lastrowid or 0
        return self._ids[stream]


def open_store(
    path: str | Path,
    codec: Codec,
    *,
    create: bool = True,
    clock: Clock = utc_now,
    busy_seconds: float = 5,
) -> IOResult[SqliteEventStore, StoreFailure | CorruptEvent]:
    """The log in ``path``, made if there is none and ``create`` says so.

    Fails, naming the file and what would do, for a folder, a file that is no log or from a newer
    program, one that is missing or cannot be written, and one that is locked for ``busy_seconds``.
    A log that is damaged where its tables begin fails as a `CorruptEvent`.

    Without ``create``, a log that cannot be written is opened as it is now, to be read, unless there
    is a write-ahead log beside it; appends to it fail.
    """
    place = Path(path)
    try:
        connection = connect(place, create=create, busy_seconds=busy_seconds)
    except CannotOpen as error:
        return IOFailure(StoreFailure(str(error)))
    except Damaged as error:
        return IOFailure(CorruptEvent(1, str(error)))
    return IOSuccess(SqliteEventStore(place, codec, connection, clock, busy_seconds))
