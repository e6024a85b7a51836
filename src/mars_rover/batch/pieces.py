"""The work on one piece of a program, wherever it is done: to survey it, and to search it.

To *survey* a piece is to find out what it does, its `Leg`, and whether it is a piece of a program at
all; that asks nothing of what comes before. To *search* it is to look for obstacles, which needs to
know where the piece begins. So all pieces can be surveyed at once, the legs of those before it say
where each begins, and then all can be searched at once.

Where hands share memory, a search goes on with the planes that the survey made. Hands that do not
are sent the piece twice, which is less than its planes, or are sent what they can read it from.
"""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.bench import Bench, Benches
from mars_rover.batch.columns import Bytes, Rejected
from mars_rover.batch.encoding import encode, words_for
from mars_rover.batch.hits import first_hits
from mars_rover.batch.legs import NOWHERE, Leg
from mars_rover.batch.letters import Parcel, first_strange, parcels, stretches
from mars_rover.batch.members import Members, Places
from mars_rover.batch.planes import last_headings
from mars_rover.batch.terrain import Terrain
from mars_rover.batch.walk import Walk, total, walk
from mars_rover.values import Invalid, World

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


class Surveyed(NamedTuple):
    """A piece, and what it does."""

    leg: Leg


class Kept(NamedTuple):
    """A stretch that is to be searched: what it does, and the bench with its planes."""

    leg: Leg
    way: Walk
    bench: Bench


class Stretches:
    """Work on stretches by hands that share memory: their benches are used again and again."""

    def __init__(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._benches = Benches()
        self.cut = stretches

    def survey(self, letters: Bytes) -> Surveyed | Kept | Strange:
        """What the stretch does, and its planes if there are obstacles to be looked for."""
        bench = self._benches.take()
        way = _walk(letters, bench)
        if isinstance(way, Walk):
            leg = _leg(letters.size, way)
            if self._terrain.obstacles is not None:
                return Kept(leg, way, bench)
        self._benches.give(bench)
        return way if isinstance(way, Strange) else Surveyed(leg)

    def search(self, _: Bytes | None, kept: Kept, begin: Leg | None) -> Hit | None:
        """The first obstacle in the way of a stretch that begins at the end of ``begin``."""
        hit = None if begin is None else _hit(kept.way, begin, self._terrain)
        self._benches.give(kept.bench)
        return hit


class Parcels:
    """Work on pieces that are sent to where it is done, in another process or on another machine."""

    def __init__(self, terrain: Terrain) -> None:
        self.cut = parcels
        self.survey = survey
        self.search = partial(search, terrain.world)


def _walk(letters: Bytes, bench: Bench) -> Walk | Strange:
    planes = encode(letters, bench, words=2 * words_for((letters.size + 1) // 2))
    if planes is None:
        return Strange(*first_strange(letters))
    return walk(planes, Members.one(planes.move.size), _NORTH, bench)


def _leg(letters: int, way: Walk) -> Leg:
    moves, eastern, southern = map(total, way.counts)
    # The last word is filled up with turns to the left; these are undone.
    turn = int(last_headings(way.headings, _LAST)[0]) - letters
    return Leg(letters, turn % 4, eastern - southern, moves - eastern - southern)


def _hit(way: Walk, begin: Leg, terrain: Terrain) -> Hit | None:
    members = Members.one(way.paces.shape[1])
    start = Places(
        np.array([begin.right % terrain.width]), np.array([begin.up % terrain.height]), _NORTH
    )
    hits = first_hits(way, members, start, begin.turn, terrain)
    if not hits.member.size:
        return None
    _, bit, x, y, heading = (int(column[0]) for column in hits)
    return Hit(bit, x, y, heading)


def survey(parcel: Parcel) -> Surveyed | Strange:
    """What a piece of any length does; done by whoever it is sent to."""
    leg, bench = NOWHERE, Bench()
    try:
        for letters in stretches(parcel):
            way = _walk(letters, bench)
            if isinstance(way, Strange):
                return Strange(leg.letters + way.at, way.character)
            leg = leg.then(_leg(letters.size, way))
    except Rejected as rejected:
        index = rejected.invalid.index
        if index is None or not isinstance(parcel, str):
            raise
        return Strange(index, parcel[index])
    return Surveyed(leg)


def search(world: World, parcel: Parcel | None, _: Surveyed, begin: Leg | None) -> Hit | None:
    """The first obstacle in the way of a piece, surveyed before; done by whoever it is sent to."""
    if parcel is None or begin is None:
        return None
    terrain, bench, leg = Terrain.of(world), Bench(), begin
    for letters in stretches(parcel):
        way = _walk(letters, bench)
        if isinstance(way, Strange):
            raise Rejected(
                Invalid(
                    "the letters of a piece have changed since they were surveyed",
                    "the same letters each time that a piece is opened",
                )
            )
        if (hit := _hit(way, leg, terrain)) is not None:
            return hit._replace(letter=hit.letter + leg.letters - begin.letters)
        leg = leg.then(_leg(letters.size, way))
    return None
