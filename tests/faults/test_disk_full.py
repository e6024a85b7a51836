"""F6: a full disk is a failure in words, what was acknowledged stays, and appends work again."""

from __future__ import annotations

from pathlib import Path

from tests.faults.disk_full import disk_full, no_longer_files


def test_f6_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    assert 0 == disk_full(tmp_path / "disk").wrong


def test_f6_files_that_may_not_grow_lose_nothing(tmp_path: Path) -> None:
    assert 0 == no_longer_files(tmp_path).wrong
