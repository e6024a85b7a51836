"""What is known of a stretch by itself, and the two ways to find it out, which know the same.

The reference does so with numpy, in bit planes. The other way is a `Kernel`, the loops of `kernel`,
mostly compiled. Both give the `Leg` of a stretch, and the first obstacle that it meets if it begins at
the end of another leg.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import numpy as np

from mars_rover.batch.bench import Bench
from mars_rover.batch.columns import LETTERS_PER_WORD, WORD, Bytes, Notes, Whole, Words, read_only
from mars_rover.batch.encoding import encode, words_for
from mars_rover.batch.hits import first_hits
from mars_rover.batch.kernel import Ground
from mars_rover.batch.legs import Leg
from mars_rover.batch.letters import first_strange
from mars_rover.batch.members import Members, Places
from mars_rover.batch.planes import last_headings
from mars_rover.batch.terrain import Terrain
from mars_rover.batch.walk import Walk, total, walk

_NORTH: Final = np.zeros(1, np.uint8)
_LAST: Final = np.array([-1])


class Strange(NamedTuple):
    """A letter that is none: where in the piece it stands, the first one, and what it is."""

    at: int
    character: str


class Hit(NamedTuple):
    """An obstacle in the way: the letter of the piece that meets it, its cell, the heading."""

    letter: int
    x: int
    y: int
    heading: int


class Way(Protocol):
    """A stretch that was surveyed; it may stand on a bench."""

    @property
    def leg(self) -> Leg:
        """What the stretch does."""

    def hit(self, begin: Leg, terrain: Terrain) -> Hit | None:
        """The first obstacle in the way, if the stretch begins at the end of ``begin``."""


class Kernel(NamedTuple):
    """`kernel.survey` and `kernel.search`, as they stand or compiled."""

    survey: Callable[[Words, Notes], tuple[int, int, int, int]]
    search: Callable[[Words, Notes, int, Whole, Ground], tuple[Whole, int]]


def surveyed(
    letters: Bytes, terrain: Terrain, bench: Bench, kernel: Kernel | None
) -> Way | Strange:
    """The way of a stretch by the ``kernel``, or else by the reference; good until the bench is used again."""
    way = _in_planes(letters, bench) if kernel is None else _noted(letters, terrain, bench, kernel)
    return Strange(*first_strange(letters)) if way is None else way


class InPlanes(NamedTuple):
    """A way as the reference knows it."""

    leg: Leg
    walk: Walk

    def hit(self, begin: Leg, terrain: Terrain) -> Hit | None:
        """The first obstacle in the way, if the stretch begins at the end of ``begin``."""
        members = Members.one(self.walk.paces.shape[1])
        start = Places(
            np.array([begin.right % terrain.width]), np.array([begin.up % terrain.height]), _NORTH
        )
        hits = first_hits(self.walk, members, start, begin.turn, terrain)
        if not hits.member.size:
            return None
        _, bit, x, y, heading = (int(column[0]) for column in hits)
        return Hit(bit, x, y, heading)


def _in_planes(letters: Bytes, bench: Bench) -> InPlanes | None:
    planes = encode(letters, bench, words=2 * words_for((letters.size + 1) // 2))
    if planes is None:
        return None
    way = walk(planes, Members.one(planes.move.size), _NORTH, bench)
    moves, eastern, southern = map(total, way.counts)
    # The last word is filled up with turns to the left; these are undone.
    turn = int(last_headings(way.headings, _LAST)[0]) - letters.size
    leg = Leg(letters.size, turn % 4, eastern - southern, moves - eastern - southern)
    return InPlanes(leg, way)


class Noted(NamedTuple):
    """A way as a kernel knows it."""

    leg: Leg
    octets: Words
    notes: Notes
    kernel: Kernel

    def hit(self, begin: Leg, terrain: Terrain) -> Hit | None:
        """The first obstacle in the way, if the stretch begins at the end of ``begin``."""
        assert terrain.obstacles is not None
        place = np.array([begin.right % terrain.width, begin.up % terrain.height, begin.turn])
        ground, word = terrain.obstacles.ground(), 0
        while word < self.notes.shape[1]:
            steps, word = self.kernel.search(self.octets, self.notes, word, place, ground)
            met = terrain.obstacles.at(steps[1], steps[2])
            if met.size:
                return Hit(*steps[:, met[0]].tolist())
        return None


def _noted(letters: Bytes, terrain: Terrain, bench: Bench, kernel: Kernel) -> Noted | None:
    octets = _octets(letters)
    notes = bench.notes(0 if terrain.obstacles is None else words_for(letters.size))
    heading, moves, eastern, southern = kernel.survey(octets, notes)
    if heading < 0:
        return None
    # The last word is filled up with turns to the left; these are undone.
    turn = heading + -letters.size % LETTERS_PER_WORD
    leg = Leg(letters.size, turn % 4, eastern - southern, moves - eastern - southern)
    return Noted(leg, octets, notes, kernel)


def _octets(letters: Bytes) -> Words:
    """The letters, eight at a time and up to the end of a word; copied where they do not lie so."""
    if letters.size % LETTERS_PER_WORD == 0 and letters.view(WORD).flags.aligned:
        return read_only(letters.view(WORD))
    filled = np.full(words_for(letters.size) * LETTERS_PER_WORD, ord("L"), np.uint8)
    filled[: letters.size] = letters
    return read_only(filled.view(WORD))
