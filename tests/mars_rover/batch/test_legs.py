"""The monoid of legs, and the arithmetic of planes and counts, each against a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mars_rover.batch import hits
from mars_rover.batch.bench import Bench
from mars_rover.batch.encoding import encode
from mars_rover.batch.legs import NOWHERE, Leg
from mars_rover.batch.members import Members
from mars_rover.batch.walk import total, walk
from tests.mars_rover.batch.hands import cut
from tests.mars_rover.batch.voyages import programs

numbers = st.integers(-(2**70), 2**70)
legs = st.builds(Leg, st.integers(0, 2**70), st.integers(0, 3), numbers, numbers)
STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def step(letter: str) -> Leg:
    return {"L": Leg(1, 3, 0, 0), "R": Leg(1, 1, 0, 0), "M": Leg(1, 0, 0, 1)}[letter]


def looked(program: str, before: int) -> list[int]:
    """The heading after each letter."""
    headings = []
    for letter in program:
        before = (before + {"L": 3, "M": 0, "R": 1}[letter]) % 4
        headings.append(before)
    return headings


@given(legs, legs, legs)
def test_legs_are_a_monoid(a: Leg, b: Leg, c: Leg) -> None:
    assert a.then(b).then(c) == a.then(b.then(c))
    assert a == NOWHERE.then(a) == a.then(NOWHERE)


@given(programs)
def test_a_leg_is_its_letters_one_after_the_other(program: str) -> None:
    leg, x, y, heading = NOWHERE, 0, 0, 0
    for letter, looks in zip(program, looked(program, 0), strict=True):
        leg, heading = leg.then(step(letter)), looks
        if letter == "M":
            x, y = x + STEPS[looks][0], y + STEPS[looks][1]
    assert Leg(len(program), heading, x, y) == leg


@given(st.lists(st.integers(0, 64), max_size=3000), st.integers(0, 9))
def test_the_total_is_the_sum(some: list[int], times: int) -> None:
    counts = np.array(some * 2**times, np.uint8)
    assert sum(some) * 2**times == total(counts)


@given(st.lists(st.tuples(programs, st.integers(0, 3)), min_size=1, max_size=5))
def test_headings_and_steps_are_those_of_each_letter_of_each_member(
    batch: list[tuple[str, int]],
) -> None:
    bench = Bench()
    laid_out = "".join(program + "L" * (-len(program) % 64) for program, _ in batch)
    words = np.array([-(-len(program) // 64) for program, _ in batch])
    members = Members(np.cumsum(words) - words, words)
    before = np.array([looks for _, looks in batch], np.uint8)
    with cut(2**21, part=64):
        planes = encode(np.frombuffer(laid_out.encode(), np.uint8), bench)
    assert planes is not None
    way = walk(planes, members, before, bench)
    low, high = (bits(plane) for plane in way.headings)
    expected = [
        heading
        for program, looks in batch
        for heading in looked(program + "L" * (-len(program) % 64), looks)
    ]
    assert expected == [a + 2 * b for a, b in zip(low, high, strict=True)]
    moves, eastern, southern = (bits(plane) for plane in way.paces)
    assert [letter == "M" for letter in laid_out] == list(map(bool, moves))
    for index, (letter, heading) in enumerate(zip(laid_out, expected, strict=True)):
        moved = letter == "M"
        assert (moved and heading in (1, 2), moved and heading in (2, 3)) == (
            bool(eastern[index]),
            bool(southern[index]),
        )


@given(programs, st.integers(0, 3))
def test_no_step_of_a_word_is_further_from_its_middle_than_the_reach(
    program: str, quarters: int
) -> None:
    bench = Bench()
    planes = encode(np.frombuffer(program.encode(), np.uint8), bench)
    assert planes is not None
    way = walk(planes, Members.one(planes.move.size), np.zeros(1, np.uint8), bench)
    legs = hits._legs(way.counts_with_along(), quarters)
    zero = np.zeros(legs.right.size, np.int64)
    x, y = legs.middles(zero + legs.right, zero + legs.up)  # As seen from where each begins.
    headings = looked(program, quarters)
    for word, far in enumerate(legs.reach.tolist()):
        here, at = slice(64 * word, 64 * (word + 1)), (0, 0)
        for letter, heading in zip(program[here], headings[here], strict=True):
            if letter == "M":
                at = at[0] + STEPS[heading][0], at[1] + STEPS[heading][1]
            assert max(abs(at[0] - int(x[word])), abs(at[1] - int(y[word]))) <= far
        assert (int(legs.right[word]), int(legs.up[word])) == at


def bits(plane: np.ndarray) -> list[int]:
    return np.unpackbits(plane.copy().view(np.uint8), bitorder="little").tolist()
