"""The names under which the rover's events are stored, chosen once and for good."""

from __future__ import annotations

from typing import Final

from deciderkit.codec import Codec, EventType
from mars_rover.events import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
)

codec: Final = Codec(
    [
        EventType("MarsRoverStarted", MarsRoverStarted),
        EventType("MarsRoverMoved", MarsRoverMoved),
        EventType("ObstacleFound", ObstacleFound),
        EventType("MarsRoverTurnedOff", MarsRoverTurnedOff),
        EventType("ObstacleNotified", ObstacleNotified),
    ]
)
