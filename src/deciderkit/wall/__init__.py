"""The wall as data and as text: read from a board, printed, and parsed again."""

from deciderkit.wall.comparing import differs
from deciderkit.wall.notes import (
    AggregateNote,
    CommandNote,
    EventNote,
    Field,
    PolicyNote,
    SystemNote,
    ViewNote,
    Wall,
)
from deciderkit.wall.parsing import parse_wall
from deciderkit.wall.printing import print_wall
from deciderkit.wall.reading import wall_of
from deciderkit.wall.tokens import WallError

__all__ = [
    "AggregateNote",
    "CommandNote",
    "EventNote",
    "Field",
    "PolicyNote",
    "SystemNote",
    "ViewNote",
    "Wall",
    "WallError",
    "differs",
    "parse_wall",
    "print_wall",
    "wall_of",
]
