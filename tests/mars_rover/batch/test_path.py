from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import (
    Direction,
    MarsRoverMoved,
    ObstacleFound,
    Point,
    World,
    parse_program,
)
from mars_rover.batch import DIRECTIONS, FOUND, MOVED, letters, simulate_path
from tests.mars_rover.batch.voyages import Voyage, folded, voyages

ORIGIN = (Point(0, 0), Direction.NORTH)


@given(voyages(), st.sampled_from((1, 64, 100, 2**20)))
def test_the_events_are_those_of_the_fold(voyage: Voyage, stretch: int) -> None:
    with patch.object(letters, "STRETCH", stretch):
        path = simulate_path(*voyage).unwrap()
    assert folded(voyage).events == tuple(path.events("r1"))


@given(voyages())
def test_the_rows_are_where_the_rover_stood(voyage: Voyage) -> None:
    moves = [event for event in folded(voyage).events if isinstance(event, MarsRoverMoved)]
    stood = [voyage.start, *((event.point, event.direction) for event in moves)]
    path = simulate_path(*voyage).unwrap()
    rows = zip(path.x.tolist(), path.y.tolist(), path.direction.tolist(), strict=True)
    assert stood == [(Point(x, y), DIRECTIONS[direction]) for x, y, direction in rows]


@given(voyages())
def test_the_event_columns_say_the_same(voyage: Voyage) -> None:
    path = simulate_path(*voyage).unwrap()
    looks = voyage.start[1]
    rows = []
    for event in path.events("r1"):
        if isinstance(event, ObstacleFound):
            rows.append((FOUND, event.obstacle.x, event.obstacle.y, looks))
        else:
            looks = event.direction
            rows.append((MOVED, event.point.x, event.point.y, looks))
    columns = zip(*(column.tolist() for column in path.event_columns()), strict=True)
    assert rows == [(kind, x, y, DIRECTIONS[direction]) for kind, x, y, direction in columns]


def test_columns_are_read_only_and_typed() -> None:
    path = simulate_path(World(4, 4, frozenset({Point(0, 2)})), ORIGIN, "MM").unwrap()
    for column in (path.x, path.y, path.direction, *path.event_columns()):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
    assert (np.dtype(np.int64), np.dtype(np.uint8)) == (
        path.event_columns().x.dtype,
        path.event_columns().kind.dtype,
    )


def test_a_path_shows_its_size_and_not_its_rows() -> None:
    path = simulate_path(World(4, 4, frozenset({Point(0, 2)})), ORIGIN, "MM").unwrap()
    assert repr(path) == "<Path of 2 rows, obstacle 0,2>"


@given(voyages(), st.integers(1, 300), st.sampled_from((1, 64, 100, 2**20)))
def test_a_path_in_pieces_is_the_same(voyage: Voyage, cut: int, stretch: int) -> None:
    world, start, program = voyage
    with patch.object(letters, "STRETCH", stretch):
        whole = simulate_path(world, start, program).unwrap()
        pieces = simulate_path(world, start, iter([program[:cut], program[cut:]])).unwrap()
    assert list(whole.events("r1")) == list(pieces.events("r1"))


def test_a_path_has_letters() -> None:
    assert parse_program("").failure() == simulate_path(World(4, 4), ORIGIN, "").failure()


def test_a_strange_letter_behind_the_obstacle_rejects_the_program() -> None:
    world = World(4, 4, frozenset({Point(0, 1)}))
    with patch.object(letters, "STRETCH", 1):
        assert simulate_path(world, ORIGIN, "MMX").failure().index == 2
