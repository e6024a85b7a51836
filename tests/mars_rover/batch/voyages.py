"""Worlds, starts and programs that meet each other: what the engine is compared with the fold on.

Obstacles drawn at random in a large world would never be met, so most are drawn from the cells that
the rover passes or from those beside them.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from deciderkit.decider import Run, run
from mars_rover import (
    MAX_SIDE,
    Blocked,
    Command,
    Direction,
    Event,
    Moving,
    ObstacleFound,
    Point,
    Program,
    Started,
    World,
    commands_of,
    rover,
)
from mars_rover.batch import Arrival


class Voyage(NamedTuple):
    world: World
    start: tuple[Point, Direction]
    program: str


sides = st.one_of(
    st.integers(1, 5),
    st.integers(60, 70),
    st.sampled_from((8, 16, 17, 64, 128, 4095, 10**9, 2**32, MAX_SIDE)),
)
runs = st.tuples(st.sampled_from("LRMM"), st.integers(1, 140)).map(lambda run: run[0] * run[1])
programs = st.one_of(
    st.text("LRM", min_size=1, max_size=300),
    st.text("LRMMMM", min_size=1, max_size=300),
    st.lists(st.one_of(runs, st.text("LRM", max_size=5)), min_size=1, max_size=8)
    .map("".join)
    .filter(bool),
)


def passed(world: World, start: tuple[Point, Direction], program: str) -> list[Point]:
    """The cells that a rover passes if nothing is in its way, told without the code under test."""
    point, direction = start
    cells = []
    for letter in program:
        match letter:
            case "L":
                direction = direction.left
            case "R":
                direction = direction.right
            case _:
                point = world.ahead(point, direction)
                cells.append(point)
    return cells


@st.composite
def voyages(draw: st.DrawFn) -> Voyage:
    width, height = draw(sides), draw(sides)
    free = World(width, height)
    edge = st.sampled_from((0, 1))
    x = draw(edge.map(lambda off: off % width) | edge.map(lambda off: (width - 1 - off) % width))
    y = draw(edge.map(lambda off: off % height) | st.integers(0, height - 1))
    start = (Point(x, y), draw(st.sampled_from(Direction)))
    program = draw(programs)
    way = passed(free, start, program)
    beside = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
    anywhere = st.tuples(st.integers(0, width - 1), st.integers(0, height - 1))
    drawn = [Point(*cell) for cell in draw(st.lists(anywhere, max_size=3))]
    if way:
        late = st.integers(0, len(way) - 1)
        drawn += [way[place] for place in draw(st.lists(late, max_size=1))]
        for place, (right, up) in draw(st.lists(st.tuples(late, beside), max_size=12)):
            cell = way[place]
            drawn.append(Point((cell.x + right) % width, (cell.y + up) % height))
    return Voyage(World(width, height, frozenset(drawn) - {start[0]}), start, program)


def folded(voyage: Voyage) -> Run[Command, Event, Moving | Blocked, object]:
    """The reference: the fold over the rover's commands, until it meets an obstacle."""
    point, direction = voyage.start
    started = Started("r1", voyage.world, point, direction)
    program = commands_of(Program(voyage.program), "r1")
    return run(rover, program, started, halts=(ObstacleFound,))  # type: ignore[arg-type]


def expected(voyage: Voyage) -> Arrival:
    """Where the fold says that the voyage ends."""
    reached = folded(voyage)
    obstacle = reached.state.obstacle if isinstance(reached.state, Blocked) else None
    return Arrival(reached.state.point, reached.state.direction, reached.carried_out, obstacle)
