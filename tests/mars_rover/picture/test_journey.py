"""A journey is the path of one rover; its moves follow one another, over the edge as well."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deciderkit import history
from mars_rover import (
    Direction,
    MarsRoverMoved,
    MarsRoverTurnedOff,
    ObstacleFound,
    Point,
    World,
    initial_state,
    rover,
)
from mars_rover.picture.journey import (
    Journey,
    Leg,
    Window,
    journey_of,
    journey_of_run,
    journey_of_states,
    legs,
    window_of,
)
from mars_rover.projections import PathStep
from mars_rover.projections import path as path_view
from tests.mars_rover.picture.journeys import events_of, journey, journeys

BLOCKED = World(4, 4, frozenset({Point(2, 2)}))


@given(st.sampled_from(["", "RMM", "RMMLMMMM", "LMLM"]), st.booleans())
def test_the_path_of_a_journey_is_that_of_the_view(program: str, off: bool) -> None:
    events = events_of(program, BLOCKED, off=off)
    found = journey_of(events)
    assert found is not None
    assert list(path_view.fold(events)) == list(found.path)
    assert off == found.is_off
    assert (Point(2, 2) if program == "RMMLMMMM" else None) == found.obstacle


def test_events_of_other_rovers_are_passed_over() -> None:
    north = Direction.NORTH
    strangers: list[Any] = [
        MarsRoverMoved("r2", Point(3, 3), north),
        ObstacleFound("r2", Point(3, 3)),
        MarsRoverTurnedOff("r2"),
    ]
    own = events_of("M", BLOCKED)
    assert journey("M", BLOCKED) == journey_of(
        [*strangers, *own, *strangers, *events_of("MM", BLOCKED)[:1]]
    )
    assert None is journey_of(strangers)


@given(journeys())
def test_moves_lead_from_cell_to_cell(found: Journey) -> None:
    moves = list(legs(found))
    assert [leg.end for leg in moves[:-1]] == [leg.begin for leg in moves[1:]]
    for leg in moves:
        assert leg.end == found.world.ahead(leg.begin, leg.direction)
        ahead = Point(leg.begin.x + leg.direction.dx, leg.begin.y + leg.direction.dy)
        assert leg.wraps == (not found.world.has(ahead))
    turns = sum(a.direction is not b.direction for a, b in pairwise(found.path))
    assert len(found.path) - 1 == len(moves) + turns


def test_a_move_in_a_world_of_one_cell_goes_round_it() -> None:
    here = Point(0, 0)
    moves = list(legs(journey("MRM", World(1, 1))))
    assert [
        Leg(here, look, here, wraps=True) for look in (Direction.NORTH, Direction.EAST)
    ] == moves


@given(journeys(), st.integers(1, 12), st.integers(1, 12))
def test_a_window_is_a_part_of_the_world_with_the_whole_journey(
    found: Journey, width: int, height: int
) -> None:
    window = window_of(found, width, height)
    world = found.world
    assert 0 <= window.x <= world.width - window.width
    assert 0 <= window.y <= world.height - window.height
    assert all(window.has(step.point) for step in found.path)
    assert found.obstacle is None or window.has(found.obstacle)
    fits = window.width <= width and window.height <= height
    assert fits or window == Window(0, 0, world.width, world.height)


def test_a_window_has_the_journey_in_its_middle() -> None:
    step = PathStep(Point(50, 60), Direction.NORTH)
    assert Window(45, 56, 11, 9) == window_of(Journey(World(100, 100), (step,)), 11, 9)


@given(st.sampled_from(["", "RMM", "RMMLMMMM", "LMLM"]), st.booleans())
def test_a_history_and_a_run_tell_the_journey_of_their_events(program: str, off: bool) -> None:
    events = events_of(program, BLOCKED, off=off)
    states = history(rover, events)
    assert journey_of(events) == journey_of_states(states) == journey_of_run(events, states[-1])


def test_where_no_rover_was_started_there_is_no_journey() -> None:
    assert None is journey_of_states([initial_state])
    assert None is journey_of_run([], initial_state)


def test_a_rover_that_stood_already_begins_where_it_is_seen_first() -> None:
    end = history(rover, events_of("RMM", BLOCKED, off=True))[-1]
    step = PathStep(Point(2, 0), Direction.EAST)
    assert Journey(BLOCKED, (step,), is_off=True) == journey_of_run([], end)
    assert Journey(BLOCKED, (step,), is_off=True) == journey_of_states([end])
