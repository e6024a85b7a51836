"""The map in letters: all that a run did is on it, and it takes no more room than there is."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import Direction, PathStep, Point, World
from mars_rover.picture.journey import Journey
from mars_rover.picture.terminal import STYLES, map_of, plain
from tests.mars_rover.picture.journeys import journey, journeys

BLOCKED = World(4, 4, frozenset({Point(2, 2), Point(0, 3)}))


def drawn(text: str) -> str:
    return dedent(text).strip("\n").rstrip()


def test_path_start_rover_and_what_stopped_it() -> None:
    expected = """
      ┌─────────┐
    3 │ ■ · · · │
    2 │ · · ✕ · │
    1 │ · · ▲ · │
    0 │ ○ → ↑ · │
      └─────────┘
        0 1 2 3
    """
    assert drawn(expected) == drawn(plain(map_of(journey("RMMLMMM", BLOCKED))))


def test_the_same_in_ascii() -> None:
    expected = """
      +---------+
    3 | # . . . |
    2 | . . X . |
    1 | . . ^ . |
    0 | o e n . |
      +---------+
        0 1 2 3
    """
    text = plain(map_of(journey("RMMLMMM", BLOCKED), ascii_only=True))
    assert drawn(expected) == drawn(text)
    assert text.isascii()


def test_where_the_path_goes_over_the_edge_is_seen_on_both_sides() -> None:
    expected = """
      ┌───────↑─┐
    2 │ · · · ▲ │
    1 │ · · · ↑ │
    0 ← ○ · · ↑ ←
      └───────↑─┘
        0 1 2 3
    """
    assert drawn(expected) == drawn(plain(map_of(journey("LMRMMMMM", World(4, 3)))))


def test_a_large_world_is_shown_around_the_path() -> None:
    text = plain(map_of(journey("MMRM", World(100, 100), (Point(50, 50), Direction.NORTH)), 24, 11))
    expected = """
       ┌───────────────────┐
    54 │ · · · · · · · · · │
    53 │ · · · · · · · · · │
    52 │ · · · → ► · · · · │
    51 │ · · · ↑ · · · · · │
    50 │ · · · ○ · · · · · │
    49 │ · · · · · · · · · │
    48 │ · · · · · · · · · │
       └───────────────────┘
         47        52
    part of 100 x 100 cells
    """
    assert drawn(expected) == drawn(text)


def test_a_large_world_with_a_long_path_is_scaled_down() -> None:
    world = World(100, 50, frozenset({Point(0, 49)}))
    expected = """
       ┌─────────────────────┐
    40 │ ▪ · · · · · · · · · │
    30 │ · · · · · · · · · · │
    20 │ · · · · · · · · · · │
    10 │ · · · · · · · · · · │
     0 │ ○ → → → → → → → → ► │
       └─────────────────────┘
         0         50
    10 x 10 cells a place
    """
    assert drawn(expected) == drawn(plain(map_of(journey("R" + "M" * 95, world), 27, 9)))


@given(journeys(), st.integers(40, 200), st.integers(8, 60), st.booleans())
def test_a_map_fits_and_shows_the_rover(
    found: Journey, columns: int, rows: int, ascii_only: bool
) -> None:
    lines = map_of(found, columns, rows, ascii_only=ascii_only)
    text = plain(lines).split("\n")
    assert len(text) <= rows
    assert max(map(len, text)) <= columns
    assert 1 == sum(len(span.text) for line in lines for span in line if span.style == "rover")
    styles = {span.style for line in lines for span in line}
    assert styles <= set(STYLES)
    assert (found.obstacle is not None) == ("hit" in styles)


@pytest.mark.parametrize(
    ("at", "looks", "obstacle", "expected"),
    [
        (Point(5, 5), "W", Point(4, 5), "        0 ✕ ◄ · ○ · │"),
        (Point(5, 5), "E", Point(6, 5), "        0 │ ► ✕ ○ · │"),
        (Point(10**9 - 2, 0), "E", Point(10**9 - 1, 0), "        0 │ · · ○ ► ✕"),
        (Point(5, 10**9 - 2), "N", Point(5, 10**9 - 1), "          ┌─✕───────┐"),
    ],
)
def test_what_stopped_the_rover_is_drawn_ahead_of_it_where_both_share_a_place(
    at: Point, looks: str, obstacle: Point, expected: str
) -> None:
    path = (PathStep(Point(5 * 10**8, 0), Direction.NORTH), PathStep(at, Direction(looks)))
    stopped = Journey(World(10**9, 10**9, frozenset({obstacle})), path, obstacle)
    assert expected in plain(map_of(stopped, 40, 8)).splitlines()


@pytest.mark.parametrize("columns", [1, 10, 40, 80, 200])
def test_the_largest_world_has_a_map_at_every_width(columns: int) -> None:
    world = World(2**53 - 1, 2**53 - 1)
    assert "▲" in plain(map_of(journey("MM", world), columns))
    assert "►" in plain(map_of(journey("LMRRMMM", world), columns))


def test_a_number_that_has_no_room_below_the_map_is_left_out() -> None:
    found = journey("MM", World(1_000_000, 5), (Point(500_000, 1), Direction.EAST))
    lines = plain(map_of(found, 20, 12)).splitlines()
    assert max(map(len, lines)) <= 20
    assert "500003" not in lines[-2]


def test_a_map_of_a_world_of_one_cell() -> None:
    expected = """
      ┌─↑─┐
    0 │ ▲ │
      └─↑─┘
        0
    """
    assert drawn(expected) == drawn(plain(map_of(journey("MM", World(1, 1)))))
