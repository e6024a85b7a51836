"""F4, F5 and F8 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.harness import Figures
from tests.faults.writers import (
    NoHeadCheck,
    identity_order,
    many_writers,
    tailing_reader,
    two_runners,
)


@pytest.mark.parametrize("writers", [2, 8])
def test_f4_many_writers_of_one_rover_lose_nothing(tmp_path: Path, writers: int) -> None:
    assert Figures(64, 0) == many_writers(tmp_path / "log", writers, 64 // writers)


def test_f4_control_a_store_without_the_head_check_is_caught(tmp_path: Path) -> None:
    assert many_writers(tmp_path / "log", 4, 40, NoHeadCheck).wrong > 0


def test_f5_a_reader_that_follows_misses_nothing(tmp_path: Path) -> None:
    assert Figures(3_600, 0) == tailing_reader(tmp_path / "log", 4, 90, 10)


def test_f5_control_a_reader_that_trusts_the_order_of_identities_misses_some() -> None:
    assert identity_order(writers=4).wrong > 0


def test_f8_two_runners_of_one_policy_do_each_to_do_once(tmp_path: Path) -> None:
    assert Figures(40, 0) == two_runners(tmp_path / "log", 40)
