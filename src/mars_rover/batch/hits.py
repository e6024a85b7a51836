"""Who meets an obstacle: words near one are looked at closer, by their bytes, then by their letters.

A rover meets an obstacle where a step would end on one. Few words come near any, and `Obstacles` says
which; of these each byte, eight letters, is asked about in the same way, and then each step.

Places within a word come from counts by one multiplication: the product of eight bytes, taken as a
word, and of 0x0101010101010101 holds in each byte the sum of that byte and of all those before it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import LETTERS_PER_WORD, WORD, Bytes, Cells, Small, Whole
from mars_rover.batch.legs import rotated
from mars_rover.batch.members import Members, Places
from mars_rover.batch.terrain import Obstacles, Terrain, wrapped
from mars_rover.batch.walk import Paces, Walk, far, reach, turned
from mars_rover.values import Point

GROUP: Final = 2**12
"""Words to be looked at closer at a time: their letters fill a cache."""

_SUMS: Final = np.array(0x0101010101010101, WORD)
_NONE: Final = np.zeros(0, np.int64)


class Hits(NamedTuple):
    """Who met an obstacle: the member, its letter that did by the bit, the obstacle, the heading."""

    member: Whole
    bit: Whole
    x: Whole
    y: Whole
    heading: Bytes


NO_HITS: Final = Hits(_NONE, _NONE, _NONE, _NONE, _NONE.astype(np.uint8))


class Ends(NamedTuple):
    """Where each word of a batch ends, on the endless plane."""

    x: Cells
    y: Cells


def ends(way: Walk, members: Members, places: Places, quarters: int, terrain: Terrain) -> Ends:
    """The ends of members that set out from ``places``, looking some ``quarters`` further right."""
    kind = np.int32 if terrain.small else np.int64
    east, north = rotated(*far(way.counts), quarters)
    return Ends(
        _ends(east, places.x.astype(kind), members), _ends(north, places.y.astype(kind), members)
    )


def _ends(by: Small, start: Cells, members: Members) -> Cells:
    at: Cells = np.cumsum(by, dtype=start.dtype)
    first: Cells = start + by[members.first] - at[members.first]
    at += members.spread(first)
    return at


def first_hits(way: Walk, at: Ends, members: Members, quarters: int, terrain: Terrain) -> Hits:
    """The first obstacle in the way of each member that meets one.

    Words within reach of an obstacle are looked at closer, a group at a time: in a narrow corridor
    that is all of them, and each word is 64 letters.
    """
    obstacles = terrain.obstacles
    if obstacles is None or _in_the_open(at, obstacles):
        return NO_HITS
    x, y = wrapped(at.x, terrain.width), wrapped(at.y, terrain.height)
    near = obstacles.near(x, y, reach(way.paces, way.counts))
    found = []
    for begin in range(0, near.size, GROUP):
        words = near[begin : begin + GROUP]
        close = Close(words, turned(way.paces.take(words, axis=1), quarters), x[words], y[words])
        found.append(_met(close, members, terrain, obstacles))
        if members.first.size == 1 and found[-1].member.size:
            break  # Whatever the only member would meet later, it does not get there.
    return _firsts(Hits(*map(np.concatenate, zip(NO_HITS, *found, strict=True))))


def _in_the_open(at: Ends, obstacles: Obstacles) -> bool:
    """Whether there is no obstacle in the box that holds all of the way, and the box is on the grid."""
    low = Point(int(at.x.min()) - LETTERS_PER_WORD, int(at.y.min()) - LETTERS_PER_WORD)
    high = Point(int(at.x.max()) + LETTERS_PER_WORD, int(at.y.max()) + LETTERS_PER_WORD)
    return obstacles.none_within(low, high)


class Close(NamedTuple):
    """Words to be looked at closer: their numbers, their steps, and where they end."""

    words: Whole
    paces: Paces
    x: Cells
    y: Cells


def _met(close: Close, members: Members, terrain: Terrain, obstacles: Obstacles) -> Hits:
    """The first hits of members in a few words: by their bytes, then by their letters."""
    octets = close.paces.view(np.uint8)
    counts = np.bitwise_count(octets)
    x, y = _eighths(close.x, close.y, counts, terrain)
    near = obstacles.close(x, y, reach(octets, counts))
    bits = np.unpackbits(octets.take(near, axis=1), axis=1, bitorder="little")
    x, y = _eighths(x.take(near), y.take(near), bits, terrain)
    move = np.flatnonzero(bits[0])
    hit = move[obstacles.at(x.take(move), y.take(move))]
    if not hit.size:
        return NO_HITS
    byte = near.take(hit >> 3)
    word = close.words.take(byte >> 3)
    member = np.searchsorted(members.first, word, side="right") - 1
    _, eastern, southern = bits.take(hit, axis=1)
    return _firsts(
        Hits(
            member,
            word * LETTERS_PER_WORD + (byte & 7) * 8 + (hit & 7),
            x.take(hit).astype(np.int64),
            y.take(hit).astype(np.int64),
            (eastern ^ southern) + 2 * southern,
        )
    )


def _eighths(x: Cells, y: Cells, counts: Paces, terrain: Terrain) -> tuple[Cells, Cells]:
    """Where the eight parts of each leg end that ends at ``x, y``, by the steps in each part."""
    east, north = far((counts.view(WORD) * _SUMS).view(np.uint8))
    x, y = _eight_ends(x, east), _eight_ends(y, north)
    return wrapped(x, terrain.width), wrapped(y, terrain.height)


def _eight_ends(end: Cells, so_far: Small) -> Cells:
    eights = so_far.reshape(-1, 8)
    eighths: Cells = (end - eights[:, -1])[:, np.newaxis] + eights
    return eighths.ravel()


def _firsts(hits: Hits) -> Hits:
    """The first one of each member."""
    _, which = np.unique(hits.member, return_index=True)
    member, bit, x, y = (column.take(which) for column in hits[:4])
    return Hits(member, bit, x, y, hits.heading.take(which))
