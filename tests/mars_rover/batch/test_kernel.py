"""The kernel gives what the fold and the reference give, as it stands and compiled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from returns.result import Success

from mars_rover import Direction, Point, World, parse_program
from mars_rover.batch import Arrival, simulate
from mars_rover.batch import kernel as loops
from mars_rover.batch.bench import Bench
from mars_rover.batch.legs import NOWHERE, Leg
from mars_rover.batch.shell import native
from mars_rover.batch.surveys import Kernel, Strange, surveyed
from mars_rover.batch.terrain import Terrain
from tests.mars_rover.batch.hands import Elsewhere, cut, formed
from tests.mars_rover.batch.voyages import Voyage, expected, passed, voyages

ORIGIN = (Point(0, 0), Direction.NORTH)
AS_IT_STANDS = Kernel(loops.survey, loops.search)
COMPILED = native.Patience().kernel()
KERNELS = pytest.mark.parametrize("kernel", [AS_IT_STANDS, COMPILED], ids=["stands", "compiled"])
LETTERS = {"L": Leg(1, 3, 0, 0), "M": Leg(1, 0, 0, 1), "R": Leg(1, 1, 0, 0)}
FREE = Terrain.of(World(9, 9))

sizes = st.sampled_from((1, 7, 63, 64, 65, 100, 128, 2**21))


@contextmanager
def loaded(kernel: Kernel) -> Iterator[None]:
    """The engine with this kernel, loaded already."""
    patience = native.Patience()
    patience._kernel = kernel
    with patch.object(native, "_PATIENCE", patience):
        yield


@contextmanager
def blocks(block: int, group: int) -> Iterator[None]:
    """The loops as they stand, with other sizes than their own."""
    with patch.object(loops, "BLOCK", block), patch.object(loops, "GROUP", group):
        yield


@given(voyages(), st.sampled_from((1, 2, 3, 8)), sizes)
def test_compiled_it_leads_to_where_the_fold_leads(
    voyage: Voyage, hands: int, stretch: int
) -> None:
    with loaded(COMPILED), cut(stretch):
        assert Success(expected(voyage)) == simulate(*voyage, threads=hands, kernel="native")


@given(voyages(), sizes, st.sampled_from((1, 2, 128)), st.sampled_from((1, 2, 4096)))
def test_as_it_stands_it_leads_to_where_the_fold_leads(
    voyage: Voyage, stretch: int, block: int, group: int
) -> None:
    with loaded(AS_IT_STANDS), cut(stretch), blocks(block, group):
        assert Success(expected(voyage)) == simulate(*voyage, threads=1, kernel="native")


@given(voyages(), st.sampled_from(("text", "pieces", "opened")), sizes)
def test_so_it_does_elsewhere(voyage: Voyage, form: str, stretch: int) -> None:
    world, start, program = voyage
    with loaded(COMPILED), cut(stretch):
        given_ = formed(program, form, [40, 100])
        arrival = simulate(world, start, given_, executor=Elsewhere(), kernel="native")
        assert Success(expected(voyage)) == arrival


@pytest.mark.parametrize("obstacles", [0, 50, 20_000], ids=["free", "some", "crowded"])
def test_compiled_it_is_the_reference_over_many_blocks_and_groups(obstacles: int) -> None:
    random = np.random.default_rng(obstacles)
    letters = np.frombuffer(b"LRMM", np.uint8)[random.integers(0, 4, 700_001)]
    cells = {Point(*cell) for cell in random.integers(0, 300, (obstacles, 2)).tolist()}
    for quarters, direction in enumerate(Direction):
        start = (Point(150, 150 + quarters), direction)
        world = World(300, 300, frozenset(cells) - {start[0]})
        for program in (letters, letters[1:], letters[5:-7]):
            reference = simulate(world, start, program, kernel="numpy")
            assert reference == simulate(world, start, program, kernel="native")
            with cut(2**18):
                assert reference == simulate(world, start, program, threads=3, kernel="native")


def test_compiled_every_short_program_is_the_leg_of_its_letters() -> None:
    legs, bench = {"": NOWHERE}, Bench()
    for length in range(1, 9):
        for program in map("".join, product("LRM", repeat=length)):
            legs[program] = legs[program[:-1]].then(LETTERS[program[-1]])
            letters = np.frombuffer(program.encode(), np.uint8)
            way = surveyed(letters, FREE, bench, COMPILED)
            assert not isinstance(way, Strange)
            assert legs[program] == way.leg


@KERNELS
@pytest.mark.parametrize("step", [1, 2, 63, 64, 65, 127, 128, 129, 255, 256])
def test_an_obstacle_at_the_edge_of_a_stretch_at_the_first_and_the_last_letter(
    kernel: Kernel, step: int
) -> None:
    for width in (10**9, 300):
        before, met = (Point((width - 5 + step - off) % width, 0) for off in (1, 0))
        start = (Point(width - 5, 0), Direction.EAST)  # The edge of the world is on the way.
        with loaded(kernel), cut(64):
            arrival = simulate(World(width, 1, frozenset({met})), start, "M" * 256, kernel="native")
        assert Success(Arrival(before, Direction.EAST, step, met)) == arrival


def test_what_a_sieve_only_takes_for_an_obstacle_stops_nobody() -> None:
    """A world too large for a map of its cells is folded, and the obstacle's images are not there."""
    world = World(10**9, 10**9, frozenset({Point(5, 10_000)}))
    for kernel in (AS_IT_STANDS, COMPILED):
        with loaded(kernel):
            arrival = simulate(
                world, (Point(5, 9000 - 2**13), Direction.NORTH), "M" * 2000, kernel="native"
            )
        assert Success(Arrival(Point(5, 11_000 - 2**13), Direction.NORTH, 2000)) == arrival


spoilt = st.text("LRMXSNé\0\x0c\x8c\udc80", max_size=200)


@KERNELS
@given(text=spoilt, size=sizes)
def test_the_first_strange_letter_is_told(kernel: Kernel, text: str, size: int) -> None:
    said = parse_program(text).map(lambda _: None)
    with loaded(kernel), cut(size):
        told = simulate(World(9, 9), ORIGIN, text, threads=2, kernel="native")
        assert said == told.map(lambda _: None)


@KERNELS
def test_each_byte_that_is_no_letter_is_strange_wherever_it_stands(kernel: Kernel) -> None:
    bench = Bench()
    for value in set(range(256)) - {*b"LRM"}:
        letters = np.full(64 + value, ord("R"), np.uint8)
        letters[value // 4] = value
        assert Strange(value // 4, chr(value)) == surveyed(letters, FREE, bench, kernel)


@given(voyages())
def test_letters_that_lie_at_odd_places_are_read_as_well(voyage: Voyage) -> None:
    world, start, program = voyage
    letters = np.frombuffer(b"L" + (program * 64).encode(), np.uint8)[1:]
    assume(not letters[: letters.size // 64 * 64].view(np.uint64).flags.aligned)
    assert simulate(world, start, program * 64, kernel="numpy") == simulate(
        world, start, letters, kernel="native"
    )


@pytest.mark.parametrize(
    ("name", "wrong"), [("_28", np.uint64(27)), ("_32", np.uint64(16)), ("_63", np.uint64(62))]
)
def test_control_a_wrong_shift_is_noticed(name: str, wrong: np.uint64) -> None:
    program = "MMMRML" * 50  # The last letter of a word is a turn.
    late = passed(World(999, 999), ORIGIN, program)[-9]
    voyage = Voyage(World(999, 999, frozenset({late})), ORIGIN, program)
    with loaded(AS_IT_STANDS):
        assert Success(expected(voyage)) == simulate(*voyage, kernel="native")
        with patch.object(loops, name, wrong):
            assert Success(expected(voyage)) != simulate(*voyage, kernel="native")
