"""The blue stickies: what somebody, or a policy, wants to happen."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from mars_rover.values import Direction, Point, RoverId, World


class StartMarsRover(Struct, frozen=True):
    """Put the rover ``rover_id`` on ``point`` of ``world``, looking to ``direction``."""

    rover_id: RoverId
    world: World = World(10, 10)
    point: Point = Point(0, 0)
    direction: Direction = Direction.NORTH


class TurnLeft(Struct, frozen=True, gc=False):
    """Turn a quarter to the left, on the spot."""

    rover_id: RoverId


class TurnRight(Struct, frozen=True, gc=False):
    """Turn a quarter to the right, on the spot."""

    rover_id: RoverId


class Move(Struct, frozen=True, gc=False):
    """Go one cell ahead."""

    rover_id: RoverId


class TurnOff(Struct, frozen=True, gc=False):
    """Shut the rover down, for good."""

    rover_id: RoverId


class NotifyObstacle(Struct, frozen=True, gc=False):
    """Tell whoever listens, in words, that a rover hit an obstacle."""

    rover_id: RoverId
    message: str


RoverCommand: TypeAlias = StartMarsRover | TurnLeft | TurnRight | Move | TurnOff
NotificationCommand: TypeAlias = NotifyObstacle
Command: TypeAlias = RoverCommand | NotificationCommand
