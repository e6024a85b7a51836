"""A board as an SVG file: its layout in the colours of the stickies, the same bytes for the same board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from deciderkit.picture.board.blocks import Arrow, Note
from deciderkit.picture.board.layout import Actor, Drawing, laid_out
from deciderkit.picture.board.lettering import Lettering
from deciderkit.picture.stickies import COLOURS, INK
from deciderkit.wall.notes import Wall

PAPER: Final = "#ffffff"
"""What the notes hang on."""

_FONT: Final = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def svg(wall: Wall) -> str:
    """The picture of ``wall`` as the text of an SVG file.

    Commands, aggregates, events and what follows from them stand from left to right, with a figure
    where somebody asks. Nothing in it is loaded from elsewhere, and no name in it is markup.
    """
    drawing = laid_out(wall)
    return "\n".join([*_head(drawing), *_body(drawing), "</svg>", ""])


def _head(drawing: Drawing) -> Iterator[str]:
    size = f"{_px(drawing.wide)} {_px(drawing.high)}"
    wide, high = size.split()
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{wide}" '
        f'height="{high}" role="img" aria-label="The board" font-family="{_FONT}" '
        f'font-size="12" fill="{INK}" text-anchor="middle" style="max-width:100%;height:auto">'
    )
    yield f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>'


def _body(drawing: Drawing) -> Iterator[str]:
    yield f'<g fill="none" stroke="{INK}" stroke-width="1.1" stroke-linejoin="round">'
    yield from map(_line, drawing.arrows)
    yield "</g>"
    yield from map(_head_of, drawing.arrows)
    yield from map(_figure, drawing.actors)
    for note in drawing.notes:
        yield from _sticky(note)


def _line(arrow: Arrow) -> str:
    """From the left to the right, with a step in the middle of the gap where it has to go up or down."""
    x, y, to_x, to_y = arrow.x, arrow.y, arrow.to_x - 4, arrow.to_y
    if arrow.x == arrow.to_x:
        return f'<path d="M{_px(x)} {_px(y)}V{_px(to_y - 4)}"/>'
    if abs(to_y - y) < 0.5:
        return f'<path d="M{_px(x)} {_px(y)}H{_px(to_x)}"/>'
    middle = (x + arrow.to_x) / 2 - 1
    bend = min(5.0, abs(to_y - y) / 2)
    down = bend if to_y > y else -bend
    return (
        f'<path d="M{_px(x)} {_px(y)}H{_px(middle - bend)}Q{_px(middle)} {_px(y)} {_px(middle)} '
        f"{_px(y + down)}V{_px(to_y - down)}Q{_px(middle)} {_px(to_y)} {_px(middle + bend)} "
        f'{_px(to_y)}H{_px(to_x)}"/>'
    )


def _head_of(arrow: Arrow) -> str:
    x, y = arrow.to_x, arrow.to_y
    if arrow.x == arrow.to_x:
        return f'<path d="M{_px(x)} {_px(y)}l-3.2 -6h6.4z"/>'
    return f'<path d="M{_px(x)} {_px(y)}l-6 -3.2v6.4z"/>'


def _figure(actor: Actor) -> str:
    x, y = _px(actor.x), _px(actor.y)
    return (
        f'<g fill="{COLOURS["actor"]}" stroke="{INK}" stroke-width="1.1">'
        f'<title>somebody</title><path d="M{x} {y}m-8 14v-5a8 8 0 0 1 16 0v5z"/>'
        f'<circle cx="{x}" cy="{_px(actor.y - 6)}" r="5"/></g>'
    )


def _sticky(note: Note) -> Iterator[str]:
    """A rounded sheet with its kind above its name; dashed and pale where it hangs elsewhere too."""
    dashes = ' stroke-dasharray="4 3" fill-opacity="0.5"' if note.again else ""
    radius = 4 if note.kind == "refusal" else 9
    also = ", as elsewhere on the wall" if note.again else ""
    yield f"<g><title>{_text(f'{note.kind}: {note.tip}{also}')}</title>"
    yield (
        f'<rect x="{_px(note.x)}" y="{_px(note.y)}" width="{_px(note.wide)}" '
        f'height="{_px(note.high)}" rx="{radius}" fill="{COLOURS[note.kind]}" '
        f'stroke="{INK}" stroke-width="1.1"{dashes}/>'
    )
    yield from _lettering(note)
    yield "</g>"


def _lettering(note: Note) -> Iterator[str]:
    middle = _px(note.x + note.wide / 2)
    label = note.label.height + 5 if note.label.lines else 0.0
    yield from _lines_of(note.label, middle, note.y + 12)
    size, leading = note.text.size, note.text.leading
    free = note.high - note.covered - label
    first = note.y + label + (free - note.text.height) / 2 + leading / 2 + size * 0.35
    yield from _lines_of(note.text, middle, first)


def _lines_of(text: Lettering, middle: str, first: float) -> Iterator[str]:
    """The lines of ``text`` below one another, the first one at the height ``first``."""
    for index, line in enumerate(text.lines):
        y = _px(first + index * text.leading)
        yield f'<text x="{middle}" y="{y}" font-size="{_px(text.size)}">{_text(line)}</text>'


def _text(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&#39;"})


def _px(number: float) -> str:
    """A length as short as it can be written, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")
