"""A world as a drawing in text, and back: what a person types into a file, or sees printed.

```
. . # .
. . . .
> . . .
```

The first row is the northernmost. ``.`` is a free cell, ``#`` an obstacle, and an arrow is a free cell
on which a rover starts, looking that way. Blanks between the cells are for the eye only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from returns.result import Failure, Result, Success

from deciderkit.plain import shown
from mars_rover.values import Direction, Invalid, Point, World

ARROWS: Final = {
    Direction.NORTH: "^",
    Direction.EAST: ">",
    Direction.SOUTH: "v",
    Direction.WEST: "<",
}
LARGEST: Final = 1_000_000
"""So many cells are drawn at most; a larger world is for ``--grid`` and ``--obstacle`` to say."""

_FREE, _TAKEN = ".", "#"
_EXPECTED: Final = ". for a free cell, # for an obstacle, or one of ^ > v < for the start"
_LOOKS: Final = {arrow: direction for direction, arrow in ARROWS.items()}

Start = tuple[Point, Direction]


class Drawn(NamedTuple):
    """What a drawing shows: a world, and where a rover starts if an arrow says so."""

    world: World
    start: Start | None


class _Cell(NamedTuple):
    letter: str
    row: int
    column: int


def print_world(world: World, start: Start | None = None) -> Result[str, Invalid]:
    """``world`` as a drawing, with a newline at its end; `parse_drawn_world` reads it back.

    >>> world = World.create(4, 3, [(2, 2)]).unwrap()
    >>> print(print_world(world, (Point(0, 0), Direction.EAST)).unwrap(), end="")
    . . # .
    . . . .
    > . . .
    """
    if world.width * world.height > LARGEST:
        problem = f"a {world.width}x{world.height} grid has too many cells to be drawn"
        return Failure(Invalid(problem, f"at most {LARGEST:,} cells"))
    marks = dict.fromkeys(world.obstacles, _TAKEN)
    if start is not None:
        point, direction = start
        marks[point] = ARROWS[direction]
    rows = (
        " ".join(marks.get(Point(x, y), _FREE) for x in range(world.width))
        for y in range(world.height - 1, -1, -1)
    )
    return Success("".join(f"{row}\n" for row in rows))


def parse_drawn_world(text: str) -> Result[Drawn, Invalid]:
    """The world and the start that ``text`` draws, or what is wrong, in which row and column.

    >>> parse_drawn_world("..#\\n>..").unwrap().start
    (Point(x=0, y=0), Direction.EAST)
    >>> print(parse_drawn_world("..#\\n.x.").failure())
    unknown cell 'x' in row 2, column 2: expected . for a free cell, # for an obstacle, \
or one of ^ > v < for the start
    """
    rows = [list(_cells(number, line)) for number, line in _lines(text)]
    if not any(rows):
        return Failure(Invalid("a drawing without cells", f"rows of {_EXPECTED}"))
    problem = _strange(rows) or _uneven(rows) or _second_start(rows)
    return Failure(problem) if problem else Success(_drawn(rows))


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers, without the empty ones before the first row and after the last."""
    lines = list(enumerate(text.removeprefix("\ufeff").split("\n"), start=1))
    filled = [index for index, (_, line) in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _cells(row: int, line: str) -> Iterator[_Cell]:
    for column, letter in enumerate(line.rstrip("\r"), start=1):
        if letter not in " \t":
            yield _Cell(letter, row, column)


def _strange(rows: list[list[_Cell]]) -> Invalid | None:
    for row in rows:
        for cell in row:
            if cell.letter not in (_FREE, _TAKEN) and cell.letter not in _LOOKS:
                place = f"in row {cell.row}, column {cell.column}"
                return Invalid(f"unknown cell '{shown(cell.letter)}' {place}", _EXPECTED)
    return None


def _uneven(rows: list[list[_Cell]]) -> Invalid | None:
    width = len(rows[0])
    for index, row in enumerate(rows):
        if len(row) != width:
            number = rows[0][0].row + index
            cells = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
            return Invalid(f"row {number} has {cells}", f"{width}, as in row {rows[0][0].row}")
    return None


def _second_start(rows: list[list[_Cell]]) -> Invalid | None:
    starts = [cell for row in rows for cell in row if cell.letter in _LOOKS]
    if len(starts) < 2:
        return None
    places = [f"row {each.row}, column {each.column}" for each in starts[:2]]
    return Invalid(f"two starts, in {places[0]} and in {places[1]}", "one arrow at most")


def _drawn(rows: list[list[_Cell]]) -> Drawn:
    height = len(rows)
    cells = {
        Point(x, height - 1 - index): cell.letter
        for index, row in enumerate(rows)
        for x, cell in enumerate(row)
    }
    obstacles = frozenset(point for point, letter in cells.items() if letter == _TAKEN)
    starts = [(point, _LOOKS[letter]) for point, letter in cells.items() if letter in _LOOKS]
    return Drawn(World(len(rows[0]), height, obstacles), starts[0] if starts else None)
