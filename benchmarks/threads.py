"""``python -m benchmarks.threads``: what a second core brings, and each one after it.

One thread and several take turns at the same letters, with numpy and with the native kernel, and so do
threads of C that only read the letters from memory, which all cores share. So the kernel is also given
letters that stay in the cache. How many times as fast several are is the median of the rounds; beside it
stands how much more processor time they take.
All get to where the bit planes in C get to.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import ceiling
from benchmarks.long_rows import CORES, READING, ready
from benchmarks.measure import Missing, Row, Run, measure
from benchmarks.programs import position, random_letters
from mars_rover import Direction, Point, World
from mars_rover.batch import DIRECTIONS, simulate
from mars_rover.batch.letters import ProgramLetters
from mars_rover.batch.shell.native import Choice

SIDE = 1000
PIECE = 2**20
CACHED = 16
"""Pieces that the program consists of, again and again; as few as these stay in the cache."""


def rows(letters: int, threads: int) -> list[Row]:
    """Each way with one thread, and then with several."""
    some = random_letters(CACHED * PIECE)
    times = -(-letters // len(some))
    program = some * times
    x, y, heading = ceiling.bit_planes(0, 0, 0, program)
    end = position(Point(x % SIDE, y % SIDE), DIRECTIONS[heading])
    ways = {
        READING: partial(reading_memory, program, end),
        "simulate, numpy": partial(simulated, program, "numpy"),
        "simulate, native kernel": partial(simulated, program, "native"),
        "the same, from the cache": partial(simulated, [some] * times, "native"),
    }
    return [
        Row(name, len(program), partial(way, count), end)
        for name, way in ways.items()
        for count in (1, threads)
    ]


def reading_memory(program: bytes, end: str, threads: int) -> Run:
    """Each thread reads a part. No way to drive, so its answer is checked here."""
    letters = np.frombuffer(program, np.uint8)
    parts = np.array_split(letters.reshape(-1, PIECE), threads)
    expected = ceiling.read_memory(letters)

    def run() -> str:
        with ThreadPoolExecutor(threads) as pool:
            assert expected == np.bitwise_xor.reduce([*pool.map(ceiling.read_memory, parts)])
        return end

    return run


def simulated(program: ProgramLetters, kernel: Choice, threads: int) -> Run:
    """One kernel from the first letter to the last."""
    ready(kernel)
    world, start = World(SIDE, SIDE), (Point(0, 0), Direction.NORTH)

    def run() -> str:
        arrival = simulate(world, start, program, threads=threads, kernel=kernel).unwrap()
        return position(arrival.point, arrival.direction)

    return run


@click.command()
@click.option("--letters", default=6 * 10**8, show_default=True, type=click.IntRange(min=1))
@click.option("--threads", default=max(2, CORES), show_default=True, type=click.IntRange(min=2))
@click.option("--repeats", default=9, show_default=True, type=click.IntRange(min=1))
def main(letters: int, threads: int, repeats: int) -> None:
    """Measure what several threads bring beside one."""
    try:
        ways = rows(letters, threads)
    except Missing as missing:
        raise click.ClickException(f"this needs {missing}") from None
    measure(ways, repeats)
    table = Table(title=f"Billions of letters a second, {CORES} cores")
    for heading in ("", "1 thread", f"{threads} threads", "times", "processor time"):
        table.add_column(heading, justify="right" if heading else "left")
    for one, several in zip(ways[::2], ways[1::2], strict=True):
        table.add_row(one.name, *_cells(one, several))
    Console().print(table)


def _cells(one: Row, several: Row) -> list[str]:
    if one.missing:
        return [f"needs {one.missing}"]
    rates = (f"{row.rate / 1e9:.2f}" for row in (one, several))
    dearer = 1 / several.processor_ratio(one)
    return [*rates, f"{several.ratio(one):.2f}", f"{dearer:.2f}"]


if __name__ == "__main__":
    main()
