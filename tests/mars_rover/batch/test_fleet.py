from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import Direction, Point, World
from mars_rover.batch import letters, simulate, simulate_fleet
from tests.mars_rover.batch.voyages import Voyage, expected, programs, voyages

NORTH = (Point(0, 0), Direction.NORTH)


@given(voyages(), st.data())
def test_each_rover_arrives_where_the_fold_leads(voyage: Voyage, data: st.DataObject) -> None:
    world = voyage.world
    cells = st.builds(
        Point, st.integers(0, world.width - 1), st.integers(0, world.height - 1)
    ).filter(lambda cell: cell not in world.obstacles)
    starts = st.tuples(cells, st.sampled_from(Direction))
    others = data.draw(st.lists(st.tuples(starts, programs | st.just(voyage.program)), max_size=6))
    place = data.draw(st.integers(0, len(others)))
    fleet = [Voyage(world, start, program) for start, program in others]
    fleet.insert(place, voyage)
    with patch.object(letters, "STRETCH", data.draw(st.sampled_from((1, 64, 200, 2**20)))):
        arrivals = simulate_fleet(world, [v.start for v in fleet], [v.program for v in fleet])
    assert [expected(each) for each in fleet] == list(arrivals.unwrap())


FORMS = [
    "MMX",
    b"MMX",
    bytearray(b"MMX"),
    memoryview(b"MMX"),
    np.frombuffer(b"MMX", np.uint8),
    ["MM", "X"],
    iter([b"M", "MX"]),
    "MMé",
]


@pytest.mark.parametrize("program", FORMS, ids=lambda form: type(form).__name__)
def test_the_rover_with_a_strange_letter_is_named(program: letters.ProgramLetters) -> None:
    invalid = simulate_fleet(World(4, 4), [NORTH] * 4, ["M", "L", program, "X"]).failure()
    letter = ascii("é") if isinstance(program, str) and "é" in program else "'X'"
    assert f"rover 2: unknown command {letter} at index 2: expected L, R or M" == str(invalid)
    assert invalid.index == 2


@pytest.mark.parametrize(
    ("starts", "programs", "problem"),
    [
        ([(Point(0, 4), Direction.NORTH)], ["M"], "rover 0: start 0,4 is off the 4x4 grid"),
        (
            [NORTH, (Point(1, 1), Direction.EAST)],
            ["M", "M"],
            "rover 1: start 1,1 is on an obstacle",
        ),
        ([NORTH, NORTH], ["M", ""], "rover 1: empty program"),
        ([NORTH, NORTH], ["M", []], "rover 1: empty program"),
        ([NORTH, NORTH], ["M", 7], "rover 1: program is of type int"),
        ([NORTH, NORTH], ["M\0", "M"], r"rover 0: unknown command '\x00' at index 1"),
        ([NORTH, NORTH], [np.zeros(4)[::2], "M"], "rover 0: program is non-contiguous memory"),
        ([NORTH, NORTH], ["M"], "2 starts and 1 programs"),
        ([NORTH, NORTH], "MM", "programs are a single program"),
        ([NORTH, NORTH], b"MM", "programs are a single program"),
    ],
)
def test_what_is_wrong_with_a_fleet_is_named(starts: list, programs: list, problem: str) -> None:  # type: ignore[type-arg]
    world = World(4, 4, frozenset({Point(1, 1)}))
    assert problem == simulate_fleet(world, starts, programs).failure().problem[: len(problem)]


@given(st.lists(st.text("LRM", min_size=1, max_size=70), min_size=1, max_size=6), st.booleans())
def test_programs_of_one_length_and_of_several_arrive_alike(some: list[str], one: bool) -> None:
    texts = [each[: min(map(len, some))] for each in some] if one else some
    world = World(9, 9, frozenset({Point(3, 3)}))
    expected = [simulate(world, NORTH, text).unwrap() for text in texts]
    starts = [NORTH] * len(texts)
    assert expected == list(simulate_fleet(world, starts, texts).unwrap())
    assert expected == list(simulate_fleet(world, starts, list(map(str.encode, texts))).unwrap())


def test_a_fleet_of_none_arrives() -> None:
    assert list(simulate_fleet(World(4, 4), [], []).unwrap()) == []


def test_columns_are_read_only_and_shown_by_size() -> None:
    world = World(4, 4, frozenset({Point(0, 1)}))
    fleet = simulate_fleet(world, [NORTH, NORTH], ["M", "R"]).unwrap()
    assert repr(fleet) == "<Arrivals of 2 rovers, 1 blocked>"
    for column in fleet.columns():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


def test_a_long_program_is_driven_alone_in_its_place() -> None:
    programs = ["R", "RM" * letters.STRETCH, "MMR"]
    fleet = simulate_fleet(World(10, 10), [NORTH] * 3, programs).unwrap()
    assert [simulate(World(10, 10), NORTH, each).unwrap() for each in programs] == list(fleet)
