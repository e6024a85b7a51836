"""Journeys to draw: real runs of the rover."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from deciderkit import run
from mars_rover import (
    Direction,
    ObstacleFound,
    Point,
    Program,
    StartMarsRover,
    TurnOff,
    World,
    commands_of,
    decide,
    initial_state,
    rover,
)
from mars_rover.picture.journey import Journey, journey_of
from mars_rover.testing import programs, starts

HERE = (Point(0, 0), Direction.NORTH)


def events_of(
    program: str, world: World, start: tuple[Point, Direction] = HERE, *, off: bool = False
) -> list[Any]:
    """The events of a run of ``program``, turned off at its end if asked for."""
    [started] = decide(StartMarsRover("r1", world, *start), initial_state)
    state = rover.evolve(initial_state, started)
    done = run(rover, commands_of(Program(program), "r1"), state, halts=(ObstacleFound,))
    events: list[Any] = [started, *done.events]
    return [*events, *decide(TurnOff("r1"), done.state)] if off else events


def journey(
    program: str, world: World, start: tuple[Point, Direction] = HERE, *, off: bool = False
) -> Journey:
    """The journey of a run of ``program``."""
    found = journey_of(events_of(program, world, start, off=off))
    assert found is not None
    return found


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """Any journey."""
    start = draw(starts())
    where = (start.point, start.direction)
    return journey(draw(programs()), start.world, where, off=draw(st.booleans()))
