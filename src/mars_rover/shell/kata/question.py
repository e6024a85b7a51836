"""What a kata is asked, and what comes of it: plain values that both sides of the check speak of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import Struct

from mars_rover.notation import Program
from mars_rover.values import Direction, Point, World


class Question(Struct, frozen=True):
    """What a kata is asked: a program in a world, and where the rover stands and looks."""

    program: Program
    world: World
    point: Point
    direction: Direction

    @property
    def start(self) -> str:
        """The start as text."""
        return f"{self.point.x}:{self.point.y}:{self.direction.value}"

    def arguments(self, takes: Collection[str]) -> dict[str, Any]:
        """What a kata that takes ``takes`` is called with besides the program."""
        obstacles = [(cell.x, cell.y) for cell in sorted(self.world.obstacles)]
        offered = {
            "grid": (self.world.width, self.world.height),
            "obstacles": obstacles,
            "start": self.start,
        }
        return {name: value for name, value in offered.items() if name in takes}


class Came(Struct, frozen=True):
    """What came: ``ended`` is text, other, raised, hung or died; ``printed`` is what it printed."""

    ended: str
    text: str
    printed: str = ""
