"""What several threads bring, on little."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from click.testing import CliRunner

from benchmarks import long_rows
from benchmarks.measure import Row, measure
from benchmarks.threads import main, rows
from deciderkit.extras import MissingExtra


def test_each_way_is_measured_with_one_thread_and_with_several() -> None:
    asked = ["--letters", "1", "--repeats", "1", "--threads", "3"]
    told = CliRunner().invoke(main, asked, catch_exceptions=False).stdout
    assert "3 threads" in told
    assert all(name in told for name in ("reading memory", "simulate, numpy", "from the cache"))


def test_a_kernel_that_is_not_installed_is_named() -> None:
    asked = ["--letters", "1", "--repeats", "1"]
    with patch.object(long_rows, "chosen", side_effect=MissingExtra("native", "no numba")):
        told = CliRunner().invoke(main, asked, catch_exceptions=False).stdout
    assert "needs numba" in told


def test_control_a_wrong_answer_is_no_figure() -> None:
    row: Row = rows(1, 2)[2]
    row.expected = "0:0:X"
    with pytest.raises(AssertionError, match="instead of 0:0:X"):
        measure([row], 1)
