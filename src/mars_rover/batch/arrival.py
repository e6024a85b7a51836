"""What a simulated program leads to: where the rover ends, how far it got, and what stopped it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from msgspec import Struct

from mars_rover.batch.columns import DIRECTIONS, Bytes, Column, Flags, Whole, read_only
from mars_rover.batch.hits import Hits
from mars_rover.batch.members import Places
from mars_rover.rover import Blocked, Moving
from mars_rover.values import Direction, Point, RoverId, World

_KINDS: Final = (np.int64, np.int64, np.uint8, np.int64, np.bool_, np.int64, np.int64)


class Arrival(Struct, frozen=True):
    """Where a program leads to.

    ``carried_out`` counts the commands that were not refused, the one that met ``obstacle`` among
    them, as `deciderkit.decider.run` does.
    """

    point: Point
    direction: Direction
    carried_out: int
    obstacle: Point | None = None

    def state(self, rover_id: RoverId, world: World) -> Moving | Blocked:
        """The state that the fold reaches.

        >>> Arrival(Point(1, 2), Direction.NORTH, carried_out=5).state("r1", World(4, 4))
        Moving(rover_id='r1', world=World(width=4, height=4, obstacles=frozenset()), point=Point(x=1, y=2), direction=Direction.NORTH)
        """
        if self.obstacle is None:
            return Moving(rover_id, world, self.point, self.direction)
        return Blocked(rover_id, world, self.point, self.direction, self.obstacle)


@dataclass(frozen=True, eq=False, repr=False)
class Arrivals:
    """The arrivals of a fleet as read-only columns, a row a rover; a row as an `Arrival` by index.

    ``direction`` is an index into `DIRECTIONS`. ``obstacle_x`` and ``obstacle_y`` are -1
    where ``blocked`` is not set.
    """

    x: Whole
    y: Whole
    direction: Bytes
    carried_out: Whole
    blocked: Flags
    obstacle_x: Whole
    obstacle_y: Whole

    def __post_init__(self) -> None:
        for column in self.columns():
            read_only(column)

    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of their names."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def __len__(self) -> int:
        return self.x.size

    def __iter__(self) -> Iterator[Arrival]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, rover: int) -> Arrival:
        return Arrival(
            point=Point(int(self.x[rover]), int(self.y[rover])),
            direction=DIRECTIONS[self.direction[rover]],
            carried_out=int(self.carried_out[rover]),
            obstacle=Point(int(self.obstacle_x[rover]), int(self.obstacle_y[rover]))
            if self.blocked[rover]
            else None,
        )

    def __repr__(self) -> str:
        return f"<Arrivals of {len(self)} rovers, {np.count_nonzero(self.blocked)} blocked>"


def arrived(places: Places, hits: Hits, carried_out: Whole) -> Arrivals:
    """The arrivals of rovers that end at ``places``, some of them in front of an obstacle."""
    blocked = np.zeros(places.x.size, np.bool_)
    obstacle_x, obstacle_y = np.full_like(places.x, -1), np.full_like(places.y, -1)
    blocked[hits.member] = True
    obstacle_x[hits.member], obstacle_y[hits.member] = hits.x, hits.y
    return Arrivals(*places, carried_out, blocked, obstacle_x, obstacle_y)


def alone(arrival: Arrival) -> Arrivals:
    """A fleet of one rover."""
    point, obstacle = arrival.point, arrival.obstacle
    met = (False, -1, -1) if obstacle is None else (True, obstacle.x, obstacle.y)
    quarters = arrival.direction.quarters
    row = (point.x, point.y, quarters, arrival.carried_out, *met)
    return Arrivals(*(np.array([cell], kind) for cell, kind in zip(row, _KINDS, strict=True)))


def joined(parts: Iterable[Arrivals]) -> Arrivals:
    """Parts of a fleet, in order, as one; of no parts, a fleet of no rovers."""
    nobody: list[Column] = [np.zeros(0, kind) for kind in _KINDS]
    columns = zip(nobody, *(part.columns() for part in parts), strict=True)
    whole: list[Column] = [np.concatenate(pieces) for pieces in columns]
    return Arrivals(*whole)
