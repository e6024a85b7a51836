"""What somebody may have meant: other spellings of grids, positions and programs, and the call that works.

They are hints and no second notation: what was typed is refused all the same.
"""

from __future__ import annotations

import os
import re
from typing import Final

from mars_rover.notation import LETTERS

_GRID: Final = re.compile(r"\s*([0-9]{1,16})\s*[xX,*;: ]\s*([0-9]{1,16})\s*")
_POSITION: Final = re.compile(
    r"\s*([0-9]{1,16})\s*[:,; ]\s*([0-9]{1,16})\s*[:,; ]?\s*([NESWnesw])[a-zA-Z]*\s*"
)
_MISSION: Final = re.compile(
    r"\s*([0-9]{1,9})[ ,x]([0-9]{1,9})\s+([0-9]{1,9})[ ,:]([0-9]{1,9})[ ,:]([NESW])\s+([LRMF]+)\s*"
    r"(?:[0-9].*)?",
    re.DOTALL,
)
_WORD: Final = re.compile(r"[A-Za-z]{1,60}")


def for_grid(text: str) -> str:
    """The grid in our notation.

    >>> for_grid("5X5"), for_grid("5,5"), for_grid("five")
    ('5x5', '5x5', '')
    """
    found = _GRID.fullmatch(text)
    return f"{found[1]}x{found[2]}" if found else ""


def for_position(text: str) -> str:
    """The position in our notation.

    >>> for_position("1 2 n"), for_position("1,2,North"), for_position("north")
    ('1:2:N', '1:2:N', '')
    """
    found = _POSITION.fullmatch(text)
    return f"{found[1]}:{found[2]}:{found[3].upper()}" if found else ""


def for_program(text: str) -> str:
    """What to say of a text that is no program; nothing where nobody can tell.

    >>> for_program("rmlmm")
    '; did you mean: mars-rover drive RMLMM'
    >>> for_program("FFRBL")
    '; M moves one cell ahead, and there is no letter for backwards'
    """
    if os.path.isfile(text):
        return f"; to read it from the file: mars-rover drive - < {text}"
    mission = for_mission(text)
    if mission:
        return mission
    if not _WORD.fullmatch(text):
        return ""
    letters = text.upper()
    if set(letters) <= set(LETTERS):
        return f"; did you mean: mars-rover drive {letters}"
    if set(letters) <= {*LETTERS, "F"}:
        return f"; M moves one cell ahead: mars-rover drive {letters.replace('F', 'M')}"
    if set(letters) <= {*LETTERS, "F", "B"}:
        return "; M moves one cell ahead, and there is no letter for backwards"
    return ""


def for_mission(text: str) -> str:
    r"""The call for a mission as other katas write it: upper right corner, where it starts, letters.

    >>> for_mission("5 5\n1 2 N\nLMLMM\n")
    '; it looks like a mission: mars-rover drive LMLMM --grid 6x6 --start 1:2:N'
    """
    found = _MISSION.fullmatch(text) if len(text) < 10_000 else None
    if not found:
        return ""
    right, upper, x, y, direction, letters = found.groups()
    grid = f"{int(right) + 1}x{int(upper) + 1}"
    program = letters.replace("F", "M")
    call = f"mars-rover drive {program} --grid {grid} --start {x}:{y}:{direction}"
    return f"; it looks like a mission: {call}"
