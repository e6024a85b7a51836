"""The file of an embedded log: how it is opened, what can be wrong with it, and whether it is still there."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Final

from deciderkit.log.answers import StoreFailure
from deciderkit.log.errors import CorruptEvent
from deciderkit.plain import shown
from deciderkit.shell.stores.sqlite import tables
from deciderkit.shell.stores.sqlite.ahead import Ahead

RAISED: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises."""
_NO_WRITING: Final = "cannot be written: expected a file and a folder with write permission"


class CannotWrite(StoreFailure):
    """A file, or its folder, that this process may not write."""


class LogFile:
    """The file at ``path`` and a connection to it, durable and ready.

    Raises `StoreFailure` or `CorruptEvent`. Without ``create``, a log that cannot be written is opened to
    be read; each write then fails, in words.
    """

    def __init__(self, path: Path, *, create: bool, busy_seconds: float) -> None:
        self.path = path
        self._place = _place(path)
        self._name = str(self._place)
        self.busy_seconds = busy_seconds
        self.create = create
        self._process = os.getpid()
        self._frozen: tuple[object, ...] | None = None
        self._begin()

    def _begin(self) -> None:
        self.connection: sqlite3.Connection | None = self._open()
        self._opened = _which(self._name)
        self._ahead = Ahead(f"{os.path.realpath(self._name)}-wal")

    @property
    def trouble(self) -> str:
        """Why this process cannot use the log, in words; nothing where it can."""
        if self._process != os.getpid():
            return (
                f"{self.path}: opened by process {self._process}, used in process {os.getpid()}: "
                "expected a store that was opened after the fork"
            )
        if self.connection is None:
            return f"{self.path}: this store was closed: expected one that is open"
        return ""

    @property
    def replaced(self) -> str:
        """Whether the file, or its write-ahead log, is another than the one that was opened, in words."""
        if self._opened == _which(self._name) and (self._frozen or self._ahead.is_the_same()):
            return ""
        return (
            f"{self.path}: was deleted or replaced while it was open: expected the same file; "
            "open it again"
        )

    def thawed(self) -> bool:
        """Whether a log that was read as a file that does not change has changed; it is opened again."""
        if self._frozen is None or self._frozen == _look(self._place):
            return False
        self.close()
        self._begin()
        return True

    def close(self) -> None:
        """Let go of the file. In another process than that which opened it, nothing is touched."""
        if self.connection is not None and self._process == os.getpid():
            self.connection.close()
            self._ahead.close()
        self.connection = None

    def in_words(self, error: sqlite3.Error | UnicodeDecodeError) -> StoreFailure | CorruptEvent:
        """What SQLite raised, in words."""
        if isinstance(error, UnicodeDecodeError):  # its own words quote a damaged name
            return CorruptEvent(1, f"{self.path}: its tables are damaged: a name is no text")
        said = plain(error, self.busy_seconds)
        words = f"{self.path}: {said}"
        if said == _NO_WRITING:
            return CannotWrite(words)
        return CorruptEvent(1, words) if is_damage(error) else StoreFailure(words)

    def _open(self) -> sqlite3.Connection:
        _check_path(self.path, self._place, self.create)
        self._frozen = None
        try:
            return self._prepared("rwc" if self.create else "rw")
        except CannotWrite:
            if self.create:
                raise
        if Path(f"{os.path.realpath(self._place)}-wal").exists():
            try:
                return self._prepared("ro")
            except CannotWrite:
                words = "somebody is writing, and this folder cannot be written"
                expected = "write permission in it, or a log that nobody has open"
                raise CannotWrite(f"{self.path}: {words}: expected {expected}") from None
        # Nobody who writes has it open, so SQLite may be told that it does not change.
        self._frozen = _look(self._place)
        return self._prepared("ro&immutable=1")

    def _prepared(self, mode: str) -> sqlite3.Connection:
        try:
            return self._connected(mode, alone=False)
        except StoreFailure as error:
            if "disk I/O error" not in str(error):
                raise
            failed = error
        try:
            # A full disk has no room for the shared index of a write-ahead log: alone it needs none.
            return self._connected(mode, alone=True)
        except StoreFailure:
            raise failed from None

    def _connected(self, mode: str, *, alone: bool) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(
                f"{self._place.as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                timeout=self.busy_seconds,
                check_same_thread=False,
            )
            connection.text_factory = bytes
            if alone:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._prepare(connection, writable=mode.startswith("rw"))
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, RAISED):
                raise self.in_words(error) from None
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection, *, writable: bool) -> None:
        connection.execute("PRAGMA foreign_keys = OFF")
        schema = self._schema(connection)
        if schema == 0:
            if not self.create:
                raise StoreFailure(_empty(self.path))
            # A commit touches four pages, however short it is: small ones make it a quarter as long.
            connection.execute("PRAGMA page_size = 1024")
            self._patiently(connection, "PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # A short write-ahead log is soon written over, and writing over syncs quicker than growing.
        connection.execute("PRAGMA wal_autocheckpoint = 1000")
        if schema < tables.SCHEMA:
            if not writable:
                raise CannotWrite(
                    f"{self.path}: written by an older program (schema {schema}): expected write "
                    "permission once, to bring it up to date"
                )
            self._bring_up_to_date(connection)
        if problem := tables.damage(connection):
            raise CorruptEvent(1, f"{self.path}: {problem}")

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            schema = self._schema(connection)
            if schema == 0:
                tables.create(connection)
            elif schema == 1:
                tables.bring_up_to_date(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _schema(self, connection: sqlite3.Connection) -> int:
        """Which schema the file has, 0 for a new one; raises `StoreFailure` where it is somebody else's."""
        # First what there is and then whose: somebody may make the log between the two, all at once.
        (tables_in_it,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        application, schema = (
            _pragma(connection, "application_id"),
            _pragma(connection, "user_version"),
        )
        if application == tables.APPLICATION_ID and schema > 0:
            if schema > tables.SCHEMA:
                raise StoreFailure(
                    f"{self.path}: written by a newer program (schema {schema}): "
                    f"expected schema {tables.SCHEMA} at most"
                )
            return schema
        if tables_in_it:
            raise StoreFailure(
                f"{self.path}: an SQLite file, but no log: expected one of this program"
            )
        return 0

    def _patiently(self, connection: sqlite3.Connection, statement: str) -> None:
        """Run ``statement``, which SQLite refuses at once where others work on the same new file."""
        deadline = time.monotonic() + self.busy_seconds
        while True:
            try:
                connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite speaks of the file's content, and not of who may do what with it when."""
    said = str(error)
    return "malformed" in said or "no such column" in said or "no such table" in said


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
    return shown(said)


def _which(path: str) -> tuple[int, int] | None:
    """Which file stands at ``path``."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _look(path: Path) -> tuple[object, ...]:
    """All that shows whether somebody has written."""
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size, Path(f"{os.path.realpath(path)}-wal").exists()


def _empty(path: Path) -> str:
    return f"{path}: is empty: expected a log written by this program"


def _place(path: Path) -> Path:
    """Where ``path`` is, also when whoever opened it has gone to another folder."""
    try:
        return path.absolute()
    except OSError:
        gone = "this folder is gone: expected one that is there, or a whole path"
        raise StoreFailure(f"{path}: {gone}") from None


def _check_path(path: Path, place: Path, create: bool) -> None:
    if path == Path():
        raise StoreFailure("no name, or that of this folder: expected the name of a file")
    status = _status(path, place)
    if status is not None:
        _check_file(path, status, create)
    elif not create:
        raise StoreFailure(f"{path}: no such store: expected a file written by this program")
    elif not place.parent.is_dir():
        raise StoreFailure(f"{path}: no such folder as {path.parent}: expected one that is there")


def _status(path: Path, place: Path) -> os.stat_result | None:
    """What there is at ``place``; nothing where nothing is."""
    try:
        return place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreFailure(f"{path}: {reason}: expected the name of a file") from None


def _check_file(path: Path, status: os.stat_result, create: bool) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise StoreFailure(f"{path}: is a directory: expected a file")
    if not stat.S_ISREG(status.st_mode):
        raise StoreFailure(f"{path}: is a device or a pipe: expected a file")
    if status.st_nlink > 1:
        # SQLite finds the write-ahead log by the name: by another name it would miss what is in there.
        names = f"{status.st_nlink} names (hard links)"
        raise StoreFailure(f"{path}: has {names}: expected a file with one; copy it instead")
    # Asked before SQLite is: it would take the write-ahead log of an empty file away.
    if not create and status.st_size == 0:
        raise StoreFailure(_empty(path))


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
