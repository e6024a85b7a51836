"""Hypothesis strategies for worlds, starts, programs and commands: bring your own rover, and ask it.

The worlds that break a rover are among the examples: one cell, one row, full but for one cell, and
sides so long that nobody will walk round them. Needs the extra ``testing``.
"""

from __future__ import annotations

from itertools import product

from deciderkit.extras import from_extra

with from_extra("testing", "mars_rover.testing needs hypothesis"):
    from hypothesis import strategies as st

from mars_rover.commands import (
    Command,
    Move,
    NotifyObstacle,
    RoverCommand,
    StartMarsRover,
    TurnLeft,
    TurnOff,
    TurnRight,
)
from mars_rover.events import (
    Event,
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
)
from mars_rover.notation import LETTERS, Program
from mars_rover.values import MAX_SIDE, Direction, Point, RoverId, World

HUGE = (10**9, MAX_SIDE)
"""Sides that nobody walks round."""

SMALL = 6
"""The longest side of a world that a program does walk round."""


def directions() -> st.SearchStrategy[Direction]:
    """Any of the four directions."""
    return st.sampled_from(Direction)


def programs(min_size: int = 1, max_size: int = 40) -> st.SearchStrategy[Program]:
    """Programs of ``L``, ``R`` and ``M``; every other letter is a move, so that the rover gets about."""
    letters = st.sampled_from(f"M{LETTERS}M")
    return st.lists(letters, min_size=min_size, max_size=max_size).map("".join).map(Program)


def cells(width: int, height: int) -> st.SearchStrategy[Point]:
    """Cells of a grid; on a huge one those near the edges, where something happens."""
    return st.builds(Point, _places(width), _places(height))


def _places(side: int) -> st.SearchStrategy[int]:
    if side <= 2 * SMALL:
        return st.integers(0, side - 1)
    return st.integers(0, SMALL) | st.integers(side - SMALL, side - 1)


@st.composite
def small_worlds(draw: st.DrawFn) -> World:
    """Worlds of up to `SMALL` x `SMALL` cells, any of them obstacles as long as one is free."""
    width, height = draw(st.integers(1, SMALL)), draw(st.integers(1, SMALL))
    obstacles = draw(st.frozensets(cells(width, height), max_size=width * height - 1))
    return World(width, height, obstacles)


@st.composite
def narrow_worlds(draw: st.DrawFn) -> World:
    """Worlds of one row or one column, 1x1 among them."""
    side = draw(st.integers(1, 2 * SMALL) | st.sampled_from(HUGE))
    width, height = draw(st.sampled_from([(1, side), (side, 1)]))
    return World(
        width, height, draw(st.frozensets(cells(width, height), max_size=min(side - 1, 3)))
    )


@st.composite
def full_worlds(draw: st.DrawFn) -> World:
    """Worlds full of obstacles but for one cell."""
    width, height = draw(st.integers(1, SMALL)), draw(st.integers(1, SMALL))
    every = frozenset(Point(x, y) for x, y in product(range(width), range(height)))
    return World(width, height, every - {draw(cells(width, height))})


@st.composite
def huge_worlds(draw: st.DrawFn) -> World:
    """Worlds of up to `MAX_SIDE` x `MAX_SIDE` cells, with obstacles near the edges."""
    width, height = draw(st.sampled_from(HUGE)), draw(st.sampled_from(HUGE))
    return World(width, height, draw(st.frozensets(cells(width, height), max_size=8)))


def worlds() -> st.SearchStrategy[World]:
    """Worlds of every kind; each has a free cell."""
    return st.one_of(small_worlds(), narrow_worlds(), full_worlds(), huge_worlds())


def empty_worlds() -> st.SearchStrategy[World]:
    """Worlds without an obstacle."""
    side = st.integers(1, SMALL) | st.sampled_from(HUGE)
    return st.builds(World, side, side)


def free_cells(world: World) -> st.SearchStrategy[Point]:
    """The cells of ``world`` on which a rover can stand."""
    if world.width * world.height > 4 * SMALL * SMALL:
        return cells(world.width, world.height).filter(lambda cell: cell not in world.obstacles)
    every = (Point(x, y) for x, y in product(range(world.width), range(world.height)))
    return st.sampled_from([cell for cell in every if cell not in world.obstacles])


@st.composite
def starts(
    draw: st.DrawFn, rover_id: RoverId = "r1", on: st.SearchStrategy[World] | None = None
) -> StartMarsRover:
    """A rover put on a free cell of a world, by default of any of `worlds`."""
    world = draw(worlds() if on is None else on)
    return StartMarsRover(rover_id, world, draw(free_cells(world)), draw(directions()))


@st.composite
def misplaced_starts(
    draw: st.DrawFn, rover_id: RoverId = "r1", on: st.SearchStrategy[World] | None = None
) -> StartMarsRover:
    """A rover put anywhere at all: off the grid, or on an obstacle, or by luck on a free cell."""
    world = draw(worlds() if on is None else on)
    somewhere = st.builds(Point, st.integers(-1, SMALL + 1), st.integers(-1, SMALL + 1))
    taken = st.sampled_from(sorted(world.obstacles)) if world.obstacles else somewhere
    return StartMarsRover(rover_id, world, draw(somewhere | taken), draw(directions()))


def drives(rover_id: RoverId = "r1") -> st.SearchStrategy[RoverCommand]:
    """A turn or a move."""
    return st.sampled_from([Move(rover_id), TurnLeft(rover_id), TurnRight(rover_id)])


def rover_commands(rover_id: RoverId = "r1") -> st.SearchStrategy[RoverCommand]:
    """Any command for one rover: mostly driving, so that most rovers get somewhere.

    All that are drawn for one example speak of one world.
    """
    world = st.shared(worlds(), key=f"the world of {rover_id}")
    start, drive = starts(rover_id, on=world), drives(rover_id)
    misplaced, off = misplaced_starts(rover_id, on=world), st.just(TurnOff(rover_id))
    return st.one_of(start, drive, start, drive, misplaced, drive, drive, off)


def board_commands(*rover_ids: RoverId) -> st.SearchStrategy[Command]:
    """Any command on the board for the rovers ``rover_ids``, by default two."""
    names = rover_ids or ("r1", "r2")
    notifications = st.builds(NotifyObstacle, st.sampled_from(names), st.just("hit something"))
    return st.one_of(*(rover_commands(name) for name in names), notifications)


def events() -> st.SearchStrategy[Event]:
    """Any event by itself, whether or not it can follow: for codecs and other readers of the log."""
    places = st.builds(Point, st.integers(0, MAX_SIDE - 1), st.integers(0, MAX_SIDE - 1))
    ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,7}", fullmatch=True)
    started = st.builds(MarsRoverStarted, ids, worlds(), places, directions())
    moved = st.builds(MarsRoverMoved, ids, places, directions())
    found = st.builds(ObstacleFound, ids, places)
    off = st.builds(MarsRoverTurnedOff, ids)
    notified = st.builds(ObstacleNotified, ids, st.text())
    return st.one_of(started, moved, found, off, notified)
