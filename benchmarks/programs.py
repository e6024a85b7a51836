"""The programs and worlds that the rows share: random letters from a seed, obstacles off the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mars_rover import Direction, Moving, Point, World
from mars_rover.batch import DIRECTIONS, Path, simulate_path

SEED = 4
PIECE = 10**6
FLEET_PROGRAM = 100
"""Letters for each rover of the fleet."""


def random_letters(count: int, seed: int = SEED) -> bytes:
    """``count`` letters, each of the three as likely."""
    random = np.random.default_rng(seed)
    letters = np.frombuffer(b"LRM", np.uint8)
    return b"".join(
        letters[random.integers(0, 3, min(PIECE, count - begin), np.uint8)].tobytes()
        for begin in range(0, count, PIECE)
    )


def position(point: Point, direction: Direction) -> str:
    """A place as text, as all rows give it."""
    return f"{point.x}:{point.y}:{direction.value}"


def pieces(world: World, start: tuple[Point, Direction], program: bytes) -> Iterator[Path]:
    """The path of ``program`` piece by piece, each from where the one before ends."""
    for begin in range(0, len(program), PIECE):
        path = simulate_path(world, start, program[begin : begin + PIECE]).unwrap()
        assert path.obstacle is None
        yield path
        start = Point(int(path.x[-1]), int(path.y[-1])), DIRECTIONS[path.direction[-1]]


@dataclass(frozen=True)
class Short:
    """A program that every row can do, in the article's kind of world."""

    program: str
    side: int = 100
    start: tuple[Point, Direction] = (Point(0, 0), Direction.NORTH)

    @property
    def world(self) -> World:
        return World(self.side, self.side)

    def position(self, state: Moving) -> str:
        """Where a rover stands, in this world, even if it was driven in a larger one."""
        point = Point(state.point.x % self.side, state.point.y % self.side)
        return position(point, state.direction)

    def crowded(self, obstacles: int) -> tuple[World, World]:
        """A world with obstacles that are never met, and the same without them.

        Both are a hundred times as large, for in the small one there would be no room for them; the
        sides are multiples of the small ones, so the final position is the same modulo these.
        """
        side = self.side * 10
        free = World(side, side)
        way = Way(free, self.start, self.program.encode())
        return World(side, side, way.obstacles(beside=0, elsewhere=obstacles)), free


class Way:
    """Where a program passes in a world: what to keep free, and where to cut it into pieces."""

    def __init__(self, world: World, start: tuple[Point, Direction], program: bytes) -> None:
        self.world, self.start = world, start
        self.passed = np.zeros((world.width, world.height), np.bool_)
        self.stops: list[tuple[Point, Direction]] = []
        for path in pieces(world, start, program):
            self.passed[path.x, path.y] = True
            self._stop(path)

    def _stop(self, path: Path) -> None:
        """Where the pieces of the fleet begin and end: the last stop is the final position."""
        here = slice(0 if not self.stops else FLEET_PROGRAM, None, FLEET_PROGRAM)
        columns = (path.x[here], path.y[here], path.direction[here])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self.stops.extend((Point(x, y), DIRECTIONS[heading]) for x, y, heading in rows)

    def obstacles(self, beside: int, elsewhere: int) -> frozenset[Point]:
        """Cells off the way: some next to a cell that is passed, some anywhere."""
        passed = self.passed
        next_to = np.zeros_like(passed)
        for step in (1, -1):
            for axis in (0, 1):
                next_to |= np.roll(passed, step, axis)
        random = np.random.default_rng(SEED)
        return self._cells(next_to & ~passed, beside, random) | self._cells(
            ~passed, elsewhere, random
        )

    def _cells(
        self, allowed: NDArray[np.bool_], count: int, random: np.random.Generator
    ) -> frozenset[Point]:
        cells = np.flatnonzero(allowed)
        chosen = random.choice(cells, min(count, cells.size), replace=False)
        return frozenset(Point(*divmod(int(cell), self.world.height)) for cell in chosen)


@dataclass(frozen=True)
class Long:
    """A program that takes minutes letter by letter, in a world that is large and has obstacles."""

    program: bytes
    side: int = 10_000

    @property
    def start(self) -> tuple[Point, Direction]:
        return Point(self.side // 2, self.side // 2), Direction.NORTH

    @property
    def free(self) -> World:
        return World(self.side, self.side)

    @cached_property
    def way(self) -> Way:
        return Way(self.free, self.start, self.program)

    @cached_property
    def world(self) -> World:
        """A thousand obstacles, half of them next to cells that the rover passes."""
        return World(self.side, self.side, self.way.obstacles(beside=500, elsewhere=500))

    @property
    def fleet(self) -> tuple[list[tuple[Point, Direction]], list[bytes]]:
        """The program cut into pieces of a hundred letters, each with where it begins."""
        cut = range(0, len(self.program), FLEET_PROGRAM)
        return self.way.stops[:-1], [self.program[at : at + FLEET_PROGRAM] for at in cut]
