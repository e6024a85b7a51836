"""The voice of the notification: says on stderr that a rover hit an obstacle."""

from __future__ import annotations

import click

from deciderkit.plain import shown
from mars_rover.events import ObstacleNotified


def say(event: ObstacleNotified, key: str) -> None:
    """Print the message. ``key`` is the same for each try, for those who can tell a repeat."""
    click.echo(shown(event.message), err=True)


def keep_silent(event: ObstacleNotified, key: str) -> None:
    """Deliver to nobody: for a quiet run whose log is not kept, so that nobody will believe it."""
