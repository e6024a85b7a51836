"""Who a batch is made of: how its words are shared out, and where its rovers are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mars_rover.batch.columns import Bytes, Cells, Whole


class Members(NamedTuple):
    """How the words of a batch are shared out: the first word of each, and how many it has.

    Each member owns the words from its first one to the next member's, and has at least one. A
    single rover is a batch of one member.
    """

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

    def spread(self, values: Cells) -> Cells:
        """The value of its member for each word; one for all where there is one member."""
        return values if values.size == 1 else np.repeat(values, self.words)


class Places(NamedTuple):
    """Where rovers are, one a member; headings count quarters to the right from north."""

    x: Whole
    y: Whole
    heading: Bytes

    def some(self, first: int, count: int) -> Places:
        """Those of ``count`` members from the ``first`` on."""
        these = slice(first, first + count)
        return Places(self.x[these], self.y[these], self.heading[these])
