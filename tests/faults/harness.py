"""What the fault tests share: real stores, processes that are killed, and how their figures are told."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import EventStore, Page, pages
from deciderkit.shell.sqlite import SqliteEventStore, open_store
from returns.io import IOResult, IOSuccess
from returns.unsafe import unsafe_perform_io

from deciderkit import Board
from deciderkit.log.audit import Audit
from deciderkit.log.recorded import Recorded
from mars_rover import (
    Direction,
    MarsRoverStarted,
    ObstacleNotified,
    Point,
    StartMarsRover,
    World,
    board,
)
from mars_rover.codec import codec

WALL: Board = replace(board, projections=tuple(p for p in board.projections if not p.is_keyed))
OPEN_WORLD = World.create(10, 10).unwrap()
BLOCKED_WORLD = World.create(4, 4, [(0, 1)]).unwrap()


class Figures(NamedTuple):
    """How often a fault was made, and how often something was wrong then."""

    tried: int
    wrong: int


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.failure())


def opened(path: Path, **how: Any) -> SqliteEventStore:
    store: SqliteEventStore = value(open_store(path, codec, **how))
    return store


def whole(store: EventStore) -> Iterator[Recorded[Any]]:
    """The log, page by page."""

    def page(after: int) -> Page:
        read: Page = value(store.read_all(after))
        return read

    for each in pages(page, lambda last: last.position):
        yield from each


def audited(path: Path) -> Audit:
    """The log in ``path`` after an audit: no gap anywhere, and all of it folds."""
    audit = Audit(board)
    with opened(path) as store:
        for recorded in whole(store):
            audit.take(recorded)
    return audit


def started(rover_id: str) -> MarsRoverStarted:
    return MarsRoverStarted(rover_id, OPEN_WORLD, Point(0, 0), Direction.NORTH)


def start(rover_id: str, world: World = OPEN_WORLD) -> StartMarsRover:
    return StartMarsRover(rover_id, world)


def deliver(event: ObstacleNotified, key: str) -> IOResult[None, str]:
    return IOSuccess(None)


def dispatcher(store: EventStore, **how: Any) -> Dispatcher:
    return Dispatcher(WALL, store, deliveries={ObstacleNotified: deliver}, **how)


def die() -> NoReturn:
    """What ``kill -9`` does, from inside."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


class Child(NamedTuple):
    """A process of our own, and what it says."""

    pid: int
    said: int

    def lines(self) -> list[str]:
        """All that it has said, once it has ended."""
        with os.fdopen(self.said, encoding="ascii") as pipe:
            text = pipe.read()
        os.waitpid(self.pid, 0)
        return text.split("\n")[:-1]

    def kill_after(self, seconds: float) -> list[str]:
        """Kill it that long after its first word; what it said until then."""
        select.select([self.said], [], [], 10)
        time.sleep(seconds)
        os.kill(
            self.pid, signal.SIGKILL
        )  # it is not waited for yet, so the number is still its own
        return self.lines()


def forked(work: Callable[[Callable[[str], None]], None]) -> Child:
    """Run ``work`` in a process of its own; it is given a function that says one line at once."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            work(lambda line: (os.write(writing, f"{line}\n".encode("ascii")), None)[1])
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    return Child(pid, reading)


@contextmanager
def all_ended(children: list[Child]) -> Iterator[None]:
    """Whatever happens in the block, no child is left behind."""
    try:
        yield
    finally:
        for child in children:
            try:
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue
