"""The names of a log's files stand for the files that were opened, or they do not."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from deciderkit.shell.stores.sqlite import standing
from deciderkit.shell.stores.sqlite.standing import Standing

_AHEAD = "-wal"


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Path:
    folder = tmp_path / "inner"
    folder.mkdir()
    log = folder / "log"
    log.write_bytes(b"x")
    log.with_name("log-wal").write_bytes(b"x")
    return log


@pytest.fixture(autouse=True)
def _a_short_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_TICK", 0.02)


def settled(path: Path) -> Standing:
    """One that was asked until it looks at the folder alone."""
    files = Standing(path, with_ahead=True)
    for _ in range(3):
        assert files.is_the_same()
        time.sleep(standing._TICK)
    return files


def file_deleted(log: Path) -> None:
    log.unlink()


def file_replaced(log: Path) -> None:
    other = log.with_name("other")
    other.write_bytes(b"written")
    os.replace(other, log)


def ahead_deleted(log: Path) -> None:
    log.with_name(log.name + _AHEAD).unlink()


def ahead_replaced(log: Path) -> None:
    file_replaced(log.with_name(log.name + _AHEAD))


def folder_replaced(log: Path) -> None:
    log.parent.rename(log.parent.with_name("old"))
    shutil.copytree(log.parent.with_name("old"), log.parent)


def folder_deleted(log: Path) -> None:
    shutil.rmtree(log.parent)


def restored_with_the_folders_time(log: Path) -> None:
    """As a tool does that copies folders with their times."""
    before = os.stat(log.parent)
    ahead_replaced(log)
    os.utime(log.parent, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = [
    file_deleted,
    file_replaced,
    ahead_deleted,
    ahead_replaced,
    folder_replaced,
    folder_deleted,
    restored_with_the_folders_time,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("opened", [settled, lambda log: Standing(log, with_ahead=True)])
def test_a_change_is_noticed_whenever_it_comes(
    log: Path, change: Callable[[Path], None], opened: Callable[[Path], Standing]
) -> None:
    files = opened(log)
    change(log)
    assert not files.is_the_same()
    assert not files.is_the_same()


@pytest.mark.parametrize("change", [file_replaced, ahead_replaced])
def test_a_change_beside_a_link_is_noticed(
    log: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    link = tmp_path / "link"
    link.symlink_to(log)
    files = settled(link)
    change(log)
    assert not files.is_the_same()


def test_what_else_happens_in_the_folder_is_nothing(log: Path) -> None:
    files = settled(log)
    for number in range(3):
        log.with_name(str(number)).touch()
        assert files.is_the_same()
    log.write_bytes(b"longer")
    assert files.is_the_same()


def test_without_a_write_ahead_log_none_is_looked_at(log: Path) -> None:
    files = Standing(log, with_ahead=False)
    ahead_deleted(log)
    assert files.is_the_same()
    file_deleted(log)
    assert not files.is_the_same()


@pytest.fixture(name="looks")
def _looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    looked: list[str] = []
    status = standing._status

    def noted(path: str) -> tuple[int, ...]:
        looked.append(Path(path).name)
        return status(path)

    monkeypatch.setattr(standing, "_status", noted)
    return looked


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each look is a whole one")
def test_a_folder_is_trusted_once_its_time_has_passed(log: Path, looks: list[str]) -> None:
    files = settled(log)
    del looks[:]
    assert files.is_the_same()
    assert ["inner", "log"] == looks
    log.with_name("other").touch()
    assert files.is_the_same()
    assert files.is_the_same()
    assert ["inner", "log", *["inner", "log", "log-wal"] * 2] == looks


def test_a_folder_whose_time_has_whole_seconds_is_never_trusted(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a change may have the time of the one before it, as this one has."""
    status = standing._status

    def in_seconds(path: str) -> tuple[int, ...]:
        found = status(path)
        return (10**9, *found[1:]) if found else ()

    monkeypatch.setattr(standing, "_status", in_seconds)
    files = settled(log)
    ahead_replaced(log)
    assert not files.is_the_same()


def test_where_a_file_system_has_no_id_folders_are_never_trusted(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of a program may put several folders together, and show the times of the first alone."""
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_fsid=0))
    status, folder = standing._status, standing._status(str(log.parent))
    monkeypatch.setattr(
        standing, "_status", lambda path: folder if path == str(log.parent) else status(path)
    )
    files = settled(log)
    ahead_deleted(log)
    assert not files.is_the_same()


def test_a_mount_over_the_file_which_leaves_the_folder_as_it_was_is_noticed(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one file is mounted into a container, or is no more."""
    status, folder = standing._status, standing._status(str(log.parent))
    monkeypatch.setattr(
        standing, "_status", lambda path: folder if path == str(log.parent) else status(path)
    )
    files = settled(log)
    file_replaced(log)
    assert not files.is_the_same()


def test_a_write_ahead_log_that_comes_later_is_taken_for_it(log: Path) -> None:
    ahead_deleted(log)
    files = Standing(log, with_ahead=True)
    assert files.is_the_same()
    log.with_name("log-wal").touch()
    assert files.is_the_same()
    ahead_deleted(log)
    assert not files.is_the_same()


def test_a_file_that_comes_later_is_another(log: Path) -> None:
    log.unlink()
    files = Standing(log, with_ahead=True)
    log.touch()
    assert not files.is_the_same()


@pytest.mark.parametrize("change", CHANGES)
def test_where_folders_say_less_the_files_are_looked_at(
    log: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    files = settled(log)
    change(log)
    assert not files.is_the_same()
