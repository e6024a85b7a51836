"""``mars-rover notifier --from``: hears by the queue that a rover hit an obstacle, and says so, once for each.

The article's external system in a process, and on a machine, of its own: it has no store.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from deciderkit.plain import shown
from deciderkit.shell.cli.edge import bad_input, flush, told
from deciderkit.shell.cli.staying import Patience, opened_broker, until_stopped
from deciderkit.shell.queues.listener import Book, Listener, Remembered, Written
from mars_rover.codec import codec
from mars_rover.events import ObstacleFound
from mars_rover.policies import notify_obstacle

WAIT: Final = 1.0


def hear(broker: str, book: Path | None, again_after: float) -> None:
    """Say that a rover hit an obstacle, for each `ObstacleFound` of the queue at ``broker``, until stopped."""
    said = _book(book)
    with opened_broker(broker) as door, until_stopped() as going:
        listener = Listener(
            door,
            codec,
            ObstacleFound,
            lambda event: shown(notify_obstacle(event).message),
            said,
            "notifier",
            again_after=again_after,
            unreadable=lambda why: click.echo(f"not said: {shown(why, 400)}", err=True),
        )
        patience = Patience()
        while going():
            patience.with_(listener.step(WAIT))


def _say(message: str) -> None:
    told(message)
    flush()


def _book(path: Path | None) -> Book:
    if path is None:
        return Remembered(_say)
    try:
        return Written(path, _say)
    except (OSError, ValueError) as error:
        bad_input(f"--book: {error}")
