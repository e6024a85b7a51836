"""What stands beside an embedded log in the same file: parked to-dos and saved folds. None of it is the truth."""

from __future__ import annotations

import sqlite3
from typing import Final

from deciderkit.log.answers import Note, Saved
from deciderkit.log.sealing import seal
from deciderkit.shell.stores.sqlite.rows import Rows, text

PARK: Final = "INSERT OR REPLACE INTO parked (todo, reason) VALUES (?, ?)"
LET_GO: Final = (
    "INSERT OR REPLACE INTO parked (todo, reason) "
    "SELECT todo, '' FROM parked WHERE todo = ? AND reason <> ''"
)
SETTLED: Final = "DELETE FROM parked WHERE todo = ?"
SAVE: Final = (
    "INSERT INTO saved VALUES (?, ?, ?, CAST(? AS TEXT)) ON CONFLICT (name) DO UPDATE SET "
    "position = excluded.position, seal = excluded.seal, content = excluded.content"
)


def notes(connection: sqlite3.Connection, since: int) -> tuple[Note, ...]:
    """The notes with a mark after ``since``."""
    rows = connection.execute(
        "SELECT mark, todo, reason FROM parked WHERE mark > ? ORDER BY mark", (since,)
    )
    return tuple(Note(mark, text(todo), text(reason)) for mark, todo, reason in rows)


def load(connection: sqlite3.Connection, rows: Rows, name: str, version: str) -> Saved | None:
    """What was saved under ``name``, if its seal fits."""
    row = connection.execute(
        "SELECT position, seal, content FROM saved WHERE name = ?", (name,)
    ).fetchone()
    if row is None or not isinstance(row[2], bytes):
        return None
    saved = Saved(row[0], version, row[2])
    return saved if row[1] == seal(name, saved, rows.checksum(saved.position)).encode() else None


def sealed(rows: Rows, name: str, saved: Saved) -> tuple[str, int, str, bytes]:
    """The row for ``saved``."""
    return name, saved.position, seal(name, saved, rows.checksum(saved.position)), saved.content
