"""Where rovers begin: checked against the world, and made columns of."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import TypeAlias

import numpy as np

from mars_rover.batch.columns import Cells, Flags, Rejected
from mars_rover.batch.members import Places
from mars_rover.batch.terrain import Terrain
from mars_rover.values import Direction, Invalid, Point, World

Start: TypeAlias = tuple[Point, Direction]
"""A free cell of the world, and where the rover looks: what `notation.parse_position` gives."""


def placed(world: World, terrain: Terrain, starts: Sequence[Start]) -> Places:
    """The places of ``starts``; rejects one that is not a free cell, as a member if there are more."""
    points = list(map(itemgetter(0), starts))
    quarters = map(attrgetter("quarters"), map(itemgetter(1), starts))
    heading = np.fromiter(quarters, np.uint8, len(starts))
    x, y = _column(points, "x"), _column(points, "y")
    for number in _which((x < 0) | (x >= world.width) | (y < 0) | (y >= world.height)):
        grid = f"x 0 to {world.width - 1} and y 0 to {world.height - 1}"
        problem = f"start {starts[number][0]} is off the {world.width}x{world.height} grid"
        raise Rejected(Invalid(problem, grid), number)
    places = Places(x.astype(np.int64), y.astype(np.int64), heading)
    if terrain.obstacles is not None:
        for number in terrain.obstacles.at(places.x, places.y).tolist():
            problem = f"start {starts[number][0]} is on an obstacle"
            raise Rejected(Invalid(problem, "a free cell"), number)
    return places


def _column(points: list[Point], axis: str) -> Cells:
    try:
        return np.fromiter(map(attrgetter(axis), points), np.int64, len(points))
    except OverflowError:
        # Numbers too large for 64 bits make a column of objects, which compares as well.
        return np.array(list(map(attrgetter(axis), points)), object)


def _which(wrong: Flags) -> list[int]:
    return np.flatnonzero(wrong).tolist()
