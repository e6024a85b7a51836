"""The workbench: memory that one stretch after the other is worked on in.

Memory that is fresh from the system is mapped and cleared page by page when it is first touched, and
that takes longer than all the arithmetic on a stretch. So a stretch is worked on where the one before
it was. A bench is used for one batch at a time; what is on it is good until the next.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mars_rover.batch.columns import WORD, Bytes, Notes, Small, Words

PART: Final = 2**20
"""Letters whose bytes are worked on at a time: few enough to stay in the caches, and enough for threads
to meet seldom, since between two calls of numpy each holds the interpreter's lock for a moment."""

_KEPT: Final = 2**24


class Bench:
    """Room for the planes of a batch, and for the steps that are counted in its words."""

    def __init__(self) -> None:
        # Nothing is written there. The C library of Linux learns from a block that is given back up
        # to which size blocks are worth keeping, and the columns of a stretch are to be kept.
        np.empty(_KEPT, np.uint8)
        self.codes: Bytes = np.empty(PART, np.uint8)
        self._planes: NDArray[np.uint64] = np.empty((7, 0), WORD)
        self._counts: Bytes = np.empty((4, 0), np.uint8)
        self._notes: Small = np.empty(0, np.int8)

    def ready(self, words: int) -> None:
        """Make room for a new batch of so many words."""
        if words > self._planes.shape[1]:
            words += -words % 8  # So that rows begin where words do.
            self._planes = np.empty((7, words), WORD)
            self._counts = np.empty((4, words), np.uint8)

    def paces(self, words: int) -> NDArray[np.uint64]:
        """Three planes for the steps; the first and the last one hold the letters before that."""
        return self._planes[:3, :words]

    def headings(self, words: int) -> tuple[Words, Words]:
        """Two planes for the headings."""
        return self._planes[3, :words], self._planes[4, :words]

    def spare(self, words: int) -> tuple[Words, Words]:
        """Two planes to work with."""
        return self._planes[5, :words], self._planes[6, :words]

    def counts(self, words: int) -> Bytes:
        """Four rows with a byte a word."""
        return self._counts[:, :words]

    def notes(self, words: int) -> Notes:
        """Four rows with a byte a word, one after the other without a gap; no need to be `ready`."""
        if 4 * words > self._notes.size:
            self._notes = np.empty(4 * words, np.int8)
        return self._notes[: 4 * words].reshape(4, words)


class Benches:
    """Benches that are used again and again, by several threads, and as many as these need."""

    def __init__(self) -> None:
        self._idle: list[Bench] = []

    def take(self) -> Bench:
        """A bench for nobody else until it is given back."""
        try:
            return self._idle.pop()
        except IndexError:
            return Bench()

    def give(self, bench: Bench) -> None:
        """Give back a bench; what is on it is lost."""
        self._idle.append(bench)
