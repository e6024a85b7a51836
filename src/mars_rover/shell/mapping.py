"""The map of a run on a terminal: as wide as it is, in its colours, in ASCII where it can no more."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.text import Text

from mars_rover.picture.journey import Journey
from mars_rover.picture.terminal import STYLES, map_of

_LEFT_FOR_OTHERS: Final = 4
"""So many lines of a terminal are left for what stands above and below the map."""


def print_map(journey: Journey, console: Console) -> None:
    """Print the map of ``journey``. Colours, ``NO_COLOR`` and the like are the console's affair."""
    ascii_only = console.options.ascii_only or console.is_dumb_terminal
    rows = max(8, console.height - _LEFT_FOR_OTHERS)
    for row in map_of(journey, console.width, rows, ascii_only=ascii_only):
        text = Text.assemble(*((span.text, STYLES[span.style]) for span in row))
        console.print(text, no_wrap=True, overflow="crop", crop=True)
