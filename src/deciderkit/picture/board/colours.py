"""The colours of the stickies, as they are everywhere: on paper, on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STICKIES: Final[Mapping[str, str]] = {
    "actor": "#fff9b1",
    "command": "#a6ccf5",
    "aggregate": "#f5d128",
    "event": "#ff9d48",
    "policy": "#be88c7",
    "view": "#93d275",
    "system": "#ea94bb",
    "refusal": "#f16c7f",
}
"""The colour of each kind of note."""

INK: Final = "#1a1a1a"
"""Text and outlines."""

PAPER: Final = "#ffffff"
"""What the notes hang on."""
