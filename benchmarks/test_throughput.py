"""The rows of ``python -m benchmarks`` for pytest-benchmark: ``pytest benchmarks``."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.long_rows import long_rows
from benchmarks.measure import Missing, Row
from benchmarks.programs import Long, Short, random_letters
from benchmarks.rows import short_rows

SHORT = Short(random_letters(10_000).decode())
LONG = Long(random_letters(1_000_000))


def _ids(row: Row) -> str:
    return row.name


@pytest.mark.parametrize("row", short_rows(SHORT), ids=_ids)
def test_short_program(benchmark: Any, row: Row) -> None:
    _drive(benchmark, row)


@pytest.mark.parametrize("row", long_rows(LONG), ids=_ids)
def test_long_program(benchmark: Any, row: Row) -> None:
    _drive(benchmark, row)


def _drive(benchmark: Any, row: Row) -> None:
    try:
        run = row.prepare()
    except Missing as missing:
        pytest.skip(str(missing))
    benchmark.extra_info["commands"] = row.commands
    assert row.expected == benchmark(run)
