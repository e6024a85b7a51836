"""One stretch of letters, for one rover or for many: where each gets to, and what it meets first.

A batch is a row of words; each member owns the words from its first one to the next member's, and
has at least one. A single rover is a fleet of one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mars_rover.batch.columns import Bytes, N, Whole
from mars_rover.batch.letters import LetterPlanes
from mars_rover.batch.planes import (
    HeadingPlanes,
    StepPlanes,
    last_headings,
    steps,
    turned,
    turned_further,
)
from mars_rover.batch.terrain import Obstacles, Terrain, wrapped

_EAST: Final = np.array([0, 1, 0, -1])
_NORTH: Final = np.array([1, 0, -1, 0])
_GROUP: Final = 2**11
"""Words to be looked at closer at a time: their letters fill a cache."""

_MODULO_4: Final = np.uint8(3)
_NONE: Final = np.zeros(0, np.int64)


class Places(NamedTuple):
    """Where rovers are, one a member; headings count quarters to the right from north."""

    x: Whole
    y: Whole
    heading: Bytes

    def some(self, first: int, count: int) -> Places:
        """Those of ``count`` members from the ``first`` on."""
        these = slice(first, first + count)
        return Places(self.x[these], self.y[these], self.heading[these])


class Members(NamedTuple):
    """How the words of a batch are shared out: the first word of each, and how many it has."""

    first: Whole
    words: Whole

    @classmethod
    def one(cls, words: int) -> Members:
        """A single member that owns all the words."""
        return cls(np.array([0]), np.array([words]))

    @property
    def last(self) -> Whole:
        """The last word of each member."""
        return self.first + self.words - 1


class Walk(NamedTuple):
    """A batch whose headings are known, with those that its members end with."""

    headings: HeadingPlanes
    steps: StepPlanes[np.uint64]
    end_heading: Bytes


class Legs(NamedTuple, Generic[N]):
    """Parts of a way, equally long: their number in the batch, their steps, where each ends."""

    number: Whole
    steps: StepPlanes[N]
    x: Whole
    y: Whole

    def some(self, which: Whole) -> Legs[N]:
        """Those at the places ``which``."""
        some = StepPlanes(*(plane.take(which) for plane in self.steps))
        return Legs(self.number.take(which), some, self.x.take(which), self.y.take(which))


class Hits(NamedTuple):
    """Who met an obstacle: the member, its letter that did by the bit, the obstacle, the heading."""

    member: Whole
    bit: Whole
    x: Whole
    y: Whole
    heading: Bytes


NO_HITS: Final = Hits(_NONE, _NONE, _NONE, _NONE, _NONE.astype(np.uint8))


def drive(
    letters: LetterPlanes, members: Members, places: Places, terrain: Terrain
) -> tuple[Places, Hits]:
    """Where the members of a batch end who begin at ``places``, and who met an obstacle there."""
    way = walk(letters, members, places.heading)
    if terrain.obstacles is None:
        x, y = free_ends(way.steps, members, places)
        return _on_grid(x, y, way.end_heading, terrain), NO_HITS
    words = legs(way.steps, members, places)
    hits = first_hits(words, members, terrain, terrain.obstacles)
    x, y, heading = words.x[members.last], words.y[members.last], way.end_heading
    x[hits.member] = hits.x - _EAST.take(hits.heading)
    y[hits.member] = hits.y - _NORTH.take(hits.heading)
    heading[hits.member] = hits.heading
    return _on_grid(x, y, heading, terrain), hits


def _on_grid(x: Whole, y: Whole, heading: Bytes, terrain: Terrain) -> Places:
    return Places(wrapped(x, terrain.width), wrapped(y, terrain.height), heading)


def walk(letters: LetterPlanes, members: Members, heading: Bytes) -> Walk:
    """The headings and steps of a batch whose members look to ``heading`` at first."""
    alone = turned(letters)
    turn = last_headings(alone)
    # These sums of bytes may overflow: 256 is a multiple of four.
    after = np.cumsum(turn, dtype=np.uint8)
    before = after - turn
    base = heading - before[members.first]
    headings = turned_further(alone, before + np.repeat(base, members.words) & _MODULO_4)
    return Walk(headings, steps(letters.move, headings), after[members.last] + base & _MODULO_4)


def free_ends(step: StepPlanes[np.uint64], members: Members, places: Places) -> tuple[Whole, Whole]:
    """Where each member ends, on the endless plane, if nothing is in its way."""
    x = np.add.reduceat(_less(step.east, step.west), members.first, dtype=np.int64)
    y = np.add.reduceat(_less(step.north, step.south), members.first, dtype=np.int64)
    return places.x + x, places.y + y


def legs(step: StepPlanes[np.uint64], members: Members, places: Places) -> Legs[np.uint64]:
    """The words of a batch as parts of its ways, on the endless plane."""
    x = _ends(_less(step.east, step.west), members, places.x)
    y = _ends(_less(step.north, step.south), members, places.y)
    return Legs(np.arange(x.size), step, x, y)


def _ends(by: NDArray[np.int8], members: Members, start: Whole) -> Whole:
    ends = np.cumsum(by, dtype=np.int64)
    base = start - ends[members.first] + by[members.first]
    return ends + np.repeat(base, members.words)


def _less(forth: NDArray[N], back: NDArray[N]) -> NDArray[np.int8]:
    """Steps forth less steps back in each word, or byte, or bit."""
    return (np.bitwise_count(forth) - np.bitwise_count(back)).view(np.int8)


def first_hits(
    words: Legs[np.uint64], members: Members, terrain: Terrain, obstacles: Obstacles
) -> Hits:
    """The first obstacle in the way of each member that meets one.

    Words within reach of an obstacle are looked at closer, a group at a time: in a narrow corridor
    that is all of them, and each word is 64 letters.
    """
    x, y = wrapped(words.x, terrain.width), wrapped(words.y, terrain.height)
    near = obstacles.near(x, y, _reach(words.steps))
    groups = (near[begin : begin + _GROUP] for begin in range(0, near.size, _GROUP))
    found = [_hits(words.some(group), members, terrain, obstacles) for group in groups]
    return _firsts(Hits(*map(np.concatenate, zip(NO_HITS, *found, strict=True))))


def _hits(words: Legs[np.uint64], members: Members, terrain: Terrain, obstacles: Obstacles) -> Hits:
    """The same for a few words: by their bytes, then by their letters."""
    eighths = _parts(words, lambda plane: plane.view(np.uint8), terrain)
    close = eighths.some(obstacles.near(eighths.x, eighths.y, _reach(eighths.steps)))
    letters = _parts(close, lambda plane: np.unpackbits(plane, bitorder="little"), terrain)
    hits = letters.some(obstacles.at(letters.x, letters.y))
    member = np.searchsorted(members.first, hits.number >> 6, side="right") - 1
    _, east, south, west = hits.steps
    return _firsts(Hits(member, hits.number, hits.x, hits.y, east + 2 * south + 3 * west))


def _firsts(hits: Hits) -> Hits:
    """The first one of each member."""
    _, which = np.unique(hits.member, return_index=True)
    member, bit, x, y = (column.take(which) for column in hits[:4])
    return Hits(member, bit, x, y, hits.heading.take(which))


def _reach(step: StepPlanes[N]) -> Bytes:
    """How far from its end each word can have been, along either axis."""
    north, east, south, west = map(np.bitwise_count, step)
    return np.maximum(np.maximum(north, south), np.maximum(east, west))


def _parts(
    whole: Legs[N], split: Callable[[NDArray[N]], Bytes], terrain: Terrain
) -> Legs[np.uint8]:
    """Each leg in eight parts, with their ends on the grid."""
    step = StepPlanes(*map(split, whole.steps))
    x = _eight_ends(whole.x, _less(step.east, step.west))
    y = _eight_ends(whole.y, _less(step.north, step.south))
    number = whole.number[:, np.newaxis] * 8 + np.arange(8)
    return Legs(number.ravel(), step, wrapped(x, terrain.width), wrapped(y, terrain.height))


def _eight_ends(end: Whole, by: NDArray[np.int8]) -> Whole:
    so_far = np.cumsum(by.reshape(-1, 8), axis=1, dtype=np.int64)
    return (end[:, np.newaxis] + so_far - so_far[:, -1:]).ravel()
