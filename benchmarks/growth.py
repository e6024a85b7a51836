"""``python -m benchmarks.growth``: how time and memory grow with letters, rovers and threads.

Each measurement is made in a process of its own (see `growth_once`), so that its memory can be told,
and the best of a few repeats is taken. With ``--svg FILE`` there is a plot of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.chart import Chart, Line, page
from benchmarks.growth_once import Growth, Task, quarter
from benchmarks.programs import FLEET_PROGRAM, Long, position
from mars_rover.batch.shell.crew import cores


def grown(lengths: list[int], threads: int | None = None) -> Iterator[Growth]:
    """One rover among 1,000 obstacles: a measurement for each number of letters."""
    for length in lengths:
        case = Long(quarter(length) * 4)
        cells = [(obstacle.x, obstacle.y) for obstacle in case.world.obstacles]
        growth = _measured(
            {"commands": length, "rovers": 0, "threads": threads, "obstacles": cells}
        )
        assert position(*case.start) == growth["position"]
        yield growth


def grown_free(lengths: list[int], threads: int | None = None) -> Iterator[Growth]:
    """The same without obstacles."""
    for length in lengths:
        growth = _measured({"commands": length, "rovers": 0, "threads": threads, "obstacles": []})
        assert position(*Long(b"").start) == growth["position"]
        yield growth


def grown_fleet(rovers: list[int], threads: int | None = None) -> Iterator[Growth]:
    """Rovers with short programs: a measurement for each number of them."""
    for count in rovers:
        yield _measured({"commands": 0, "rovers": count, "threads": threads, "obstacles": []})


def _measured(task: Task) -> Growth:
    command = [sys.executable, "-m", "benchmarks.growth_once"]
    done = subprocess.run(
        command, input=json.dumps(task), capture_output=True, text=True, check=True
    )
    growth: Growth = json.loads(done.stdout)
    return growth


def best(runs: list[list[Growth]]) -> list[Growth]:
    """The fastest run of each task."""
    return [min(each, key=lambda growth: growth["seconds"]) for each in zip(*runs, strict=True)]


def chart_of_letters(series: dict[str, list[Growth]]) -> Chart:
    """How many letters a second, by the length of the program."""
    lines = [
        Line(name, [(each["commands"], each["commands"] / each["seconds"]) for each in growths])
        for name, growths in series.items()
    ]
    return Chart("One rover: letters a second", "letters of the program", "letters a second", lines)


def chart_of_rovers(series: dict[str, list[Growth]]) -> Chart:
    """How many rovers a second, by the size of the fleet."""
    lines = [
        Line(
            name,
            [
                (
                    each["commands"] / FLEET_PROGRAM,
                    each["commands"] / FLEET_PROGRAM / each["seconds"],
                )
                for each in growths
            ],
        )
        for name, growths in series.items()
    ]
    title = f"A fleet, {FLEET_PROGRAM} letters each: rovers a second"
    return Chart(title, "rovers", "rovers a second", lines)


def _powers(least: int, most: int) -> list[int]:
    """Powers of ten from the one to the other."""
    return [10**power for power in range(19) if least <= 10**power <= most] or [most]


def _threads(count: int) -> str:
    return f"{count} thread" if count == 1 else f"{count} threads"


@click.command()
@click.option("--commands", default=10**10, show_default=True, type=click.IntRange(min=1000))
@click.option("--rovers", default=10**7, show_default=True, type=click.IntRange(min=10))
@click.option("--repeats", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Plot to this file.")
def main(commands: int, rovers: int, repeats: int, svg: Path | None) -> None:
    """Measure ever longer programs and ever larger fleets, with one thread up to one a core."""
    lengths, sizes = _powers(min(commands, 10**6), commands), _powers(10, rovers)
    hands = sorted({1, cores()})
    letters: dict[str, list[Growth]] = {}
    for count in hands:
        letters[_threads(count)] = best([[*grown_free(lengths, count)] for _ in range(repeats)])
        name = f"{_threads(count)}, 1,000 obstacles"
        letters[name] = best([[*grown(lengths, count)] for _ in range(repeats)])
    fleets = {
        _threads(count): best([[*grown_fleet(sizes, count)] for _ in range(repeats)])
        for count in hands
    }
    for name, growths in [*letters.items(), *((f"fleet, {k}", v) for k, v in fleets.items())]:
        for growth in growths:
            click.echo(
                f"{name:32} {growth['commands']:>15,} letters {growth['seconds']:9.4f} s"
                f" {growth['commands'] / growth['seconds'] / 1e9:7.3f} billion/s"
                f" {growth['peak_megabytes']:7.0f} MB"
            )
    if svg is not None:
        svg.write_text(page([chart_of_letters(letters), chart_of_rovers(fleets)]), encoding="utf-8")


if __name__ == "__main__":
    main()
