"""The map that a person sees after a drive: on a terminal only, below the log and above the answer."""

from __future__ import annotations

import sys
from typing import Any, Final

from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening
from deciderkit.shell.stores.port import EventStore
from mars_rover.events import MarsRoverStarted
from mars_rover.picture import STYLES, Journey, journey_of, map_of, plain
from mars_rover.shell.fleet import stream_of
from mars_rover.values import RoverId

LONGEST: Final = 5_000
"""A longer way is not drawn: nobody would see it."""
_ROWS: Final = 20


class Watched:
    """Keeps the events of a drive for its map, as long as they are few."""

    def __init__(self) -> None:
        self._events: list[Any] = []

    def __call__(self, happening: Happening) -> None:
        """Take what happened."""
        if isinstance(happening, Recorded) and len(self._events) <= LONGEST:
            self._events.append(happening.event)

    def journey(self, log: EventStore, rover_id: RoverId) -> Journey | None:
        """The whole way of the rover, of which an earlier part may stand in the log."""
        if self._events and isinstance(self._events[0], MarsRoverStarted):
            return journey_of(self._events) if len(self._events) <= LONGEST else None
        page = log.read(stream_of(rover_id), 0, LONGEST + 1).value_or(())
        return journey_of(each.event for each in page) if len(page) <= LONGEST else None


def is_shown() -> bool:
    """Whether there is a terminal for a map."""
    return sys.stderr.isatty()


def show(journey: Journey) -> None:
    """Draw the map on stderr."""
    from rich.console import Console  # noqa: PLC0415 - costs more than a short run takes
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True, highlight=False)
    letters = console.encoding.lower().replace("-", "")
    rows = map_of(journey, console.width, _ROWS, ascii_only=not letters.startswith("utf"))
    if console.no_color or not console.color_system:
        console.print(plain(rows), markup=False, no_wrap=True)
        return
    for row in rows:
        console.print(
            Text.assemble(*((span.text, STYLES[span.style]) for span in row)), no_wrap=True
        )
