"""The write-ahead log beside a file: its name stands for the file that it stood for, or it does not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deciderkit.shell.stores.sqlite import ahead
from deciderkit.shell.stores.sqlite.ahead import Ahead


def deleted(path: Path) -> None:
    path.unlink()


def made_anew(path: Path) -> None:
    path.rename(path.with_name("other"))
    path.write_bytes(b"")


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"written")
    os.replace(other, path)


@pytest.fixture(params=["by its name", "by its status"], autouse=True)
def _asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is ``/proc``, and as elsewhere."""
    if request.param == "by its status":
        monkeypatch.setattr(ahead, "_NAMES", "/nowhere")


def test_one_that_grows_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "log-wal"
    path.write_bytes(b"x")
    log = Ahead(str(path))
    path.write_bytes(b"xyz")
    assert log.is_the_same()
    log.close()


def test_one_that_comes_later_is_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "log-wal"
    log = Ahead(str(path))
    assert log.is_the_same()
    path.write_bytes(b"x")
    assert log.is_the_same()
    path.unlink()
    assert not log.is_the_same()
    log.close()
    log.close()


@pytest.mark.parametrize("change", [deleted, made_anew, replaced])
def test_one_that_is_another_is_noticed(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = tmp_path / "log-wal"
    path.write_bytes(b"x")
    log = Ahead(str(path))
    change(path)
    assert not log.is_the_same()
    log.close()
