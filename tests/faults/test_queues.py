"""F9 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.harness import Figures, goes_wrong
from tests.faults.queues import (
    AcknowledgesFirst,
    cut_off,
    kept_in_order,
    killed_in_turn,
    lost_disks,
)


def test_f9_nothing_is_lost_or_doubled_whoever_is_killed(tmp_path: Path) -> None:
    assert Figures(15, 0) == killed_in_turn(tmp_path, 15)


def test_f9_nothing_is_lost_or_doubled_by_two_relays_and_two_workers(tmp_path: Path) -> None:
    assert Figures(14, 0) == killed_in_turn(tmp_path, 14, doubled=True)


def test_f9_nothing_is_lost_or_doubled_whoever_is_cut_off(tmp_path: Path) -> None:
    assert Figures(4, 0) == cut_off(tmp_path, 4)


def test_f9_nothing_that_was_answered_is_lost_with_the_disk_of_the_broker(tmp_path: Path) -> None:
    assert Figures(2, 0) == lost_disks(tmp_path, 2)


def test_f9_commands_keep_their_order_however_often_their_worker_is_killed(tmp_path: Path) -> None:
    assert Figures(6, 0) == kept_in_order(tmp_path, 6)


def test_f9_control_workers_that_share_do_not_keep_it(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: kept_in_order(at, 4, share=True, pace=0.001), tmp_path)


def test_f9_control_a_worker_that_acknowledges_before_it_dispatches_loses(tmp_path: Path) -> None:
    assert goes_wrong(
        lambda at: killed_in_turn(at, 15, worker=AcknowledgesFirst, pace=0.002), tmp_path
    )


def test_f9_control_a_sender_that_sends_again_under_another_id_doubles(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: killed_in_turn(at, 5, fresh_ids=True), tmp_path)
