"""The embedded store where it differs from others: its file, and all that can be wrong with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from deciderkit.shell.event_store import StoreFailure
from deciderkit.shell.sqlite import SqliteEventStore, open_store
from deciderkit.shell.sqlite_rows import Commit
from msgspec import Struct
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit.log.chain import head_sum
from deciderkit.log.codec import Codec, CorruptEvent, EventType
from deciderkit.testing.store_contract import Noted, codec, noted


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.failure())


def opened(path: Path) -> SqliteEventStore:
    store: SqliteEventStore = value(open_store(path, codec))
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log with three events in two commits."""
    path = tmp_path / "log"
    with opened(path) as store:
        value(store.append("a-1", 0, noted("x", "y"), "c1"))
        value(store.append("b-1", 0, noted("z"), "c2"))
    return path


def test_every_append_is_on_the_disk_when_it_returns(path: Path) -> None:
    with opened(path) as store:
        pragma = store.connection.execute
        assert [(2,)] == pragma("PRAGMA synchronous").fetchall()
        assert [(b"wal",)] == pragma("PRAGMA journal_mode").fetchall()


def test_the_log_can_be_read_with_nothing_but_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT position, stream, version, type, schema, data FROM log")
    assert [
        (1, "a-1", 1, "Noted", 1, '{"text":"x"}'),
        (2, "a-1", 2, "Noted", 1, '{"text":"y"}'),
        (3, "b-1", 1, "Noted", 1, '{"text":"z"}'),
    ] == rows.fetchall()
    connection.close()


@pytest.mark.parametrize("table", ["events", "commits", "streams", "kinds"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 100"])
def test_the_log_is_never_changed(path: Path, table: str, change: str) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="the log is never changed"):
        connection.execute(change.format(table))
    connection.close()


def failure_of(path: Path, *, create: bool = True) -> str:
    return str(error(open_store(path, codec, create=create, busy_seconds=0.05)))


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert f"{tmp_path}: is a directory: expected a file" == failure_of(tmp_path)


@pytest.mark.parametrize("create", [False, True])
def test_what_is_no_ordinary_file_is_no_store(tmp_path: Path, create: bool) -> None:
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path, reason in (
        (Path("/dev/null"), "/dev/null: is a device or a pipe: expected a file"),
        (pipe, f"{pipe}: is a device or a pipe: expected a file"),
        (loop, f"{loop}: Too many levels of symbolic links: expected the name of a file"),
        (tmp_path / ("a" * 300), "File name too long: expected the name of a file"),
        (Path(""), "no name, or that of this folder: expected the name of a file"),
    ):
        assert failure_of(path, create=create).endswith(reason)


def test_a_missing_store_is_made_only_where_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert f"{path}: no such store" in failure_of(path, create=False)
    assert not path.exists()
    nowhere = tmp_path / "no" / "log"
    assert "no such folder" in failure_of(nowhere)


def test_a_file_cut_down_to_nothing_is_no_store_and_left_alone(path: Path) -> None:
    with opened(path):
        beside = Path(f"{path}-wal").read_bytes()
        path.write_bytes(b"")
        assert f"{path}: is empty: expected a log" in failure_of(path, create=False)
        assert b"" == path.read_bytes()
        assert beside == Path(f"{path}-wal").read_bytes()


def test_a_store_that_was_never_finished_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = path.read_bytes()
    assert f"{path}: is empty: expected a log" in failure_of(path, create=False)
    assert before == path.read_bytes()


@pytest.mark.parametrize("content", [b"hello, world" * 100, b"SQLite format 3\0" + b"\xff" * 2_000])
def test_a_file_that_is_not_sqlite_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    assert f"{path}: not an SQLite file" in failure_of(path)
    assert content == path.read_bytes()


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    assert f"{path}: an SQLite file, but no log" in failure_of(path)
    assert before == path.read_bytes()


def test_a_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    assert f"{path}: written by a newer program (schema 2)" in failure_of(path)


def test_a_locked_store_is_waited_for_and_then_named(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with value(open_store(path, codec, busy_seconds=0.05)) as store:
        failure = error(store.append("a-1", 2, noted("w"), "c3"))
        assert f"{path}: locked by another process for 0.05 seconds" in failure.reason
        assert 3 == len(value(store.read_all()))
        other.execute("ROLLBACK")
        value(store.append("a-1", 2, noted("w"), "c3"))
    other.close()


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
def read_only(wal: bytes = b"", link: Path | None = None) -> Iterator[Path]:
    """A log with one event that cannot be written, nor anything beside it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        with opened(path) as store:
            value(store.append("a-1", 0, noted("x"), "c1"))
        if wal:
            Path(f"{path}-wal").write_bytes(wal)
        if link:
            link.symlink_to(path)
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        with without_privileges():
            yield path
        Path(folder).chmod(0o755)


NO_WRITING = "cannot be written: expected a file and a folder"


def test_a_read_only_store_is_named_where_one_would_be_made() -> None:
    with read_only() as path:
        assert f"{path}: {NO_WRITING}" in failure_of(path)


def test_a_read_only_store_is_read_and_not_written() -> None:
    with read_only() as path, value(open_store(path, codec, create=False)) as store:
        assert [Noted("x")] == [each.event for each in value(store.read_all())]
        assert NO_WRITING in str(error(store.append("a-1", 1, noted("y"), "c2")))
        assert 1 == value(store.head())
        assert [path] == list(path.parent.iterdir())


def test_a_read_only_store_is_not_read_without_what_stands_in_its_write_ahead_log() -> None:
    with TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o755)
        link = Path(elsewhere) / "link"
        with read_only(wal=b"more", link=link) as path:
            assert f"{path}: {NO_WRITING}" in failure_of(path, create=False)
            assert f"{link}: {NO_WRITING}" in failure_of(link, create=False)


class Strange(Struct, frozen=True):
    pass


def test_an_event_that_is_not_registered_is_not_stored(path: Path) -> None:
    with opened(path) as store:
        failure = error(store.append("a-1", 2, [Noted("w"), Strange()], "c3"))
        assert isinstance(failure, StoreFailure)
        assert 3 == value(store.head())


def test_an_event_that_nobody_knows_any_more_is_corrupt_and_the_file_stays(path: Path) -> None:
    before = path.read_bytes()
    with value(open_store(path, Codec([EventType("Strange", Strange)]))) as store:
        failure = error(store.read_all())
    assert CorruptEvent(1, "unknown type 'Noted': expected one of Strange").args == failure.args
    assert before == path.read_bytes()


FLIPS = {
    "data": 'UPDATE events SET data = \'{"text":"X"}\' WHERE position = 2',
    "checksum": "UPDATE events SET checksum = checksum + 1 WHERE position = 2",
    "kind": "UPDATE events SET kind = 9 WHERE position = 2",
    "a deleted event": "DELETE FROM events WHERE position = 2",
    "a moved event": "UPDATE events SET position = 9 WHERE position = 2",
}
COMMITS = {
    "stream": "UPDATE streams SET name = 'c-1' WHERE name = 'a-1'",
    "type": "UPDATE kinds SET type = 'noted'",
    "schema": "UPDATE kinds SET schema = 2",
    "version": "UPDATE commits SET version = 2 WHERE first = 1",
    "size": "UPDATE commits SET size = 3 WHERE first = 1",
    "command id": "UPDATE commits SET command_id = 'c9' WHERE first = 1",
    "time": "UPDATE commits SET recorded_at = '1970' WHERE first = 1",
    "a NUL": "UPDATE commits SET recorded_at = recorded_at || char(0) WHERE first = 1",
    "link": "UPDATE commits SET chained_to = 7 WHERE first = 1",
    "a deleted commit": "DELETE FROM commits WHERE first = 1",
}


def damage(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "position"),
    [*((each, 2) for each in FLIPS.values()), *((each, 1) for each in COMMITS.values())],
    ids=[*FLIPS, *COMMITS],
)
def test_damage_is_named_with_its_position(path: Path, statement: str, position: int) -> None:
    damage(path, statement)
    with opened(path) as store:
        failure = error(store.read_all())
    assert isinstance(failure, CorruptEvent)
    assert position == failure.position


@pytest.mark.parametrize(
    "texts", [("a\0b", "c", "d"), ("a", "b\0c", "d"), ("a", "b", "c\0d")], ids=ascii
)
def test_no_two_commits_have_the_same_sum_by_a_nul(texts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="a text has a NUL"):
        head_sum(0, (1, 1, 1), *texts)


def test_a_second_commit_is_chained_to_the_first(path: Path) -> None:
    damage(path, "UPDATE commits SET chained_to = 7 WHERE first = 3")
    with opened(path) as store:
        assert 3 == error(store.read_all()).position
        assert 3 == error(store.read_all(after=2)).position
        assert 3 == error(store.read("b-1")).position


def test_a_full_disk_says_no_more_than_that_this_append_was_not_recorded(path: Path) -> None:
    with opened(path) as store:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        value(store.append("a-1", 2, noted("w"), "c3"))
        failure = error(store.append("a-1", 3, noted("w" * 5_000), "c4"))
        assert failure.reason.endswith("no room left on the disk; this append was not recorded")
        assert 4 == value(store.head())


class Other(Struct, frozen=True):
    """Another kind of event than that of the contract."""


both = Codec([*codec.event_types, EventType("Other", Other)])


def insert_in_vain(store: SqliteEventStore, by_itself: bool) -> None:
    """Write and read an event in a transaction that fails; SQLite may have rolled it back by then."""
    with store.transaction():
        store.insert(Commit(1, 1, 1, "b-1", "c1", "", 0), [both.encode(Other())])
        assert 1 == len(store.reading.all(0, 1))
        if by_itself:
            store.connection.execute("ROLLBACK")
        raise InterruptedError


@pytest.mark.parametrize("by_itself", [False, True], ids=["by the store", "by SQLite"])
def test_what_was_rolled_back_is_forgotten(tmp_path: Path, by_itself: bool) -> None:
    with value(open_store(tmp_path / "log", both)) as store:
        with pytest.raises(InterruptedError):
            insert_in_vain(store, by_itself)
        value(store.append("a-1", 0, noted("x"), "c2"))
        value(store.append("b-1", 0, [Other()], "c3"))
        read = value(store.read_all())
        assert [("a-1", Noted("x")), ("b-1", Other())] == [(r.stream, r.event) for r in read]


def test_a_store_that_was_closed_is_a_failure(path: Path) -> None:
    with opened(path) as store:
        pass
    assert "closed" in str(error(store.read_all()))
