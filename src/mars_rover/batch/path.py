"""Every step on the way, as columns: for plots, for analysis, and as the events of the fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mars_rover.batch.bench import Bench
from mars_rover.batch.columns import (
    DIRECTIONS,
    Bytes,
    Column,
    Rejected,
    Small,
    Whole,
    read_only,
    reporting,
)
from mars_rover.batch.encoding import encode
from mars_rover.batch.hits import NO_HITS, Hits, first_hits
from mars_rover.batch.letters import ProgramLetters, first_strange, strange, stretches
from mars_rover.batch.members import Members, Places
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.terrain import Terrain, wrapped
from mars_rover.batch.walk import Walk, far, walk
from mars_rover.events import MarsRoverMoved, ObstacleFound
from mars_rover.notation import parse_program
from mars_rover.values import Point, RoverId, World

MOVED: Final = 0
"""The kind of `MarsRoverMoved` in `EventColumns`: the cell is where the rover stands."""

FOUND: Final = 1
"""The kind of `ObstacleFound` in `EventColumns`: the cell is the obstacle's."""


class EventColumns(NamedTuple):
    """Events as columns, a row an event: its kind, its cell, and where the rover looks."""

    kind: Bytes
    x: Whole
    y: Whole
    direction: Bytes


@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """Where a rover stood and looked: the start, then a row for each command that moved or turned it.

    The columns are read-only; ``direction`` is an index into `DIRECTIONS`. ``obstacle`` is what the
    rover met in the end, if anything.
    """

    x: Whole
    y: Whole
    direction: Bytes
    obstacle: Point | None

    def __len__(self) -> int:
        return self.x.size

    def __repr__(self) -> str:
        return f"<Path of {len(self)} rows, obstacle {self.obstacle}>"

    def event_columns(self) -> EventColumns:
        """The events that the commands led to; without an obstacle, nothing is copied."""
        kind = np.full(len(self) - 1, MOVED, np.uint8)
        x, y, direction = _behind_first(self)
        if self.obstacle is not None:
            kind = np.append(kind, np.uint8(FOUND))
            x, y = np.append(x, self.obstacle.x), np.append(y, self.obstacle.y)
            direction = np.append(direction, self.direction[-1])
        return EventColumns(read_only(kind), read_only(x), read_only(y), read_only(direction))

    def events(self, rover_id: RoverId) -> Iterator[MarsRoverMoved | ObstacleFound]:
        """The very events that `decide` gives, one at a time.

        >>> from mars_rover.values import Direction
        >>> world = World(4, 4, frozenset({Point(0, 1)}))
        >>> list(simulate_path(world, (Point(0, 0), Direction.NORTH), "M").unwrap().events("r1"))
        [ObstacleFound(rover_id='r1', obstacle=Point(x=0, y=1))]
        """
        for x, y, heading in zip(*(column.tolist() for column in _behind_first(self)), strict=True):
            yield MarsRoverMoved(rover_id, Point(x, y), DIRECTIONS[heading])
        if self.obstacle is not None:
            yield ObstacleFound(rover_id, self.obstacle)


def _behind_first(path: Path) -> tuple[Whole, Whole, Bytes]:
    return path.x[1:], path.y[1:], path.direction[1:]


@reporting
def simulate_path(world: World, start: Start, program: ProgramLetters) -> Path:
    """All that `simulate` passes through: 17 bytes a command, so mind the length of the program.

    >>> from mars_rover.values import Direction
    >>> path = simulate_path(World(4, 4), (Point(0, 0), Direction.NORTH), "RMLMM").unwrap()
    >>> path.x, path.y, path.direction
    (array([0, 0, 1, 1, 1, 1]), array([0, 0, 0, 0, 1, 2]), array([0, 1, 1, 0, 0, 0], dtype=uint8))
    """
    terrain, bench = Terrain.of(world), Bench()
    places, hits = placed(world, terrain, [start]), NO_HITS
    rows, offset = _Rows(program, places), 0
    for letters in stretches(program):
        way = _walked(letters, places, bench, offset)
        offset += letters.size
        if hits.member.size:
            continue  # The rover is blocked, but the rest has to be a program all the same.
        hits = _hits(way, places, terrain)
        passed = int(hits.bit[0]) if hits.member.size else letters.size
        if passed:
            places = _every_step(way, places, terrain, rows.more(passed))
    if not offset:
        raise Rejected(parse_program("").failure())
    obstacle = Point(int(hits.x[0]), int(hits.y[0])) if hits.member.size else None
    x, y, heading = map(read_only, rows.all())
    return Path(x, y, heading, obstacle)


class _Rows:
    """The columns of a path while it grows; of one whose length can be told, all there at once."""

    def __init__(self, program: ProgramLetters, start: Places) -> None:
        expected = len(program) if isinstance(program, str | bytes) else 0
        self._columns: list[Column] = [np.empty(1 + expected, column.dtype) for column in start]
        self._count = 0
        first = self.more(1)
        first.x[:], first.y[:], first.heading[:] = start

    def more(self, count: int) -> Places:
        """The next ``count`` rows, to be filled in."""
        begin, self._count = self._count, self._count + count
        for column in self._columns:
            if column.size < self._count:
                column.resize(self._count, refcheck=False)  # Nobody keeps what `more` gave before.
        x, y, heading = (column[begin : self._count] for column in self._columns)
        return Places(x, y, heading)

    def all(self) -> list[Column]:
        """All rows that were filled in."""
        return [column[: self._count] for column in self._columns]


def _walked(letters: Bytes, places: Places, bench: Bench, offset: int) -> Walk:
    planes = encode(letters, bench)
    if planes is None:
        index, character = first_strange(letters)
        raise strange(character, offset + index)
    return walk(planes, Members.one(planes.move.size), places.heading, bench)


def _hits(way: Walk, places: Places, terrain: Terrain) -> Hits:
    if terrain.obstacles is None:
        return NO_HITS
    members = Members.one(way.paces.shape[1])
    return first_hits(way, members, places, 0, terrain)


def _every_step(way: Walk, start: Places, terrain: Terrain, rows: Places) -> Places:
    """Fill in where the one rover of a batch is after each letter, and give its last place."""
    east, north = far(_bits(way.paces, rows.x.size))
    _add_up(east, start.x, terrain.width, rows.x)
    _add_up(north, start.y, terrain.height, rows.y)
    low, high = _bits(np.array(way.headings), rows.x.size)
    np.left_shift(high, 1, high)
    np.bitwise_or(high, low, rows.heading)
    return Places(rows.x[-1:].copy(), rows.y[-1:].copy(), rows.heading[-1:].copy())


def _add_up(by: Small, start: Whole, side: int, at: Whole) -> None:
    np.cumsum(by, dtype=np.int64, out=at)
    np.add(at, start, at)
    inside = wrapped(at, side)
    if inside is not at:
        np.copyto(at, inside)


def _bits(planes: NDArray[np.uint64], count: int) -> Bytes:
    return np.unpackbits(planes.view(np.uint8), axis=1, count=count, bitorder="little")
