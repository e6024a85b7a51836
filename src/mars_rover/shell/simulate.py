"""``mars-rover simulate``: a program file of any size through the batch engine, in constant memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

import click
import msgspec

from mars_rover.notation import format_position, parse_point
from mars_rover.shell.edge import (
    EXIT_CODES,
    GRID,
    POINT,
    POSITION,
    Stop,
    accepted,
    bad_input,
)
from mars_rover.shell.feeding import letters_of, size_of
from mars_rover.shell.progress import byte_progress
from mars_rover.values import Direction, Point, World


@click.command(epilog=EXIT_CODES, short_help="Simulate a program of any size, without a log.")
@click.argument("file", metavar="FILE|-")
@click.option("--grid", type=GRID, default="10x10", show_default=True, help="Size of the world.")
@click.option(
    "--obstacle", type=POINT, multiple=True, help="A cell that is taken; repeat for more."
)
@click.option("--obstacles", metavar="FILE", help="A file of cells that are taken, one X,Y a line.")
@click.option(
    "--start", type=POSITION, default="0:0:N", show_default=True, help="Where the rover begins."
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="How many to work with; by default one for each core.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def simulate(
    file: str,
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    obstacles: str | None,
    start: tuple[Point, Direction],
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate the program in FILE, or on standard input for -, whatever its size.

    Prints the position, x:y:D or O:x:y:D before an obstacle, then how many commands were carried
    out, then the obstacle. All of the program is checked; a newline at its end is allowed. It needs
    the extra "batch".

    \b
    Examples:
      mars-rover simulate program.txt --grid 1000x1000 --obstacles cells.txt
      head -c 1000000000 /dev/zero | tr '\\0' M | mars-rover simulate -
    """
    try:
        from mars_rover import batch  # noqa: PLC0415 - the other commands need no numpy
    except ImportError as error:
        raise Stop(str(error)) from None
    world = _world(grid, obstacle, obstacles)
    accepted(world.place(start[0]), "--start")
    with _opened(file) as stream, byte_progress(size_of(stream)) as advance:
        letters = letters_of(stream)
        result = batch.simulate(world, start, letters, threads=threads, progress=advance)
    arrival = accepted(result)
    position = format_position(arrival.state("rover", world))
    if as_json:
        said = {
            "position": position,
            "carried_out": arrival.carried_out,
            "obstacle": arrival.obstacle,
        }
        click.echo(msgspec.json.encode(said))
        return
    click.echo(position)
    click.echo(f"{arrival.carried_out} commands carried out")
    if arrival.obstacle is not None:
        click.echo(f"obstacle {arrival.obstacle}")


def _world(grid: tuple[int, int], given: tuple[Point, ...], file: str | None) -> World:
    free = accepted(World.create(*grid), f"--grid {grid[0]}x{grid[1]}")
    for point in given:
        accepted(World.create(*grid, [point]), "--obstacle")
    listed = [] if file is None else _cells(file, free)
    return World(free.width, free.height, frozenset([*given, *listed]))


def _cells(file: str, free: World) -> Iterator[Point]:
    """The obstacles in ``file``, each looked at alone, so that an error can name its line."""
    with _opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            where = f"{file}, line {number}"
            point = accepted(parse_point(line.decode("utf-8", "replace").strip()), where)
            if not free.has(point):
                accepted(World.create(free.width, free.height, [point]), where)
            yield point


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except OSError as error:
        bad_input(f"{file}: {error.strerror}: expected a file that can be read, or -")
