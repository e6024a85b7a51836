"""How the rover's events are stored: under the article's names, which outlive every rename in the code."""

from __future__ import annotations

from typing import Final

from deciderkit.log.codec import Codec
from mars_rover.board import board

codec: Final = Codec.of(board)
"""Every event is of schema 1, and called what its class is called."""
