"""A yellow sticky: the notification of an obstacle, the article's second iteration.

It is an aggregate of its own, one for each rover: said once, it is said.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from deciderkit.decider import Decider, Refused, cannot_follow
from mars_rover.commands import NotificationCommand
from mars_rover.events import NotificationEvent, ObstacleNotified
from mars_rover.values import RoverId


class Silent(Struct, frozen=True, tag=True, gc=False):
    """Nothing was said yet."""


class Notified(Struct, frozen=True, tag=True, gc=False):
    """``message`` was delivered; nothing more can happen."""

    rover_id: RoverId
    message: str


State: TypeAlias = Silent | Notified


class Reason(Enum):
    """Why a notification refuses; the value is what a person reads."""

    ALREADY_NOTIFIED = "already notified"


Refusal: TypeAlias = Refused[NotificationCommand, Reason]
Decision: TypeAlias = tuple[NotificationEvent, ...] | tuple[Refusal]


def decide(command: NotificationCommand, state: State) -> Decision:
    """`NotifyObstacle` leads to `ObstacleNotified`, the first time.

    >>> from mars_rover.commands import NotifyObstacle
    >>> decide(NotifyObstacle("r1", "Rover r1 hit obstacle"), Silent())
    (ObstacleNotified(rover_id='r1', message='Rover r1 hit obstacle'),)
    """
    match state:
        case Silent():
            return (ObstacleNotified(command.rover_id, command.message),)
        case Notified():
            return (Refused(command, Reason.ALREADY_NOTIFIED),)
        case _:
            assert_never(state)


def evolve(state: State, event: NotificationEvent | Refusal) -> State:
    """The state after ``event``; a second `ObstacleNotified` raises `CorruptHistory`."""
    match event:
        case ObstacleNotified(rover_id, message):
            match state:
                case Silent():
                    return Notified(rover_id, message)
                case Notified():
                    cannot_follow(state, event)
                case _:
                    assert_never(state)
        case Refused():
            return state
        case _:
            assert_never(event)


def is_terminal(state: State) -> bool:
    """Whether the notification was delivered."""
    return isinstance(state, Notified)


notification: Final = Decider[NotificationCommand, NotificationEvent, State, Reason](
    Silent(), decide, evolve, is_terminal
)
"""The notification as a `Decider`."""
