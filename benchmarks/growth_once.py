"""The process that `growth` measures: one task from standard input, one measurement to standard output.

The stream of letters never ends and yet its way is known, because of how programs compose: a piece
that turns the rover by a quarter, done four times, leads back to where it began, whatever it is - the
four displacements are those of the piece, turned by a quarter each time, and cancel out. So a random
piece is fed over and over, obstacles are put off its way, and the answer is the start.

A fleet is a thousand rovers with a random program each, over and over; every thousand must arrive
where the first one does.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import numpy as np

from benchmarks.programs import FLEET_PROGRAM, Long, position, random_letters
from mars_rover import Point, World
from mars_rover.batch import simulate, simulate_fleet

LONGEST_ROUND = 10**8
"""Letters until the rover is back, at most."""

CHUNK = 2**22
ROUND = 1000
"""Rovers until the fleet repeats."""


class Task(TypedDict):
    """What to do: so many letters, or rovers, with so many threads, or one for each core."""

    commands: int
    rovers: int
    threads: int | None
    obstacles: list[tuple[int, int]]


class Growth(TypedDict):
    """What one task took."""

    commands: int
    seconds: float
    peak_megabytes: float
    position: str


def quarter(length: int) -> bytes:
    """Random letters that turn a rover by one quarter in all, and lead back if done four times."""
    size = min(length, LONGEST_ROUND) // 4
    letters = random_letters(size - 3)
    turns = (1 - letters.count(b"R") + letters.count(b"L")) % 4
    return letters + b"R" * turns + b"M" * (3 - turns)


def one_rover(task: Task) -> Growth:
    letters = quarter(task["commands"])
    case = Long(letters)
    world = World(case.side, case.side, frozenset(Point(*cell) for cell in task["obstacles"]))
    begin = perf_counter()
    stream = _fed(letters, task["commands"])
    arrival = simulate(world, case.start, stream, threads=task["threads"]).unwrap()
    seconds = perf_counter() - begin
    assert task["commands"] == arrival.carried_out
    return _growth(task["commands"], seconds, position(arrival.point, arrival.direction))


def fleet(task: Task) -> Growth:
    letters = random_letters(ROUND * FLEET_PROGRAM)
    case = Long(letters)
    some = [letters[at : at + FLEET_PROGRAM] for at in range(0, len(letters), FLEET_PROGRAM)]
    rounds = -(-task["rovers"] // ROUND)
    programs = (some * rounds)[: task["rovers"]]
    starts = [case.start] * task["rovers"]
    begin = perf_counter()
    arrivals = simulate_fleet(case.free, starts, programs, threads=task["threads"]).unwrap()
    seconds = perf_counter() - begin
    first = simulate_fleet(case.free, starts[:ROUND], programs[:ROUND]).unwrap()
    assert np.array_equal(np.resize(first.x, task["rovers"]), arrivals.x)
    assert np.array_equal(np.resize(first.y, task["rovers"]), arrivals.y)
    last = arrivals[-1]
    return _growth(task["rovers"] * FLEET_PROGRAM, seconds, position(last.point, last.direction))


def _growth(commands: int, seconds: float, position: str) -> Growth:
    return {
        "commands": commands,
        "seconds": seconds,
        "peak_megabytes": round(_peak_megabytes(), 1),
        "position": position,
    }


def _fed(piece: bytes, length: int) -> Iterator[memoryview]:
    """``length`` letters of the endless stream, chunk by chunk."""
    letters = memoryview(piece)
    while length:
        for begin in range(0, min(length, len(letters)), CHUNK):
            yield letters[begin : min(begin + CHUNK, length)]
        length -= min(length, len(letters))


def _peak_megabytes() -> float:
    """The most memory that this process held, its libraries included.

    ``getrusage`` would count what the parent held when it started this process, so it is asked only
    where there is no ``/proc``.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def main() -> None:
    task: Task = json.load(sys.stdin)
    print(json.dumps(fleet(task) if task["rovers"] else one_rover(task)))


if __name__ == "__main__":
    main()
