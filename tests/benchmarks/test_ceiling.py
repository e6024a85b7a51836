from __future__ import annotations

import ctypes
from functools import reduce
from operator import xor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import ceiling
from benchmarks.compiled import compiled
from mars_rover import Direction, Point, World
from mars_rover.batch import DIRECTIONS, simulate

SIDE = 10_000
programs = st.text("LRM", min_size=1, max_size=300)


def driven(program: str, looks: int) -> tuple[int, int, int]:
    start = (Point(0, 0), DIRECTIONS[looks])
    arrival = simulate(World(SIDE, SIDE), start, program).unwrap()
    return arrival.point.x, arrival.point.y, DIRECTIONS.index(arrival.direction)


@given(programs, st.integers(0, 3))
def test_the_ceiling_leads_to_where_the_engine_leads(program: str, looks: int) -> None:
    x, y, heading = ceiling.bit_planes(0, 0, looks, program.encode())
    assert driven(program, looks) == (x % SIDE, y % SIDE, heading)


@given(programs, st.integers(0, 3))
def test_so_it_does_in_plain_c(program: str, looks: int) -> None:
    plain = compiled(ceiling.SOURCE.replace("__AVX2__", "__NO_PROCESSOR_HAS_IT__"))
    plain.instructions.restype = ctypes.c_char_p
    assert b"plain C" in plain.instructions()
    rover = ceiling._Rover(0, 0, looks)
    letters = program.encode()
    assert 0 == plain.bit_planes(letters, ctypes.c_int64(len(letters)), ctypes.byref(rover)) + 1
    assert driven(program, looks) == (rover.x % SIDE, rover.y % SIDE, rover.heading)


@pytest.mark.parametrize("at", [0, 1, 63, 64, 100, 199])
def test_the_ceiling_refuses_strange_letters(at: int) -> None:
    letters = bytearray(b"LRMM" * 50)
    letters[at] = ord("X")
    with pytest.raises(AssertionError):
        ceiling.bit_planes(0, 0, 0, bytes(letters))


@given(st.binary(max_size=700))
def test_all_memory_is_read(letters: bytes) -> None:
    whole = len(letters) // 256 * 256
    words = [int.from_bytes(letters[at : at + 8], "little") for at in range(0, whole, 8)]
    assert reduce(xor, [*words, *letters[whole:]], 0) == ceiling.read_memory(
        np.frombuffer(letters, np.uint8)
    )


def test_the_engine_faces_as_the_ceiling_counts() -> None:
    assert [Direction.NORTH, Direction.EAST, Direction.SOUTH, Direction.WEST] == list(DIRECTIONS)
