"""The rules of one step for numbers of any size; under ``HYPOTHESIS_PROFILE=symbolic`` a solver asks.

Random examples meet a mistake at one cell in a billion only by luck. The solver reads the code and
works out the cell, which the control here shows.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import Direction, MarsRoverMoved, Move, Moving, Point, World, decide, evolve

SIDES = st.integers(1, 10**9)
HEADINGS = st.sampled_from(Direction)


@given(SIDES, SIDES, st.integers(0), st.integers(0), HEADINGS)
def test_a_step_stays_on_the_grid(
    width: int, height: int, x: int, y: int, direction: Direction
) -> None:
    world, point = World(width, height), Point(x % width, y % height)
    assert world.has(world.ahead(point, direction))


@given(SIDES, SIDES, st.integers(0), st.integers(0), HEADINGS)
def test_a_step_there_and_a_step_back_is_no_step(
    width: int, height: int, x: int, y: int, direction: Direction
) -> None:
    world, point = World(width, height), Point(x % width, y % height)
    back = direction.left.left
    assert point == world.ahead(world.ahead(point, direction), back)


@given(SIDES, SIDES, st.integers(0), st.integers(0), HEADINGS)
def test_what_decide_gives_evolve_takes(
    width: int, height: int, x: int, y: int, direction: Direction
) -> None:
    world, point = World(width, height), Point(x % width, y % height)
    state = Moving("r1", world, point, direction)
    (moved,) = decide(Move("r1"), state)
    assert isinstance(moved, MarsRoverMoved)
    assert moved.point == evolve(state, moved).point  # type: ignore[union-attr]  # it moved


@pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "symbolic", reason="random examples do not find it"
)
def test_control_the_solver_finds_one_wrong_cell_in_a_billion() -> None:
    @given(st.integers(0, 10**9))
    def never_stumbles(x: int) -> None:
        stumbles = World(10**9 + 2, 1).ahead(Point(x, 0), Direction.EAST).x == 123_456_789
        assert not stumbles

    with pytest.raises(AssertionError):
        never_stumbles()
