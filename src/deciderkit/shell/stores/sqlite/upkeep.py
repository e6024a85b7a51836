"""Whether the file of an embedded log is whole: what reading alone does not see of its rows, and around them."""

from __future__ import annotations

import sqlite3
from typing import Final

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import tally_of
from deciderkit.plain import shown
from deciderkit.shell.stores.sqlite.rows import text

_DATA: Final = (
    "SELECT position, type, schema, data, typeof(data) = 'text' FROM events "
    "JOIN kinds ON kinds.id = kind ORDER BY position"
)
_RETYPED: Final = (
    "SELECT min(first) FROM commits WHERE typeof(command_id) <> 'text' "
    "OR typeof(recorded_at) <> 'text' OR typeof(tally) <> 'text'"
)
_TALLIES: Final = "SELECT first, done, tally FROM commits WHERE done IS NOT NULL OR tally <> ''"
# One statement looks at one moment of the log, to which somebody may add all the while.
_AROUND: Final = (
    "SELECT (SELECT ifnull(max(position), 0) FROM events), ifnull(sum(size), 0), "
    "ifnull(max(first + size - 1), 0) FROM commits"
)


def check(connection: sqlite3.Connection, codec: Codec, read: int) -> None:
    """Raise `CorruptEvent` for the first damage; what belongs to no event stands after the last, ``read``.

    Every event is decoded as strictly as one from outside, and SQLite checks the file.
    """
    try:
        _check_rows(connection, codec)
        _check_tallies(connection)
        _check_file(connection, read)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise CorruptEvent(read + 1, shown(str(error))) from None


def _check_rows(connection: sqlite3.Connection, codec: Codec) -> None:
    (retyped,) = connection.execute(_RETYPED).fetchone()
    if retyped is not None:
        raise CorruptEvent(retyped, "its command id, its time or its tally is no text")
    for position, name, schema, data, is_text in connection.execute(_DATA):
        if not is_text:
            raise CorruptEvent(position, "its data is no text")
        codec.decode(text(name), schema, data, position)


def _check_tallies(connection: sqlite3.Connection) -> None:
    for first, done, said in connection.execute(_TALLIES):
        tally = tally_of(text(said))
        if tally is None or tally.done != done:
            raise CorruptEvent(first, "its tally is not the one that it is found by")


def _check_file(connection: sqlite3.Connection, read: int) -> None:
    head, committed, last = connection.execute(_AROUND).fetchone()
    if not read <= head == committed == last:
        raise CorruptEvent(read + 1, "a commit tells of events that are not there")
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != b"ok":
        raise CorruptEvent(read + 1, " ".join(text(said).split()))
