"""F2 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path
from shutil import which

import pytest

from tests.faults.harness import Figures, goes_wrong
from tests.faults.power_cut import NORMAL, OFF, power_cuts

pytestmark = pytest.mark.skipif(
    which("strace") is None, reason="needs strace, which CI installs: it sees the writes and syncs"
)


def test_f2_a_power_cut_loses_nothing_that_was_acknowledged() -> None:
    assert Figures(150, 0) == power_cuts(150)


@pytest.mark.parametrize("bug", [NORMAL, OFF], ids=["NORMAL", "OFF"])
def test_f2_control_without_a_sync_for_each_commit_the_product_loses(
    bug: tuple[str, str, str],
    tmp_path: Path,
) -> None:
    assert goes_wrong(lambda _: power_cuts(60, bug), tmp_path)
