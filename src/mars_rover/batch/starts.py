"""Where rovers begin: checked against the world, and made columns of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from mars_rover.batch.columns import HEADINGS, Rejected
from mars_rover.batch.engine import Places
from mars_rover.values import Direction, Invalid, Point, World

Start: TypeAlias = tuple[Point, Direction]
"""A free cell of the world, and where the rover looks: what `notation.parse_position` gives."""


def placed(world: World, starts: Sequence[Start], who: str = "") -> Places:
    """The places of ``starts``; ``who``, a template, names the member in an error."""
    for number, (point, _) in enumerate(starts):
        if not world.has(point):
            grid = f"x 0 to {world.width - 1} and y 0 to {world.height - 1}"
            problem = f"start {point} is off the {world.width}x{world.height} grid"
            raise Rejected(Invalid(who.format(number) + problem, grid))
        if point in world.obstacles:
            raise Rejected(
                Invalid(f"{who.format(number)}start {point} is on an obstacle", "a free cell")
            )
    return Places(
        np.array([point.x for point, _ in starts], np.int64),
        np.array([point.y for point, _ in starts], np.int64),
        np.array([HEADINGS[direction] for _, direction in starts], np.uint8),
    )
