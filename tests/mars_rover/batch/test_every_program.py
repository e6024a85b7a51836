"""No examples but all of them: every short program in every small world, from two corners.

The normal run goes to four letters and two obstacles; the long form (``HYPOTHESIS_PROFILE=long``)
to eight letters and to worlds that are full.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations, product

import pytest

from mars_rover import (
    Blocked,
    Direction,
    Point,
    Program,
    Started,
    World,
    commands_of,
    decide,
    evolve,
)
from mars_rover.batch import Arrival, simulate_fleet
from mars_rover.rover import Placed

LONGEST, FULLEST = (8, 8) if os.environ.get("HYPOTHESIS_PROFILE") == "long" else (4, 2)
PROGRAMS = [
    "".join(letters)
    for length in range(1, LONGEST + 1)
    for letters in product("LRM", repeat=length)
]
WORLDS = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 5), (3, 2), (3, 3)]


def worlds(width: int, height: int, start: Point) -> Iterator[World]:
    cells = {Point(x, y) for x in range(width) for y in range(height)} - {start}
    for count in range(min(len(cells), FULLEST) + 1):
        for taken in combinations(sorted(cells), count):
            yield World(width, height, frozenset(taken))


def outcomes(world: World, start: tuple[Point, Direction]) -> dict[str, Arrival]:
    """Where every program leads: one decision each, as the program less its last letter is known."""
    reached: dict[str, tuple[Placed, int]] = {"": (Started("r1", world, *start), 0)}
    for program in PROGRAMS:
        state, carried_out = reached[program[:-1]]
        if not isinstance(state, Blocked):
            (command,) = commands_of(Program(program[-1]), "r1")
            (event,) = decide(command, state)
            state, carried_out = evolve(state, event), carried_out + 1  # type: ignore[assignment]
        reached[program] = state, carried_out
    return {program: arrival(*reached[program]) for program in PROGRAMS}


def arrival(state: Placed, carried_out: int) -> Arrival:
    obstacle = state.obstacle if isinstance(state, Blocked) else None
    return Arrival(state.point, state.direction, carried_out, obstacle)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(("width", "height"), WORLDS)
def test_every_program_leads_to_where_the_fold_leads(
    width: int, height: int, direction: Direction
) -> None:
    for start in {Point(0, 0), Point(width - 1, height - 1)}:
        for world in worlds(width, height, start):
            expected = outcomes(world, (start, direction))
            starts = [(start, direction)] * len(PROGRAMS)
            arrivals = simulate_fleet(world, starts, PROGRAMS).unwrap()
            assert list(expected.values()) == list(arrivals)
