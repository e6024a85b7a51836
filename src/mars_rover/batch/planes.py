"""Turns and headings as bit planes: the arithmetic of turning, 64 letters at a time.

A heading is a number modulo four, so two planes hold one heading for each letter: the low bit and
the high bit. Turning is adding modulo four, and a running sum of bits modulo two is a running xor.
Within a word that takes six shifts (1, 2, 4 ... letters); from word to word the last bit of each is
carried on, and a last bit that is set flips all 64 of the next word. The carry from the low to the
high bit of the sum is all that makes it more than two running xors.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.bench import Bench
from mars_rover.batch.columns import WORD, Bytes, Whole, Words
from mars_rover.batch.encoding import LetterPlanes
from mars_rover.batch.members import Members

_SHIFTS: Final = tuple(np.array(1 << power, WORD) for power in range(6))
_LAST: Final = np.array(63, WORD)
_SIGN: Final = np.array(63, np.int64)


class HeadingPlanes(NamedTuple):
    """The heading after each letter, by its bits: 0 north, 1 east, 2 south, 3 west."""

    low: Words
    high: Words


def headings(letters: LetterPlanes, members: Members, before: Bytes, bench: Bench) -> HeadingPlanes:
    """The headings of a batch whose members look to ``before`` at first.

    The low bit flips at every turn. The high bit flips where a turn to the right makes the low one
    clear (1 to 2, 3 to 0) and where a turn to the left makes it set (0 to 3, 2 to 1).
    """
    words = letters.move.size
    low, high = bench.headings(words)
    shifted, carried = bench.spare(words)
    turns = np.bitwise_not(letters.move, bench.paces(words)[1])
    np.copyto(low, turns)
    _sum_up(low, members, before.astype(np.int64) & 1, shifted, carried)
    np.bitwise_and(turns, low, high)
    np.bitwise_xor(high, letters.right, high)
    _sum_up(high, members, before.astype(np.int64) >> 1, shifted, carried)
    return HeadingPlanes(low, high)


def _sum_up(bits: Words, members: Members, begin: Whole, shifted: Words, carried: Words) -> None:
    """Make each bit the xor of ``begin`` and of all those before it of its member, and of itself."""
    for shift in _SHIFTS:  # Hillis and Steele's scan, by doubling
        np.left_shift(bits, shift, shifted)
        np.bitwise_xor(bits, shifted, bits)
    # A shift of a signed number copies its highest bit: 64 copies of what a word hands on.
    ends, starts = shifted.view(np.int64), carried.view(np.int64)
    np.right_shift(bits.view(np.int64), _SIGN, ends)
    starts[0] = 0
    np.bitwise_xor.accumulate(ends[:-1], out=starts[1:])
    flips = members.spread(starts[members.first] ^ -begin)
    if flips.any():
        np.bitwise_xor(starts, flips, starts)
    np.bitwise_xor(bits, carried, bits)


def last_headings(planes: HeadingPlanes, words: Whole) -> Bytes:
    """The headings at the end of some ``words``."""
    low, high = (plane.take(words) >> _LAST for plane in planes)
    heading: Bytes = (low + high + high).astype(np.uint8)
    return heading
