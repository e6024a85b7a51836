"""The map that a person sees after a drive: on a terminal only, below the log and above the answer."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening
from mars_rover.board import mars_rover
from mars_rover.events import MarsRoverStarted
from mars_rover.picture import STYLES, Journey, journey_of, map_of, plain

LONGEST: Final = 5_000
"""A longer way is not drawn: nobody would see it."""
_ROVERS: Final = f"{mars_rover.category}-"
_ROWS: Final = 20
"""A map has at least so many lines, and what `_BESIDE` leaves of a terminal that is higher."""
_BESIDE: Final = 5


class Watched:
    """Keeps the events of one rover for its picture, as long as there are at most ``longest``.

    It is the rover of ``stream``, or the first that anything is told of.
    """

    def __init__(self, longest: int = LONGEST, stream: str | None = None) -> None:
        self._longest = longest
        self._stream = stream
        self._events: list[Any] = []
        self.is_too_long = False

    def __call__(self, happening: Happening) -> None:
        """Take what happened."""
        if isinstance(happening, Recorded):
            if self._stream is None and happening.stream.startswith(_ROVERS):
                self._stream = happening.stream
            if happening.stream == self._stream and not self.is_too_long:
                self._keep(happening.event)

    def journey(self, log: EventStore | None = None) -> Journey | None:
        """The whole way of the rover, of which an earlier part may stand in ``log``.

        None if there is no way, or too long a one.
        """
        is_whole = bool(self._events) and isinstance(self._events[0], MarsRoverStarted)
        if log is not None and self._stream is not None and not is_whole:
            self._events = []
            for recorded in log.read(self._stream, 0, self._longest + 1).value_or(()):
                self._keep(recorded.event)
        return None if self.is_too_long else journey_of(self._events)

    def _keep(self, event: Any) -> None:
        self._events.append(event)
        self.is_too_long = len(self._events) > self._longest


def is_shown() -> bool:
    """Whether there is a terminal for a map."""
    return sys.stderr.isatty()


def show(journey: Journey) -> None:
    """Draw the map on stderr."""
    from rich.console import Console  # noqa: PLC0415 - costs more than a short run takes
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True, highlight=False)
    letters = console.encoding.lower().replace("-", "")
    ascii_only = not letters.startswith("utf") or os.environ.get("TERM") == "dumb"
    high = max(_ROWS, console.height - _BESIDE)
    rows = map_of(journey, console.width, high, ascii_only=ascii_only)
    if console.no_color or not console.color_system:
        console.print(plain(rows), markup=False, no_wrap=True)
        return
    for row in rows:
        console.print(
            Text.assemble(*((span.text, STYLES[span.style]) for span in row)), no_wrap=True
        )
