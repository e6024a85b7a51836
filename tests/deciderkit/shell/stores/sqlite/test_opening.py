"""The file of the embedded store: which ones are opened, and what is said of those that are not."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deciderkit.shell import MemoryEventStore, StoreFailure, open_store
from deciderkit.shell.stores.sqlite.tables import SCHEMA
from deciderkit.testing.store_contract import Noted, codec, noted
from tests.deciderkit.shell.stores.sqlite.files import (
    NO_WRITING,
    failure_of,
    opened,
    read_only,
    without_privileges,
    written,
)


def test_a_name_that_stands_for_memory_gives_a_log_that_goes_with_the_process() -> None:
    with open_store(":memory:", codec) as store:
        assert isinstance(store, MemoryEventStore)
        store.append("a-1", 0, noted("x")).unwrap()


def test_a_store_is_closed_at_the_end_of_its_block(tmp_path: Path) -> None:
    with open_store(tmp_path / "log", codec) as store:
        store.append("a-1", 0, noted("x")).unwrap()
    assert "was closed" in str(store.head().failure())
    assert [tmp_path / "log"] == list(tmp_path.iterdir())


def test_whoever_goes_to_another_folder_keeps_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with opened(Path("log")) as store:
        store.append("a-1", 0, noted("x")).unwrap()
        monkeypatch.chdir(elsewhere)
        store.append("a-1", 1, noted("y")).unwrap()
        assert 2 == store.head().unwrap()
        assert Path("log") == store.path
    assert [elsewhere, tmp_path / "log"] == sorted(tmp_path.iterdir())


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
        (Path("a\0b"), "expected the name of a file"),
        (Path(), "no name, or that of this folder: expected the name of a file"),
    ):
        assert failure_of(path, create=create).endswith(reason)


def test_a_missing_store_is_made_only_where_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert f"{path}: no such store" in failure_of(path, create=False)
    assert not path.exists()
    assert "no such folder" in failure_of(tmp_path / "no" / "log")


def test_a_file_under_a_file_is_no_store(path: Path) -> None:
    assert "no such folder" in failure_of(path / "log")


def test_a_file_cut_down_to_nothing_is_no_store_and_left_alone(path: Path) -> None:
    with opened(path) as store:
        store.append("a-1", 2, noted("w")).unwrap()
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
    with opened(path) as store:
        store.append("a-1", 0, noted("x")).unwrap()


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
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    before = path.read_bytes()
    said = f"{path}: written by a newer program (schema {SCHEMA + 1}): expected schema {SCHEMA}"
    assert said in failure_of(path)
    assert before == path.read_bytes()


def test_a_locked_store_is_waited_for_and_then_named(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(path, busy_seconds=0.05) as store:
        failure = store.append("a-1", 2, noted("w")).failure()
        assert isinstance(failure, StoreFailure)
        assert f"{path}: locked by another process for 0.05 seconds" in failure.reason
        assert 3 == len(store.read_all().unwrap())
        other.execute("ROLLBACK")
        store.append("a-1", 2, noted("w")).unwrap()
    other.close()


def test_a_locked_store_is_waited_for_as_long_as_was_asked(path: Path) -> None:
    """SQLite is told how long; five seconds where nobody says."""
    for store, milliseconds in ((opened(path), 5_000), (opened(path, busy_seconds=0.25), 250)):
        with store:
            assert [(milliseconds,)] == store.connection.execute("PRAGMA busy_timeout").fetchall()


@pytest.mark.parametrize("times", [1, 2])
def test_every_append_is_on_the_disk_when_it_returns(path: Path, times: int) -> None:
    for _ in range(times):
        with opened(path) as store:
            pragma = store.connection.execute
            assert [(2,)] == pragma("PRAGMA synchronous").fetchall()
            assert [(b"wal",)] == pragma("PRAGMA journal_mode").fetchall()


def test_a_file_under_two_names_is_refused_for_its_write_ahead_log_has_one(path: Path) -> None:
    other = path.with_name("other")
    other.hardlink_to(path)
    for each in (path, other):
        assert f"{each}: has 2 names (hard links): expected a file with one" in failure_of(each)
    other.unlink()
    with opened(path) as store:
        assert 3 == store.head().unwrap()


def test_a_symbolic_link_leads_to_the_one_log(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)
    with opened(path) as store, opened(link) as other:
        other.append("a-1", 2, noted("w")).unwrap()
        assert 4 == store.head().unwrap()
        store.append("a-1", 3, noted("v")).unwrap()
        assert 5 == len(other.read_all().unwrap())
    assert not Path(f"{link}-wal").exists()


def test_a_read_only_store_is_named_where_one_would_be_made() -> None:
    with read_only() as path:
        assert f"{path}: {NO_WRITING}" in failure_of(path)


def test_a_read_only_store_is_read_and_not_written() -> None:
    with read_only() as path, opened(path, create=False) as store:
        assert [Noted("x")] == [each.event for each in store.read_all().unwrap()]
        assert NO_WRITING in str(store.append("a-1", 1, noted("y")).failure())
        assert NO_WRITING in str(store.park("call@1", "no line").failure())
        assert 1 == store.head().unwrap()
        assert [path] == list(path.parent.iterdir())


def test_a_read_only_store_is_not_read_without_what_stands_in_its_write_ahead_log() -> None:
    with TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o755)
        link = Path(elsewhere) / "link"
        with read_only(wal=b"more", link=link) as path:
            for each in (path, link):
                assert "cannot be written: expected write permission in it" in failure_of(
                    each, create=False
                )


def test_a_file_that_may_not_be_read_is_named() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = written(Path(folder) / "log")
        path.chmod(0o000)
        with without_privileges():
            said = failure_of(path, create=False)
    assert f"{path}: {NO_WRITING}" in said


@pytest.mark.parametrize("create", [True, False])
def test_a_relative_name_where_this_folder_is_gone_is_a_failure_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, create: bool
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert "log: this folder is gone: expected one" in failure_of(Path("log"), create=create)
