"""Where everything on a board's picture stands, in pixels from the left and the top.

Each row of scenes becomes a block: a stack of commands before their aggregate, the aggregate before
its events, an event before what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from deciderkit.picture.board.blocks import (
    HIGH,
    LOW,
    MARGIN,
    WIDE,
    Arrow,
    Block,
    Note,
    below_one_another,
    led_by,
    left,
)
from deciderkit.picture.board.lettering import Lettering, fitted, small, title, width
from deciderkit.picture.board.scenes import (
    DEPTH,
    Elsewhere,
    Happens,
    Reacts,
    Reads,
    Row,
    Scene,
    rows_of,
)
from deciderkit.picture.stickies import Kind
from deciderkit.plain import shown
from deciderkit.wall.notes import COMPUTED, PolicyNote, Wall

_ROWS: Final = 26
"""Between two rows."""
_STEP: Final = 50
"""How much of a sticky is seen in a stack, above the next one."""
_SHIFT: Final = 4
"""How far each sticky of a stack stands to the left of the one above it."""
_ABOVE: Final = 7
"""How much of a sticky stays free around its label, besides the label's own lines."""
_LABEL_SIZE: Final = 8.5
_LABEL_WIDE: Final = WIDE - 8
_FIGURE: Final = 20
"""How wide the figure of somebody who asks is."""
_LABELS: Final[dict[Kind, str]] = {"external": "external system"}
"""What a sticky says of its kind where that is not the kind's name."""


class Actor(Struct, frozen=True):
    """Somebody who asks, by the middle of the figure."""

    x: float
    y: float


class Drawing(Struct, frozen=True):
    """All of it, in the order in which it is drawn, and how large it is."""

    wide: float
    high: float
    notes: tuple[Note, ...]
    arrows: tuple[Arrow, ...]
    actors: tuple[Actor, ...]


def laid_out(wall: Wall) -> Drawing:
    """The picture of ``wall``."""
    rows = rows_of(wall)
    desk = _Desk(wall, rows)
    blocks = below_one_another([Block(high=MARGIN - _ROWS), *map(desk.row, rows)], _ROWS)[1:]
    notes = tuple(chain.from_iterable(block.notes for block in blocks))
    asked = [block for row, block in zip(rows, blocks, strict=True) if _is_asked(row)]
    actors = tuple(Actor(MARGIN + _FIGURE / 2 - 2, block.middle) for block in asked)
    return Drawing(
        max((note.x + note.wide for note in notes), default=MARGIN) + MARGIN,
        max((block.high for block in blocks), default=MARGIN) + MARGIN,
        notes,
        tuple(chain.from_iterable(block.arrows for block in blocks)),
        actors,
    )


def _is_asked(row: Row) -> bool:
    return row.policy is None and bool(row.scene.commands)


class _Desk:
    """What the notes are written at: it knows the wall, and gives blocks of notes."""

    def __init__(self, wall: Wall, rows: Sequence[Row]) -> None:
        self._refuses = {each.name: each.refuses for each in wall.aggregates}
        self._beside = _roomiest(rows)

    def row(self, row: Row) -> Block:
        """A row from its left edge on."""
        if row.policy is None:
            return _asked(self._scene(row.scene, 0), row.scene.commands)
        return led_by(_policy(row.policy, 0, again=True), 0, [self._scene(row.scene, 1)])

    def _scene(self, scene: Scene, column: int) -> Block:
        events = [self._event(each, column + 2) for each in scene.events]
        owned = led_by(self._aggregate(scene, column + 1), column + 1, events)
        return led_by(_stack(scene.commands, column), column, [owned]) if scene.commands else owned

    def _aggregate(self, scene: Scene, column: int) -> Block:
        """The aggregate; in one place it has the reasons for which it refuses below it."""
        block = _sticky("aggregate", scene.aggregate, column)
        reasons = self._refuses[scene.aggregate] if self._beside[scene.aggregate] is scene else ()
        notes, below = list(block.notes), HIGH + 4.0
        for reason in reasons:
            text = small(shown(reason), WIDE - 14, 9.5, 4)
            x, high = left(column) + 3, text.height + 7
            notes.append(Note("refusal", reason, shown(reason), x, below, WIDE - 6, high, text))
            below += high + 4
        return Block(tuple(notes), (), below - 4, block.middle, block.entry)

    def _event(self, event: Happens, column: int) -> Block:
        follows = [self._following(each, column + 1) for each in event.follows]
        return led_by(_sticky("event", event.name, column), column, follows)

    def _following(self, following: Reacts | Reads | Elsewhere, column: int) -> Block:
        match following:
            case Reads(kind, name):
                return _sticky(kind, name, column)
            case Elsewhere(kind, name):
                return _sticky(kind, name, column, again=True)
            case Reacts(policy, leads_to):
                if column == DEPTH - 1:
                    return _hung_below(_policy(policy, column), column, leads_to)
                led = [self._led(each, column + 1) for each in leads_to]
                return led_by(_policy(policy, column), column, led)
            case _:
                assert_never(following)

    def _led(self, led: Scene | Elsewhere, column: int) -> Block:
        if isinstance(led, Scene):
            return self._scene(led, column)
        return _sticky(led.kind, led.name, column, again=True)


def _asked(scene: Block, commands: Sequence[str]) -> Block:
    """The scene with the arrow of whoever asks for its commands."""
    if not commands:
        return scene
    arrow = Arrow(MARGIN + _FIGURE, scene.middle, min(each.x for each in scene.notes), scene.middle)
    return replace(scene, arrows=(arrow, *scene.arrows))


def _hung_below(policy: Block, column: int, leads_to: Iterable[Scene | Elsewhere]) -> Block:
    """A policy in the last column: its commands, which hang elsewhere, stand below it."""
    commands = [each for each in leads_to if isinstance(each, Elsewhere)]
    stickies = [_sticky(each.kind, each.name, column, again=True) for each in commands]
    placed = below_one_another([policy, *stickies])
    x = left(column) + WIDE / 2
    arrows = (
        Arrow(x, above.high, x, below.high - LOW, policy.entry, below.entry)
        for above, below in pairwise(placed)
    )
    notes = tuple(note for each in placed for note in each.notes)
    return Block(notes, tuple(arrows), placed[-1].high, policy.middle, policy.entry)


def _stack(commands: Sequence[str], column: int) -> Block:
    """Commands that overlap, the first one at the top; a single one is a sticky like any other."""
    last = len(commands) - 1
    notes = []
    for index, command in enumerate(commands):
        covered = HIGH - _STEP if index < last else 0
        label = _label("command")
        text = fitted(title(command), WIDE - 12, HIGH - covered - label.height - _ABOVE - 3)
        x = left(column) + _SHIFT * (last / 2 - index)
        at = (x, float(_STEP * index), WIDE, HIGH)
        notes.append(Note("command", command, title(command), *at, text, label, False, covered))
    high = HIGH + _STEP * last
    return Block(tuple(notes), (), high, high / 2, tuple(("command", each) for each in commands))


def _policy(policy: PolicyNote, column: int, again: bool = False) -> Block:
    """A policy; what is shown when one points at it says until when."""
    unless = f", unless {' or '.join(policy.unless)}" if policy.unless else ""
    due = "" if policy.due in ("", COMPUTED) else f" at its {policy.due}"
    tip = f"{title(policy.name)}{due}, until {' or '.join(policy.until)}{unless}"
    label = _whenever(policy.due if due else "", low=again)
    return _sticky("policy", policy.name, column, label=label, tip=tip, again=again)


def _whenever(due: str, low: bool) -> Lettering:
    """When a policy acts. A time that does not fit has a line of its own; a ``low`` sticky has no room for it."""
    whole = f"whenever at its {due}" if due else "whenever"
    if width(whole, _LABEL_SIZE) <= _LABEL_WIDE:
        return _label(whole)
    if low:
        return _label("whenever")
    return Lettering(("whenever at its", *_label(due).lines), _LABEL_SIZE)


def _sticky(
    kind: Kind,
    name: str,
    column: int,
    *,
    label: Lettering | None = None,
    tip: str = "",
    again: bool = False,
) -> Block:
    high = LOW if again else HIGH
    said = label or _label(_LABELS.get(kind, kind))
    text = fitted(title(name), WIDE - 12, high - said.height - _ABOVE - 3)
    at = (left(column), 0.0, WIDE, high)
    note = Note(kind, name, tip or title(name), *at, text, said, again)
    return Block((note,), (), high, high / 2, ((kind, name),))


def _label(text: str) -> Lettering:
    """What a sticky says of itself above its name."""
    return small(text, _LABEL_WIDE, _LABEL_SIZE, 1)


def _roomiest(rows: Iterable[Row]) -> dict[str, Scene]:
    """For each aggregate the scene beside which its reasons have the most room."""
    best: dict[str, tuple[int, Scene]] = {}
    for scene in _scenes(row.scene for row in rows):
        tall = max(len(scene.commands), sum(max(1, len(each.follows)) for each in scene.events))
        if scene.aggregate not in best or tall > best[scene.aggregate][0]:
            best[scene.aggregate] = (tall, scene)
    return {name: scene for name, (_, scene) in best.items()}


def _scenes(scenes: Iterable[Scene]) -> Iterator[Scene]:
    for scene in scenes:
        yield scene
        follows = [each for event in scene.events for each in event.follows]
        led = [to for each in follows if isinstance(each, Reacts) for to in each.leads_to]
        yield from _scenes(each for each in led if isinstance(each, Scene))
