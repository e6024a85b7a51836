"""The rows of the whole storm: the board on a store, in memory and on the disk, and replay from both."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from weakref import finalize

from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from benchmarks.measure import Run
from benchmarks.programs import Short
from deciderkit.decider import Refused
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import EventStore
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.shell.sqlite import open_store
from mars_rover import (
    Moving,
    ObstacleFound,
    Program,
    StartMarsRover,
    World,
    board,
    commands_of,
    evolve,
    initial_state,
    mars_rover,
    path,
)
from mars_rover.codec import codec

ID = "r1"


def board_in_memory(case: Short, world: World | None = None, chunk: int = 1_000) -> Run:
    """Events recorded, both policies, three projections."""

    def run() -> str:
        return stormed(case, MemoryEventStore(), world or case.world, chunk)

    return run


def board_on_disk(case: Short, chunk: int = 1_000) -> Run:
    """The same on a new SQLite file, each chunk durable before the next is decided."""

    def run() -> str:
        with (
            TemporaryDirectory() as folder,
            value(open_store(Path(folder) / "log", codec)) as store,
        ):
            return stormed(case, store, case.world, chunk)

    return run


def replay_from_memory(case: Short) -> Run:
    store = MemoryEventStore()
    stormed(case, store, case.world, 1_000)
    return lambda: replayed(case, store)


def replay_from_disk(case: Short) -> Run:
    """Read, check, decode and fold; the file is opened anew each time, as replay does."""
    folder = mkdtemp()
    file = Path(folder) / "log"
    with value(open_store(file, codec)) as store:
        stormed(case, store, case.world, 1_000)

    def run() -> str:
        with value(open_store(file, codec)) as store:
            return replayed(case, store)

    finalize(run, rmtree, folder)
    return run


def stormed(case: Short, store: EventStore, world: World, chunk: int) -> str:
    """Drive the program through the board on ``store``, and check what it says of itself."""
    dispatcher = Dispatcher(board, store, chunk=chunk)
    steps = chain([StartMarsRover(ID, world, *case.start)], commands_of(Program(case.program), ID))
    report = value(dispatcher.dispatch(steps, halts=(Refused, ObstacleFound)))
    assert len(case.program) + 1 == report.carried_out == len(dispatcher.view(path, ID))
    return case.position(value(dispatcher.state(mars_rover, ID)))


def replayed(case: Short, store: EventStore) -> str:
    state, after = initial_state, 0
    while page := value(store.read_all(after)):
        for recorded in page:
            state = evolve(state, recorded.event)
        after = page[-1].position
    assert isinstance(state, Moving)
    return case.position(state)


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())
