"""The rows of a hundred million letters: the batch engine between loops in C and its ceiling."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from benchmarks import ceiling
from benchmarks.c_loop import Loop
from benchmarks.measure import Missing, Row, Run
from benchmarks.programs import Long, pieces, position
from deciderkit.extras import MissingExtra
from mars_rover.batch import DIRECTIONS, simulate, simulate_fleet
from mars_rover.batch.shell.crew import cores
from mars_rover.batch.shell.native import Choice, chosen
from mars_rover.shell.feeding import letters_of

READING = "reading memory"
CEILING = "bit planes in C, no obstacles"
LOOP = "C loop, no branches"
CORES = cores()


def long_rows(case: Long) -> list[Row]:
    """The ways to drive a program of a hundred million letters, and the ceilings above them."""
    ways: dict[str, Callable[[Long], Run]] = {
        "C loop, switch": partial(c_loop, "with_switch"),
        LOOP: partial(c_loop, "without_branches"),
        "numpy letter by letter, no obstacles": numpy_letters,
        CEILING: bit_planes,
        READING: reading_memory,
        "simulate, 1 thread, no obstacles": partial(simulated, threads=1, obstacles=False),
        "simulate, 1 thread, 1,000 obstacles": partial(simulated, threads=1),
        f"simulate, {CORES} threads, no obstacles": partial(
            simulated, threads=CORES, obstacles=False
        ),
        f"simulate, {CORES} threads, 1,000 obstacles": partial(simulated, threads=CORES),
        **native_rows(),
        "simulate_path, 1,000 obstacles": path,
        "simulate_fleet, 1 thread, 1,000 obstacles": partial(fleet, threads=1),
        f"simulate_fleet, {CORES} threads, 1,000 obstacles": partial(fleet, threads=CORES),
        "reading a pipe": reading_a_pipe,
        "simulate from a pipe, no obstacles": simulated_from_a_pipe,
    }
    end = position(*case.way.stops[-1])
    return [Row(name, len(case.program), partial(way, case), end) for name, way in ways.items()]


def native_rows() -> dict[str, Callable[[Long], Run]]:
    """The rows of `simulate` by numpy, once more by the native kernel."""
    return {
        f"simulate, native kernel, {_threads(threads)}, {world}": partial(
            simulated, threads=threads, obstacles=obstacles, kernel="native"
        )
        for threads in (1, CORES)
        for obstacles, world in ((False, "no obstacles"), (True, "1,000 obstacles"))
    }


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"


def c_loop(name: str, case: Long) -> Run:
    loop = Loop(name, case.world)
    point, direction = case.start

    def run() -> str:
        x, y, heading, carried_out = loop(point, direction.quarters, case.program)
        assert len(case.program) == carried_out
        return f"{x}:{y}:{DIRECTIONS[heading].value}"

    return run


def bit_planes(case: Long) -> Run:
    ceiling.instructions()
    point, direction = case.start

    def run() -> str:
        heading = direction.quarters
        x, y, heading = ceiling.bit_planes(point.x, point.y, heading, case.program)
        return f"{x % case.side}:{y % case.side}:{DIRECTIONS[heading].value}"

    return run


def reading_memory(case: Long) -> Run:
    """No way to drive, so its answer is checked here and the position is the expected one."""
    ceiling.instructions()
    letters = np.frombuffer(case.program, np.uint8)
    words = np.frombuffer(case.program[: len(case.program) // 256 * 256], np.uint64)
    rest = np.frombuffer(case.program[words.nbytes :], np.uint8)
    expected = int(np.bitwise_xor.reduce(words)) ^ int(np.bitwise_xor.reduce(rest, initial=0))

    def run() -> str:
        assert expected == ceiling.read_memory(letters)
        return position(*case.way.stops[-1])

    return run


def numpy_letters(case: Long) -> Run:
    """Running sums over the letters, as one would write them first; it takes no account of obstacles."""
    letters = np.frombuffer(case.program, np.uint8)
    turns = np.zeros(256, np.uint8)
    turns[[ord("R"), ord("L")]] = 1, 3
    steps = np.array([1j, 1, -1j, -1])
    point, direction = case.start

    def run() -> str:
        x, y, heading = point.x, point.y, direction.quarters
        for begin in range(0, letters.size, 2**18):
            part = letters[begin : begin + 2**18]
            if not np.isin(part, np.frombuffer(b"LRM", np.uint8)).all():
                raise ValueError("unknown command")
            headings = np.cumsum(turns[part], dtype=np.uint8) + np.uint8(heading) & 3
            total = steps[headings[part == ord("M")]].sum()
            x, y = (x + int(total.real)) % case.side, (y + int(total.imag)) % case.side
            heading = int(headings[-1])
        return f"{x}:{y}:{DIRECTIONS[heading].value}"

    return run


def simulated(case: Long, threads: int, obstacles: bool = True, kernel: Choice = "numpy") -> Run:
    """One kernel from the first letter to the last, so that a row is of one kind."""
    world = case.world if obstacles else case.free
    ready(kernel)

    def run() -> str:
        arrival = simulate(world, case.start, case.program, threads=threads, kernel=kernel).unwrap()
        assert len(case.program) == arrival.carried_out
        return position(arrival.point, arrival.direction)

    return run


def ready(kernel: Choice) -> None:
    """Load the kernel; `Missing` says what that lacks."""
    try:
        chosen(kernel, 0)
    except MissingExtra as missing:
        raise Missing("numba") from missing


def path(case: Long) -> Run:
    """All rows of the path, a million at a time, since all at once would take gigabytes."""

    def run() -> str:
        for piece in pieces(case.world, case.start, case.program):
            end = piece
        return f"{end.x[-1]}:{end.y[-1]}:{DIRECTIONS[end.direction[-1]].value}"

    return run


def fleet(case: Long, threads: int) -> Run:
    """The program cut up, a rover for each piece: each has to end where the next one begins."""
    starts, programs = case.fleet
    next_x = np.array([point.x for point, _ in case.way.stops[1:]])
    next_y = np.array([point.y for point, _ in case.way.stops[1:]])

    def run() -> str:
        arrivals = simulate_fleet(case.world, starts, programs, threads=threads).unwrap()
        assert np.array_equal(next_x, arrivals.x)
        assert np.array_equal(next_y, arrivals.y)
        return position(arrivals[-1].point, arrivals[-1].direction)

    return run


def reading_a_pipe(case: Long) -> Run:
    """What ``cat`` sends, read into one buffer again and again."""
    file = _written(case.program)
    buffer = bytearray(2**20)

    def run() -> str:
        count = 0
        with _sent(file) as pipe:
            while read := os.readv(pipe.fileno(), [buffer]):
                count += read
        assert len(case.program) == count
        return position(*case.way.stops[-1])

    return run


def simulated_from_a_pipe(case: Long) -> Run:
    file = _written(case.program)

    def run() -> str:
        with _sent(file) as pipe:
            arrival = simulate(case.free, case.start, letters_of(pipe), kernel="numpy").unwrap()
        return position(arrival.point, arrival.direction)

    return run


def _written(program: bytes) -> Path:
    """A file that is there until the end."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    file = Path(folder, "program")
    file.write_bytes(program)
    return file


@contextmanager
def _sent(file: Path) -> Iterator[BinaryIO]:
    with subprocess.Popen(["cat", str(file)], stdout=subprocess.PIPE, bufsize=0) as cat:
        assert cat.stdout is not None
        yield cat.stdout  # type: ignore[misc]
