"""The tables of an embedded log, made to be read with nothing but the ``sqlite3`` shell: ``SELECT * FROM log``.

Events that were recorded together share one row in ``commits``, so an event costs a short row of its
own and no index. Nothing is ever changed or deleted in the log; triggers see to that. ``untallied``
holds the ids of requests from before there were tallies; ``parked`` and ``saved`` stand beside the log.
"""

from __future__ import annotations

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x4D415253
SCHEMA: Final = 2

TABLES: Final = (
    "CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, type TEXT NOT NULL, schema INTEGER NOT NULL, "
    "UNIQUE (type, schema)) STRICT",
    "CREATE TABLE commits (first INTEGER PRIMARY KEY, size INTEGER NOT NULL, "
    "stream INTEGER NOT NULL, version INTEGER NOT NULL, command_id TEXT NOT NULL, "
    "recorded_at TEXT NOT NULL, done INTEGER, tally TEXT NOT NULL, chained_to INTEGER NOT NULL, "
    "UNIQUE (stream, version)) STRICT",
    "CREATE UNIQUE INDEX tallies ON commits (command_id, done) WHERE done IS NOT NULL",
    "CREATE TABLE events (position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, data TEXT NOT NULL, "
    "checksum INTEGER NOT NULL) STRICT",
    "CREATE TABLE untallied (command_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE VIEW log AS SELECT position, streams.name AS stream, "
    "version + position - first AS version, kinds.type AS type, kinds.schema AS schema, "
    "command_id, recorded_at, tally, data FROM events "
    "JOIN commits ON first = (SELECT max(first) FROM commits WHERE first <= position) "
    "JOIN streams ON streams.id = commits.stream JOIN kinds ON kinds.id = events.kind",
    "CREATE TABLE parked (mark INTEGER PRIMARY KEY AUTOINCREMENT, todo TEXT NOT NULL UNIQUE, "
    "reason TEXT NOT NULL) STRICT",
    "CREATE TABLE saved (name TEXT PRIMARY KEY, position INTEGER NOT NULL, seal TEXT NOT NULL, "
    "content TEXT NOT NULL) STRICT",
    *(
        f"CREATE TRIGGER {table}_{action} BEFORE {action} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
        for table in ("streams", "kinds", "commits", "events", "untallied")
        for action in ("UPDATE", "DELETE")
    ),
)

_FROM_1: Final = (
    *(
        f"DROP TRIGGER {table}_{action}"
        for table in ("commits",)
        for action in ("UPDATE", "DELETE")
    ),
    "DROP VIEW log",
    "DROP TABLE parked",
    "DROP TABLE saved",
    "ALTER TABLE commits RENAME TO commits_1",
)
_COPIED: Final = (
    "INSERT INTO commits SELECT first, size, stream, version, command_id, recorded_at, NULL, '', "
    "chained_to FROM commits_1 ORDER BY first",
    "INSERT INTO untallied SELECT command_id FROM commits_1 WHERE command_id NOT LIKE '%~%'",
    "DROP TABLE commits_1",
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of a new log, inside a transaction."""
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables of schema 1 those of today, inside a transaction. No event is touched.

    What schema 1 knew of parked to-dos goes: they are tried once more.
    """
    for statement in _FROM_1:
        connection.execute(statement)
    kept = ("TABLE streams ", "TABLE kinds ", "TABLE events ", "TRIGGER streams", "TRIGGER kinds")
    for statement in TABLES:
        if not statement.startswith(tuple(f"CREATE {each}" for each in (*kept, "TRIGGER events"))):
            connection.execute(statement)
    for statement in _COPIED:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def damage(connection: sqlite3.Connection) -> str:
    """What is wrong with the tables themselves, whose texts stand in the file too; nothing if all is well."""
    found = {
        _squeezed(bytes(sql).decode(errors="replace"))
        for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        if not bytes(sql).startswith(b"CREATE TABLE sqlite_")
    }
    missing = [each for each in TABLES if _squeezed(each) not in found]
    if missing or len(found) != len(TABLES):
        what = missing[0].split(" (")[0].split(" BEFORE")[0] if missing else "something strange"
        return f"its tables are damaged: not as written: {what}"
    return ""


def _squeezed(statement: str) -> str:
    """``statement`` without blanks, of which an older program wrote others between the same words."""
    return "".join(statement.split())
