"""The world as the engine asks about it: wrapping over the edge, and what is near an obstacle.

Obstacles may be many and the world too large for a map of it, so there are three tools. Sorted
columns tell whether there is an obstacle in a box at all, which saves a rover in the open the rest.
A `Sieve` tells how far the nearest obstacle is at least. What falls through the sieves is compared
with the obstacles themselves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import Bytes, Cells, Whole
from mars_rover.batch.kernel import Ground, Tiles
from mars_rover.batch.sieve import Sieve
from mars_rover.values import Point, World

_RINGS: Final = 4
"""Rings of tiles around that of an obstacle which a sieve tells apart."""

_SMALL: Final = 2**30
"""Sides from here on need places of 64 bits; below, a stretch has room in 32."""

_FEW: Final = 10_000
_NONE: Final = np.zeros(0, np.int64)

MOST_REACH: Final = 64
"""How far from the middle of a leg a step of it can be: half the letters of two words."""


def wrapped(places: Cells, side: int) -> Cells:
    """Places on the endless plane, brought back into ``0 .. side - 1``.

    The same as ``places % side`` and three times as fast: numpy divides whole columns by one
    number with multiplications. Most columns of a large world need not even that.
    """
    if places.size and places.min() >= 0 and places.max() < side:
        return places
    inside: Cells = places - np.floor_divide(places, side) * side
    return inside


class Terrain(NamedTuple):
    """A world made ready for columns of cells."""

    world: World
    obstacles: Obstacles | None

    @classmethod
    def of(cls, world: World) -> Terrain:
        """The terrain of ``world``; a world without obstacles has none to ask about."""
        return _terrain(world) if world.obstacles else cls(world, None)

    @property
    def width(self) -> int:
        """How many cells there are from west to east."""
        return self.world.width

    @property
    def height(self) -> int:
        """How many cells there are from south to north."""
        return self.world.height

    @property
    def small(self) -> bool:
        """Whether all places of a stretch that begins on the grid have room in 32 bits."""
        return max(self.width, self.height) <= _SMALL


@lru_cache(maxsize=2)
def _terrain(world: World) -> Terrain:
    """Kept for the next program in the same world, since to make one takes longer than to use it."""
    return Terrain(world, Obstacles(world))


class Obstacles:
    """The obstacles of a world that has some."""

    def __init__(self, world: World) -> None:
        x = np.array([obstacle.x for obstacle in world.obstacles], np.int64)
        y = np.array([obstacle.y for obstacle in world.obstacles], np.int64)
        order = np.argsort(x)
        self._x, self._y = x[order], y[order]
        self._width, self._height = world.width, world.height
        self._columns, column = np.unique(x, return_inverse=True)
        self._rows, row = np.unique(y, return_inverse=True)
        self._sorted = np.sort(column * self._rows.size + row)
        self._cells = Sieve.of(world, x, y, shift=0, rings=0)
        self._fine = Sieve.of(world, x, y, shift=2, rings=_RINGS)
        self._coarse = Sieve.of(world, x, y, shift=4, rings=_RINGS)

    def ground(self) -> Ground:
        """The obstacles as `kernel.search` asks about them."""
        return Ground(
            self._width, self._height, *map(_tiles, (self._coarse, self._fine, self._cells))
        )

    def around(self, x: Cells, y: Cells) -> Vicinity:
        """The vicinity of cells on the endless plane, whose legs are nowhere further than the reach."""
        low = Point(int(x.min()) - MOST_REACH, int(y.min()) - MOST_REACH)
        high = Point(int(x.max()) + MOST_REACH, int(y.max()) + MOST_REACH)
        inside = low.x >= 0 and low.y >= 0 and high.x < self._width and high.y < self._height
        return Vicinity(self, not inside, inside and self.none_within(low, high))

    def none_within(self, low: Point, high: Point) -> bool:
        """Whether there is surely no obstacle in a box on the grid.

        >>> obstacles = Obstacles(World(9, 9, frozenset({Point(4, 4)})))
        >>> obstacles.none_within(Point(0, 0), Point(3, 8)), obstacles.none_within(Point(0, 0), Point(4, 8))
        (True, False)
        """
        begin, end = self._x.searchsorted(low.x), self._x.searchsorted(high.x + 1)
        y = self._y[begin : min(end, begin + _FEW)]
        return bool(end - begin <= _FEW and not np.any((y >= low.y) & (y <= high.y)))

    def wrapped(self, x: Cells, y: Cells) -> tuple[Cells, Cells]:
        """Cells on the endless plane, brought back onto the grid."""
        return wrapped(x, self._width), wrapped(y, self._height)

    def near(self, x: Cells, y: Cells, reach: Bytes) -> Whole:
        """Which of the cells may have an obstacle within ``reach``, at most 64, along both axes."""
        # The coarse one first: it is small, and stays in a cache wherever the rover goes.
        maybe = np.flatnonzero(self._coarse.near(x, y, reach))
        return maybe[self._fine.near(x.take(maybe), y.take(maybe), reach.take(maybe))]

    def close(self, x: Cells, y: Cells, reach: Bytes) -> Whole:
        """The same for a reach of a few cells, for which one sieve is as good as two."""
        return np.flatnonzero(self._fine.near(x, y, reach))

    def at(self, x: Cells, y: Cells) -> Whole:
        """Which of the cells are obstacles."""
        maybe = np.flatnonzero(self._cells.taken(x, y))
        if not maybe.size:
            return maybe
        column, row = _found(self._columns, x.take(maybe)), _found(self._rows, y.take(maybe))
        place = _found(self._sorted, column * self._rows.size + row)
        return maybe[(column >= 0) & (row >= 0) & (place >= 0)]


class Vicinity(NamedTuple):
    """The obstacles as cells of the endless plane see them that are all in one box.

    Most boxes are on the grid, and then nothing needs to be wrapped; many have no obstacle in them.
    """

    obstacles: Obstacles
    wraps: bool
    empty: bool

    def _on_grid(self, x: Cells, y: Cells) -> tuple[Cells, Cells]:
        return self.obstacles.wrapped(x, y) if self.wraps else (x, y)

    def legs(self, x: Cells, y: Cells, reach: Bytes) -> Whole:
        """Which of the legs about ``x, y`` may meet an obstacle."""
        return _NONE if self.empty else self.obstacles.near(*self._on_grid(x, y), reach)

    def few_steps(self, x: Cells, y: Cells, reach: Bytes) -> Whole:
        """The same for legs of a few steps."""
        return self.obstacles.close(*self._on_grid(x, y), reach)

    def obstacles_at(self, x: Cells, y: Cells) -> tuple[Whole, Cells, Cells]:
        """Which of the cells are obstacles, and these cells on the grid."""
        x, y = self._on_grid(x, y)
        which = self.obstacles.at(x, y)
        return which, x.take(which), y.take(which)


def _tiles(sieve: Sieve) -> Tiles:
    rows, columns = sieve.shortfall.shape
    return Tiles(sieve.shortfall.ravel(), rows, columns, sieve.shift, sieve.unknown)


def _found(values: Whole, wanted: Whole) -> Whole:
    """Where each of the wanted is among the sorted values, or -1."""
    place = np.searchsorted(values, wanted).clip(max=values.size - 1)
    return np.where(values.take(place) == wanted, place, -1)
