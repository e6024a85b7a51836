"""How time and memory grow: `simulate` on ever longer streams, each in a process of its own.

The stream never ends and yet its way is known, because of how programs compose: a piece that turns
the rover by a quarter, done four times, leads back to where it began, whatever it is - the four
displacements are those of the piece, turned by a quarter each time, and cancel out. So a random
piece is fed over and over, obstacles are put off its way, and the answer is the start.

``python -m benchmarks.growth`` is the process that is measured; it reads its task from standard
input.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TypedDict

from benchmarks.programs import Long, position, random_letters
from mars_rover import Point, World
from mars_rover.batch import simulate

LONGEST_ROUND = 10**8
"""Letters until the rover is back, at most."""

CHUNK = 2**20


class Growth(TypedDict):
    """What one length took."""

    commands: int
    seconds: float
    peak_megabytes: float
    position: str


def grown(lengths: list[int]) -> Iterator[Growth]:
    """A measurement for each number of letters, in rising order."""
    for length in lengths:
        quarter = _quarter(length)
        case = Long(quarter * 4)
        cells = [(obstacle.x, obstacle.y) for obstacle in case.world.obstacles]
        task = json.dumps({"commands": length, "obstacles": cells})
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=task, capture_output=True, text=True, check=True
        )
        growth: Growth = json.loads(done.stdout)
        assert position(*case.start) == growth["position"]
        yield growth


def _quarter(length: int) -> bytes:
    """Random letters that turn a rover by one quarter in all."""
    size = min(length, LONGEST_ROUND) // 4
    letters = random_letters(size - 3)
    turns = (1 - letters.count(b"R") + letters.count(b"L")) % 4
    return letters + b"R" * turns + b"M" * (3 - turns)


def _fed(quarter: bytes, length: int) -> Iterator[memoryview]:
    """``length`` letters of the endless stream, chunk by chunk."""
    letters = memoryview(quarter)
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
    task = json.load(sys.stdin)
    length = task["commands"]
    quarter = _quarter(length)
    case = Long(quarter)
    world = World(case.side, case.side, frozenset(Point(*cell) for cell in task["obstacles"]))
    begin = perf_counter()
    arrival = simulate(world, case.start, _fed(quarter, length)).unwrap()
    seconds = perf_counter() - begin
    assert length == arrival.carried_out
    growth: Growth = {
        "commands": length,
        "seconds": seconds,
        "peak_megabytes": round(_peak_megabytes(), 1),
        "position": position(arrival.point, arrival.direction),
    }
    print(json.dumps(growth))


if __name__ == "__main__":
    main()
