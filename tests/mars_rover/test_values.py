from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import MAX_SIDE, Direction, Invalid, Point, World, parse_rover_id
from mars_rover.testing import cells, directions, worlds
from mars_rover.values import shown

GOOD_IDS = ["r", "0", "r1", "Rover-1.a_b", "a" * 128]
BAD_IDS = [
    "",
    "-r",
    ".r",
    "_r",
    "a" * 129,
    "r 1",
    "r/1",
    "r1\n",
    "é",
    "\N{FULLWIDTH DIGIT ONE}",
    "\0",
]


@pytest.mark.parametrize("text", GOOD_IDS)
def test_a_rover_id_is_letters_digits_and_three_marks(text: str) -> None:
    assert text == parse_rover_id(text).unwrap()


@pytest.mark.parametrize("text", BAD_IDS, ids=ascii)
def test_a_bad_rover_id_is_named(text: str) -> None:
    rule = "1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first"
    assert f"bad rover id {shown(text)}: expected {rule}" == str(parse_rover_id(text).failure())


def test_an_invalid_value_reads_as_one_line() -> None:
    assert str(Invalid("bad cell", "X,Y")) == "bad cell: expected X,Y"


def test_a_long_value_is_cut_and_an_odd_one_escaped() -> None:
    assert shown("x" * 60) == "'" + "x" * 60 + "'"
    assert shown("x" * 61) == "'" + "x" * 40 + "'... (61 characters)"
    assert shown("\0\né") == r"'\x00\n\xe9'"
    assert shown(42) == "'42'"


@pytest.mark.parametrize(
    ("direction", "letter", "step", "left", "right"),
    [
        (Direction.NORTH, "N", (0, 1), Direction.WEST, Direction.EAST),
        (Direction.EAST, "E", (1, 0), Direction.NORTH, Direction.SOUTH),
        (Direction.SOUTH, "S", (0, -1), Direction.EAST, Direction.WEST),
        (Direction.WEST, "W", (-1, 0), Direction.SOUTH, Direction.NORTH),
    ],
)
def test_a_direction_knows_its_geometry(
    direction: Direction, letter: str, step: tuple[int, int], left: Direction, right: Direction
) -> None:
    assert letter == direction.value
    assert step == (direction.dx, direction.dy)
    assert (left, right) == (direction.left, direction.right)
    assert left.quarters == (direction.quarters + 3) % 4
    assert (letter == "N") == (direction.quarters == 0)
    assert f"Direction.{direction.name}" == repr(direction)


@given(directions())
def test_left_undoes_right_and_four_turns_are_none(direction: Direction) -> None:
    assert direction is direction.right.left is direction.left.right
    assert direction is direction.left.left.left.left is direction.right.right.right.right


def test_a_point_reads_as_it_is_written() -> None:
    assert str(Point(2, 3)) == "2,3"
    assert Point(1, 9) < Point(2, 0) < Point(2, 1)


def test_a_world_comes_from_pairs_and_from_points() -> None:
    world = World.create(4, 3, [(2, 2), Point(0, 1)]).unwrap()
    assert World(4, 3, frozenset({Point(2, 2), Point(0, 1)})) == world
    assert World(4, 3) == World.create(4, 3).unwrap()


@pytest.mark.parametrize("side", [1, MAX_SIDE])
def test_a_world_is_as_small_and_as_large_as_can_be(side: int) -> None:
    corner = Point(side - 1, side - 1)
    assert World(side, side, frozenset({corner})) == World.create(side, side, [corner]).unwrap()


BAD_WORLDS: dict[str, tuple[tuple[Any, ...], str]] = {
    "no width": ((0, 4), f"width 0: expected 1 to {MAX_SIDE} cells"),
    "no height": ((4, 0), f"height 0: expected 1 to {MAX_SIDE} cells"),
    "negative": ((4, -1), f"height -1: expected 1 to {MAX_SIDE} cells"),
    "too wide": ((MAX_SIDE + 1, 1), f"width {MAX_SIDE + 1}: expected 1 to {MAX_SIDE} cells"),
    "too high": ((1, MAX_SIDE + 1), f"height {MAX_SIDE + 1}: expected 1 to {MAX_SIDE} cells"),
    "half a width": ((1.5, 4), "width '1.5': expected a whole number"),
    "text for height": ((4, "x"), "height 'x': expected a whole number"),
    "east of the grid": (
        (4, 3, [(4, 0)]),
        "obstacle 4,0 is off the 4x3 grid: expected x 0 to 3 and y 0 to 2",
    ),
    "north of the grid": (
        (4, 3, [(0, 3)]),
        "obstacle 0,3 is off the 4x3 grid: expected x 0 to 3 and y 0 to 2",
    ),
    "west and south of the grid": (
        (4, 3, [(0, -1), (-1, 0)]),
        "obstacle -1,0 is off the 4x3 grid: expected x 0 to 3 and y 0 to 2",
    ),
    "half an x": ((4, 4, [(0.5, 0)]), "obstacle x '0.5': expected a whole number"),
    "half a y": ((4, 4, [(0, 0.5)]), "obstacle y '0.5': expected a whole number"),
    "no pair": ((4, 4, [7]), "obstacle '7': expected a Point or a pair (x, y)"),
    "three of a pair": (
        (4, 4, [(1, 2, 3)]),
        "obstacle '(1, 2, 3)': expected a Point or a pair (x, y)",
    ),
}


@pytest.mark.parametrize(("arguments", "complaint"), BAD_WORLDS.values(), ids=BAD_WORLDS)
def test_a_world_that_cannot_be_is_a_failure_that_says_why(
    arguments: tuple[Any, ...], complaint: str
) -> None:
    assert complaint == str(World.create(*arguments).failure())


def test_a_stored_world_is_held_to_the_same_rules() -> None:
    with pytest.raises(ValueError, match="width 0: expected 1 to"):
        World(0, 4)
    with pytest.raises(ValueError, match="obstacle 4,4 is off the 4x4 grid"):
        World(4, 4, frozenset({Point(4, 4)}))


def test_a_world_has_its_corners_and_nothing_beyond() -> None:
    world = World(4, 3)
    corners = [Point(0, 0), Point(3, 0), Point(0, 2), Point(3, 2)]
    beyond = [Point(-1, 0), Point(0, -1), Point(4, 0), Point(0, 3)]
    assert [world.has(point) for point in corners + beyond] == [True] * 4 + [False] * 4


@given(st.data(), worlds(), directions())
def test_one_cell_ahead_is_on_the_grid_and_the_way_back_leads_home(
    data: st.DataObject, world: World, direction: Direction
) -> None:
    point = data.draw(cells(world.width, world.height))
    ahead = world.ahead(point, direction)
    assert world.has(ahead)
    assert point == world.ahead(ahead, direction.left.left)


@pytest.mark.parametrize(
    ("point", "complaint"),
    [
        (Point(4, 0), "4,0 is off the 4x3 grid: expected x 0 to 3 and y 0 to 2"),
        (Point(0, -1), "0,-1 is off the 4x3 grid: expected x 0 to 3 and y 0 to 2"),
        (Point(2, 2), "2,2 is an obstacle: expected a free cell"),
    ],
    ids=str,
)
def test_a_rover_cannot_stand_everywhere(point: Point, complaint: str) -> None:
    world = World(4, 3, frozenset({Point(2, 2)}))
    assert complaint == str(world.place(point).failure())
    assert Point(1, 1) == world.place(Point(1, 1)).unwrap()


@pytest.mark.parametrize(
    ("sides", "obstacles", "problem"),
    [
        ((4.5, 4), frozenset(), "width '4.5': expected a whole number"),
        (("4", 4), frozenset(), "width '4': expected a whole number"),
        ((4, 4), [Point(1, 1)], "obstacles '[Point(x=1, y=1)]': expected a frozenset of Points"),
    ],
)
def test_the_constructor_holds_the_rules_of_the_door(
    sides: tuple[Any, Any], obstacles: Any, problem: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        World(*sides, obstacles)


def test_obstacles_that_are_none_are_a_failure() -> None:
    nothing: Any = 5
    failure = World.create(4, 4, nothing).failure()
    assert "obstacles '5': expected points or pairs (x, y)" == str(failure)
