"""The work on one piece of a program, wherever it is done: to survey it, and to search it.

To *survey* a piece is to find out what it does, its `Leg`, and whether it is a piece of a program at
all; that asks nothing of what comes before. To *search* it is to look for obstacles, which needs to
know where the piece begins. So all pieces can be surveyed at once, the legs of those before it say
where each begins, and then all can be searched at once.

Where hands share memory, a search goes on with what the survey made. Hands that do not are sent the
piece twice, which is less than that, or are sent what they can read it from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from mars_rover.batch.bench import Bench, Benches
from mars_rover.batch.columns import Bytes, Rejected
from mars_rover.batch.legs import NOWHERE, Leg
from mars_rover.batch.letters import Parcel, bundles, parcels, stretches
from mars_rover.batch.shell.native import Choice, chosen
from mars_rover.batch.surveys import Hit, Strange, Way, surveyed
from mars_rover.batch.terrain import Terrain
from mars_rover.values import Invalid, World


class Surveyed(NamedTuple):
    """A piece, and what it does."""

    leg: Leg


class Kept(NamedTuple):
    """A stretch that is to be searched: what it does, and the bench that its way stands on."""

    leg: Leg
    way: Way
    bench: Bench


class Bundles:
    """Work by hands that share memory where there is nothing to be searched for: on a few stretches."""

    def __init__(self, terrain: Terrain, kernel: Choice) -> None:
        self._free = terrain
        self._kernel = kernel
        self._benches = Benches()
        self.cut = bundles

    def survey(self, bundle: Bytes) -> Surveyed | Strange:
        """What the bundle does."""
        bench = self._benches.take()
        summed = _summed(stretches(bundle), self._free, bench, self._kernel)
        self._benches.give(bench)
        return summed


class Stretches:
    """Work on stretches by hands that share memory: their benches are used again and again."""

    def __init__(self, terrain: Terrain, kernel: Choice) -> None:
        self._terrain = terrain
        self._kernel = kernel
        self._benches = Benches()
        self.cut = stretches

    def survey(self, letters: Bytes) -> Kept | Strange:
        """What the stretch does, and its way, in which obstacles are to be looked for."""
        bench = self._benches.take()
        way = surveyed(letters, self._terrain, bench, chosen(self._kernel, letters.size))
        if not isinstance(way, Strange):
            return Kept(way.leg, way, bench)
        self._benches.give(bench)
        return way

    def search(self, _: Bytes | None, kept: Kept, begin: Leg | None) -> Hit | None:
        """The first obstacle in the way of a stretch that begins at the end of ``begin``."""
        hit = None if begin is None else kept.way.hit(begin, self._terrain)
        self._benches.give(kept.bench)
        return hit


class Parcels:
    """Work on pieces that are sent to where it is done, in another process or on another machine."""

    def __init__(self, terrain: Terrain, kernel: Choice) -> None:
        self.cut = parcels
        self.survey = partial(survey, kernel)
        self.search = partial(search, kernel, terrain.world)


def survey(kernel: Choice, parcel: Parcel) -> Surveyed | Strange:
    """What a piece of any length does; done by whoever it is sent to."""
    free = Terrain.of(World(1, 1))  # A survey asks for nothing of the world but for its obstacles.
    try:
        return _summed(stretches(parcel), free, Bench(), kernel)
    except Rejected as rejected:
        index = rejected.invalid.index
        if index is None or not isinstance(parcel, str):
            raise
        return Strange(index, parcel[index])


def _summed(
    given: Iterable[Bytes], free: Terrain, bench: Bench, kernel: Choice
) -> Surveyed | Strange:
    """What some stretches do, one after the other."""
    leg = NOWHERE
    for letters in given:
        way = surveyed(letters, free, bench, chosen(kernel, letters.size))
        if isinstance(way, Strange):
            return Strange(leg.letters + way.at, way.character)
        leg = leg.then(way.leg)
    return Surveyed(leg)


def search(
    kernel: Choice, world: World, parcel: Parcel | None, _: Surveyed, begin: Leg | None
) -> Hit | None:
    """The first obstacle in the way of a piece, surveyed before; done by whoever it is sent to."""
    if parcel is None or begin is None:
        return None
    terrain, bench, leg = Terrain.of(world), Bench(), begin
    for letters in stretches(parcel):
        way = surveyed(letters, terrain, bench, chosen(kernel, letters.size))
        if isinstance(way, Strange):
            raise Rejected(
                Invalid(
                    "the letters of a piece have changed since they were surveyed",
                    "the same letters each time that a piece is opened",
                )
            )
        if (hit := way.hit(leg, terrain)) is not None:
            return hit._replace(letter=hit.letter + leg.letters - begin.letters)
        leg = leg.then(way.leg)
    return None
