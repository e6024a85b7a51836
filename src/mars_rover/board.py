"""The wall: the whole storm as one value."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from deciderkit.board import Aggregate, Board
from mars_rover.notification import notification
from mars_rover.policies import notify_obstacle_found, turn_off_blocked
from mars_rover.projections import obstacles_found, path, started_rovers
from mars_rover.rover import rover

mars_rover: Final = Aggregate("Mars Rover", "rover", rover, key=attrgetter("rover_id"))
"""The first aggregate: streams ``rover-<id>``."""

obstacle_notification: Final = Aggregate(
    "Notification", "notification", notification, key=attrgetter("rover_id")
)
"""The second aggregate: streams ``notification-<id>``."""

board: Final = Board(
    aggregates=(mars_rover, obstacle_notification),
    policies=(notify_obstacle_found, turn_off_blocked),
    projections=(started_rovers, path, obstacles_found),
)
