"""Files of the embedded store, and what may be done to them, for the tests beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from deciderkit.log.answers import StoreFailure
from deciderkit.log.codec import Codec
from deciderkit.shell.stores.opening import opened_file
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from deciderkit.testing.store_contract import claim, codec, noted

NO_WRITING = "cannot be written: expected a file and a folder"


def opened(path: Path, kinds: Codec = codec, **how: Any) -> SqliteEventStore:
    return opened_file(path, kinds, **how)


def written(path: Path) -> Path:
    """A log with three events in two commits, of which one is a request."""
    with opened(path) as store:
        store.append("a-1", 0, noted("x", "y"), claim("c1", 0, 2)).unwrap()
        store.append("b-1", 0, noted("z")).unwrap()
    return path


def failure_of(path: Path, *, create: bool = True) -> str:
    """How the log at ``path`` cannot be opened."""
    with pytest.raises(StoreFailure) as caught:
        opened(path, create=create, busy_seconds=0.05)
    return str(caught.value)


def damage(path: Path, *statements: str) -> None:
    """Change the log behind its back; the triggers that forbid it are there again afterwards."""
    connection = sqlite3.connect(path)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, statement in triggers:
        connection.execute(statement)
    connection.commit()
    connection.close()


@contextmanager
def without_privileges() -> Iterator[None]:
    """As somebody who may not write everywhere, which root may."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def nobody_may_write(folder: Path) -> Iterator[None]:
    """A folder and its files that cannot be written from within the block."""
    files = [each for each in folder.iterdir() if not each.is_symlink()]
    for file in files:
        file.chmod(0o444)
    folder.chmod(0o555)
    try:
        with without_privileges():
            yield
    finally:
        folder.chmod(0o755)
        for file in files:
            if file.exists():
                file.chmod(0o644)


@contextmanager
def read_only(wal: bytes = b"", link: Path | None = None) -> Iterator[Path]:
    """A log with one event that cannot be written, nor anything beside it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        with opened(path) as store:
            store.append("a-1", 0, noted("x")).unwrap()
        if wal:
            Path(f"{path}-wal").write_bytes(wal)
        if link:
            link.symlink_to(path)
        with nobody_may_write(Path(folder)):
            yield path
