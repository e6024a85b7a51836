"""Rows of an embedded log to recorded events: checksums first, then decoding.

A row is trusted once its checksum holds, for then it is byte by byte what the codec wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from deciderkit.chain import START
from deciderkit.codec import WRONG_DATA, CorruptEvent
from deciderkit.recorded import Recorded
from deciderkit.shell.event_store import Page
from deciderkit.shell.sqlite_rows import COMMIT_COLUMNS, Commit, Kinds, Row

_ROWS = "SELECT position, kind, data, checksum FROM events WHERE position > ? LIMIT ?"
_COMMITS = COMMIT_COLUMNS + (
    "WHERE first BETWEEN ifnull((SELECT max(first) FROM commits WHERE first <= ?), 0) AND ? "
    "ORDER BY first"
)
_STREAM_FROM = (
    "commits.stream = (SELECT id FROM streams WHERE name = :stream) AND version >= ifnull(("
    "SELECT max(version) FROM commits WHERE version <= :after + 1 "
    "AND stream = (SELECT id FROM streams WHERE name = :stream)), 0) "
)
_STREAM_ROWS = (
    "SELECT position, kind, data, checksum FROM commits "
    "JOIN events ON position BETWEEN first AND first + size - 1 "
    f"WHERE {_STREAM_FROM} AND version + position - first > :after "
    "ORDER BY version, position LIMIT :limit"
)
_STREAM_COMMITS = f"{COMMIT_COLUMNS} WHERE {_STREAM_FROM} ORDER BY version LIMIT :limit + 1"


class Reading:
    """Reads pages of recorded events out of one file."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds) -> None:
        self._connection = connection
        self._known = kinds.known

    def all(self, after: int, limit: int) -> Page:
        """Events after position ``after``, each chained to the one before it."""
        rows = self._rows(_ROWS, (after, limit), after)
        if not rows:
            return ()
        first, last = rows[0][0], rows[-1][0]
        if first != max(after, 0) + 1:
            raise CorruptEvent(max(after, 0) + 1, "is missing")
        found = self._connection.execute(_COMMITS, (first, last))
        return self._page(rows, list(map(Commit.of, found)), linked=True)

    def stream(self, stream: str, after: int, limit: int) -> Page:
        """Events of ``stream`` after version ``after``."""
        asked = {"stream": stream, "after": after, "limit": limit}
        rows = self._rows(_STREAM_ROWS, asked, 0)
        found = self._connection.execute(_STREAM_COMMITS, asked)
        return self._page(rows, list(map(Commit.of, found)), linked=False)

    def outcome(self, command_id: str) -> Page:
        """What was recorded under ``command_id``."""
        found = self._connection.execute(
            "SELECT first, size FROM commits WHERE command_id = ?", (command_id,)
        ).fetchone()
        return self.all(found[0] - 1, found[1]) if found else ()

    def checksum(self, position: int) -> int:
        """What the event after ``position`` is chained to."""
        found = self._connection.execute(
            "SELECT checksum FROM events WHERE position = ?", (position,)
        ).fetchone()
        return int(found[0]) if found else START

    def _rows(self, statement: str, asked: Any, after: int) -> list[Row]:
        """The rows; where the file itself is damaged, the place of the first that cannot be read."""
        rows: list[Row] = []
        try:
            rows.extend(self._connection.execute(statement, asked))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise CorruptEvent((rows[-1][0] if rows else after) + 1, str(error)) from None
        return rows

    def _page(self, rows: Sequence[Row], commits: Sequence[Commit], linked: bool) -> Page:
        """The events in ``rows``; ``commits`` are theirs, both in the order of the log.

        ``linked`` says that nothing of the log is left out between the commits, so that each must
        be chained to the one before. Raises `CorruptEvent` at the first row that is not as written.
        """
        page: list[Recorded[Any]] = []
        done = 0
        before = self.checksum(rows[0][0] - 1) if rows else START
        for commit in commits:
            if done == len(rows):
                break
            position = rows[done][0]
            within = position - commit.first
            if not 0 <= within < commit.size:
                raise CorruptEvent(position, "does not belong to the commit that it follows")
            if within == 0:
                if (linked or not done) and commit.chained_to != before:
                    raise CorruptEvent(position, "is not chained to the event before it")
                before = commit.seed()
            piece = rows[done : done + commit.size - within]
            before = self._add(page, piece, commit, before)
            done += len(piece)
        if done < len(rows):
            raise CorruptEvent(rows[done][0], "belongs to no commit")
        return tuple(page)

    def _add(
        self, page: list[Recorded[Any]], rows: Sequence[Row], commit: Commit, before: int
    ) -> int:
        """Add the events of one commit; the checksum of the last is returned."""
        _, _, first_version, stream, command_id, recorded_at, _ = commit
        expected = rows[0][0]
        version = first_version + expected - commit.first
        known, add = self._known, page.append
        seen: dict[int, tuple[int, Callable[[bytes], Any]]] = {}
        for position, kind, data, checksum in rows:
            if position != expected:
                raise CorruptEvent(expected, "is missing")
            if kind not in seen:
                seen[kind] = known(position, kind)
            part, decode = seen[kind]
            before = crc32(data, before ^ part)
            if before != checksum:
                raise CorruptEvent(position, "the checksum does not fit")
            try:
                event = decode(data)
            except WRONG_DATA as error:
                raise CorruptEvent(position, str(error)) from None
            add(Recorded(position, stream, version, event, command_id, recorded_at))
            expected += 1
            version += 1
        return before
