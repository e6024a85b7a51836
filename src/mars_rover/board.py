"""The wall: the whole storm as one value."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from deciderkit.aggregate import Aggregate, ExternalSystem
from deciderkit.board import Board
from mars_rover.commands import Move, NotifyObstacle, StartMarsRover, TurnLeft, TurnOff, TurnRight
from mars_rover.events import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
)
from mars_rover.notification import notification
from mars_rover.policies import notify_obstacle_found, turn_off_blocked
from mars_rover.projections import obstacles_found, path, started_rovers
from mars_rover.rover import rover

mars_rover: Final = Aggregate(
    "Mars Rover",
    "rover",
    rover,
    key=attrgetter("rover_id"),
    leads={
        StartMarsRover: (MarsRoverStarted,),
        TurnLeft: (MarsRoverMoved,),
        TurnRight: (MarsRoverMoved,),
        Move: (MarsRoverMoved, ObstacleFound),
        TurnOff: (MarsRoverTurnedOff,),
    },
)
"""The first aggregate: streams ``rover-<id>``."""

obstacle_notification: Final = Aggregate(
    "Notification",
    "notification",
    notification,
    key=attrgetter("rover_id"),
    leads={NotifyObstacle: (ObstacleNotified,)},
)
"""The second aggregate: streams ``notification-<id>``."""

ground_control: Final = ExternalSystem("Ground Control", hears=(ObstacleNotified,))
"""Who is told, before the log says so."""

board: Final = Board(
    aggregates=(mars_rover, obstacle_notification),
    policies=(notify_obstacle_found, turn_off_blocked),
    projections=(started_rovers, path, obstacles_found),
    externals=(ground_control,),
)
