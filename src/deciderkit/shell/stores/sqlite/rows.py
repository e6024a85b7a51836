"""What an embedded log's file says: rows looked up, and made into recorded events by `page_of`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from deciderkit.log.chain import START
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Commit, Kind, Page, Row, kind_of, page_of, tally_of
from deciderkit.log.recorded import Tally
from deciderkit.plain import shown

T = TypeVar("T")

_COMMIT_COLUMNS = (
    "SELECT first, size, version, streams.name, command_id, recorded_at, tally, chained_to "
    "FROM commits JOIN streams ON streams.id = commits.stream "
)
_ROWS = "SELECT position, kind, data, checksum FROM events WHERE position > :after LIMIT :limit"
_COMMITS = _COMMIT_COLUMNS + (
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
_STREAM_COMMITS = (
    f"{_COMMIT_COLUMNS} WHERE {_STREAM_FROM} AND first <= :last ORDER BY version LIMIT :limit"
)
_VERSION = (
    "SELECT version + size - 1 FROM commits WHERE stream = (SELECT id FROM streams WHERE name = ?) "
    "ORDER BY version DESC LIMIT 1"
)
_TALLY = (
    "SELECT first, tally FROM commits WHERE command_id = ? AND done IS NOT NULL "
    "ORDER BY done DESC LIMIT 1"
)


def text(stored: bytes) -> str:
    """A text of the file; bytes that are no text survive, to fail their checksum."""
    return stored.decode(errors="surrogateescape")


class Rows:
    """Reads pages of recorded events out of one file."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec) -> None:
        self._connection = connection
        self._codec = codec
        self.kinds: dict[int, Kind] = {}
        """The kinds that were looked up, by their number; to be forgotten with what was rolled back."""

    def all(self, after: int, limit: int) -> Page:
        """Events after position ``after``, each chained to the one before it."""
        after = max(after, 0)
        rows = self._rows(_ROWS, {"after": after, "limit": limit})
        if rows and rows[0][0] != after + 1:
            raise CorruptEvent(after + 1, "is missing")
        return self._page(rows, _COMMITS, {}, linked=True) if rows else ()

    def stream(self, stream: str, after: int, limit: int) -> Page:
        """Events of ``stream`` after version ``after``."""
        asked = {"stream": stream, "after": max(after, 0), "limit": limit}
        rows = self._rows(_STREAM_ROWS, asked)
        return self._page(rows, _STREAM_COMMITS, asked, linked=False) if rows else ()

    def version(self, stream: str) -> int:
        """The version of the last event of ``stream``."""
        found = self._connection.execute(_VERSION, (stream,)).fetchone()
        return int(found[0]) if found else 0

    def head(self) -> int:
        """The position of the last event."""
        found = self._connection.execute("SELECT ifnull(max(position), 0) FROM events").fetchone()
        return int(found[0])

    def tally(self, command_id: str) -> Tally | None:
        """The last tally of a request."""
        found = self._connection.execute(_TALLY, (command_id,)).fetchone()
        if found is None:
            return None
        try:
            return tally_of(text(found[1]))
        except ValueError as error:
            raise CorruptEvent(found[0], f"its tally: {error}") from None

    def has_no_tally(self, command_id: str) -> bool:
        """Whether a request is from before there were tallies."""
        return bool(
            self._connection.execute(
                "SELECT 1 FROM untallied WHERE command_id = ?", (command_id,)
            ).fetchone()
        )

    def checksum(self, position: int) -> int:
        """What the event after ``position`` is chained to."""
        found = self._connection.execute(
            "SELECT checksum FROM events WHERE position = ?", (position,)
        ).fetchone()
        return int(found[0]) if found else START

    def kind_at(self, position: int, number: int) -> Kind:
        """The kind with ``number``, which the event at ``position`` is of."""
        known = self.kinds.get(number)
        if known is None:
            row = self._connection.execute(
                "SELECT type, schema FROM kinds WHERE id = ?", (number,)
            ).fetchone()
            if row is None:
                raise CorruptEvent(position, f"unknown kind {number}: expected one that is stored")
            known = self.kinds[number] = kind_of(self._codec, text(row[0]), row[1])
        return known

    def _rows(self, statement: str, asked: dict[str, Any]) -> list[Row]:
        """The rows; where the file itself is damaged, the place of the first that cannot be read."""

        def read(limit: int) -> list[Row]:
            return self._connection.execute(statement, {**asked, "limit": limit}).fetchall()

        rows, error = _readable(read, asked["limit"])
        if error is not None:
            after = 0 if "stream" in asked else asked["after"]
            raise CorruptEvent((rows[-1][0] if rows else after) + 1, shown(str(error)))
        return rows

    def _commits(self, statement: str, asked: dict[str, Any], rows: Sequence[Row]) -> list[Commit]:
        """The commits of ``rows``."""
        asked = {**asked, "first": rows[0][0], "last": rows[-1][0]}

        def read(limit: int) -> list[Commit]:
            found = self._connection.execute(statement, {**asked, "limit": limit})
            return [_commit(row) for row in found]

        commits, error = _readable(read, len(rows) + 1)
        if error is not None:
            position = commits[-1].first + commits[-1].size if commits else rows[0][0]
            raise CorruptEvent(
                position, shown(str(error)) or "stands in a commit that cannot be read"
            )
        return commits

    def _page(
        self, rows: Sequence[Row], statement: str, asked: dict[str, Any], *, linked: bool
    ) -> Page:
        commits = self._commits(statement, asked, rows)
        before = self.checksum(rows[0][0] - 1)
        return page_of(rows, commits, before, self.kind_at, linked=linked)


def _commit(row: tuple[Any, ...]) -> Commit:
    """The commit in a row of `_COMMIT_COLUMNS`. Raises ``TypeError`` for one that was not written."""
    first, size, version, stream, command_id, recorded_at, tally, chained_to = row
    if not all(isinstance(each, int) for each in (first, size, version, chained_to)):
        raise TypeError
    texts = (stream, command_id, recorded_at, tally)
    if any(b"\0" in each for each in texts):
        raise TypeError
    named, request, at, said = map(text, texts)
    return Commit(first, size, version, named, request, at, said, chained_to)


def _readable(read: Callable[[int], list[T]], limit: int) -> tuple[list[T], Exception | None]:
    """What ``read`` gives up to ``limit``; where it fails, what it gives before that, and why."""
    try:
        return read(limit), None
    except (sqlite3.DatabaseError, TypeError) as error:
        if isinstance(error, (sqlite3.OperationalError, sqlite3.ProgrammingError)):
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
