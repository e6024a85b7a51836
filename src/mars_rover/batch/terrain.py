"""The world as the engine asks about it: wrapping over the edge, and what is near an obstacle.

Obstacles may be many and the world too large for a map of it, so there are two tools. A `Sieve` is
a map of tiles that tells how far the nearest obstacle is at least, folded like a sheet of paper
when the world is larger: it may call near what is not, and never calls far what is near. What
falls through the sieves is compared with the obstacles themselves, sorted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import Bytes, Flags, Whole
from mars_rover.values import World

_FOLD: Final = 2**11
"""The most tiles along one side of a sieve: a map of four megabytes, whatever the world."""

_RINGS: Final = 4
"""Rings of tiles around that of an obstacle which a sieve tells apart."""


def wrapped(places: Whole, side: int) -> Whole:
    """Places on the endless plane, brought back into ``0 .. side - 1``.

    The same as ``places % side`` and three times as fast: numpy divides whole columns by one
    number with multiplications. Most columns of a large world need not even that.
    """
    if places.size and places.min() >= 0 and places.max() < side:
        return places
    inside: Whole = places - np.floor_divide(places, side) * side
    return inside


class Terrain(NamedTuple):
    """A world made ready for columns of cells."""

    width: int
    height: int
    obstacles: Obstacles | None

    @classmethod
    def of(cls, world: World) -> Terrain:
        """The terrain of ``world``; a world without obstacles has none to ask about."""
        return cls(world.width, world.height, Obstacles(world) if world.obstacles else None)


class Obstacles:
    """The obstacles of a world that has some."""

    def __init__(self, world: World) -> None:
        x = np.array([obstacle.x for obstacle in world.obstacles], np.int64)
        y = np.array([obstacle.y for obstacle in world.obstacles], np.int64)
        self._columns, column = np.unique(x, return_inverse=True)
        self._rows, row = np.unique(y, return_inverse=True)
        self._sorted = np.sort(column * self._rows.size + row)
        self._cells = Sieve.of(world, x, y, shift=0, rings=0)
        self._fine = Sieve.of(world, x, y, shift=2, rings=_RINGS)
        self._coarse = Sieve.of(world, x, y, shift=4, rings=_RINGS)

    def near(self, x: Whole, y: Whole, reach: Bytes) -> Whole:
        """Which of the walks that end at ``x, y`` may meet an obstacle.

        ``reach``, at most 64, is how far each may have been from its end along either axis.
        """
        maybe = np.flatnonzero(self._fine.near(x, y, reach))
        return maybe[self._coarse.near(x.take(maybe), y.take(maybe), reach.take(maybe))]

    def at(self, x: Whole, y: Whole) -> Whole:
        """Which of the cells are obstacles."""
        maybe = np.flatnonzero(self._cells.near(x, y, np.uint8(0)))
        column, row = _found(self._columns, x.take(maybe)), _found(self._rows, y.take(maybe))
        place = _found(self._sorted, column * self._rows.size + row)
        return maybe[(column >= 0) & (row >= 0) & (place >= 0)]


def _found(values: Whole, wanted: Whole) -> Whole:
    """Where each of the wanted is among the sorted values, or -1."""
    place = np.searchsorted(values, wanted).clip(max=values.size - 1)
    return np.where(values.take(place) == wanted, place, -1)


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
        height, width = _tiles(world.height, shift), _tiles(world.width, shift)
        row, column = _tiles_of_images(world, x, y, unknown - 1, shift)
        tile = np.unique((row & height - 1) * width + (column & width - 1))
        row, column = tile // width, tile % width
        shortfall = np.zeros(height * width, np.uint8)
        # From the outermost ring to the innermost, so that the nearest obstacle has the last word.
        for ring in range(rings, -1, -1):
            for up, right in _ring(ring):
                place = (row + up & height - 1) * width + (column + right & width - 1)
                shortfall[place] = unknown - _cells_between(ring, shift)
        return cls(shift, unknown, shortfall.reshape(height, width))

    def near(self, x: Whole, y: Whole, reach: Bytes | np.uint8) -> Flags:
        """Whether an obstacle may be within ``reach`` of each cell, along both axes."""
        height, width = self.shortfall.shape
        row, column = y >> self.shift & height - 1, x >> self.shift & width - 1
        near: Flags = self.shortfall.ravel().take(row * width + column) + reach >= self.unknown
        return near


def _cells_between(rings: int, shift: int) -> int:
    """How far the cells of a tile are at least from one in a tile that is ``rings`` rings away."""
    return max(0, (rings - 1 << shift) + 1)


def _ring(ring: int) -> list[tuple[int, int]]:
    across = range(-ring, ring + 1)
    return [(up, right) for up in across for right in across if max(abs(up), abs(right)) == ring]


def _tiles(side: int, shift: int) -> int:
    """Tiles along a side: a power of two, enough for all its cells unless these are too many."""
    return min(_FOLD, 1 << (side - 1 >> shift).bit_length())


def _tiles_of_images(
    world: World, x: Whole, y: Whole, beyond: int, shift: int
) -> tuple[Whole, Whole]:
    """The tiles of the obstacles, and of their images up to ``beyond`` cells over the edges.

    A world that wraps is the endless plane with all in it repeated, so what is near over the edge
    is near to an image, the next one at that; and tiles of the plane are all whole.
    """
    around = np.array([-1, 0, 1])
    every_y = (y[:, np.newaxis] + around * world.height)[:, :, np.newaxis]
    every_x = (x[:, np.newaxis] + around * world.width)[:, np.newaxis, :]
    seen_y = (every_y >= -beyond) & (every_y < world.height + beyond)
    seen_x = (every_x >= -beyond) & (every_x < world.width + beyond)
    rows, columns = np.broadcast_arrays(every_y >> shift, every_x >> shift)
    return rows[seen_y & seen_x], columns[seen_y & seen_x]
