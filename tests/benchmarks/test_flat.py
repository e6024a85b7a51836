"""The rows of what there may be much of, on little."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from benchmarks.flat import CASES, Served, main, parked
from deciderkit.shell import MemoryEventStore
from mars_rover.codec import codec


def test_each_case_is_a_row_for_each_store() -> None:
    asked = ["--json", "--most", "20", "--repeats", "1"]
    done = CliRunner().invoke(main, asked, catch_exceptions=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [(case.name, store) for case in CASES for store in ("memory", "file")]
    assert expected == [(row["case"], row["store"]) for row in rows]
    assert all(row["ratio"] > 0 for row in rows)
    assert "parked to-dos" in CliRunner().invoke(main, asked[1:]).stdout


def test_control_a_round_that_leaves_something_undone_is_no_figure() -> None:
    served = Served(CASES[1], 2, MemoryEventStore(codec))
    _, served.calls = parked(2)
    served.round(2)
    _, served.calls = parked(2)
    with pytest.raises(AssertionError):
        served.round(2)  # rovers that were started before refuse to be started again
