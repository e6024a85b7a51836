"""Times of rows that are run in turn, so that a machine that is busy for a while is busy for all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from os import devnull
from statistics import median
from time import perf_counter, process_time
from typing import TypeAlias

Run: TypeAlias = Callable[[], str]
"""What is timed; it gives the final position."""


class Missing(Exception):
    """What a row needs and this installation lacks; the message says what to install."""


@dataclass
class Row:
    """A way to drive ``commands`` commands: `prepare` makes ready and is not timed."""

    name: str
    commands: int
    prepare: Callable[[], Run]
    expected: str
    seconds: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    position: str = ""
    missing: str = ""

    @property
    def rate(self) -> float:
        """Commands per second, in the median."""
        return self.commands / median(self.seconds)

    @property
    def best(self) -> float:
        """Commands per second, in the best of the repeats."""
        return self.commands / min(self.seconds)

    @property
    def noise(self) -> float:
        """How far the slowest repeat is behind the fastest, as a share of the median time."""
        return (max(self.seconds) - min(self.seconds)) / median(self.seconds)

    def ratio(self, baseline: Row) -> float:
        """How many times the baseline: the median of the ratios within each round."""
        pairs = zip(self.seconds, baseline.seconds, strict=True)
        return median((self.commands / mine) / (baseline.commands / other) for mine, other in pairs)

    def processor_ratio(self, baseline: Row) -> float:
        """The same by the processor time of the best round, which others on the machine change least.

        Work that is shared by several cores counts as the sum of what each was busy with.
        """
        mine, other = min(self.processor_seconds), min(baseline.processor_seconds)
        return (self.commands / mine) / (baseline.commands / other)


def measure(rows: list[Row], repeats: int) -> None:
    """Run each row once to warm up and then ``repeats`` times in turn, and check its answers."""
    runs = [(row, run) for row in rows if (run := _prepared(row)) is not None]
    for round_ in range(-1, repeats):
        for row, run in runs:
            with open(devnull, "w") as nowhere, redirect_stdout(nowhere):
                begin, busy = perf_counter(), process_time()
                row.position = run()
                seconds, busy = perf_counter() - begin, process_time() - busy
            wrong = f"{row.name}: {row.position} instead of {row.expected}"
            assert row.expected == row.position, wrong
            if round_ >= 0:
                row.seconds.append(seconds)
                row.processor_seconds.append(busy)


def _prepared(row: Row) -> Run | None:
    try:
        return row.prepare()
    except Missing as missing:
        row.missing = str(missing)
        return None
