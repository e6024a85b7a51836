"""A real cluster on this machine, its workers processes, one of which is killed in the midst."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from unittest.mock import patch

import pytest
from distributed import Client, LocalCluster

from mars_rover import Direction, Point, World
from mars_rover.batch import simulate, simulate_fleet
from mars_rover.shell.feeding import parts_of
from tests.mars_rover.batch.hands import cut, deadly

ORIGIN = (Point(0, 0), Direction.NORTH)
PROGRAM = b"MMRMLMLLMR" * 10_000
FREE = World(1000, 1000)
NARROW = World(1000, 1000, frozenset({Point(0, 900), Point(400, 3)}))


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with (
        patch.dict(os.environ),  # the cluster sets a hash seed there for its workers
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            worker_dashboard_address=None,
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
        client.get_executor() as executor,
    ):
        yield executor


@pytest.mark.parametrize("world", [FREE, NARROW], ids=["free", "obstacles"])
def test_a_killed_worker_changes_nothing(executor: Executor, world: World, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    told: list[int] = []
    pieces = deadly(mark, PROGRAM, 10_000)
    arrival = simulate(world, ORIGIN, pieces, executor=executor, progress=told.append)
    assert mark.exists()
    assert len(PROGRAM) == sum(told)
    assert simulate(world, ORIGIN, PROGRAM) == arrival


def test_parts_of_a_file_are_read_by_the_workers(executor: Executor, tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_bytes(PROGRAM + b"\n")
    parts = parts_of(str(file), 33_333)
    assert simulate(NARROW, ORIGIN, PROGRAM) == simulate(NARROW, ORIGIN, parts, executor=executor)


def test_letters_and_fleets_are_sent(executor: Executor) -> None:
    with cut(30_000):
        assert simulate(NARROW, ORIGIN, PROGRAM) == simulate(
            NARROW, ORIGIN, PROGRAM, executor=executor
        )
        programs = [PROGRAM[begin : begin + 100] for begin in range(0, len(PROGRAM), 100)]
        starts = [ORIGIN] * len(programs)
        here = simulate_fleet(NARROW, starts, programs).unwrap()
        there = simulate_fleet(NARROW, starts, programs, executor=executor).unwrap()
        assert list(here) == list(there)


def test_a_strange_letter_is_told(executor: Executor) -> None:
    pieces: list[str | bytes] = [b"MMR", "MLX", b"MM"]
    assert 5 == simulate(FREE, ORIGIN, pieces, executor=executor).failure().index
