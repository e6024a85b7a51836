"""The lilac stickies: what happens by itself when a rover finds an obstacle."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from deciderkit.policy import Policy
from mars_rover.commands import NotifyObstacle, TurnOff
from mars_rover.events import MarsRoverTurnedOff, ObstacleFound, ObstacleNotified


def notify_obstacle(event: ObstacleFound) -> NotifyObstacle:
    """
    >>> from mars_rover.values import Point
    >>> notify_obstacle(ObstacleFound("r1", Point(2, 2)))
    NotifyObstacle(rover_id='r1', message='Rover r1 hit obstacle')
    """
    return NotifyObstacle(event.rover_id, f"Rover {event.rover_id} hit obstacle")


def turn_off(event: ObstacleFound) -> TurnOff:
    """
    >>> from mars_rover.values import Point
    >>> turn_off(ObstacleFound("r1", Point(2, 2)))
    TurnOff(rover_id='r1')
    """
    return TurnOff(event.rover_id)


notify_obstacle_found: Final = Policy(
    "notify obstacle found",
    whenever=ObstacleFound,
    then=notify_obstacle,
    until=ObstacleNotified,
    key=attrgetter("rover_id"),
)

turn_off_blocked: Final = Policy(
    "turn off",
    whenever=ObstacleFound,
    then=turn_off,
    until=MarsRoverTurnedOff,
    key=attrgetter("rover_id"),
)
