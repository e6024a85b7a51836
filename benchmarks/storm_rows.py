"""The rows of the whole storm: the board on a store, in memory and on the disk, and replay from both."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from weakref import finalize

from benchmarks import article, article_model
from benchmarks.measure import Missing, Run
from benchmarks.programs import Short
from deciderkit.decider import Refused
from deciderkit.shell import Dispatcher, EventStore, MemoryEventStore, open_store, whole_log
from mars_rover import (
    Moving,
    ObstacleFound,
    ObstacleNotified,
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
            open_store(Path(folder) / "log", codec) as store,
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
    with open_store(file, codec) as store:
        stormed(case, store, case.world, 1_000)

    def run() -> str:
        with open_store(file, codec) as store:
            return replayed(case, store)

    finalize(run, rmtree, folder)
    return run


def a_call_a_command(case: Short) -> Run:
    """One `dispatch([command])` a call, the whole board: recorded, both policies, three projections."""

    def run() -> str:
        return called(case, MemoryEventStore())

    return run


def a_call_a_command_on_disk(case: Short) -> Run:
    """The same, each command durable before the next."""

    def run() -> str:
        with (
            TemporaryDirectory() as folder,
            open_store(Path(folder) / "log", codec) as store,
        ):
            return called(case, store)

    return run


def a_run_a_command_of_the_article(case: Short) -> Run:
    """The article's dispatcher with a ``submit`` and a ``run`` for each command, prints and all."""
    point, direction = case.start
    start = article_model.Point(point.x, point.y), article_model.Direction(direction.value)

    def run() -> str:
        world = article_model.World((case.side, case.side), article_model.Obstacles([]))
        return article.MarsRoverRunner(world, *start).run_one_by_one(case.program)

    return run


def called(case: Short, store: EventStore) -> str:
    dispatcher = Dispatcher(board, store, deliveries=QUIET)
    dispatch = dispatcher.dispatch
    dispatch([StartMarsRover(ID, case.world, *case.start)]).unwrap()
    for command in commands_of(Program(case.program), ID):
        dispatch([command])
    assert len(case.program) + 1 == len(dispatcher.view(path, ID).unwrap())
    return case.position(dispatcher.state(mars_rover, ID).unwrap())


def by_eventsourcing(case: Short) -> Run:
    """The aggregate of ``eventsourcing``, in memory with its aggregate cache on: load, call, save."""
    try:
        from benchmarks.peer import drive  # noqa: PLC0415
    except ImportError:
        raise Missing("eventsourcing") from None
    return lambda: drive(case)


QUIET = {ObstacleNotified: lambda event, key: None}
"""Nobody listens: what is measured is the kit."""


def stormed(case: Short, store: EventStore, world: World, chunk: int) -> str:
    """Drive the program through the board on ``store``, and check what it says of itself."""
    dispatcher = Dispatcher(board, store, deliveries=QUIET, chunk=chunk)
    steps = chain([StartMarsRover(ID, world, *case.start)], commands_of(Program(case.program), ID))
    report = dispatcher.dispatch(steps, halts=(Refused, ObstacleFound)).unwrap()
    assert len(case.program) + 1 == report.carried_out == len(dispatcher.view(path, ID).unwrap())
    return case.position(dispatcher.state(mars_rover, ID).unwrap())


def replayed(case: Short, store: EventStore) -> str:
    state = initial_state
    for recorded in whole_log(store):
        state = evolve(state, recorded.event)
    assert isinstance(state, Moving)
    return case.position(state)
