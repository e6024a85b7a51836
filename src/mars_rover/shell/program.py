"""What ``mars-rover`` runs: the board, with the voice of the notification."""

from __future__ import annotations

from typing import Final

from deciderkit.shell.program import Program
from deciderkit.shell.saved import version_of
from mars_rover.board import board
from mars_rover.codec import codec
from mars_rover.events import ObstacleNotified
from mars_rover.shell.notifier import say

program: Final = Program(
    board, codec, {ObstacleNotified: say}, version_of("mars_rover", "deciderkit")
)
"""The same for `deciderkit --board mars_rover.shell.program:program`."""
