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
from typing import Any

from benchmarks.article_model import (
    Command,
    Direction,
    Event,
    MarsRover,
    MarsRoverId,
    MarsRoverMoved,
    MarsRoverRepository,
    MarsRoverStarted,
    Move,
    NotifyObstacle,
    ObstacleFound,
    ObstacleNotified,
    Point,
    StartMarsRover,
    TurnLeft,
    TurnOff,
    TurnRight,
    World,
)


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


BY_LETTER: dict[str, Callable[..., Command]] = {"L": TurnLeft, "R": TurnRight, "M": Move}


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
        dispatcher, rover_id = self._started()
        dispatcher.submit([BY_LETTER[letter](id=rover_id) for letter in program])
        dispatcher.run()
        return self.repo.get_by_id(rover_id).coordinate()

    def run_one_by_one(self, program: str) -> str:
        """The same, with a ``submit`` and a ``run`` for each command."""
        dispatcher, rover_id = self._started()
        for letter in program:
            dispatcher.submit([BY_LETTER[letter](id=rover_id)])
            dispatcher.run()
        return self.repo.get_by_id(rover_id).coordinate()

    def _started(self) -> tuple[InMemoryCommandDispatcher, MarsRoverId]:
        dispatcher = self._dispatcher()
        dispatcher.submit([StartMarsRover(self.point, self.direction, self.world)])
        dispatcher.run()
        return dispatcher, MarsRoverId(self.mars_rovers[0])

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
