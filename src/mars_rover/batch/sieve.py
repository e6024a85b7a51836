"""A map of tiles that tells how far the nearest obstacle is at least, folded where the world is larger.

A `Sieve` may call near what is not, and never calls far what is near. That lets a small map answer
for any world: what falls through it is looked at closer by others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import isqrt
from typing import Final

import numpy as np

from mars_rover.batch.columns import Bytes, Cells, Flags, Whole
from mars_rover.values import World

_FOLD: Final = 2**11
"""The most tiles along one side of a sieve for a few obstacles: a map of four megabytes."""

_LARGEST_FOLD: Final = 2**13
_ROOMY: Final = 64
"""Tiles for each obstacle that a larger sieve has at least, up to the largest one."""

_CROWDED: Final = 16
"""From one tile in so many on, it takes less to grow a map as a whole than to write ring by ring."""


@dataclass(frozen=True, eq=False)
class Sieve:
    """Tiles of ``2**shift`` cells a side, and how near to each an obstacle may be.

    A tile ``n`` rings away from that of an obstacle is at least ``far(n)`` cells away. The map holds
    how much that is short of the first distance which it does not know, so a far tile holds zero,
    and most of a large map need never be touched.
    """

    shift: int
    unknown: int
    shortfall: Bytes

    @classmethod
    def of(cls, world: World, x: Whole, y: Whole, shift: int, rings: int) -> Sieve:
        """The sieve for obstacles at ``x, y`` that tells ``rings`` rings of tiles apart."""
        unknown = _cells_between(rings + 1, shift)
        height, width = (_tiles(side, shift, x.size) for side in (world.height, world.width))
        row, column = _tiles_of_images(world, x, y, unknown - 1, shift)
        tile = (row & height - 1) * width + (column & width - 1)
        values = [unknown - _cells_between(ring, shift) for ring in range(rings + 1)]
        if tile.size * _CROWDED > height * width:
            shortfall = _grown(tile, values, height, width)
        else:
            shortfall = _written(tile, values, height, width)
        return cls(shift, unknown, shortfall)

    def near(self, x: Cells, y: Cells, reach: Bytes) -> Flags:
        """Whether an obstacle may be within ``reach`` of each cell, along both axes."""
        near: Flags = self._shortfalls(x, y) + reach >= self.unknown
        return near

    def taken(self, x: Cells, y: Cells) -> Flags:
        """Of a sieve with tiles of one cell and no rings: whether each cell may be an obstacle."""
        return self._shortfalls(x, y).view(np.bool_)

    def _shortfalls(self, x: Cells, y: Cells) -> Bytes:
        height, width = self.shortfall.shape
        row, column = y >> self.shift, x >> self.shift
        row &= height - 1
        column &= width - 1
        row *= width
        row += column
        return self.shortfall.ravel().take(row)


def _written(tile: Whole, values: list[int], height: int, width: int) -> Bytes:
    """A map with the value of its ring in each tile around a ``tile``; for few of them."""
    row, column = tile // width, tile % width
    shortfall = np.zeros(height * width, np.uint8)
    # From the outermost ring to the innermost, so that the nearest obstacle has the last word.
    for ring, value in reversed(list(enumerate(values))):
        for up, right in _ring(ring):
            shortfall[(row + up & height - 1) * width + (column + right & width - 1)] = value
    return shortfall.reshape(height, width)


def _grown(tile: Whole, values: list[int], height: int, width: int) -> Bytes:
    """The same for many: all tiles within a ring are those within the one before and their neighbours."""
    flat = np.zeros(height * width, np.bool_)
    flat[tile] = True
    within: Flags = flat.reshape(height, width)
    shortfall = np.zeros((height, width), np.uint8)
    for value, outer in zip(values, [*values[1:], 0], strict=True):
        shortfall += within * np.uint8(value - outer)
        for axis in (0, 1):
            within = within | np.roll(within, 1, axis) | np.roll(within, -1, axis)
    return shortfall


def _cells_between(rings: int, shift: int) -> int:
    """How far the cells of a tile are at least from one in a tile that is ``rings`` rings away."""
    return max(0, (rings - 1 << shift) + 1)


def _ring(ring: int) -> list[tuple[int, int]]:
    across = range(-ring, ring + 1)
    return [(up, right) for up in across for right in across if max(abs(up), abs(right)) == ring]


def _tiles(side: int, shift: int, obstacles: int) -> int:
    """Tiles along a side: a power of two, enough for all its cells unless these are too many."""
    enough = 1 << (isqrt(_ROOMY * obstacles) - 1).bit_length()
    most = max(_FOLD, min(enough, _LARGEST_FOLD))
    return min(most, 1 << (side - 1 >> shift).bit_length())


def _tiles_of_images(
    world: World, x: Whole, y: Whole, beyond: int, shift: int
) -> tuple[Whole, Whole]:
    """The tiles of the obstacles, and of their images up to ``beyond`` cells over the edges.

    A world that wraps is the endless plane with all in it repeated, so what is near over the edge
    is near to an image, the next one at that; and tiles of the plane are all whole.
    """
    rows, columns = [], []
    for up, right in product((-world.height, 0, world.height), (-world.width, 0, world.width)):
        image_y, image_x = y + up, x + right
        seen = (image_y >= -beyond) & (image_y < world.height + beyond)
        seen &= (image_x >= -beyond) & (image_x < world.width + beyond)
        rows.append(image_y[seen] >> shift)
        columns.append(image_x[seen] >> shift)
    return np.concatenate(rows), np.concatenate(columns)
