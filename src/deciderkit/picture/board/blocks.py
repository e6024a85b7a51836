"""Stickies and arrows laid side by side: blocks that know how high they are and where an arrow may come in.

A block's heights count from its own top, so that blocks can be put below one another without a second
look; what leads to them is put before their middle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from deciderkit.picture.board.lettering import NO_LETTERING, Lettering
from deciderkit.picture.stickies import Kind

WIDE: Final = 104
HIGH: Final = 68
LOW: Final = 38
"""How wide a sticky is, how high, and how high one is that hangs elsewhere too."""

GAP: Final = 20
"""Between two columns."""

BETWEEN: Final = 12
"""Between two notes below one another."""

MARGIN: Final = 14
ACTOR: Final = 36
"""The edge around all of it, and the place for whoever asks."""


class Note(Struct, frozen=True):
    """A sticky: what it is, where it stands, what is written on it, and whether it hangs ``again`` here.

    ``label`` is what stands above that in small; ``tip`` is what is shown when one points at it;
    ``covered`` is how much of it, at the bottom, lies below the next one of a stack.
    """

    kind: Kind
    name: str
    tip: str
    x: float
    y: float
    wide: float
    high: float
    text: Lettering
    label: Lettering = NO_LETTERING
    again: bool = False
    covered: float = 0


Named: TypeAlias = tuple[Kind, str]
"""A note by its kind and its name."""


class Arrow(Struct, frozen=True):
    """What leads to what: from one place to another, and from which notes to which."""

    x: float
    y: float
    to_x: float
    to_y: float
    by: tuple[Named, ...] = ()
    to: tuple[Named, ...] = ()


class Block(Struct, frozen=True):
    """Notes and arrows that belong together; ``entry`` names the notes before which an arrow may end."""

    notes: tuple[Note, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    high: float = 0
    middle: float = 0
    entry: tuple[Named, ...] = ()

    def lowered(self, by: float) -> Block:
        """The same further down; its top stays where it is."""
        if not by:
            return self
        return Block(
            tuple(replace(note, y=note.y + by) for note in self.notes),
            tuple(replace(each, y=each.y + by, to_y=each.to_y + by) for each in self.arrows),
            self.high + by,
            self.middle + by,
            self.entry,
        )


def left(column: int) -> float:
    """Where a column begins."""
    return MARGIN + ACTOR + column * (WIDE + GAP)


def below_one_another(blocks: Iterable[Block], between: float = BETWEEN) -> tuple[Block, ...]:
    """The blocks lowered so that each stands below the one before."""
    placed: list[Block] = []
    for block in blocks:
        placed.append(block.lowered(placed[-1].high + between if placed else 0))
    return tuple(placed)


def led_by(lead: Block, column: int, led: Iterable[Block]) -> Block:
    """``lead``, whose notes stand in ``column``, before the middle of what it leads to, with the arrows."""
    placed = below_one_another(led)
    if not placed:
        return lead
    middle = (placed[0].middle + placed[-1].middle) / 2
    down = max(0.0, lead.middle - middle)
    first = lead.lowered(middle + down - lead.middle)
    rest = [each.lowered(down) for each in placed]
    x = left(column)
    arrows = [
        Arrow(x + WIDE, first.middle, x + WIDE + GAP, each.middle, first.entry, each.entry)
        for each in rest
    ]
    return Block(
        (*first.notes, *(note for each in rest for note in each.notes)),
        (*first.arrows, *arrows, *(arrow for each in rest for arrow in each.arrows)),
        max(first.high, rest[-1].high),
        first.middle,
        first.entry,
    )
