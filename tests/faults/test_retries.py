"""F20 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.harness import Figures, goes_wrong
from tests.faults.retries import one_line_wrong, retried, takes_the_tally_for_its_own


def test_f20_a_retry_has_the_outcome_of_an_undisturbed_request(tmp_path: Path) -> None:
    assert Figures(40, 0) == retried(tmp_path / "log", 40)


def test_f20_tries_that_race_and_live_have_it_too(tmp_path: Path) -> None:
    assert Figures(40, 0) == retried(tmp_path / "log", 40, crashes=False)


def test_f20_control_an_append_that_does_not_name_what_was_done_before(tmp_path: Path) -> None:
    with one_line_wrong(takes_the_tally_for_its_own):
        assert goes_wrong(lambda at: retried(at / "log", 60, crashes=False), tmp_path)
