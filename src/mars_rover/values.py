"""The values that commands, events and states are made of: points, directions, the world, ids.

Each is valid by construction: past the door of a smart constructor nothing is checked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from operator import index
from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct
from returns.result import Failure, Result, Success

MAX_SIDE: Final = 2**53 - 1
"""The longest side of a world, in cells: the largest integer that every JSON reader keeps exact."""

_ID = r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z"

RoverId: TypeAlias = Annotated[str, Meta(pattern=_ID)]
"""A rover's name: what `parse_rover_id` lets through."""


class Invalid(Struct, frozen=True):
    """Input that is not what was expected: what is wrong with which value, where, and what would do.

    ``index`` counts from 0 and is there where the place is in a text.

    >>> print(Invalid("unknown command 'X' at index 4", expected="L, R or M", index=4))
    unknown command 'X' at index 4: expected L, R or M
    """

    problem: str
    expected: str
    index: int | None = None

    def __str__(self) -> str:
        return f"{self.problem}: expected {self.expected}"


def shown(value: object) -> str:
    """A value as an error shows it: on one line, escaped, and cut where it is long.

    >>> shown("M" * 1000)
    "'MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM'... (1000 characters)"
    """
    text = value if isinstance(value, str) else str(value)
    return ascii(text) if len(text) <= 60 else f"{text[:40]!a}... ({len(text)} characters)"


def parse_rover_id(text: str) -> Result[RoverId, Invalid]:
    """A rover id from text.

    >>> parse_rover_id("r1")
    <Success: r1>
    >>> print(parse_rover_id("../r1").failure())
    bad rover id '../r1': expected 1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first
    """
    if re.search(_ID, text):
        return Success(text)
    rule = "1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first"
    return Failure(Invalid(f"bad rover id {shown(text)}", rule))


class Direction(Enum):
    """Where a rover looks. ``dx`` and ``dy`` are one cell ahead; ``left`` and ``right`` a quarter turn.

    ``quarters`` says how many quarter turns to the right it is from north.

    >>> Direction("N").right is Direction.EAST
    True
    >>> Direction("W").quarters
    3
    """

    NORTH = "N"
    EAST = "E"
    SOUTH = "S"
    WEST = "W"

    dx: int
    dy: int
    quarters: int
    left: Direction
    right: Direction

    def __repr__(self) -> str:
        return f"Direction.{self.name}"


def _lay_out(ring: tuple[Direction, ...], steps: tuple[tuple[int, int], ...]) -> None:
    """Give the members their geometry as plain attributes: ten times as fast as a look-up by member."""
    for place, (direction, (dx, dy)) in enumerate(zip(ring, steps, strict=True)):
        direction.dx, direction.dy, direction.quarters = dx, dy, place
        direction.left, direction.right = ring[place - 1], ring[(place + 1) % len(ring)]


_lay_out(tuple(Direction), ((0, 1), (1, 0), (0, -1), (-1, 0)))


class Point(Struct, frozen=True, order=True, gc=False):
    """A cell: ``x`` to the east, ``y`` to the north, (0, 0) at the bottom left."""

    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


class World(Struct, frozen=True):
    """A grid whose edges wrap, ``width`` x ``height`` cells, some of them obstacles.

    `World.create` is the door for values of unknown quality; the constructor holds the same rules
    and raises ``ValueError``, so that a stored world is checked as well.
    """

    width: int
    height: int
    obstacles: frozenset[Point] = frozenset()

    def __post_init__(self) -> None:
        for side, length in (("width", self.width), ("height", self.height)):
            if not 1 <= _whole(length, side) <= MAX_SIDE:
                raise ValueError(Invalid(f"{side} {length}", f"1 to {MAX_SIDE} cells"))
        if not isinstance(self.obstacles, frozenset):
            raise ValueError(Invalid(f"obstacles {shown(self.obstacles)}", "a frozenset of Points"))
        off_grid = [obstacle for obstacle in self.obstacles if not self.has(obstacle)]
        if off_grid:
            raise ValueError(_off_grid(f"obstacle {min(off_grid)}", self.width, self.height))

    @classmethod
    def create(
        cls, width: int, height: int, obstacles: Iterable[Point | tuple[int, int]] = ()
    ) -> Result[World, Invalid]:
        """A world, or what is wrong with it. Obstacles are points or ``(x, y)`` pairs.

        >>> World.create(4, 4, [(2, 2)])
        <Success: World(width=4, height=4, obstacles=frozenset({Point(x=2, y=2)}))>
        >>> print(World.create(4, 4, [(4, 0)]).failure())
        obstacle 4,0 is off the 4x4 grid: expected x 0 to 3 and y 0 to 3
        """
        if not isinstance(obstacles, Iterable):
            return Failure(Invalid(f"obstacles {shown(obstacles)}", "points or pairs (x, y)"))
        try:
            cells = frozenset(_cell(obstacle) for obstacle in obstacles)
            return Success(cls(_whole(width, "width"), _whole(height, "height"), cells))
        except ValueError as error:
            return Failure(error.args[0])

    def has(self, point: Point) -> bool:
        """Whether ``point`` is a cell of the grid."""
        return 0 <= point.x < self.width and 0 <= point.y < self.height

    def place(self, point: Point) -> Result[Point, Invalid]:
        """``point`` if a rover can stand there: a cell of the grid that no obstacle takes.

        >>> print(World(4, 4).place(Point(4, 0)).failure())
        4,0 is off the 4x4 grid: expected x 0 to 3 and y 0 to 3
        """
        if not self.has(point):
            return Failure(_off_grid(str(point), self.width, self.height))
        if point in self.obstacles:
            return Failure(Invalid(f"{point} is an obstacle", "a free cell"))
        return Success(point)

    def ahead(self, point: Point, direction: Direction) -> Point:
        """The cell one step from ``point``; over the edge it is the one on the other side.

        >>> World(4, 4).ahead(Point(3, 0), Direction.EAST)
        Point(x=0, y=0)
        """
        return Point((point.x + direction.dx) % self.width, (point.y + direction.dy) % self.height)


def _off_grid(what: str, width: int, height: int) -> Invalid:
    cells = f"x 0 to {width - 1} and y 0 to {height - 1}"
    return Invalid(f"{what} is off the {width}x{height} grid", cells)


def _whole(value: object, what: str) -> int:
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(Invalid(f"{what} {shown(value)}", "a whole number")) from None


def _cell(value: Point | tuple[int, int]) -> Point:
    match value:
        case Point(x, y) | (x, y):
            return Point(_whole(x, "obstacle x"), _whole(y, "obstacle y"))
        case _:
            raise ValueError(Invalid(f"obstacle {shown(value)}", "a Point or a pair (x, y)"))
