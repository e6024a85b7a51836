"""Every step on the way, as columns: for plots, for analysis, and as the events of the fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import DIRECTIONS, Bytes, Whole, Words, read_only, reporting
from mars_rover.batch.engine import (
    NO_HITS,
    Members,
    Places,
    Walk,
    first_hits,
    legs,
    walk,
)
from mars_rover.batch.letters import ProgramLetters, encoded_stretches
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.terrain import Terrain, wrapped
from mars_rover.events import MarsRoverMoved, ObstacleFound
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
    terrain = Terrain.of(world)
    places, hits = placed(world, terrain, [start]), NO_HITS
    rows = [places]
    for size, letters in encoded_stretches(program):
        if hits.member.size:
            continue  # The rover is blocked, but the rest has to be a program all the same.
        members = Members.one(letters.left.size)
        way = walk(letters, members, places.heading)
        if terrain.obstacles is not None:
            hits = first_hits(legs(way.steps, members, places), members, terrain, terrain.obstacles)
        passed = int(hits.bit[0]) if hits.member.size else size
        rows.append(_every_step(way, places, terrain, passed))
        places = rows[-1].some(passed - 1, 1) if passed else places
    x, y, heading = (read_only(np.concatenate(column)) for column in zip(*rows, strict=True))
    obstacle = Point(int(hits.x[0]), int(hits.y[0])) if hits.member.size else None
    return Path(x, y, heading, obstacle)


def _every_step(way: Walk, start: Places, terrain: Terrain, passed: int) -> Places:
    """Where the one rover of a batch is after each of the first ``passed`` letters."""
    north, east, south, west = (_bits(plane, passed) for plane in way.steps)
    x = start.x + np.cumsum((east - west).view(np.int8), dtype=np.int64)
    y = start.y + np.cumsum((north - south).view(np.int8), dtype=np.int64)
    low, high = (_bits(plane, passed) for plane in way.headings)
    return Places(wrapped(x, terrain.width), wrapped(y, terrain.height), low + high + high)


def _bits(plane: Words, count: int) -> Bytes:
    return np.unpackbits(plane.view(np.uint8), count=count, bitorder="little")
