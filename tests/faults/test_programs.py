"""F15, F16 and F18 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.harness import Figures
from tests.faults.programs import ODD, huge_program, jumping_clock, odd_letters


def test_f15_a_huge_program_runs_in_constant_memory(tmp_path: Path) -> None:
    figures, _ = huge_program(tmp_path / "log", 200_000)
    assert Figures(200_000, 0) == figures


def test_f16_odd_letters_leave_no_trace(tmp_path: Path) -> None:
    assert Figures(len(ODD), 0) == odd_letters(tmp_path / "log")


def test_f18_a_clock_that_jumps_changes_nothing_but_the_times(tmp_path: Path) -> None:
    assert Figures(100, 0) == jumping_clock(tmp_path, 100)
