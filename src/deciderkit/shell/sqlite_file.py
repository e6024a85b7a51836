"""The file of an embedded log: its tables, how it is opened, and what can be wrong with it.

The tables are made to be read with nothing but the ``sqlite3`` shell: ``SELECT * FROM log``. Events
that were recorded together share one row in ``commits``, so an event costs a short row of its own
and no index. Nothing is ever changed or deleted in the log; triggers see to that.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

APPLICATION_ID: Final = 0x4D415253
SCHEMA: Final = 1

_TABLES: Final = """
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kinds (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, schema INTEGER NOT NULL, UNIQUE (type, schema)
) STRICT;
CREATE TABLE commits (
    first INTEGER PRIMARY KEY, size INTEGER NOT NULL, stream INTEGER NOT NULL,
    version INTEGER NOT NULL, command_id TEXT NOT NULL UNIQUE, recorded_at TEXT NOT NULL,
    chained_to INTEGER NOT NULL, UNIQUE (stream, version)
) STRICT;
CREATE TABLE events (
    position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, data TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE VIEW log AS
    SELECT position, streams.name AS stream, version + position - first AS version,
           kinds.type AS type, kinds.schema AS schema, command_id, recorded_at, data
    FROM events JOIN commits ON first = (SELECT max(first) FROM commits WHERE first <= position)
    JOIN streams ON streams.id = commits.stream JOIN kinds ON kinds.id = events.kind;
CREATE TABLE parked (
    policy TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (policy, key)
) STRICT;
CREATE TABLE saved (
    name TEXT PRIMARY KEY, position INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;
"""
_NEVER_CHANGED: Final = (
    "CREATE TRIGGER {table}_{action} BEFORE {action} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;"
)
_NO_WRITING: Final = "cannot be written: expected a file and a folder with write permission"
_EMPTY: Final = "{path}: is empty: expected a log written by this program"


class CannotOpen(Exception):
    """A file that is no log, or not one that can be used now; the text is for people."""


class CannotWrite(CannotOpen):
    """A file, or its folder, that this process may not write."""


class Damaged(Exception):
    """A log whose file is damaged where its tables begin."""


def connect(path: Path, *, create: bool, busy_seconds: float) -> sqlite3.Connection:
    """A connection to the log in ``path``, durable and ready. Raises `CannotOpen` or `Damaged`.

    Where nothing can be written and nothing is to be made, it only reads, and sees the log as it is
    now: each write fails, in words.
    """
    _check_path(path, create)
    try:
        return _prepared(path, "rwc" if create else "rw", create, busy_seconds)
    except CannotWrite:
        if create or not _is_at_rest(path):
            raise
    return _prepared(path, "ro&immutable=1", create, busy_seconds)


def _is_at_rest(path: Path) -> bool:
    """Whether all of the log is in the file itself, and nobody who writes has it open.

    Only then may SQLite be told that the file does not change, which is how it reads a log whose
    folder it cannot write: it looks at no write-ahead log, and would miss what is in there.
    """
    return not Path(f"{os.path.realpath(path)}-wal").exists()


def _prepared(path: Path, mode: str, create: bool, busy_seconds: float) -> sqlite3.Connection:
    with _in_words(path, busy_seconds):
        connection = _connection(path, mode, busy_seconds)
    try:
        with _in_words(path, busy_seconds):
            _prepare(connection, path, create, busy_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _in_words(path: Path, busy_seconds: float) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        said = plain(error, busy_seconds)
        words = f"{path}: {said}"
        if said == _NO_WRITING:
            raise CannotWrite(words) from None
        raise Damaged(words) if "malformed" in said else CannotOpen(words) from None


def plain(error: sqlite3.Error, busy_seconds: float) -> str:
    """What SQLite says, in words that tell what to do.

    >>> plain(sqlite3.OperationalError("database is locked"), 5)
    'locked by another process for 5 seconds: expected it to finish'
    """
    said = str(error)
    if "locked" in said:
        return f"locked by another process for {busy_seconds:g} seconds: expected it to finish"
    if "not a database" in said:
        return "not an SQLite file: expected a log written by this program"
    if "readonly" in said or "unable to open" in said:
        return _NO_WRITING
    if "full" in said:
        return "no room left on the disk; this append was not recorded"
    return said


def _check_path(path: Path, create: bool) -> None:
    if path == Path():
        raise CannotOpen("no name, or that of this folder: expected the name of a file")
    status = _status(path)
    if status is not None:
        _check_file(path, status, create)
    elif not create:
        raise CannotOpen(f"{path}: no such store: expected a file written by this program")
    elif not path.parent.is_dir():
        raise CannotOpen(f"{path}: no such folder as {path.parent}: expected one that is there")


def _status(path: Path) -> os.stat_result | None:
    """What there is at ``path``; nothing where nothing is."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CannotOpen(f"{path}: {error.strerror}: expected the name of a file") from None


def _check_file(path: Path, status: os.stat_result, create: bool) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise CannotOpen(f"{path}: is a directory: expected a file")
    if not stat.S_ISREG(status.st_mode):
        raise CannotOpen(f"{path}: is a device or a pipe: expected a file")
    # Asked before SQLite is: it would take the write-ahead log of an empty file away.
    if not create and status.st_size == 0:
        raise CannotOpen(_EMPTY.format(path=path))


def _connection(path: Path, mode: str, busy_seconds: float) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=busy_seconds)
    connection.text_factory = bytes
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, create: bool, busy_seconds: float) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    if _is_new(connection, path):
        if not create:
            raise CannotOpen(_EMPTY.format(path=path))
        # A commit touches four pages, however short it is: small ones make it a quarter as long.
        connection.execute("PRAGMA page_size = 1024")
        _patiently(connection, "PRAGMA journal_mode = WAL", busy_seconds)
    connection.execute("PRAGMA synchronous = FULL")
    # A short write-ahead log is soon written over, and writing over syncs quicker than growing.
    connection.execute("PRAGMA wal_autocheckpoint = 1000")
    if _is_new(connection, path):
        _create(connection, path)


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file is still empty; raises `CannotOpen` where it is somebody else's."""
    application = _pragma(connection, "application_id")
    schema = _pragma(connection, "user_version")
    if application == APPLICATION_ID:
        if schema > SCHEMA:
            raise CannotOpen(
                f"{path}: written by a newer program (schema {schema}): "
                f"expected schema {SCHEMA} at most"
            )
        return False
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise CannotOpen(f"{path}: an SQLite file, but no log: expected one of this program")
    return True


def _create(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _is_new(connection, path):
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
        for table in ("streams", "kinds", "commits", "events"):
            for action in ("UPDATE", "DELETE"):
                connection.execute(_NEVER_CHANGED.format(table=table, action=action))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.execute("COMMIT")


def _patiently(connection: sqlite3.Connection, statement: str, busy_seconds: float) -> None:
    """Run ``statement``, which SQLite refuses at once where others work on the same new file."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
