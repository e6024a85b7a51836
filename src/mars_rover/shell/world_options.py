"""Where a rover is to start: the options for its world and its place in it, checked before anything is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from mars_rover.commands import StartMarsRover
from mars_rover.notation import parse_point
from mars_rover.picture.drawn import LARGEST, Drawn, parse_drawn_world
from mars_rover.shell.edge import GRID, POINT, POSITION, accepted, bad_input
from mars_rover.values import Direction, Point, RoverId, World

F = TypeVar("F", bound=Callable[..., Any])

_LARGEST: Final = 4 * LARGEST
"""As many bytes of a drawing are read: its cells, with blanks between them."""


class Start(NamedTuple):
    """A world and a place in it, and which of the two somebody asked for."""

    world: World
    point: Point
    direction: Direction
    asked_for_world: bool
    asked_for_place: bool

    def command(self, rover_id: RoverId) -> StartMarsRover:
        """The command that starts a rover there."""
        return StartMarsRover(rover_id, self.world, self.point, self.direction)


def world_options(command: F) -> F:
    """``--grid``, ``--obstacle``, ``--obstacles``, ``--world`` and ``--start``; `start_of` takes them."""
    for option in (
        click.option(
            "--start",
            type=POSITION,
            default="0:0:N",
            show_default=True,
            help="Where the rover begins.",
        ),
        click.option(
            "--world",
            metavar="FILE",
            help="A drawn world in the place of --grid: . is free, # taken, one of ^ > v < the start. "
            "`mars-rover world` prints one.",
        ),
        click.option(
            "--obstacles",
            metavar="FILE",
            help="A file of cells that are taken, one X,Y a line; # begins a comment.",
        ),
        click.option(
            "--obstacle", type=POINT, multiple=True, help="A cell that is taken; repeat for more."
        ),
        click.option(
            "--grid", type=GRID, default="10x10", show_default=True, help="Size of the world."
        ),
    ):
        command = option(command)
    return command


def start_of(
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    obstacles: str | None,
    start: tuple[Point, Direction],
    world: str | None = None,
) -> Start:
    """The start that the options ask for; bad ones stop."""
    given = click.get_current_context().get_parameter_source
    names = ("grid", "obstacle", "obstacles", "start", "world")
    asked = {each for each in names if _is_asked(given(each))}
    drawn = Drawn(accepted(World.create(*grid), f"--grid {grid[0]}x{grid[1]}"), None)
    if world is not None:
        if "grid" in asked:
            bad_input("--world with --grid: expected one of them, for the drawing has its size")
        drawn = _drawn(world)
    if drawn.start is not None and "start" not in asked:
        start = drawn.start
    free, taken = drawn.world, set(drawn.world.obstacles)
    for point in obstacle:
        accepted(World.create(free.width, free.height, [point]), "--obstacle")
        taken.add(point)
    if obstacles is not None:
        taken.update(_cells(obstacles, free))
    full = World(free.width, free.height, frozenset(taken))
    point, direction = start
    accepted(full.place(point), "--start")
    return Start(full, point, direction, bool(asked - {"start"}), "start" in asked)


def _drawn(file: str) -> Drawn:
    """The world that is drawn in ``file``."""
    with _opened(file, "--world") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        bad_input(f"--world: {file}: too large to be a drawing: expected at most {LARGEST:,} cells")
    return accepted(parse_drawn_world(data.decode("utf-8", "replace")), f"--world: {file}")


def _is_asked(source: ParameterSource | None) -> bool:
    return source not in (ParameterSource.DEFAULT, None)


def _cells(file: str, free: World) -> Iterator[Point]:
    """The cells in ``file``, each looked at alone, so that an error can name its line."""
    with _opened(file, "--obstacles") as stream:
        for number, line in enumerate(stream, start=1):
            text = line.decode("utf-8", "replace").partition("#")[0].strip()
            if text:
                where = f"{file}, line {number}"
                point = accepted(parse_point(text), where)
                if not free.has(point):
                    accepted(World.create(free.width, free.height, [point]), where)
                yield point


def _opened(file: str, option: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        bad_input(f"{option}: {file}: {reason}: expected a file that can be read, or -")
