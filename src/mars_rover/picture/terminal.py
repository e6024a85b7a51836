"""The map of a run in letters: rows of pieces, each with the name of a style.

It takes the room that it is given. A cell is two letters wide where there is room, so that the map
looks square. A world that does not fit is shown around the rover's path, or scaled down: then one place
on the map stands for a square of cells, and the line below the map says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final, Literal, NamedTuple, TypeAlias

from mars_rover.picture.journey import Journey, Window, legs, window_of
from mars_rover.values import Direction, Point

Style: TypeAlias = Literal[
    "free", "obstacle", "path", "start", "rover", "hit", "frame", "label", "crossing"
]
Place: TypeAlias = tuple[int, int]

STYLES: Final[Mapping[Style, str]] = {
    "free": "dim",
    "obstacle": "bold #a8693a",
    "path": "#2f7fd1",
    "start": "bold #2f7fd1",
    "rover": "bold #1a1a1a on #ff9d48",
    "hit": "bold #1a1a1a on #f16c7f",
    "frame": "dim",
    "label": "dim",
    "crossing": "bold #2f7fd1",
}
"""How ``rich`` shows each style, readable on dark and on light; no cell is told by colour alone."""


class Span(NamedTuple):
    """Letters of one style."""

    text: str
    style: Style


Row: TypeAlias = tuple[Span, ...]


class _Letters(NamedTuple):
    """What a map is drawn with."""

    free: str
    obstacle: str
    start: str
    hit: str
    path: Mapping[Direction, str]
    rover: Mapping[Direction, str]
    frame: str  # corners from the top left to the bottom right, then a line across and one up
    some: str


def _four(letters: str) -> Mapping[Direction, str]:
    return dict(zip(Direction, letters, strict=True))


_DRAWN: Final = _Letters("·", "■", "○", "✕", _four("↑→↓←"), _four("▲►▼◄"), "┌┐└┘─│", "▪")
_ASCII: Final = _Letters(".", "#", "o", "X", _four("nesw"), _four("^>v<"), "++++-|", "#")


def map_of(
    journey: Journey, columns: int = 80, rows: int = 24, *, ascii_only: bool = False
) -> tuple[Row, ...]:
    """The map of ``journey`` in at most ``columns`` letters and, where it can be, ``rows`` lines.

    >>> from mars_rover.projections import PathStep
    >>> from mars_rover.values import World
    >>> here = PathStep(Point(1, 0), Direction.NORTH), PathStep(Point(1, 1), Direction.NORTH)
    >>> world = World.create(3, 3, [(1, 2)]).unwrap()
    >>> print(plain(map_of(Journey(world, here, obstacle=Point(1, 2)), ascii_only=True)))
      +-------+
    2 | . X . |
    1 | . ^ . |
    0 | . o . |
      +-------+
        0 1 2
    """
    letters = _ASCII if ascii_only else _DRAWN
    widest = len(str(journey.world.height - 1)) + 1
    sheet = _sheet(journey, max(1, columns - widest - 3), max(1, rows - 4))
    margin = max(len(_label(sheet, y)) for y in range(sheet.high)) + 1
    marks = _cells(journey, sheet, letters) | _crossings(journey, sheet, letters)
    marks |= _hit(journey, sheet, letters)
    top = sheet.high - 1
    lines = [_edge(sheet, letters, margin, marks, place=top + 1)]
    lines += [_line(sheet, letters, margin, marks, y) for y in range(top, -1, -1)]
    lines += [_edge(sheet, letters, margin, marks, place=-1), _axis(sheet, margin)]
    caption = _caption(journey, sheet, columns)
    return (*lines, (Span(caption, "label"),)) if caption else tuple(lines)


def plain(rows: tuple[Row, ...]) -> str:
    """The map as a text without styles."""
    return "\n".join("".join(span.text for span in row).rstrip() for row in rows)


class _Sheet(NamedTuple):
    """How the world is laid on the paper: a window of it, ``scale`` cells to a place, each ``letter`` wide."""

    window: Window
    scale: int
    letter: int

    @property
    def wide(self) -> int:
        return -(-self.window.width // self.scale)

    @property
    def high(self) -> int:
        return -(-self.window.height // self.scale)

    def place(self, point: Point) -> Place:
        window = self.window
        return (point.x - window.x) // self.scale, (point.y - window.y) // self.scale


def _sheet(journey: Journey, columns: int, rows: int) -> _Sheet:
    world = journey.world
    for letter in (2, 1):
        if world.width * letter <= columns and world.height <= rows:
            return _Sheet(Window(0, 0, world.width, world.height), 1, letter)
    window = window_of(journey, max(1, columns // 2), rows)
    scale = max(-(-window.width // max(1, columns // 2)), -(-window.height // rows))
    return _Sheet(window, scale, 2 if columns > 1 else 1)


def _cells(journey: Journey, sheet: _Sheet, letters: _Letters) -> dict[Place, Span]:
    """What stands where; what is more important is put over what is less."""
    window = sheet.window
    mark = letters.obstacle if sheet.scale == 1 else letters.some
    cells = {
        sheet.place(obstacle): Span(mark, "obstacle")
        for obstacle in journey.world.obstacles
        if window.has(obstacle)
    }
    for leg in legs(journey):
        cells[sheet.place(leg.begin)] = Span(letters.path[leg.direction], "path")
    cells[sheet.place(journey.start.point)] = Span(letters.start, "start")
    end = journey.end
    cells[sheet.place(end.point)] = Span(letters.rover[end.direction], "rover")
    return cells


def _hit(journey: Journey, sheet: _Sheet, letters: _Letters) -> dict[Place, Span]:
    """What stopped the rover, where it looks.

    On a map that is scaled down both may share a place. Then the obstacle is drawn one ahead, which is
    in the frame at the edge: that the rover was stopped is seen on every map.
    """
    if journey.obstacle is None:
        return {}
    x, y = sheet.place(journey.obstacle)
    if (x, y) == sheet.place(journey.end.point):
        x, y = x + journey.end.direction.dx, y + journey.end.direction.dy
    return {(x, y): Span(letters.hit, "hit")}


def _crossings(journey: Journey, sheet: _Sheet, letters: _Letters) -> dict[Place, Span]:
    """Where the path goes over the edge: an arrow in the frame, on both sides."""
    found: dict[Place, Span] = {}
    for leg in legs(journey):
        if leg.wraps:
            arrow = Span(letters.path[leg.direction], "crossing")
            (x, y), (to_x, to_y) = sheet.place(leg.begin), sheet.place(leg.end)
            dx, dy = leg.direction.dx, leg.direction.dy
            found[x + dx, y + dy] = arrow
            found[to_x - dx, to_y - dy] = arrow
    return found


def _line(
    sheet: _Sheet,
    letters: _Letters,
    margin: int,
    marks: dict[Place, Span],
    y: int,
) -> Row:
    wall = Span(letters.frame[5], "frame")
    blank = Span(" " * (sheet.letter - 1), "free")
    spans = [Span(f"{_label(sheet, y):>{margin - 1}} ", "label"), marks.get((-1, y), wall)]
    for x in range(sheet.wide):
        spans += [blank, marks.get((x, y), Span(letters.free, "free"))]
    return _joined([*spans, blank, marks.get((sheet.wide, y), wall)])


def _label(sheet: _Sheet, y: int) -> str:
    """The y of a row: of every one on a small map, of every fifth on a larger one."""
    return str(sheet.window.y + y * sheet.scale) if sheet.high <= 12 or y % 5 == 0 else ""


def _edge(
    sheet: _Sheet, letters: _Letters, margin: int, marks: dict[Place, Span], place: int
) -> Row:
    corners = letters.frame[:2] if place > 0 else letters.frame[2:4]
    line = letters.frame[4]
    gap = Span(line * (sheet.letter - 1), "frame")
    spans = [Span(" " * margin + corners[0], "frame")]
    for x in range(sheet.wide):
        spans += [gap, marks.get((x, place), Span(line, "frame"))]
    return _joined([*spans, gap, Span(corners[1], "frame")])


def _axis(sheet: _Sheet, margin: int) -> Row:
    """The x of the columns: of every one where they do not touch, else of every fifth."""
    last = len(str(sheet.window.x + (sheet.wide - 1) * sheet.scale))
    every = 1 if last < sheet.letter else 5 if last < 5 * sheet.letter else 10
    text = ""
    for x in range(0, sheet.wide, every):
        place = margin + sheet.letter + x * sheet.letter
        number = str(sheet.window.x + x * sheet.scale)
        if (
            place >= len(text)
            and place + len(number) <= margin + sheet.letter * (sheet.wide + 1) + 1
        ):
            text = f"{text:{place}}{number}"
    return (Span(text, "label"),)


def _caption(journey: Journey, sheet: _Sheet, columns: int) -> str:
    """What the map leaves out, if it does; as much of it as fits."""
    window, world = sheet.window, journey.world
    size = f"{world.width:,} x {world.height:,}"
    if sheet.scale > 1:
        places = f"{sheet.scale:,} x {sheet.scale:,} cells a place"
        whole = f"{places}, {size} in all"
        return (whole if len(whole) <= columns else places)[:columns]
    if (window.width, window.height) != (world.width, world.height):
        return f"part of {size} cells"[:columns]
    return ""


def _joined(spans: list[Span]) -> Row:
    """Neighbours of one style as one piece."""
    return tuple(
        Span("".join(span.text for span in group), style)
        for style, group in groupby(
            (span for span in spans if span.text), key=lambda each: each.style
        )
    )
