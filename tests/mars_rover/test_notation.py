from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import (
    Blocked,
    Direction,
    Move,
    Moving,
    Point,
    Program,
    Started,
    TurnedOff,
    TurnLeft,
    TurnRight,
    World,
    commands_of,
    format_position,
    parse_grid,
    parse_point,
    parse_position,
    parse_program,
    parse_world,
)
from mars_rover.notation import LETTERS, find_strange, format_status
from mars_rover.testing import directions, programs

WORLD = World(4, 4)
PLACE = (Point(1, 2), Direction.NORTH)


def test_a_program_is_letters_of_which_each_is_a_command() -> None:
    program = parse_program("RMLM").unwrap()
    assert Program("RMLM") == program
    assert [TurnRight("r1"), Move("r1"), TurnLeft("r1"), Move("r1")] == list(
        commands_of(program, "r1")
    )


ODD_LETTERS = {
    "lower case": ("rMLM", r"'r'", 0),
    "full width": ("R\N{FULLWIDTH LATIN CAPITAL LETTER M}", r"'\uff2d'", 1),
    "NUL": ("RM\0", r"'\x00'", 2),
    "BOM": ("\N{ZERO WIDTH NO-BREAK SPACE}RM", r"'\ufeff'", 0),
    "emoji": ("RML\N{ROCKET}", r"'\U0001f680'", 3),
    "blank": ("R M", "' '", 1),
    "newline": ("RM\n", r"'\n'", 2),
    "the first of two": ("MXM?", "'X'", 1),
}


@pytest.mark.parametrize(("text", "letter", "index"), ODD_LETTERS.values(), ids=ODD_LETTERS)
def test_an_odd_letter_is_named_with_its_place(text: str, letter: str, index: int) -> None:
    error = parse_program(text).failure()
    assert f"unknown command {letter} at index {index}: expected L, R or M" == str(error)
    assert index == error.index


def test_a_program_of_no_letters_is_none() -> None:
    error = parse_program("").failure()
    assert (str(error), error.index) == ("empty program: expected at least one of L, R or M", None)


@given(st.text(alphabet="LRMx\0"), st.integers(0, 10**9))
def test_a_piece_of_a_program_is_read_where_it_stands(text: str, offset: int) -> None:
    found = find_strange(text, offset)
    strange = [index for index, letter in enumerate(text) if letter not in LETTERS]
    if strange:
        assert offset + strange[0] == found.failure().index
    else:
        assert text == found.unwrap()


@given(programs())
def test_the_commands_of_a_program_come_one_at_a_time_and_for_one_rover(program: Program) -> None:
    given_out = commands_of(program, "r7")
    first = list(islice(given_out, 1))
    assert len(program) - 1 == len(list(given_out))
    assert first[0].rover_id == "r7"


@given(st.integers(0, 10**16 - 1), st.integers(0, 10**16 - 1), directions())
def test_a_position_is_read_back_as_it_was_written(x: int, y: int, direction: Direction) -> None:
    state = Moving("r1", World(1, 1), Point(x, y), direction)
    assert (Point(x, y), direction) == parse_position(format_position(state)).unwrap()


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Started("r1", WORLD, *PLACE), "1:2:N"),
        (Moving("r1", WORLD, *PLACE), "1:2:N"),
        (Blocked("r1", WORLD, *PLACE, Point(1, 3)), "O:1:2:N"),
        (TurnedOff("r1", WORLD, *PLACE, Point(1, 3)), "O:1:2:N"),
        (TurnedOff("r1", WORLD, *PLACE, None), "1:2:N"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_position_says_whether_an_obstacle_stopped_the_rover(
    state: Started | Moving | Blocked | TurnedOff, text: str
) -> None:
    assert text == format_position(state)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (Started("r1", WORLD, *PLACE), "STARTED"),
        (Moving("r1", WORLD, *PLACE), "MOVING"),
        (Blocked("r1", WORLD, *PLACE, Point(1, 3)), "OBSTACLE_FOUND"),
        (TurnedOff("r1", WORLD, *PLACE, None), "TURNED_OFF"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_status_is_the_article_s_word_for_the_state(
    state: Started | Moving | Blocked | TurnedOff, status: str
) -> None:
    assert status == format_status(state)


NO_NUMBERS = [
    "",
    "1",
    "-1{0}2",
    "1{0}",
    "{0}2",
    "1{0}2{0}3",
    " 1{0}2",
    "1{0}2\n",
    "1.0{0}2",
    "x{0}y",
]
LONG = "9" * 17


@pytest.mark.parametrize("text", [*NO_NUMBERS, f"{LONG}{{0}}1", f"1{{0}}{LONG}"], ids=ascii)
def test_a_bad_cell_or_grid_is_named(text: str) -> None:
    assert str(parse_point(text.format(",")).failure()).startswith("bad cell '")
    assert str(parse_grid(text.format("x")).failure()).startswith("bad grid '")


def test_a_cell_and_a_grid_are_two_numbers() -> None:
    assert Point(0, 12) == parse_point("0,12").unwrap()
    assert parse_grid("10x4").unwrap() == (10, 4)
    assert parse_point(f"{'9' * 16},0").unwrap().x == 10**16 - 1


@pytest.mark.parametrize(
    "text", ["", "0:0", "0:0:X", "0:0:n", "-1:0:N", "0:0:N\n", "O:0:0:N", f"{LONG}:0:N"]
)
def test_a_bad_position_is_named(text: str) -> None:
    rule = "expected x:y:D with D one of N, E, S, W, such as 0:0:N"
    error = str(parse_position(text).failure())
    assert (error.startswith("bad position '"), error.endswith(rule)) == (True, True)


def test_errors_of_cells_and_grids_say_what_would_do() -> None:
    assert str(parse_point("2;2").failure()) == "bad cell '2;2': expected X,Y such as 2,2"
    assert str(parse_grid("4*5").failure()) == "bad grid '4*5': expected WIDTHxHEIGHT such as 10x10"


def test_a_world_is_read_from_its_grid_and_its_obstacles() -> None:
    assert (
        World(4, 5, frozenset({Point(2, 2), Point(0, 1)}))
        == parse_world("4x5", ("2,2", "0,1")).unwrap()
    )
    assert World(4, 5) == parse_world("4x5").unwrap()


@pytest.mark.parametrize(
    ("grid", "obstacles", "complaint"),
    [
        ("4", ("2,2",), "bad grid '4'"),
        ("4x4", ("2,2", "2"), "bad cell '2'"),
        ("0x4", (), "width 0"),
        ("4x4", ("4,0",), "obstacle 4,0 is off the 4x4 grid"),
    ],
)
def test_a_world_that_cannot_be_read_names_what_is_wrong(
    grid: str, obstacles: tuple[str, ...], complaint: str
) -> None:
    assert str(parse_world(grid, obstacles).failure()).startswith(complaint)
