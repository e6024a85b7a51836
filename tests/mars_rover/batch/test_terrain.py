"""Sieves against a look at every obstacle."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import MAX_SIDE, Point, World
from mars_rover.batch import terrain
from mars_rover.batch.columns import Whole
from mars_rover.batch.terrain import Obstacles, wrapped

sides = st.one_of(st.integers(1, 40), st.sampled_from((64, 100, 200, 5000, 2**40, MAX_SIDE)))


def apart(one: int, other: int, side: int) -> int:
    """Cells between two places on a ring."""
    return min((one - other) % side, (other - one) % side)


@st.composite
def cases(draw: st.DrawFn) -> tuple[World, list[Point], list[int]]:
    width, height = draw(sides), draw(sides)
    cells = st.builds(Point, st.integers(0, width - 1), st.integers(0, height - 1))
    obstacles = draw(st.lists(cells, min_size=1, max_size=5))
    near = st.tuples(st.sampled_from(obstacles), st.integers(-70, 70), st.integers(-70, 70)).map(
        lambda near: Point((near[0].x + near[1]) % width, (near[0].y + near[2]) % height)
    )
    asked = draw(st.lists(near | cells, min_size=1, max_size=20))
    reach = draw(st.lists(st.integers(0, 64), min_size=len(asked), max_size=len(asked)))
    return World(width, height, frozenset(obstacles)), asked, reach


def columns(cells: list[Point]) -> tuple[Whole, Whole]:
    return np.array([cell.x for cell in cells]), np.array([cell.y for cell in cells])


@given(cases(), st.sampled_from((1, 4, 2**11)))
def test_no_obstacle_within_reach_is_overlooked(
    case: tuple[World, list[Point], list[int]], fold: int
) -> None:
    world, asked, reach = case
    with patch.object(terrain, "_FOLD", fold):
        near = Obstacles(world).near(*columns(asked), np.array(reach, np.uint8))
    within = {
        place
        for place, (cell, far) in enumerate(zip(asked, reach, strict=True))
        for obstacle in world.obstacles
        if apart(cell.x, obstacle.x, world.width) <= far
        and apart(cell.y, obstacle.y, world.height) <= far
    }
    assert within <= set(near.tolist())


def test_what_is_clearly_out_of_reach_falls_through() -> None:
    obstacles = Obstacles(World(5000, 5000, frozenset({Point(1000, 1000)})))
    x = np.array([1000 + 17 + 4, 1000 - 17 - 4, 1000, 1000, 4000])
    y = np.array([1000, 1000, 1000 + 65 + 16, 1000 - 65 - 16, 4000])
    assert obstacles.near(x, y, np.array([16, 16, 64, 64, 64], np.uint8)).tolist() == []


@given(cases(), st.sampled_from((1, 4, 2**11)))
def test_obstacles_are_told_from_free_cells(
    case: tuple[World, list[Point], list[int]], fold: int
) -> None:
    world, asked, _ = case
    with patch.object(terrain, "_FOLD", fold):
        taken = Obstacles(world).at(*columns(asked))
    assert [place for place, cell in enumerate(asked) if cell in world.obstacles] == taken.tolist()


@given(st.lists(st.integers(-(2**60), 2**60), min_size=1), sides)
def test_wrapping_is_the_remainder(places: list[int], side: int) -> None:
    assert [place % side for place in places] == wrapped(np.array(places), side).tolist()


@pytest.mark.parametrize("side", [1, 2, 1024, 1025, MAX_SIDE])
def test_a_sieve_is_small_whatever_the_world(side: int) -> None:
    sieve = Obstacles(World(side, side, frozenset({Point(0, 0)})))._cells
    assert sieve.shortfall.size <= 2**22
