"""How the command line spells the rover's messages and states: as the article does, each in a few words."""

from __future__ import annotations

from typing import Final

from deciderkit.picture.spelling import Spelling
from mars_rover.notation import format_position, format_status
from mars_rover.notification import Notified, Silent
from mars_rover.picture import SPELLING
from mars_rover.rover import Blocked, Moving, NotStarted, Placed, Started, TurnedOff


def standing(state: Placed) -> str:
    """
    >>> from mars_rover.values import Direction, Point, World
    >>> standing(Moving("r1", World(4, 4), Point(1, 2), Direction.NORTH))
    'MOVING 1:2:N'
    """
    return f"{format_status(state)} {format_position(state)}"


WORDS_OF_STATES: Final[Spelling] = {
    **SPELLING,
    NotStarted: format_status,
    Started: standing,
    Moving: standing,
    Blocked: standing,
    TurnedOff: standing,
    Silent: lambda state: "SILENT",
    Notified: lambda state: "NOTIFIED",
}
