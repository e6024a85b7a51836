"""Rows of an embedded log to recorded events: checksums first, then decoding.

A row is trusted once its checksum holds, for then it is byte by byte what the codec wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from zlib import crc32

from deciderkit.log.chain import START
from deciderkit.log.codec import WRONG_DATA, CorruptEvent
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import Page
from deciderkit.shell.sqlite_rows import COMMIT_COLUMNS, Commit, Kinds, Row

T = TypeVar("T")

_ROWS = "SELECT position, kind, data, checksum FROM events WHERE position > :after LIMIT :limit"
_COMMITS = COMMIT_COLUMNS + (
    "WHERE first BETWEEN ifnull((SELECT max(first) FROM commits WHERE first <= :first), 0) AND :last "
    "ORDER BY first LIMIT :limit"
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
_STREAM_COMMITS = f"{COMMIT_COLUMNS} WHERE {_STREAM_FROM} ORDER BY version LIMIT :limit"


class Reading:
    """Reads pages of recorded events out of one file."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds) -> None:
        self._connection = connection
        self._known = kinds.known

    def all(self, after: int, limit: int) -> Page:
        """Events after position ``after``, each chained to the one before it."""
        after = max(after, 0)
        rows = self._rows(_ROWS, {"after": after, "limit": limit})
        if rows and rows[0][0] != after + 1:
            raise CorruptEvent(after + 1, "is missing")
        return self._page(rows, _COMMITS, {}, linked=True) if rows else ()

    def stream(self, stream: str, after: int, limit: int) -> Page:
        """Events of ``stream`` after version ``after``."""
        asked = {"stream": stream, "after": after, "limit": limit}
        rows = self._rows(_STREAM_ROWS, asked)
        return self._page(rows, _STREAM_COMMITS, asked, linked=False) if rows else ()

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

    def _rows(self, statement: str, asked: dict[str, Any]) -> list[Row]:
        """The rows; where the file itself is damaged, the place of the first that cannot be read."""

        def read(limit: int) -> list[Row]:
            return self._connection.execute(statement, {**asked, "limit": limit}).fetchall()

        rows, error = _readable(read, asked["limit"])
        if error is not None:
            after = 0 if "stream" in asked else asked["after"]
            raise CorruptEvent((rows[-1][0] if rows else after) + 1, str(error))
        return rows

    def _commits(self, statement: str, asked: dict[str, Any], rows: Sequence[Row]) -> list[Commit]:
        """The commits of ``rows``."""
        asked = {**asked, "first": rows[0][0], "last": rows[-1][0]}

        def read(limit: int) -> list[Commit]:
            found = self._connection.execute(statement, {**asked, "limit": limit})
            return [Commit.of(row) for row in found]

        commits, error = _readable(read, len(rows) + 1)
        if error is not None:
            position = commits[-1].first + commits[-1].size if commits else rows[0][0]
            raise CorruptEvent(position, str(error) or "stands in a commit that cannot be read")
        return commits

    def _page(
        self, rows: Sequence[Row], statement: str, asked: dict[str, Any], *, linked: bool
    ) -> Page:
        """The events in ``rows``, of the commits that ``statement`` gives, in the order of the log.

        ``linked`` says that nothing of the log is left out between the commits, so that each must
        be chained to the one before. Raises `CorruptEvent` at the first row that is not as written.
        """
        commits = self._commits(statement, asked, rows)
        page: list[Recorded[Any]] = []
        done = 0
        before = self.checksum(rows[0][0] - 1)
        for commit in commits:
            if done == len(rows):
                break
            position = rows[done][0]
            if linked and position != rows[0][0] + done:
                raise CorruptEvent(rows[0][0] + done, "is missing")
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
            try:
                before = crc32(data, before ^ part)
                if before != checksum:
                    raise CorruptEvent(position, "the checksum does not fit")
                event = decode(data)
            except WRONG_DATA as error:
                raise CorruptEvent(position, str(error)) from None
            add(Recorded(position, stream, version, event, command_id, recorded_at))
            expected += 1
            version += 1
        return before


def _readable(read: Callable[[int], list[T]], limit: int) -> tuple[list[T], Exception | None]:
    """What ``read`` gives up to ``limit``; where it fails, what it gives before that, and why."""
    try:
        return read(limit), None
    except (sqlite3.DatabaseError, TypeError) as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        good, bad, reason = 0, limit, error
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            read(middle)
            good = middle
        except (sqlite3.DatabaseError, TypeError):
            bad = middle
    return (read(good) if good else []), reason
