from __future__ import annotations

from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from mars_rover import Direction, Point, World
from mars_rover.batch import hits, letters, simulate
from tests.mars_rover.batch.voyages import Voyage, expected, folded, voyages

ORIGIN = (Point(0, 0), Direction.NORTH)
EAST = (Point(0, 0), Direction.EAST)


@given(voyages())
def test_a_program_leads_to_where_the_fold_leads(voyage: Voyage) -> None:
    assert simulate(*voyage) == Success(expected(voyage))


@given(voyages())
def test_the_state_is_the_one_that_the_fold_reaches(voyage: Voyage) -> None:
    arrival = simulate(*voyage).unwrap()
    assert folded(voyage).state == arrival.state("r1", voyage.world)


@given(voyages(), st.sampled_from((1, 63, 64, 65, 100, 128)))
def test_stretches_make_no_difference(voyage: Voyage, size: int) -> None:
    with patch.object(letters, "STRETCH", size):
        assert simulate(*voyage) == Success(expected(voyage))


@given(voyages(), st.integers(1, 3))
def test_groups_of_words_make_no_difference(voyage: Voyage, size: int) -> None:
    with patch.object(hits, "GROUP", size):
        assert simulate(*voyage) == Success(expected(voyage))


@pytest.mark.parametrize("stretch", [64, 128])
@pytest.mark.parametrize("length", [1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200])
def test_an_obstacle_is_met_at_any_step(length: int, stretch: int) -> None:
    for step in range(1, length + 1):
        voyage = Voyage(World(10**9, 1, frozenset({Point(step, 0)})), EAST, "M" * length)
        with patch.object(letters, "STRETCH", stretch):
            arrival = simulate(*voyage).unwrap()
        assert (Point(step - 1, 0), step, Point(step, 0)) == (
            arrival.point,
            arrival.carried_out,
            arrival.obstacle,
        )


@pytest.mark.parametrize("edge", [-1, 0, 1])
def test_an_obstacle_is_met_at_the_edge_of_a_stretch(edge: int) -> None:
    step = letters.STRETCH + edge
    world = World(10**9, 1, frozenset({Point(step, 0)}))
    arrival = simulate(world, EAST, "M" * (letters.STRETCH + 2)).unwrap()
    assert (Point(step - 1, 0), step) == (arrival.point, arrival.carried_out)


def test_a_generator_is_read_piece_by_piece() -> None:
    def pieces() -> Iterator[str]:
        for _ in range(1000):
            yield "MMR"

    assert simulate(World(10, 10), ORIGIN, pieces()).unwrap().carried_out == 3000


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (Point(4, 0), "start 4,0 is off the 4x4 grid: expected x 0 to 3 and y 0 to 3"),
        (Point(0, -1), "start 0,-1 is off the 4x4 grid: expected x 0 to 3 and y 0 to 3"),
        (Point(2**70, 0), f"start {2**70},0 is off the 4x4 grid: expected x 0 to 3 and y 0 to 3"),
        (Point(2, 2), "start 2,2 is on an obstacle: expected a free cell"),
    ],
)
def test_a_start_is_a_free_cell_of_the_grid(start: Point, problem: str) -> None:
    world = World(4, 4, frozenset({Point(2, 2)}))
    assert problem == str(simulate(world, (start, Direction.NORTH), "M").failure())


def test_a_strange_letter_behind_the_obstacle_rejects_the_program() -> None:
    world = World(4, 4, frozenset({Point(0, 1)}))
    programs: tuple[Sequence[str | bytes], ...] = ("MMX", ["M" * 2, b"X"], ["M" * 10**6, "X"])
    for pieces in programs:
        invalid = simulate(world, ORIGIN, pieces).failure()
        assert sum(map(len, pieces)) - 1 == invalid.index
