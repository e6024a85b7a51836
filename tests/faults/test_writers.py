"""F4, F5, F8 and F21 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.harness import Figures, goes_wrong
from tests.faults.writers import (
    NoHeadCheck,
    many_writers,
    reader_that_skips,
    runners,
    runners_with_random_ids,
    tailing_reader,
)


@pytest.mark.parametrize("writers", [2, 8])
def test_f4_many_writers_of_one_account_lose_nothing(tmp_path: Path, writers: int) -> None:
    assert Figures(64, 0) == many_writers(tmp_path / "log", writers, 64 // writers)


def test_f4_control_a_store_without_the_head_check_is_caught(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: many_writers(at / "log", 4, 40, NoHeadCheck), tmp_path)


def test_f5_a_reader_that_follows_misses_nothing(tmp_path: Path) -> None:
    assert Figures(2_400, 0) == tailing_reader(tmp_path / "log", 4, 60, 10)


def test_f5_control_a_reader_that_goes_on_too_late_misses_some(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: reader_that_skips(at / "log", 2, 30, 10), tmp_path)


def test_f8_two_runners_of_one_policy_do_each_to_do_once(tmp_path: Path) -> None:
    assert Figures(60, 0) == runners(tmp_path / "log", 60)


def test_f21_four_runners_that_are_killed_do_each_to_do_once(tmp_path: Path) -> None:
    figures = runners(tmp_path / "log", 80, count=4, kills=1)
    assert figures.tried >= 80
    assert 0 == figures.wrong


def test_f21_control_to_dos_under_random_ids_are_done_twice(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: runners_with_random_ids(at / "log", 200, count=4), tmp_path)
