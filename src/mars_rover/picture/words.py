"""How the rover's messages and values are spelled in logs and on pages: as the article spells them."""

from __future__ import annotations

from typing import Final

from deciderkit.picture.spelling import Spelling
from mars_rover.commands import NotifyObstacle, StartMarsRover
from mars_rover.events import MarsRoverMoved, MarsRoverStarted, ObstacleFound, ObstacleNotified
from mars_rover.projections import FoundObstacle
from mars_rover.values import Direction, Point, World


def spelled_position(point: Point, direction: Direction) -> str:
    """
    >>> spelled_position(Point(1, 2), Direction.NORTH)
    '1:2:N'
    """
    return f"{point.x}:{point.y}:{direction._value_}"


def spelled_world(world: World) -> str:
    """
    >>> spelled_world(World.create(4, 4, [(2, 2)]).unwrap())
    '4x4, obstacle 2,2'
    >>> spelled_world(World(10, 10))
    '10x10'
    """
    grid = f"{world.width}x{world.height}"
    match len(world.obstacles):
        case 0:
            return grid
        case 1 | 2 | 3 as few:
            places = " ".join(str(obstacle) for obstacle in sorted(world.obstacles))
            return f"{grid}, obstacle{'s' if few > 1 else ''} {places}"
        case many:
            return f"{grid}, {many:,} obstacles"


def _started(message: StartMarsRover | MarsRoverStarted) -> str:
    where = spelled_position(message.point, message.direction)
    return f"{where} on {spelled_world(message.world)}"


def _moved(event: MarsRoverMoved) -> str:
    return spelled_position(event.point, event.direction)


def _found(event: ObstacleFound) -> str:
    return str(event.obstacle)


def _message(message: NotifyObstacle | ObstacleNotified) -> str:
    return message.message


SPELLING: Final[Spelling] = {
    World: spelled_world,
    StartMarsRover: _started,
    MarsRoverStarted: _started,
    MarsRoverMoved: _moved,
    ObstacleFound: _found,
    FoundObstacle: lambda found: f"{found.obstacle} by {found.rover_id}",
    NotifyObstacle: _message,
    ObstacleNotified: _message,
}
"""What the kit's logs and pages are given, to say `MarsRoverMoved 2:1:N`."""
