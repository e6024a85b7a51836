"""The baseline's model: the article's commands, events, mutable aggregate and repository."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import uuid4


class Command:
    pass


class Event:
    pass


@dataclass(frozen=True)
class MarsRoverId:
    value: str

    @classmethod
    def new(cls) -> MarsRoverId:
        return cls(value=str(uuid4()))


@dataclass(frozen=True)
class Point:
    x: int
    y: int


class Direction(Enum):
    NORTH = "N"
    EAST = "E"
    SOUTH = "S"
    WEST = "W"


RIGHT_OF = {
    Direction.NORTH: Direction.EAST,
    Direction.EAST: Direction.SOUTH,
    Direction.SOUTH: Direction.WEST,
    Direction.WEST: Direction.NORTH,
}
LEFT_OF = {right: left for left, right in RIGHT_OF.items()}
AHEAD = {
    Direction.NORTH: (0, 1),
    Direction.EAST: (1, 0),
    Direction.SOUTH: (0, -1),
    Direction.WEST: (-1, 0),
}


@dataclass(frozen=True)
class Obstacles:
    points: list[Point]

    def is_obstacle(self, point: Point) -> bool:
        return point in self.points


@dataclass(frozen=True)
class World:
    dimension: tuple[int, int]
    obstacles: Obstacles


class MarsRoverStatus(Enum):
    INITIALIZED = "INITIALIZED"
    STARTED = "STARTED"
    MOVING = "MOVING"
    OBSTACLE_FOUND = "OBSTACLE_FOUND"
    TURNED_OFF = "TURNED_OFF"


@dataclass(frozen=True)
class StartMarsRover(Command):
    initial_point: Point
    initial_direction: Direction
    world: World


@dataclass(frozen=True)
class TurnRight(Command):
    id: MarsRoverId


@dataclass(frozen=True)
class TurnLeft(Command):
    id: MarsRoverId


@dataclass(frozen=True)
class Move(Command):
    id: MarsRoverId


@dataclass(frozen=True)
class TurnOff(Command):
    id: MarsRoverId


@dataclass(frozen=True)
class NotifyObstacle(Command):
    message: str


@dataclass(frozen=True)
class MarsRoverStarted(Event):
    id: MarsRoverId


@dataclass(frozen=True)
class MarsRoverMoved(Event):
    id: MarsRoverId


@dataclass(frozen=True)
class ObstacleFound(Event):
    id: MarsRoverId
    coordinate: tuple[int, int]


@dataclass(frozen=True)
class MarsRoverTurnedOff(Event):
    id: MarsRoverId


@dataclass(frozen=True)
class ObstacleNotified(Event):
    pass


@dataclass
class MarsRover:
    id: MarsRoverId
    version: int
    actual_point: Point
    direction: Direction
    world: World
    status: MarsRoverStatus = MarsRoverStatus.INITIALIZED

    def start(self) -> MarsRoverStarted:
        self.status = MarsRoverStatus.STARTED
        return MarsRoverStarted(id=self.id)

    def turn_off(self) -> MarsRoverTurnedOff:
        self.status = MarsRoverStatus.TURNED_OFF
        return MarsRoverTurnedOff(id=self.id)

    def turn_right(self) -> MarsRoverMoved | None:
        return self._turn(RIGHT_OF)

    def turn_left(self) -> MarsRoverMoved | None:
        return self._turn(LEFT_OF)

    def _turn(self, next_direction: dict[Direction, Direction]) -> MarsRoverMoved | None:
        if not self._can_move():
            return None
        self.direction = next_direction[self.direction]
        self.status = MarsRoverStatus.MOVING
        return MarsRoverMoved(id=self.id)

    def move(self) -> MarsRoverMoved | ObstacleFound | None:
        if not self._can_move():
            return None
        dx, dy = AHEAD[self.direction]
        width, height = self.world.dimension
        ahead = Point(x=(self.actual_point.x + dx) % width, y=(self.actual_point.y + dy) % height)
        if self.world.obstacles.is_obstacle(ahead):
            self.status = MarsRoverStatus.OBSTACLE_FOUND
            return ObstacleFound(id=self.id, coordinate=(ahead.x, ahead.y))
        self.actual_point = ahead
        self.status = MarsRoverStatus.MOVING
        return MarsRoverMoved(id=self.id)

    def _can_move(self) -> bool:
        return self.status in (MarsRoverStatus.STARTED, MarsRoverStatus.MOVING)

    def coordinate(self) -> str:
        return f"{self.actual_point.x}:{self.actual_point.y}:{self.direction.value}"


class MarsRoverRepository:
    def __init__(self) -> None:
        self._rovers: dict[MarsRoverId, MarsRover] = {}

    def get_by_id(self, rover_id: MarsRoverId) -> MarsRover:
        return self._rovers[rover_id]

    def save(self, rover: MarsRover) -> None:
        rover.version += 1
        self._rovers[rover.id] = rover
