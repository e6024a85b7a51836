"""The voice of the notification: says on stderr that a rover hit an obstacle."""

from __future__ import annotations

from returns.io import IOResult, IOSuccess

from mars_rover.events import ObstacleNotified
from mars_rover.shell.edge import log


def say(event: ObstacleNotified, key: str) -> IOResult[None, str]:
    """Print the message. ``key`` is the same for each try, for those who can tell a repeat."""
    log(event.message, "yellow")
    return IOSuccess(None)


def keep_silent(event: ObstacleNotified, key: str) -> IOResult[None, str]:
    """Deliver to nobody: for a quiet run whose log is not kept, so that nobody will believe it."""
    return IOSuccess(None)
