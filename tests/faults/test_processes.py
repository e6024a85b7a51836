"""F25 to F27 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.files import EXCHANGES, exchanged, links, stale_side_files, unwatched
from tests.faults.harness import Figures, goes_wrong
from tests.faults.processes import carried_over, closed, forks, threads
from tests.faults.signals import begins_outside, forgets_at_leisure, interrupted, undone


def test_f25_a_store_that_was_carried_over_a_fork_loses_nothing(tmp_path: Path) -> None:
    assert Figures(6, 0) == forks(tmp_path, 6)


def test_f25_control_a_connection_that_nobody_asks_for_its_process(tmp_path: Path) -> None:
    with carried_over():
        assert goes_wrong(lambda at: forks(at, 6), tmp_path)


def test_f25_threads_share_one_dispatcher(tmp_path: Path) -> None:
    assert Figures(60, 0) == threads(tmp_path / "log", 4, 15)


def test_f25_what_is_closed_says_so_and_no_more(tmp_path: Path) -> None:
    assert Figures(12, 0) == closed(tmp_path / "log")


def test_f26_no_append_is_acknowledged_into_nothing(tmp_path: Path) -> None:
    assert Figures(2 * len(EXCHANGES), 0) == exchanged(tmp_path, 2)


def test_f26_control_a_store_that_does_not_look_at_its_file(tmp_path: Path) -> None:
    with unwatched():
        assert goes_wrong(lambda at: exchanged(at, 1), tmp_path)


def test_f26_side_files_of_another_log_do_no_harm(tmp_path: Path) -> None:
    assert 0 == stale_side_files(tmp_path / "stale").wrong


def test_f26_links_lead_into_nobody_s_file(tmp_path: Path) -> None:
    assert 0 == links(tmp_path / "links").wrong


def test_f27_a_signal_leaves_nothing_wrong_and_nobody_locked_out(tmp_path: Path) -> None:
    assert Figures(200, 0) == interrupted(tmp_path / "log", 200)


def test_f27_a_signal_in_the_midst_of_undoing_leaves_nothing_open(tmp_path: Path) -> None:
    assert Figures(3_000, 0) == undone(tmp_path / "log", 3_000)


def test_f27_control_what_is_undone_at_leisure(tmp_path: Path) -> None:
    with forgets_at_leisure():
        assert goes_wrong(lambda at: undone(at / "log", 1_000), tmp_path)


def test_f27_control_a_transaction_that_begins_outside_the_guard(tmp_path: Path) -> None:
    with begins_outside():
        assert goes_wrong(lambda at: interrupted(at / "log", 300), tmp_path)
