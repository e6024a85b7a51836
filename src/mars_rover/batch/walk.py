"""How far a batch gets, word by word: counting bits.

Call a step *eastern* if it goes to the east or to the south, and *southern* if it goes to the south
or to the west. A heading's bits say so - the two differ for east and south, the high one is set for
south and west - and these two counts with that of all steps are enough for both axes:

    steps to the east less those to the west    =  eastern - southern
    steps to the north less those to the south  =  all - eastern - southern
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mars_rover.batch.bench import Bench
from mars_rover.batch.columns import WORD, Bytes, Cells
from mars_rover.batch.encoding import LetterPlanes
from mars_rover.batch.members import Members
from mars_rover.batch.planes import HeadingPlanes, headings

_EVEN_BYTES: Final = np.array(0x00FF00FF00FF00FF, WORD)
_BYTE: Final = np.array(8, WORD)
_MANY: Final = 511


Paces: TypeAlias = NDArray[Any]
"""Three rows, of bits in words or of counts: all steps, the eastern and the southern ones."""


class Walk(NamedTuple):
    """A batch whose headings are known, with its steps as planes and counted word by word."""

    headings: HeadingPlanes
    paces: Paces
    counts: Paces
    bench: Bench

    def counts_with_along(self) -> Paces:
        """The counts with a fourth row: the steps along the first axis, to the east or the west."""
        moves, eastern, southern = self.paces
        spare, _ = self.bench.spare(moves.size)
        counts = self.bench.counts(moves.size)
        np.bitwise_count(np.bitwise_xor(eastern, southern, spare), counts[3])
        return counts


def walk(letters: LetterPlanes, members: Members, before: Bytes, bench: Bench) -> Walk:
    """The walk of a batch, encoded on ``bench``, whose members look to ``before`` at first."""
    way = headings(letters, members, before, bench)
    paces, counts = bench.paces(letters.move.size), bench.counts(letters.move.size)
    moves, eastern, southern = paces
    np.bitwise_xor(way.low, way.high, eastern)
    np.bitwise_and(eastern, moves, eastern)
    np.bitwise_and(way.high, moves, southern)
    np.bitwise_count(paces, counts[:3])
    return Walk(way, paces, counts[:3], bench)


def far(counts: Paces) -> tuple[Cells, Cells]:
    """How far the steps of each count lead to the east and to the north, in integers as wide."""
    moves, eastern, southern = counts
    signed = f"i{counts.itemsize}"
    return (eastern - southern).view(signed), (moves - eastern - southern).view(signed)


def total(counts: Bytes) -> int:
    """The sum of counts of at most 64; six times as fast as numpy's own, which widens each first.

    >>> total(np.full(100_000, 64, np.uint8))
    6400000
    """
    odd = counts.size - counts.size % 8
    eights = counts[:odd].view(WORD)
    if not eights.size:
        return int(counts.sum())
    pairs = (eights & _EVEN_BYTES) + (eights >> _BYTE & _EVEN_BYTES)
    # 511 times 128 is less than 2**16, so no number runs over into the one beside it.
    some = np.add.reduceat(pairs, np.arange(0, pairs.size, _MANY))
    return int(some.view(np.uint16).sum(dtype=np.int64)) + int(counts[odd:].sum())
