"""The peer of one command a call: an aggregate of ``eventsourcing``, in memory, with its cache on.

It is written as its tutorial writes one: an aggregate whose methods trigger events, loaded from the
application's repository, called and saved.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.programs import Short

HEADINGS = "NESW"
AHEAD = ((0, 1), (1, 0), (0, -1), (-1, 0))


class Rover(Aggregate):
    """A rover on a world without obstacles."""

    @event("Started")
    def __init__(self, side: int, x: int, y: int, heading: int) -> None:
        self.side = side
        self.x = x
        self.y = y
        self.heading = heading

    @event("Moved")
    def moved(self, x: int, y: int, heading: int) -> None:
        self.x = x
        self.y = y
        self.heading = heading

    def turn(self, by: int) -> None:
        self.moved(self.x, self.y, (self.heading + by) % 4)

    def move(self) -> None:
        dx, dy = AHEAD[self.heading]
        self.moved((self.x + dx) % self.side, (self.y + dy) % self.side, self.heading)


class Rovers(Application[UUID]):
    """Start a rover, and carry out one letter after the other."""

    env = {"AGGREGATE_CACHE_MAXSIZE": "100", "AGGREGATE_CACHE_FASTFORWARD": "n"}  # noqa: RUF012

    def start(self, side: int, x: int, y: int, heading: int) -> UUID:
        rover = Rover(side, x, y, heading)
        self.save(rover)
        return rover.id

    def command(self, rover_id: UUID, letter: str) -> None:
        rover: Rover = self.repository.get(rover_id)
        if letter == "M":
            rover.move()
        else:
            rover.turn(1 if letter == "R" else -1)
        self.save(rover)

    def position(self, rover_id: UUID) -> str:
        rover: Any = self.repository.get(rover_id)
        return f"{rover.x}:{rover.y}:{HEADINGS[rover.heading]}"


def drive(case: Short) -> str:
    """Drive the program, a command a call; the final position."""
    rovers = Rovers()
    point, direction = case.start
    rover_id = rovers.start(case.side, point.x, point.y, HEADINGS.index(direction.value))
    for letter in case.program:
        rovers.command(rover_id, letter)
    return rovers.position(rover_id)
