"""``mars-rover simulate``: a program file of any size through the batch engine, in constant memory."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

import click
import msgspec

from mars_rover.notation import format_position
from mars_rover.shell.edge import (
    EXIT_CODES,
    Stop,
    accepted,
    bad_input,
)
from mars_rover.shell.feeding import letters_of, size_of
from mars_rover.shell.progress import byte_progress
from mars_rover.shell.world_options import start_of, world_options
from mars_rover.values import Direction, Point


@click.command(epilog=EXIT_CODES, short_help="Simulate a program of any size, without a log.")
@click.argument("file", metavar="FILE|-")
@world_options
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
    world: str | None,
    start: tuple[Point, Direction],
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate the program in FILE, or on standard input for -, whatever its size.

    Prints the position, x:y:D or O:x:y:D before an obstacle, then how many commands were carried
    out, then the obstacle. All of the program is checked; a newline at its end is allowed. It needs
    the extra "batch"; with the extra "native", billions of letters take less time.

    \b
    Examples:
      mars-rover simulate program.txt --grid 1000x1000 --obstacles cells.txt
      head -c 1000000000 /dev/zero | tr '\\0' M | mars-rover simulate -
    """
    try:
        from mars_rover import batch  # noqa: PLC0415 - the other commands need no numpy
    except ImportError as error:
        raise Stop(str(error)) from None
    begins = start_of(grid, obstacle, obstacles, start, world)
    with _opened(file) as stream, byte_progress(size_of(stream)) as advance:
        letters = letters_of(stream)
        result = batch.simulate(
            begins.world, begins[1:3], letters, threads=threads, progress=advance
        )
    arrival = accepted(result)
    position = format_position(arrival.state("rover", begins.world))
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


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except OSError as error:
        bad_input(f"{file}: {error.strerror}: expected a file that can be read, or -")
