"""F2 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from shutil import which

import pytest

from tests.faults.harness import Figures
from tests.faults.power_cut import power_cuts

pytestmark = pytest.mark.skipif(
    which("strace") is None, reason="needs strace, which CI installs: it sees the writes and syncs"
)


def test_f2_a_power_cut_loses_nothing_that_was_acknowledged() -> None:
    assert Figures(150, 0) == power_cuts(150)


def test_f2_control_without_a_sync_for_each_commit_it_loses() -> None:
    assert power_cuts(60, mode="NORMAL").wrong > 0
