"""Turns and steps as bit planes: the arithmetic of headings, 64 letters at a time.

A heading is a number modulo four, so two planes hold one heading for each letter: the low bit and
the high bit. Turning is adding modulo four, and a running sum of bits modulo two is a running xor,
which takes six shifts for the 64 bits of a word. The carry from the low to the high bit is all
that makes it more than two of those.
"""

from __future__ import annotations

from typing import Final, Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mars_rover.batch.columns import WORD, Bytes, N, Words
from mars_rover.batch.letters import LetterPlanes

_SHIFTS: Final = tuple(WORD.type(1 << power) for power in range(6))
_LAST_BIT: Final = WORD.type(63)
_CLEAR, _SET = 0, 2**64 - 1
_LOW: Final = np.array([_CLEAR, _SET, _CLEAR, _SET], WORD)
_HIGH: Final = np.array([_CLEAR, _CLEAR, _SET, _SET], WORD)


class HeadingPlanes(NamedTuple):
    """The heading after each letter, by its bits: 0 north, 1 east, 2 south, 3 west."""

    low: Words
    high: Words


class StepPlanes(NamedTuple, Generic[N]):
    """The letters that step to each side of the world."""

    north: NDArray[N]
    east: NDArray[N]
    south: NDArray[N]
    west: NDArray[N]


def turned(letters: LetterPlanes) -> HeadingPlanes:
    """The headings within each word, were its rover to look north before it.

    The low bit flips at every turn. The high bit flips where a turn to the right makes the low one
    clear (1 to 2, 3 to 0) and where a turn to the left makes it set (0 to 3, 2 to 1).
    """
    turns = letters.left | letters.right
    low = _running_xor(turns)
    return HeadingPlanes(low, _running_xor(letters.right ^ (turns & low)))


def _running_xor(bits: Words) -> Words:
    """Each bit xor all those before it in the word: Hillis and Steele's scan, by doubling."""
    for shift in _SHIFTS:
        bits = bits ^ (bits << shift)
    return bits


def last_headings(headings: HeadingPlanes) -> Bytes:
    """The heading at the end of each word."""
    low, high = headings.low >> _LAST_BIT, headings.high >> _LAST_BIT
    heading: Bytes = (low + high + high).astype(np.uint8)
    return heading


def turned_further(headings: HeadingPlanes, before: Bytes) -> HeadingPlanes:
    """The headings if those before each word are ``before``, and not north."""
    low, high = _LOW.take(before), _HIGH.take(before)
    return HeadingPlanes(headings.low ^ low, headings.high ^ high ^ (headings.low & low))


def steps(move: Words, headings: HeadingPlanes) -> StepPlanes[np.uint64]:
    """The moves, by the heading that each is made under."""
    back = move & headings.high
    ahead = move ^ back
    west, east = back & headings.low, ahead & headings.low
    return StepPlanes(north=ahead ^ east, east=east, south=back ^ west, west=west)
