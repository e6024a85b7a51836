"""Whether the file around a log's events is whole: SQLite's own check, and nothing after the end."""

from __future__ import annotations

import sqlite3

from returns.io import IOResult

from deciderkit.codec import CorruptEvent
from deciderkit.shell.event_store import StoreError
from deciderkit.shell.sqlite import SqliteEventStore
from deciderkit.shell.sqlite_rows import text

_DATA = "SELECT position, type, schema, data FROM events JOIN kinds ON kinds.id = kind ORDER BY position"
_BEYOND = "SELECT first FROM commits WHERE first + size - 1 > ? ORDER BY first LIMIT 1"
_SUM = "SELECT ifnull(sum(size), 0) FROM commits"


def check_data(store: SqliteEventStore) -> IOResult[None, StoreError]:
    """Decode every event as strictly as data from outside, whatever its checksum says."""

    def work() -> None:
        rows = store.connection.execute(_DATA)
        for position, name, schema, data in rows:
            store.codec.decode(text(name), schema, data, position)

    return store.guard(work)


def check_file(store: SqliteEventStore, read: int) -> IOResult[None, StoreError]:
    """Check what reading ``read`` events could not see: indices, pages, commits without events.

    A failure is a `CorruptEvent`; where the damage belongs to no event it stands at ``read + 1``.
    """
    return store.guard(lambda: _check(store.connection, read))


def _check(connection: sqlite3.Connection, read: int) -> None:
    try:
        beyond = connection.execute(_BEYOND, (read,)).fetchone()
        if beyond or connection.execute(_SUM).fetchone()[0] != read:
            raise CorruptEvent(read + 1, "a commit tells of events that are not there")
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise CorruptEvent(read + 1, str(error)) from None
    if said != b"ok":
        raise CorruptEvent(read + 1, " ".join(text(said).split()))
