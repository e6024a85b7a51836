"""What a log's tables say: rows looked up, and made into recorded events by `page_of`."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from psycopg.types.string import ByteaBinaryLoader

from deciderkit.log.chain import START, head_sum
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Commit, Kind, Page, Row, kind_of, page_of, tally_of
from deciderkit.log.recorded import Tally
from deciderkit.shell.stores.postgres.connections import Connection
from deciderkit.shell.stores.postgres.tables import filled_in

_COMMIT_COLUMNS: Final = (
    "SELECT first, size, version, name, command_id, recorded_at, tally, link "
    "FROM {schema}.commits c JOIN {schema}.streams s ON s.id = c.stream "
)
_STREAM_FROM: Final = (
    "c.stream = (SELECT id FROM {schema}.streams WHERE name = %(stream)s) "
    "AND version >= coalesce((SELECT max(version) FROM {schema}.commits WHERE version <= %(after)s + 1 "
    "AND stream = (SELECT id FROM {schema}.streams WHERE name = %(stream)s)), 0) "
)
_EVENT_COLUMNS: Final = "SELECT position, kind, data, checksum "


class Statements(NamedTuple):
    """What is asked of the tables of one log."""

    rows: str = (
        _EVENT_COLUMNS + "FROM {schema}.events WHERE position >= %s ORDER BY position LIMIT %s"
    )
    commits: str = _COMMIT_COLUMNS + (
        "WHERE first >= coalesce("
        "(SELECT max(first) FROM {schema}.commits WHERE first <= %(first)s), 0) "
        "AND first <= %(last)s ORDER BY first"
    )
    stream_rows: str = _EVENT_COLUMNS + (
        "FROM {schema}.commits c "
        "JOIN {schema}.events ON position BETWEEN first AND first + size - 1 "
        f"WHERE {_STREAM_FROM} AND version + position - first > %(after)s "
        "ORDER BY version, position LIMIT %(limit)s"
    )
    stream_commits: str = (
        f"{_COMMIT_COLUMNS} WHERE {_STREAM_FROM} AND first <= %(last)s ORDER BY version"
    )
    version: str = (
        "SELECT version + size - 1 FROM {schema}.commits "
        "WHERE stream = (SELECT id FROM {schema}.streams WHERE name = %s) "
        "ORDER BY version DESC LIMIT 1"
    )
    head: str = "SELECT coalesce(max(position), 0) FROM {schema}.events"
    tally: str = (
        "SELECT first, tally FROM {schema}.commits WHERE command_id = %s AND done IS NOT NULL "
        "ORDER BY done DESC LIMIT 1"
    )
    untallied: str = "SELECT 1 FROM {schema}.untallied WHERE command_id = %s"
    kinds: str = "SELECT id, type, schema FROM {schema}.kinds"
    checksum: str = (
        "SELECT checksum, link FROM {schema}.events JOIN {schema}.commits "
        "ON first = (SELECT max(first) FROM {schema}.commits WHERE first <= %s) WHERE position = %s"
    )


class LocalCommit(Commit):
    """A commit as its writer knew it: the place in the whole log is told by its link."""

    __slots__ = ()

    def seed(self) -> int:
        """See `Commit.seed`."""
        place = (0, self.size, self.version)
        return head_sum(START, place, self.stream, self.command_id, self.recorded_at, self.tally)


class Rows:
    """Reads pages of recorded events out of the log in ``schema``."""

    def __init__(self, codec: Codec, schema: str) -> None:
        self._codec = codec
        self._say = Statements(*(filled_in(each, schema) for each in Statements()))
        self._kinds: dict[int, Kind] = {}

    def all(self, connection: Connection, after: int, limit: int) -> Page:
        """Events after position ``after``, each chained to the one before it."""
        after = max(after, 0)
        rows = _read(connection, self._say.rows, (after, limit + (after > 0)))
        if rows and rows[0][0] != max(after, 1):
            raise CorruptEvent(max(after, 1), "is missing")
        following = rows[1:] if after else rows
        if not following:
            return ()
        asked = {"first": rows[0][0], "last": rows[-1][0]}
        found = connection.execute(self._say.commits, asked).fetchall()
        commits = _linked(found, rows)
        before = rows[0][3] if after else START
        if after and commits and commits[0].first + commits[0].size <= following[0][0]:
            del commits[0]
        self._look_up(connection, following)
        return page_of(following, commits, before, self._kind_at, linked=True)

    def stream(self, connection: Connection, stream: str, after: int, limit: int) -> Page:
        """Events of ``stream`` after version ``after``."""
        asked: dict[str, Any] = {"stream": stream, "after": max(after, 0), "limit": limit}
        rows = _read(connection, self._say.stream_rows, asked)
        if not rows:
            return ()
        asked["last"] = rows[-1][0]
        found = connection.execute(self._say.stream_commits, asked).fetchall()
        commits = [LocalCommit._make((*row[:7], START)) for row in found]
        first = rows[0][0]
        before = START
        if commits and commits[0].first < first:
            before, _ = self.checksum(connection, first - 1)
        self._look_up(connection, rows)
        return page_of(rows, commits, before, self._kind_at, linked=False)

    def version(self, connection: Connection, stream: str) -> int:
        """The version of the last event of ``stream``."""
        found = connection.execute(self._say.version, (stream,)).fetchone()
        return int(found[0]) if found else 0

    def head(self, connection: Connection) -> int:
        """The position of the last event."""
        found = connection.execute(self._say.head).fetchone()
        return int(found[0]) if found else 0

    def tally(self, connection: Connection, command_id: str) -> Tally | None:
        """The last tally of a request."""
        found = connection.execute(self._say.tally, (command_id,)).fetchone()
        if found is None:
            return None
        try:
            return tally_of(found[1])
        except ValueError as error:
            raise CorruptEvent(found[0], f"its tally: {error}") from None

    def has_no_tally(self, connection: Connection, command_id: str) -> bool:
        """Whether a request is from before there were tallies."""
        return connection.execute(self._say.untallied, (command_id,)).fetchone() is not None

    def checksum(self, connection: Connection, position: int) -> tuple[int, str]:
        """The checksum of the event at ``position``, and the link of its commit."""
        found = connection.execute(self._say.checksum, (position, position)).fetchone()
        return (int(found[0]), str(found[1])) if found else (START, "")

    def _look_up(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Make sure that the kinds of ``rows`` are known."""
        if not {row[1] for row in rows} <= self._kinds.keys():
            for number, name, schema in connection.execute(self._say.kinds).fetchall():
                self._kinds[number] = kind_of(self._codec, name, schema)

    def _kind_at(self, position: int, number: int) -> Kind:
        known = self._kinds.get(number)
        if known is None:
            raise CorruptEvent(position, f"unknown kind {number}: expected one that is stored")
        return known


def link_of(link: str, checksum: int, position: int) -> str:
    """The link of the commit at ``position``: what stands before it, as the server writes it."""
    return sha256(f"{link}/{checksum}/{position}".encode()).hexdigest()[:16]


def _read(connection: Connection, statement: str, asked: Any) -> list[Row]:
    with connection.cursor(binary=True) as cursor:
        cursor.adapters.register_loader("text", ByteaBinaryLoader)  # as it was written
        return cursor.execute(statement, asked).fetchall()


def _linked(found: Sequence[tuple[Any, ...]], rows: Sequence[Row]) -> list[Commit]:
    """The commits in ``found``, each chained to the event before it where its link says so.

    ``rows`` hold the events, one before the first of a page among them. A link that does not fit is
    told as a checksum that no event has.
    """
    begin = rows[0][0] + 1
    commits: list[Commit] = []
    link: str | None = None if rows[0][0] > 1 else ""
    for *shared, said in found:
        first = shared[0]
        before = rows[first - begin][3] if begin <= first < begin + len(rows) else START
        if link is not None and said != link_of(link, before, first):
            before = -1
        commits.append(LocalCommit._make((*shared, before)))
        link = said
    return commits
