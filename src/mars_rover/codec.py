"""How the rover's events are stored: the names and schemas that outlive every rename in the code."""

from __future__ import annotations

from typing import Final

from deciderkit.log.codec import Codec, EventType
from mars_rover.events import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
)

codec: Final = Codec(
    (
        EventType("MarsRoverStarted", MarsRoverStarted, schema=1),
        EventType("MarsRoverMoved", MarsRoverMoved, schema=1),
        EventType("ObstacleFound", ObstacleFound, schema=1),
        EventType("MarsRoverTurnedOff", MarsRoverTurnedOff, schema=1),
        EventType("ObstacleNotified", ObstacleNotified, schema=1),
    )
)
"""The article's events, under the article's names."""
