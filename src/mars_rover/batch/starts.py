"""Where rovers begin: checked against the world, and made columns of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from mars_rover.batch.columns import HEADINGS, Rejected
from mars_rover.batch.engine import Places
from mars_rover.batch.terrain import Terrain
from mars_rover.values import Direction, Invalid, Point, World

Start: TypeAlias = tuple[Point, Direction]
"""A free cell of the world, and where the rover looks: what `notation.parse_position` gives."""


def placed(world: World, terrain: Terrain, starts: Sequence[Start]) -> Places:
    """The places of ``starts``; rejects one that is not a free cell, as a member if there are more."""
    for number, (point, _) in enumerate(starts):
        # Before the columns are made: a number may be too large for them.
        if not world.has(point):
            grid = f"x 0 to {world.width - 1} and y 0 to {world.height - 1}"
            problem = f"start {point} is off the {world.width}x{world.height} grid"
            raise Rejected(Invalid(problem, grid), number)
    x = np.array([point.x for point, _ in starts], np.int64)
    y = np.array([point.y for point, _ in starts], np.int64)
    if terrain.obstacles is not None:
        for number in terrain.obstacles.at(x, y)[:1].tolist():
            problem = f"start {starts[number][0]} is on an obstacle"
            raise Rejected(Invalid(problem, "a free cell"), number)
    return Places(x, y, np.array([HEADINGS[direction] for _, direction in starts], np.uint8))
