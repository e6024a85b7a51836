"""What stands beside a log on a server: parked to-dos and saved folds. None of it is the truth."""

from __future__ import annotations

from typing import Final

from deciderkit.log.answers import Note, Saved
from deciderkit.log.sealing import seal
from deciderkit.shell.stores.postgres.connections import Connection
from deciderkit.shell.stores.postgres.rows import Rows

PARK: Final = "SELECT {schema}.park(%s, %s)"
LET_GO: Final = "SELECT {schema}.let_go(%s)"
SETTLED: Final = "SELECT {schema}.settled(%s)"
SAVE: Final = "SELECT {schema}.save(%s, %s, %s, %s)"
NOTES: Final = "SELECT mark, todo, reason FROM {schema}.parked WHERE mark > %s ORDER BY mark"
LOAD: Final = "SELECT position, seal, content FROM {schema}.saved WHERE name = %s"


def notes(connection: Connection, statement: str, since: int) -> tuple[Note, ...]:
    """The notes with a mark after ``since``."""
    return tuple(Note(*row) for row in connection.execute(statement, (since,)))


def load(
    connection: Connection, statement: str, rows: Rows, name: str, version: str
) -> Saved | None:
    """What was saved under ``name``, if its seal fits."""
    row = connection.execute(statement, (name,)).fetchone()
    if row is None:
        return None
    saved = Saved(row[0], version, bytes(row[2]))
    return saved if row[1] == sealed(connection, rows, name, saved) else None


def sealed(connection: Connection, rows: Rows, name: str, saved: Saved) -> str:
    """The seal for ``saved`` beside the log as it is: the link stands for all before the last commit."""
    checksum, link = rows.checksum(connection, saved.position)
    return seal(name, saved, f"{link}/{checksum}")
