"""One rover, one program of any length, in constant memory."""

from __future__ import annotations

import numpy as np

from mars_rover.batch.arrival import Arrival, Arrivals, arrived
from mars_rover.batch.columns import reporting
from mars_rover.batch.engine import NO_HITS, Members, Places, drive
from mars_rover.batch.letters import ProgramLetters, encoded_stretches
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.terrain import Terrain
from mars_rover.values import World


@reporting
def simulate(world: World, start: Start, program: ProgramLetters) -> Arrival:
    """Where ``program`` takes a rover from ``start``, a point and a direction.

    The program is text, contiguous bytes (a map of a file, say, or an array of uint8), or pieces of
    either; it is read once, to its end, and one letter that is none rejects all of it.

    >>> from mars_rover.values import Direction, Point
    >>> simulate(World(4, 4), (Point(0, 0), Direction.NORTH), "RMLMM").unwrap()
    Arrival(point=Point(x=1, y=2), direction=Direction.NORTH, carried_out=5, obstacle=None)
    >>> print(simulate(World(4, 4), (Point(0, 0), Direction.NORTH), ["RM", b"LX"]).failure())
    unknown command 'X' at index 3: expected L, R or M
    """
    terrain = Terrain.of(world)
    return driven(terrain, placed(world, terrain, [start]), program)[0]


def driven(terrain: Terrain, places: Places, program: ProgramLetters) -> Arrivals:
    """Where the one rover at ``places`` gets to, stretch by stretch."""
    hits, carried_out = NO_HITS, 0
    for size, letters in encoded_stretches(program):
        if hits.member.size:
            continue  # The rover is blocked, but the rest has to be a program all the same.
        places, hits = drive(letters, Members.one(letters.left.size), places, terrain)
        carried_out += int(hits.bit[0]) + 1 if hits.member.size else size
    return arrived(places, hits, np.array([carried_out]))
