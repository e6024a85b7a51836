"""Who meets an obstacle: what is near one is looked at closer, in smaller and smaller parts.

A rover meets an obstacle where a step would end on one. Of two words, 128 letters, it is known where
they lead from and to, and how many steps they make along each axis; so all their steps are within half
as many cells of the place in the middle. Few come near any obstacle, and `Obstacles` says which. Of
these each byte, eight letters, is asked about in the same way, and then each step.

Places within a word come from counts by one multiplication: the product of eight bytes, taken as a
word, and of 0x0101010101010101 holds in each byte the sum of that byte and of all those before it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import LETTERS_PER_WORD, WORD, Bytes, Cells, Small, Whole
from mars_rover.batch.legs import rotated
from mars_rover.batch.members import Members, Places
from mars_rover.batch.terrain import Terrain, Vicinity
from mars_rover.batch.walk import Paces, Walk, far

GROUP: Final = 2**11
"""Legs to be looked at closer at a time: their letters fill a cache."""

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


class Legs(NamedTuple):
    """Parts of a way: how far each gets, and how far from its middle, half way, a step can be."""

    right: Cells
    up: Cells
    reach: Bytes

    def middles(self, x: Cells, y: Cells) -> tuple[Cells, Cells]:
        """The middle of each, if they end at ``x, y``."""
        return x - (self.right >> 1).astype(x.dtype), y - (self.up >> 1).astype(y.dtype)


def first_hits(
    way: Walk, members: Members, places: Places, quarters: int, terrain: Terrain
) -> Hits:
    """The first obstacle in the way of each member that meets one.

    The members set out from ``places`` and look some ``quarters`` further to the right than ``way``
    says. What is near an obstacle is looked at a group at a time: in a narrow corridor that is all.
    """
    if terrain.obstacles is None:
        return NO_HITS
    counts, found = way.counts_with_along(), [NO_HITS]
    alone = members.first.size == 1
    # The words of a single rover are all its own, and may be taken in pairs.
    size = 2 if alone and counts.shape[1] % 2 == 0 else 1
    legs = _legs(_in_pairs(counts) if size == 2 else counts, quarters)
    x, y = _added_up(legs, members._replace(first=members.first // size), places, terrain)
    middles = legs.middles(x, y)
    around = terrain.obstacles.around(*middles)
    near = around.legs(*middles, legs.reach)
    for begin in range(0, near.size, GROUP):
        some = near[begin : begin + GROUP]
        words = (some[:, np.newaxis] * size + np.arange(size)).ravel()
        steps = _legs(counts.take(words, axis=1), quarters)
        close = Close(words, _ends(x.take(some), steps.right), _ends(y.take(some), steps.up))
        close = close.some(around.legs(*steps.middles(close.x, close.y), steps.reach))
        met = _met(way.paces.take(close.words, axis=1), close, quarters, around)
        if met.letter.size:
            found.append(_told(met, close.words, members))
            if alone:
                break  # Whatever the only member would meet later, it does not get there.
    return _firsts(found)


class Close(NamedTuple):
    """Words to be looked at closer: their numbers, and where they end."""

    words: Whole
    x: Cells
    y: Cells

    def some(self, which: Whole) -> Close:
        """Those at the places ``which``."""
        return Close(self.words.take(which), self.x.take(which), self.y.take(which))


def _in_pairs(counts: Paces) -> Paces:
    pairs = counts.view(np.uint16)
    return (pairs & 0xFF) + (pairs >> 8)


def _legs(counts: Paces, quarters: int) -> Legs:
    right, up = rotated(*far(counts[:3]), quarters)
    moves, along = counts[0], counts[3]
    reach: Bytes = np.maximum(along, moves - along).astype(np.uint8, copy=False)
    reach += 1
    reach >>= 1
    return Legs(right, up, reach)


def _added_up(
    legs: Legs, members: Members, places: Places, terrain: Terrain
) -> tuple[Cells, Cells]:
    """Where each leg ends, on the endless plane."""
    kind = np.int32 if terrain.small else np.int64
    ends: list[Cells] = []
    for by, start in ((legs.right, places.x), (legs.up, places.y)):
        at: Cells = np.cumsum(by, dtype=kind)
        at += members.spread(start.astype(kind) + by[members.first] - at[members.first])
        ends.append(at)
    return ends[0], ends[1]


def _ends(ends: Cells, by: Cells) -> Cells:
    """Where the words end of some legs, of one or two each, that get as far as ``by``."""
    size = by.size // ends.size
    at: Cells = np.repeat(ends, size)
    if size == 2:
        at[::2] -= by[1::2]
    return at


class Met(NamedTuple):
    """Steps that end on an obstacle: the letter, counted in some words, the cell, the heading."""

    letter: Whole
    x: Cells
    y: Cells
    heading: Bytes


def _met(paces: Paces, close: Close, quarters: int, around: Vicinity) -> Met:
    """The steps in some words that end on an obstacle."""
    octets = paces.view(np.uint8)
    counts = np.bitwise_count(octets)
    right, up = _so_far(counts, quarters)
    x, y = _eight_ends(close.x, right), _eight_ends(close.y, up)
    along = np.bitwise_count(octets[1] ^ octets[2])
    near = around.few_steps(x, y, np.maximum(along, counts[0] - along))
    bits = np.unpackbits(octets.take(near, axis=1), axis=1, bitorder="little")
    right, up = _so_far(bits, quarters)
    step = np.flatnonzero(bits[0].view(np.bool_))
    x = _eight_ends(x.take(near), right).take(step)
    y = _eight_ends(y.take(near), up).take(step)
    which, x, y = around.obstacles_at(x, y)
    bit = step.take(which)
    _, eastern, southern = bits.take(bit, axis=1)
    heading = (eastern ^ southern) + 2 * southern + np.uint8(quarters) & np.uint8(3)
    return Met(near.take(bit >> 3) * 8 + (bit & 7), x, y, heading)


def _told(met: Met, words: Whole, members: Members) -> Hits:
    """What was met in some ``words``, by member and word."""
    word = words.take(met.letter // LETTERS_PER_WORD)
    bit = word * LETTERS_PER_WORD + met.letter % LETTERS_PER_WORD
    member = np.searchsorted(members.first, word, side="right") - 1
    cells = met.x.astype(np.int64), met.y.astype(np.int64)
    return Hits(member, bit, *cells, met.heading)


def _so_far(counts: Paces, quarters: int) -> tuple[Small, Small]:
    """How far each eighth of a word, or of a byte, is from where that begins."""
    return rotated(*far((counts.view(WORD) * _SUMS).view(np.uint8)), quarters)


def _eight_ends(end: Cells, so_far: Small) -> Cells:
    """The ends of eight parts of each leg that ends at ``end``."""
    eights = so_far.astype(end.dtype).reshape(-1, 8)
    eights += (end - eights[:, -1])[:, np.newaxis]
    return eights.ravel()


def _firsts(found: list[Hits]) -> Hits:
    """The first one of each member."""
    if len(found) == 1:
        return found[0]
    member, bit, x, y, heading = map(np.concatenate, zip(*found, strict=True))
    member, which = np.unique(member, return_index=True)
    return Hits(member, bit.take(which), x.take(which), y.take(which), heading.take(which))
