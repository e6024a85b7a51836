"""The answer is the same to the bit, whoever works on it and however it is cut up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from mars_rover import Direction, Point, World, parse_program
from mars_rover.batch import Arrival, letters, simulate, simulate_fleet
from mars_rover.batch.shell.crew import Here, cores, crew
from tests.mars_rover.batch.hands import Breaking, Elsewhere, cut, deadly, formed
from tests.mars_rover.batch.voyages import Voyage, expected, voyages

LONGEST = 8 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 5
EAST = (Point(0, 0), Direction.EAST)
ORIGIN = (Point(0, 0), Direction.NORTH)

threads = st.sampled_from((1, 2, 3, 8))
sizes = st.sampled_from((1, 7, 63, 64, 65, 100, 128, 2**21))
cuts = st.lists(st.integers(0, 300), max_size=4)


@given(voyages(), threads, sizes, st.sampled_from((64, 128, 2**18)), st.sampled_from((1, 3, 4096)))
def test_threads_and_sizes_make_no_difference(
    voyage: Voyage, hands: int, stretch: int, part: int, group: int
) -> None:
    with cut(stretch, part, group):
        assert Success(expected(voyage)) == simulate(*voyage, threads=hands)


@given(
    voyages(),
    st.sampled_from(("text", "bytes", "pieces", "opened")),
    cuts,
    sizes,
    st.integers(0, 3),
)
def test_hands_elsewhere_make_no_difference(
    voyage: Voyage, form: str, at: list[int], stretch: int, ahead: int
) -> None:
    world, start, program = voyage
    with cut(stretch):
        given_ = formed(program, form, at)
        arrival = simulate(world, start, given_, executor=Elsewhere(), ahead=ahead)
        assert Success(expected(voyage)) == arrival


@given(voyages(), st.integers(0, 5))
def test_hands_that_break_make_no_difference(voyage: Voyage, after: int) -> None:
    world, start, program = voyage
    with cut(20):
        arrival = simulate(world, start, program, executor=Breaking(after), ahead=2)
        assert Success(expected(voyage)) == arrival


spoilt = st.text("LRMXé\0\udc80𝄞", max_size=100)
executors = st.sampled_from((None, Elsewhere(), Breaking(2)))


@given(spoilt, st.sampled_from(("text", "pieces")), cuts, sizes, executors)
def test_the_first_strange_letter_is_told_whoever_finds_it(
    text: str, form: str, at: list[int], size: int, executor: Executor | None
) -> None:
    said = parse_program(text).map(lambda _: None)
    with cut(size):
        told = simulate(World(9, 9), ORIGIN, formed(text, form, at), threads=3, executor=executor)
        assert said == told.map(lambda _: None)


@given(st.text("LRMXé", min_size=1, max_size=100), cuts, st.sampled_from((None, Elsewhere())))
def test_a_strange_letter_in_what_is_opened_is_counted_from_the_beginning(
    text: str, at: list[int], executor: Executor | None
) -> None:
    said = parse_program(text).map(lambda _: None)
    program = formed(text, "opened", at)
    told = simulate(World(9, 9), ORIGIN, program, threads=2, executor=executor)
    assert said == told.map(lambda _: None)


@given(st.lists(st.tuples(voyages(), st.booleans()), min_size=1, max_size=3), sizes, threads)
def test_a_fleet_is_the_same_whoever_drives_it(
    fleet: list[tuple[Voyage, bool]], size: int, hands: int
) -> None:
    world = fleet[0][0].world
    start = fleet[0][0].start
    programs = [each.program if as_text else each.program.encode() for each, as_text in fleet]
    ways = [Voyage(world, start, each.program) for each, _ in fleet]
    with cut(size):
        here = simulate_fleet(world, [start] * len(ways), programs, threads=hands).unwrap()
        there = simulate_fleet(world, [start] * len(ways), programs, executor=Breaking(3)).unwrap()
        assert [expected(way) for way in ways] == list(here)
        assert list(here) == list(there)


@pytest.mark.parametrize("length", range(1, LONGEST + 1))
def test_every_short_program_by_threads(length: int) -> None:
    world = World(3, 2, frozenset({Point(2, 1), Point(1, 1)}))
    with cut(3), ThreadPoolExecutor(2) as pool:
        for program in map("".join, product("LRM", repeat=length)):
            arrival = simulate(world, ORIGIN, program, executor=pool)
            assert Success(expected(Voyage(world, ORIGIN, program))) == arrival


@pytest.mark.parametrize("executor", [None, Elsewhere()], ids=["threads", "elsewhere"])
@pytest.mark.parametrize("step", [1, 2, 63, 64, 65, 127, 128, 129, 255, 256])
def test_an_obstacle_at_the_edge_of_a_stretch_at_the_first_and_the_last_letter(
    step: int, executor: Executor | None
) -> None:
    for width in (10**9, 300):
        world = World(width, 1, frozenset({Point((width - 5 + step) % width, 0)}))
        start = (Point(width - 5, 0), Direction.EAST)  # The edge of the world is on the way.
        with cut(64):
            arrival = simulate(world, start, "M" * 256, threads=3, executor=executor).unwrap()
        before = Point((width - 5 + step - 1) % width, 0)
        obstacle = Point((width - 5 + step) % width, 0)
        assert Arrival(before, Direction.EAST, step, obstacle) == arrival


def test_a_strange_letter_long_after_the_obstacle_rejects_the_program() -> None:
    world = World(4, 4, frozenset({Point(0, 1)}))
    for executor in (None, Elsewhere()):
        with cut(64):
            told = simulate(world, ORIGIN, "M" * 1000 + "X", threads=3, executor=executor)
        assert 1000 == told.failure().index


def test_a_buffer_may_be_filled_anew_while_others_work() -> None:
    def refilled() -> Iterator[bytearray]:
        buffer = bytearray(200)
        for number in range(50):
            buffer[:] = (b"M" * number + b"R" * 200)[:200]
            yield buffer

    program = b"".join(bytes(buffer) for buffer in refilled())
    world = World(100, 100)
    with cut(64):
        assert simulate(world, ORIGIN, program) == simulate(world, ORIGIN, refilled(), threads=4)


def test_no_more_is_read_ahead_than_allowed_and_the_progress_adds_up() -> None:
    read, done, most = 0, 0, 0

    def piece() -> Iterator[bytes]:
        nonlocal read, most
        for _ in range(40):
            read += 64
            most = max(most, read - done)
            yield b"MMRL" * 16

    def progress(count: int) -> None:
        nonlocal done
        done += count

    with cut(64):
        simulate(World(9, 9), ORIGIN, piece(), threads=2, ahead=3, progress=progress).unwrap()
    assert (40 * 64, 40 * 64) == (read, done)
    assert most <= 64 * 5


def test_the_progress_of_a_fleet_counts_rovers() -> None:
    told: list[int] = []
    programs = ["M" * 100] * 10
    with cut(200):
        simulate_fleet(World(9, 9), [ORIGIN] * 10, programs, progress=told.append).unwrap()
    assert (10, True) == (sum(told), len(told) > 1)


def test_more_threads_than_cores_under_load() -> None:
    program = b"MRMLMMLMRR" * 20_000
    world = World(1000, 1000, frozenset({Point(500, 500)}))
    alone = simulate(world, ORIGIN, program, threads=1)
    stop = threading.Event()

    def burn() -> None:
        while not stop.is_set():
            sum(range(1000))

    busy = [threading.Thread(target=burn) for _ in range(2 * cores())]
    for thread in busy:
        thread.start()
    try:
        with cut(2**15):
            assert [alone] * 3 == [
                simulate(world, ORIGIN, program, threads=8 * cores()) for _ in range(3)
            ]
    finally:
        stop.set()
        for thread in busy:
            thread.join()


@pytest.mark.parametrize("obstacles", [frozenset(), frozenset({Point(5, 5)})], ids=["free", "not"])
def test_an_interrupt_in_the_midst_leaves_no_thread_behind(obstacles: frozenset[Point]) -> None:
    def pieces() -> Iterator[bytes]:
        for number in range(100):
            if number == 50:
                signal.raise_signal(signal.SIGINT)
            yield b"MR" * 1000

    before = threading.active_count()
    with cut(2000), pytest.raises(KeyboardInterrupt):
        simulate(World(100, 100, obstacles), ORIGIN, pieces(), threads=4)
    assert before == threading.active_count()


def test_an_error_of_the_pieces_is_theirs_and_leaves_no_thread_behind() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"MR" * 1000
        raise OSError("the disk is gone")

    before = threading.active_count()
    with pytest.raises(OSError, match="the disk is gone"):
        simulate(World(100, 100), ORIGIN, pieces(), threads=4)
    assert before == threading.active_count()


@pytest.mark.parametrize("obstacles", [frozenset(), frozenset({Point(0, 99)})], ids=["free", "not"])
def test_processes_one_of_them_killed(tmp_path: Path, obstacles: frozenset[Point]) -> None:
    world, program = World(100, 100, obstacles), b"MMRML" * 2000
    mark = tmp_path / "killed"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        killed = simulate(world, ORIGIN, deadly(mark, program, 1000), executor=pool)
    assert mark.exists()
    assert simulate(world, ORIGIN, program) == killed


def test_a_crew_of_none_is_the_cores() -> None:
    with crew(None, None, None) as hands:
        assert hands.shares_memory
    assert cores() >= 1
    with crew(1, None, None) as hands:
        assert [((n,), n * n) for n in range(5)] == list(
            hands.in_order(lambda n: n * n, ((n,) for n in range(5)))
        )


def test_letters_that_change_between_survey_and_search_are_an_error(tmp_path: Path) -> None:
    opened: list[int] = []

    def fickle() -> bytes:
        opened.append(1)
        return b"M" if len(opened) == 1 else b"X"

    class Far(Executor):
        submit = Here.submit

    world = World(9, 9, frozenset({Point(5, 5)}))
    told = simulate(world, ORIGIN, [fickle], executor=Far())
    assert "have changed" in told.failure().problem


def test_what_is_opened_and_is_no_program_is_named() -> None:
    for executor in (None, Elsewhere()):
        pieces: list[Any] = [b"M", partial(int, 7)]
        told = simulate(World(9, 9), ORIGIN, pieces, executor=executor)
        assert "is of type int" in told.failure().problem


def test_fewer_than_one_thread_is_refused() -> None:
    told = simulate(World(9, 9), ORIGIN, "M", threads=0).failure()
    assert "threads 0: expected at least 1" == str(told)
    assert told == simulate_fleet(World(9, 9), [ORIGIN], ["M"], threads=0).failure()
    told = simulate(World(9, 9), ORIGIN, "M", ahead=-1).failure()
    assert "ahead -1: expected at least 0" == str(told)


def test_a_whole_program_may_be_opened() -> None:
    opened = partial(bytes, b"MMR")
    assert simulate(World(9, 9), ORIGIN, "MMR") == simulate(World(9, 9), ORIGIN, opened)
    assert letters.STRETCH > 0
