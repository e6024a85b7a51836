"""A drawn world is read back as it was printed, and what is wrong is named by row and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import Direction, Point, World
from mars_rover.picture.drawn import LARGEST, parse_drawn_world, print_world
from mars_rover.testing import small_worlds, starts


@given(st.data())
def test_what_is_printed_is_read_back(data: st.DataObject) -> None:
    command = data.draw(starts(on=small_worlds()))
    world = command.world
    start = data.draw(st.sampled_from([None, (command.point, command.direction)]))
    assert (world, start) == parse_drawn_world(print_world(world, start).unwrap()).unwrap()


@pytest.mark.parametrize(
    "text", [".#\n>.", ".#\n>.\n", "\n\n. #\r\n> .\r\n\n", "  . #  \n\t> .", "\ufeff.#\n>."]
)
def test_blanks_and_empty_lines_around_are_for_the_eye(text: str) -> None:
    world = World(2, 2, frozenset({Point(1, 1)}))
    assert (world, (Point(0, 0), Direction.EAST)) == parse_drawn_world(text).unwrap()


CELLS = ". for a free cell, # for an obstacle, or one of ^ > v < for the start"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"a drawing without cells: expected rows of {CELLS}"),
        (" \n\n", f"a drawing without cells: expected rows of {CELLS}"),
        ("..\n.x", f"unknown cell 'x' in row 2, column 2: expected {CELLS}"),
        ("\n. .\n. o", f"unknown cell 'o' in row 3, column 3: expected {CELLS}"),
        (".\x1b", rf"unknown cell '\x1b' in row 1, column 2: expected {CELLS}"),
        (".\u202e", rf"unknown cell '\u202e' in row 1, column 2: expected {CELLS}"),
        ("...\n..", "row 2 has 2 cells: expected 3, as in row 1"),
        ("\n..\n.\n..", "row 3 has 1 cell: expected 2, as in row 2"),
        ("..\n\n..", "row 2 has 0 cells: expected 2, as in row 1"),
        (
            ">.\n.^",
            "two starts, in row 1, column 1 and in row 2, column 2: expected one arrow at most",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(text: str, expected: str) -> None:
    assert expected == str(parse_drawn_world(text).failure())


def test_a_world_that_is_too_large_is_not_drawn() -> None:
    assert print_world(World(1, LARGEST)).unwrap()
    problem = "a 1x1000001 grid has too many cells to be drawn: expected at most 1,000,000 cells"
    assert problem == str(print_world(World(1, LARGEST + 1)).failure())
