"""The colours of the sticky notes, the same wherever one is drawn: terminal, SVG, page.

The ink on every one of them is dark, and its outline too, so that a note is readable on a dark ground
as well as on a light one. A note is never told by its colour alone: its kind is written on it.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "command", "event", "aggregate", "policy", "view", "external", "refusal", "actor"
]

COLOURS: Final[dict[Kind, str]] = {
    "command": "#a6ccf5",
    "event": "#ff9d48",
    "aggregate": "#f5d128",
    "policy": "#be88c7",
    "view": "#93d275",
    "external": "#ea94bb",
    "refusal": "#f16c7f",
    "actor": "#fff9b1",
}
INK: Final = "#1a1a1a"
"""Text and outline of every sticky note."""


def style(kind: Kind) -> str:
    """The style in which ``rich`` writes on a sticky note of ``kind``.

    >>> style("event")
    '#1a1a1a on #ff9d48'
    """
    return f"{INK} on {COLOURS[kind]}"
