"""The baseline: the kata as the article has it, an object dispatcher around a mutable aggregate.

Written anew from the article's text, with its structure and its names: handlers that load, call and
save, policies that answer events with commands, projections that read the aggregate back, a queue
popped at its front, and a line printed for every command and every event. It is honest: it gives the
right answer, obstacles included, and does nothing slowly on purpose.

`QuietCommandDispatcher` is the same without the printing and with a queue made for popping at its
front, to show how much of the distance is due to these two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, MutableSequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
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


@dataclass
class StartMarsRoverCommandHandler:
    repo: MarsRoverRepository

    def handle(self, command: StartMarsRover) -> MarsRoverStarted:
        rover = MarsRover(
            id=MarsRoverId.new(),
            version=0,
            actual_point=command.initial_point,
            direction=command.initial_direction,
            world=command.world,
        )
        event = rover.start()
        self.repo.save(rover)
        return event


@dataclass
class MarsRoverCommandHandler:
    """The article has a class for each of these, equal but for the method that is called."""

    repo: MarsRoverRepository
    method: Callable[[MarsRover], Event | None]

    def handle(self, command: Any) -> Event | None:
        rover = self.repo.get_by_id(command.id)
        event = self.method(rover)
        self.repo.save(rover)
        return event


class NotifyObstacleCommandHandler:
    def handle(self, command: NotifyObstacle) -> ObstacleNotified:
        print(command.message)
        return ObstacleNotified()


class NotifyObstacleFoundPolicy:
    def apply(self, event: ObstacleFound) -> Command:
        return NotifyObstacle(message=f"Rover {event.id.value} hit obstacle")


class TurnOffPolicy:
    def apply(self, event: ObstacleFound) -> Command:
        return TurnOff(id=event.id)


@dataclass
class MarsRoverStartProjection:
    repo: MarsRoverRepository
    mars_rovers: list[str]
    paths: list[dict[str, str]]

    def project(self, event: MarsRoverStarted) -> None:
        rover = self.repo.get_by_id(event.id)
        self.mars_rovers.append(rover.id.value)
        self.paths.append({"id": rover.id.value, "actual_point": rover.coordinate()})


@dataclass
class MarsRoverPathProjection:
    repo: MarsRoverRepository
    paths: list[dict[str, str]]

    def project(self, event: MarsRoverMoved) -> None:
        rover = self.repo.get_by_id(event.id)
        self.paths.append({"id": rover.id.value, "actual_point": rover.coordinate()})


@dataclass
class MarsRoverObstaclesProjection:
    obstacles: list[dict[str, Any]]

    def project(self, event: ObstacleFound) -> None:
        self.obstacles.append({"id": event.id.value, "obstacle": event.coordinate})


class InMemoryCommandDispatcher:
    def __init__(
        self,
        command_handlers: dict[type, Any],
        projections: dict[type, list[Any]],
        policies: dict[type, list[Any]],
    ) -> None:
        self.command_handlers = command_handlers
        self.projections = projections
        self.policies = policies
        self.commands: MutableSequence[Command] = []

    def submit(self, commands: Iterable[Command]) -> None:
        for command in commands:
            self.commands.append(command)

    def run(self) -> None:
        while self.commands:
            command = self.commands.pop(0)
            print(f"[COMMAND] {command}")
            event = self.command_handlers[type(command)].handle(command)
            if event:
                print(f"[EVENT] {event} generated")
            self.react(event)

    def react(self, event: Event | None) -> None:
        for policy in self.policies.get(type(event), []):
            new_command = policy.apply(event)
            if new_command:
                self.commands.append(new_command)
        for projection in self.projections.get(type(event), []):
            projection.project(event)


class QuietCommandDispatcher(InMemoryCommandDispatcher):
    def run(self) -> None:
        queue = self.commands = deque(self.commands)
        while queue:
            command = queue.popleft()
            self.react(self.command_handlers[type(command)].handle(command))


@dataclass
class MarsRoverRunner:
    """The service that puts it together; ``run`` gives where the rover ends."""

    world: World
    point: Point
    direction: Direction
    dispatcher: type[InMemoryCommandDispatcher] = InMemoryCommandDispatcher
    repo: MarsRoverRepository = field(default_factory=MarsRoverRepository)
    mars_rovers: list[str] = field(default_factory=list)
    paths: list[dict[str, str]] = field(default_factory=list)
    obstacles: list[dict[str, Any]] = field(default_factory=list)

    def run(self, program: str) -> str:
        dispatcher = self._dispatcher()
        dispatcher.submit([StartMarsRover(self.point, self.direction, self.world)])
        dispatcher.run()
        rover_id = MarsRoverId(self.mars_rovers[0])
        by_letter: dict[str, Callable[..., Command]] = {"L": TurnLeft, "R": TurnRight, "M": Move}
        dispatcher.submit([by_letter[letter](id=rover_id) for letter in program])
        dispatcher.run()
        return self.repo.get_by_id(rover_id).coordinate()

    def _dispatcher(self) -> InMemoryCommandDispatcher:
        repo = self.repo
        return self.dispatcher(
            command_handlers={
                StartMarsRover: StartMarsRoverCommandHandler(repo),
                TurnRight: MarsRoverCommandHandler(repo, MarsRover.turn_right),
                TurnLeft: MarsRoverCommandHandler(repo, MarsRover.turn_left),
                Move: MarsRoverCommandHandler(repo, MarsRover.move),
                TurnOff: MarsRoverCommandHandler(repo, MarsRover.turn_off),
                NotifyObstacle: NotifyObstacleCommandHandler(),
            },
            projections={
                MarsRoverStarted: [MarsRoverStartProjection(repo, self.mars_rovers, self.paths)],
                MarsRoverMoved: [MarsRoverPathProjection(repo, self.paths)],
                ObstacleFound: [MarsRoverObstaclesProjection(self.obstacles)],
            },
            policies={ObstacleFound: [NotifyObstacleFoundPolicy(), TurnOffPolicy()]},
        )
