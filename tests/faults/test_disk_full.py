"""F6: a full disk is a failure in words, what was acknowledged stays, and appends work again."""

from __future__ import annotations

from pathlib import Path

from tests.faults.disk_full import disk_full, no_longer_files, opened_on_a_full_disk


def test_f6_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    assert 0 == disk_full(tmp_path / "disk").wrong


def test_f6_files_that_may_not_grow_lose_nothing(tmp_path: Path) -> None:
    assert 0 == no_longer_files(tmp_path).wrong


def test_f6_a_log_of_a_killed_writer_can_be_read_on_a_full_disk(tmp_path: Path) -> None:
    assert 0 == opened_on_a_full_disk(tmp_path / "disk", 4).wrong
