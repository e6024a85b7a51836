"""The green stickies: the started rovers, the path of each, and the obstacles found."""

from __future__ import annotations

from operator import attrgetter
from typing import Final, TypeAlias

from msgspec import Struct
from pyrsistent import PVector, pvector

from deciderkit.projection import Projection
from mars_rover.events import MarsRoverMoved, MarsRoverStarted, ObstacleFound
from mars_rover.values import Direction, Point, RoverId


class PathStep(Struct, frozen=True, gc=False):
    """Where a rover stood and looked."""

    point: Point
    direction: Direction

    def __str__(self) -> str:
        return f"{self.point.x}:{self.point.y}:{self.direction.value}"


class FoundObstacle(Struct, frozen=True, gc=False):
    """An obstacle, and the rover that found it."""

    rover_id: RoverId
    obstacle: Point


StartedRovers: TypeAlias = PVector[RoverId]
Path: TypeAlias = PVector[PathStep]
Obstacles: TypeAlias = PVector[FoundObstacle]


def add_started(rovers: StartedRovers, event: MarsRoverStarted) -> StartedRovers:
    """One more rover."""
    return rovers.append(event.rover_id)


def add_step(path: Path, event: MarsRoverStarted | MarsRoverMoved) -> Path:
    """One more step: the path begins where the rover was started."""
    return path.append(PathStep(event.point, event.direction))


def add_obstacle(obstacles: Obstacles, event: ObstacleFound) -> Obstacles:
    """One more obstacle."""
    return obstacles.append(FoundObstacle(event.rover_id, event.obstacle))


started_rovers: Final = Projection[StartedRovers]("started rovers", pvector(), add_started)
"""The ids of the rovers, in the order in which they were started."""

path: Final = Projection[Path]("path", pvector(), add_step, key=attrgetter("rover_id"))
"""For each rover, everywhere it stood and looked."""

obstacles_found: Final = Projection[Obstacles]("obstacles", pvector(), add_obstacle)
"""The obstacles, in the order in which they were found."""
