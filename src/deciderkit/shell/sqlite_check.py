"""Whether a log is whole: what reading alone does not see of its rows, and of the file around them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from returns.io import IOResult

from deciderkit.log.audit import Audit
from deciderkit.board import Board
from deciderkit.log.codec import CorruptEvent
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import PAGE, Page, StoreError, pages
from deciderkit.shell.sqlite import SqliteEventStore
from deciderkit.shell.sqlite_rows import text

Watch = Callable[[Iterable[Recorded[Any]]], Iterable[Recorded[Any]]]

_DATA = (
    "SELECT position, type, schema, data, typeof(data) = 'text' FROM events "
    "JOIN kinds ON kinds.id = kind ORDER BY position"
)
_RETYPED = (
    "SELECT min(first) FROM commits WHERE typeof(command_id) <> 'text' "
    "OR typeof(recorded_at) <> 'text'"
)
_BEYOND = "SELECT min(first) FROM commits WHERE first + size - 1 > ?"
_SUM = "SELECT ifnull(sum(size), 0) FROM commits"


def verify_log(
    store: SqliteEventStore, board: Board, watch: Watch = iter
) -> IOResult[Audit, StoreError]:
    """Check all that there is to check, and give the audit of the whole log.

    Checksums and their chain, places and versions, that every event decodes as strictly as one from
    outside and follows from those before it, and SQLite's own check of the file. A failure is a
    `CorruptEvent` with the position of the first damage; where that belongs to no event it stands
    after the last. Nothing is changed. ``watch`` sees the events go by.
    """
    return store.guard(lambda: _verified(store, board, watch))


def _verified(store: SqliteEventStore, board: Board, watch: Watch) -> Audit:
    def read(after: int) -> Page:
        return store.reading.all(after, PAGE)

    audit = Audit(board)
    for recorded in watch(each for page in pages(read, _position) for each in page):
        audit.take(recorded)
    try:
        _check_rows(store)
        _check_file(store.connection, audit.position)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise CorruptEvent(audit.position + 1, str(error)) from None
    return audit


def _position(recorded: Recorded[Any]) -> int:
    return recorded.position


def _check_rows(store: SqliteEventStore) -> None:
    (retyped,) = store.connection.execute(_RETYPED).fetchone()
    if retyped is not None:
        raise CorruptEvent(retyped, "its command id or its time is no text")
    for position, name, schema, data, is_text in store.connection.execute(_DATA):
        if not is_text:
            raise CorruptEvent(position, "its data is no text")
        store.codec.decode(text(name), schema, data, position)


def _check_file(connection: sqlite3.Connection, read: int) -> None:
    (beyond,) = connection.execute(_BEYOND, (read,)).fetchone()
    if beyond is not None or connection.execute(_SUM).fetchone()[0] != read:
        raise CorruptEvent(read + 1, "a commit tells of events that are not there")
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != b"ok":
        raise CorruptEvent(read + 1, " ".join(text(said).split()))
