"""Sieves against a look at every obstacle."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import MAX_SIDE, Point, World
from mars_rover.batch import sieve, terrain
from mars_rover.batch.columns import Whole
from mars_rover.batch.sieve import Sieve
from mars_rover.batch.terrain import Obstacles, wrapped

sides = st.one_of(st.integers(1, 40), st.sampled_from((64, 100, 200, 5000, 2**40, MAX_SIDE)))


def apart(one: int, other: int, side: int) -> int:
    """Cells between two places on a ring."""
    return min((one - other) % side, (other - one) % side)


def places(side: int) -> st.SearchStrategy[int]:
    """Places along a side, half of them near its edges, where worlds wrap."""
    edge = st.integers(-20, 20).map(lambda off: off % side)
    return edge | st.integers(0, side - 1)


@st.composite
def cases(draw: st.DrawFn) -> tuple[World, list[Point], list[int]]:
    width, height = draw(sides), draw(sides)
    cells = st.builds(Point, places(width), places(height))
    obstacles = draw(st.lists(cells, min_size=1, max_size=5))
    asked, reach = [], []
    for _ in range(draw(st.integers(1, 20))):
        obstacle, far = (
            draw(st.sampled_from(obstacles)),
            draw(st.integers(0, 18) | st.integers(0, 64)),
        )
        off = st.integers(-far - 1, far + 1)
        asked.append(Point((obstacle.x + draw(off)) % width, (obstacle.y + draw(off)) % height))
        reach.append(far)
    return World(width, height, frozenset(obstacles)), asked, reach


def columns(cells: list[Point]) -> tuple[Whole, Whole]:
    return np.array([cell.x for cell in cells]), np.array([cell.y for cell in cells])


@given(cases(), st.sampled_from((1, 4, 2**11)))
def test_no_obstacle_within_reach_is_overlooked(
    case: tuple[World, list[Point], list[int]], fold: int
) -> None:
    world, asked, reach = case
    with patch.object(sieve, "_FOLD", fold):
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
    with patch.object(sieve, "_FOLD", fold):
        taken = Obstacles(world).at(*columns(asked))
    assert [place for place, cell in enumerate(asked) if cell in world.obstacles] == taken.tolist()


@given(st.lists(st.integers(-(2**60), 2**60), min_size=1), sides)
def test_wrapping_is_the_remainder(unwrapped: list[int], side: int) -> None:
    assert [place % side for place in unwrapped] == wrapped(np.array(unwrapped), side).tolist()


@pytest.mark.parametrize("side", [1, 2, 1024, 1025, MAX_SIDE])
def test_a_sieve_is_small_whatever_the_world(side: int) -> None:
    cells = Obstacles(World(side, side, frozenset({Point(0, 0)})))._cells
    assert cells.shortfall.size <= 2**22


@pytest.mark.parametrize("side", [70, 5000, MAX_SIDE])
@pytest.mark.parametrize("reach", [1, 16, 64])
def test_an_obstacle_over_the_edge_is_near(side: int, reach: int) -> None:
    middle = side // 2
    for low, high in ((0, side - reach), (reach - 1, side - 1)):
        for taken, asked in ((low, high), (high, low)):
            for obstacle, cell in (
                (Point(taken, middle), Point(asked, middle)),
                (Point(middle, taken), Point(middle, asked)),
            ):
                obstacles = Obstacles(World(side, side, frozenset({obstacle})))
                near = obstacles.near(*columns([cell]), np.array([reach], np.uint8))
                assert near.tolist() == [0]


@given(cases(), st.data())
def test_a_box_with_an_obstacle_in_it_is_never_called_empty(
    case: tuple[World, list[Point], list[int]], data: st.DataObject
) -> None:
    world, asked, _ = case
    low, high = (data.draw(st.sampled_from(asked)) for _ in range(2))
    low, high = (
        Point(min(low.x, high.x), min(low.y, high.y)),
        Point(max(low.x, high.x), max(low.y, high.y)),
    )
    inside = [
        cell for cell in world.obstacles if low.x <= cell.x <= high.x and low.y <= cell.y <= high.y
    ]
    obstacles = Obstacles(world)
    assert (not inside) == obstacles.none_within(low, high)
    beside = columns([low, high])
    around = obstacles.around(*beside)
    assert not (inside and around.empty)
    margin = terrain.MOST_REACH
    assert around.wraps == (
        min(low.x, low.y) < margin
        or high.x + margin >= world.width
        or high.y + margin >= world.height
    )
    with patch.object(terrain, "_FEW", 0):
        assert not (inside and obstacles.none_within(low, high))


@given(cases(), st.sampled_from((1, 4, 64)), st.sampled_from((0, 2, 4)), st.integers(0, 4))
def test_a_sieve_is_the_same_however_it_is_made(
    case: tuple[World, list[Point], list[int]], fold: int, shift: int, rings: int
) -> None:
    world, _, _ = case
    x, y = columns(sorted(world.obstacles))
    with patch.object(sieve, "_FOLD", fold), patch.object(sieve, "_ROOMY", 0):
        with patch.object(sieve, "_CROWDED", 0):
            written = Sieve.of(world, x, y, shift, rings)
        with patch.object(sieve, "_CROWDED", 2**62):
            grown = Sieve.of(world, x, y, shift, rings)
    assert written.shortfall.tolist() == grown.shortfall.tolist()


def test_the_terrain_of_a_world_is_kept_and_of_another_one_is_another() -> None:
    taken = frozenset({Point(1, 1)})
    assert terrain.Terrain.of(World(9, 9, taken)) is terrain.Terrain.of(World(9, 9, taken))
    other = terrain.Terrain.of(World(8, 9, taken))
    assert (8, 9) == (other.width, other.height)


def test_many_obstacles_have_a_larger_sieve() -> None:
    cells = frozenset(Point(7 * number, 11 * number) for number in range(100_000))
    world = World(10**7, 10**7, cells)
    fine = Obstacles(world)._fine
    assert (2**12, 2**12) == fine.shortfall.shape
