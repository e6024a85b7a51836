"""What no rule knows is an error that names it: nothing falls through a ``match`` in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mars_rover import (
    Blocked,
    Direction,
    Move,
    NotifyObstacle,
    NotStarted,
    ObstacleNotified,
    Point,
    Silent,
    Started,
    World,
    decide,
    evolve,
    format_position,
    notification,
)
from mars_rover.notation import format_status


class Stranger:
    """Something of another domain that looks much like a rover."""

    rover_id, point, direction = "r1", Point(0, 0), Direction.NORTH

    def __repr__(self) -> str:
        return "<a stranger>"


STRANGER: Any = Stranger()
PLACE = ("r1", World(4, 4), Point(0, 0), Direction.NORTH)
NOTIFY, NOTIFIED = NotifyObstacle("r1", "hit"), ObstacleNotified("r1", "hit")

CALLS: dict[str, Callable[[], object]] = {
    "the rover meets an unknown state": lambda: decide(Move("r1"), STRANGER),
    "no rover meets an unknown command": lambda: decide(STRANGER, NotStarted()),
    "a rover meets an unknown command": lambda: decide(STRANGER, Started(*PLACE)),
    "a blocked one meets it": lambda: decide(STRANGER, Blocked(*PLACE, Point(0, 1))),
    "the rover meets an unknown event": lambda: evolve(NotStarted(), STRANGER),
    "the notification meets an unknown state": lambda: notification.decide(NOTIFY, STRANGER),
    "the notification meets an unknown event": lambda: notification.evolve(Silent(), STRANGER),
    "an unknown state hears a notification": lambda: notification.evolve(STRANGER, NOTIFIED),
    "an unknown state is written down": lambda: format_position(STRANGER),
    "an unknown state has a status": lambda: format_status(STRANGER),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_stranger_is_named_and_not_let_through(call: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="<a stranger>"):
        call()
