"""The orange stickies: what happened. Each carries all that a fold needs."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from mars_rover.values import Direction, Point, RoverId, World


class MarsRoverStarted(Struct, frozen=True):
    """The rover stands on ``point`` of ``world`` and looks to ``direction``."""

    rover_id: RoverId
    world: World
    point: Point
    direction: Direction


class MarsRoverMoved(Struct, frozen=True, gc=False):
    """The rover now stands on ``point`` and looks to ``direction``: after a step or a turn.

    ``rover_id`` is that of a rover that was started, or else the event cannot follow. Nearly every
    event is one of these, and matching the id to its pattern would take three quarters of reading one.
    """

    rover_id: Annotated[str, Meta(min_length=1, max_length=128)]
    point: Point
    direction: Direction


class ObstacleFound(Struct, frozen=True, gc=False):
    """The cell ahead, ``obstacle``, is taken; the rover stayed where it was."""

    rover_id: RoverId
    obstacle: Point


class MarsRoverTurnedOff(Struct, frozen=True, gc=False):
    """The rover is off, for good."""

    rover_id: RoverId


class ObstacleNotified(Struct, frozen=True, gc=False):
    """``message`` was delivered."""

    rover_id: RoverId
    message: str


RoverEvent: TypeAlias = MarsRoverStarted | MarsRoverMoved | ObstacleFound | MarsRoverTurnedOff
NotificationEvent: TypeAlias = ObstacleNotified
Event: TypeAlias = RoverEvent | NotificationEvent
