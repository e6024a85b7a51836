"""One rover, one program of any length, in constant memory, on as many cores as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any, TypeAlias

from mars_rover.batch.arrival import Arrival
from mars_rover.batch.columns import DIRECTIONS, Rejected, reporting
from mars_rover.batch.legs import Leg
from mars_rover.batch.letters import ProgramLetters, strange
from mars_rover.batch.pieces import Bundles, Kept, Parcels, Stretches, Surveyed
from mars_rover.batch.shell.crew import Crew, crew
from mars_rover.batch.shell.native import CHOICES, Choice
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.surveys import Hit, Strange
from mars_rover.batch.terrain import Terrain
from mars_rover.notation import parse_program
from mars_rover.values import Invalid, Point, World, shown

Progress: TypeAlias = Callable[[int], None]
"""Told, in the thread that asked, how many letters more are done."""


@reporting
def simulate(
    world: World,
    start: Start,
    program: ProgramLetters,
    *,
    threads: int | None = None,
    executor: Executor | None = None,
    ahead: int | None = None,
    progress: Progress | None = None,
    kernel: Choice = None,
) -> Arrival:
    """Where ``program`` takes a rover from ``start``, a point and a direction.

    The program is text, contiguous bytes (a map of a file, say, or an array of uint8), or pieces of
    either; it is read once, to its end, and one letter that is none rejects all of it.

    The work is shared by ``threads``, by default one for each core that this process may use, or is
    given to any ``executor`` of `concurrent.futures`: processes, a cluster. Then a piece may also be
    a function that gives its letters, to be called where the work is done, twice if there are
    obstacles. At most ``ahead`` pieces are under way at a time, by default 32; a large cluster is
    kept busy by twice as many as it has workers.

    The ``kernel`` is ``"numpy"``, or ``"native"`` from the extra of that name, which is several times
    as fast once it is loaded, in some tenths of a second; by default it is native where that is
    installed and long programs pay for loading it. The answer is the same in all cases.

    >>> from mars_rover.values import Direction, Point
    >>> simulate(World(4, 4), (Point(0, 0), Direction.NORTH), "RMLMM").unwrap()
    Arrival(point=Point(x=1, y=2), direction=Direction.NORTH, carried_out=5, obstacle=None)
    >>> print(simulate(World(4, 4), (Point(0, 0), Direction.NORTH), ["RM", b"LX"]).failure())
    unknown command 'X' at index 3: expected L, R or M
    """
    if kernel not in CHOICES:
        raise Rejected(Invalid(f"kernel {shown(kernel)}", "numpy, native or None"))
    terrain = Terrain.of(world)
    places = placed(world, terrain, [start])
    begin = Leg(0, int(places.heading[0]), start[0].x, start[0].y)
    with crew(threads, executor, ahead) as hands:
        return driven(terrain, begin, program, hands, progress, kernel)


def driven(
    terrain: Terrain,
    begin: Leg,
    program: ProgramLetters,
    hands: Crew,
    progress: Progress | None = None,
    kernel: Choice = None,
) -> Arrival:
    """Where the rover at the end of ``begin``, a leg of no letters, gets to."""
    way = _Way(begin, progress)
    if terrain.obstacles is None:
        free = (Bundles if hands.shares_memory else Parcels)(terrain, kernel)
        for _ in way.followed(hands.in_order(free.survey, zip(free.cut(program), strict=True))):
            pass
    else:
        work = (Stretches if hands.shares_memory else Parcels)(terrain, kernel)
        surveys = hands.in_order(work.survey, zip(work.cut(program), strict=True))
        for (_, _, at), hit in hands.in_order(work.search, way.followed(surveys)):
            way.searched(at, hit)
    if not way.end.letters:
        raise Rejected(parse_program("").failure())
    return way.arrival(terrain)


class _Way:
    """What is known of a way so far: where it ends, and the first obstacle in it."""

    def __init__(self, begin: Leg, progress: Progress | None) -> None:
        self.end = begin
        self._progress = progress
        self._met: tuple[Leg, Hit] | None = None

    def followed(
        self, surveys: Iterable[tuple[tuple[Any, ...], Surveyed | Kept | Strange]]
    ) -> Iterator[tuple[Any, Surveyed | Kept, Leg | None]]:
        """The pieces that were surveyed, each with where it begins; nowhere once the rover stands."""
        for (piece,), surveyed in surveys:
            if isinstance(surveyed, Strange):
                raise strange(surveyed.character, self.end.letters + surveyed.at)
            begin, self.end = self.end, self.end.then(surveyed.leg)
            if self._progress is not None:
                self._progress(surveyed.leg.letters)
            yield (piece, surveyed, begin) if self._met is None else (None, surveyed, None)

    def searched(self, begin: Leg | None, hit: Hit | None) -> None:
        """Take note of what a search found; the pieces are searched in their order."""
        if begin is not None and hit is not None and self._met is None:
            self._met = begin, hit

    def arrival(self, terrain: Terrain) -> Arrival:
        """Where the rover is in the end."""
        end, obstacle = self.end, None
        if self._met is not None:
            begin, (letter, x, y, heading) = self._met
            facing = DIRECTIONS[heading]
            end = Leg(begin.letters + letter + 1, heading, x - facing.dx, y - facing.dy)
            obstacle = Point(x, y)
        point = Point(end.right % terrain.width, end.up % terrain.height)
        return Arrival(point, DIRECTIONS[end.turn], end.letters, obstacle)
