"""F1, F3, F7 and F17 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.harness import Figures, goes_wrong
from tests.faults.kills import (
    TornSaves,
    killed_appends,
    killed_policies,
    killed_saves,
    killed_with_checkpoints,
    unknown_outcomes,
)


def test_f1_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    assert Figures(20, 0) == killed_appends(tmp_path / "log", 20)


def test_f1_control_acknowledging_before_the_commit_loses(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: killed_appends(at / "log", 40, acknowledge_first=True), tmp_path)


def test_f3_a_retry_of_an_unknown_outcome_doubles_nothing(tmp_path: Path) -> None:
    assert Figures(20, 0) == unknown_outcomes(tmp_path / "log", 20)


def test_f3_control_a_retry_under_a_fresh_id_doubles(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: unknown_outcomes(at / "log", 10, fresh_id=True), tmp_path)


def test_f7_every_overdraft_is_charged_just_once(tmp_path: Path) -> None:
    assert Figures(12, 0) == killed_policies(tmp_path / "log", 12)


def test_f7_control_a_checkpoint_outside_the_log_loses(tmp_path: Path) -> None:
    assert goes_wrong(
        lambda at: killed_with_checkpoints(at / "log", 12, at / "checkpoint"), tmp_path
    )


def test_f17_what_is_resumed_equals_the_full_rebuild(tmp_path: Path) -> None:
    assert Figures(12, 0) == killed_saves(tmp_path / "log", 12)


def test_f17_control_a_save_in_two_halves_differs(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: killed_saves(at / "log", 20, TornSaves, within=0.3), tmp_path)
