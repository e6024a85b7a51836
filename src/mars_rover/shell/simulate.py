"""``mars-rover simulate``: a program file of any size through the batch engine, in constant memory.

Files, standard input and the terminal are met here. What they say is read by `notation`, and the
work is done by `mars_rover.batch`, which needs the extra ``batch`` and so is imported when used.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import IO, NoReturn, TypeVar

import click
from returns.result import Result, Success
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from mars_rover.notation import format_position, parse_grid, parse_point, parse_position
from mars_rover.values import Point, World

T = TypeVar("T")

_BLOCK = 2**20


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--grid", default="10x10", metavar="WxH", show_default=True, help="The world's sides."
)
@click.option("--obstacle", "cells", multiple=True, metavar="X,Y", help="A cell that is taken.")
@click.option("--obstacles", "cell_file", metavar="FILE", help="More of them, one X,Y a line.")
@click.option("--start", default="0:0:N", metavar="X:Y:D", show_default=True, help="Where from.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def simulate(
    *,
    file: str,
    grid: str,
    cells: tuple[str, ...],
    cell_file: str | None,
    start: str,
    as_json: bool,
) -> None:
    """Simulate the program in FILE, or on standard input for -, whatever its size.

    Prints the position (O:x:y:D in front of an obstacle), how many commands were carried out, and
    the obstacle. All of the file has to be a program of L, R and M; one newline may end it.

    Exit codes: 0 simulated (an obstacle is an ordinary outcome), 1 the extra "batch" is not
    installed, 2 bad usage or input.
    """
    try:
        from mars_rover import batch  # noqa: PLC0415 - the other commands need no numpy
    except ImportError as error:
        _fail(str(error), code=1)
    world = _world(grid, cells, cell_file)
    place = _or_fail(parse_position(start))
    with _opened(file) as stream, _progress() as progress:
        task = progress.add_task("", total=_size(stream))
        result = batch.simulate(world, place, _pieces(stream, progress, task))
    arrival = _or_fail(result)
    position = format_position(arrival.state("rover", world))
    if as_json:
        click.echo(_json(position, arrival.carried_out, arrival.obstacle))
        return
    click.echo(position)
    click.echo(f"{arrival.carried_out} commands carried out")
    if arrival.obstacle is not None:
        click.echo(f"obstacle {arrival.obstacle}")


def _json(position: str, carried_out: int, obstacle: Point | None) -> str:
    cell = None if obstacle is None else {"x": obstacle.x, "y": obstacle.y}
    return json.dumps({"position": position, "carried_out": carried_out, "obstacle": cell})


def _fail(message: str, code: int = 2) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    raise click.exceptions.Exit(code)


def _or_fail(result: Result[T, object], where: str = "") -> T:
    if isinstance(result, Success):
        value: T = result.unwrap()
        return value
    _fail(f"{where}{result.failure()}")


def _world(grid: str, cells: tuple[str, ...], cell_file: str | None) -> World:
    free = _or_fail(parse_grid(grid).bind(lambda sides: World.create(*sides)))
    points = [_on_grid(free, cell) for cell in cells]
    if cell_file is not None:
        with _opened(cell_file) as stream:
            for number, line in enumerate(stream, start=1):
                text = line.decode("utf-8", "replace").strip()
                points.append(_on_grid(free, text, f"{cell_file}, line {number}: "))
    return World(free.width, free.height, frozenset(points))


def _on_grid(free: World, text: str, where: str = "") -> Point:
    """The obstacle in ``text``; looked at alone, so that an error can name its line."""
    point = _or_fail(parse_point(text), where)
    if not free.has(point):
        _or_fail(World.create(free.width, free.height, [point]), where)
    return point


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except OSError as error:
        _fail(f"{file}: {error.strerror}: expected a file that can be read, or -")


def _size(stream: IO[bytes]) -> int | None:
    """How many bytes there are to come, as far as that can be known."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _pieces(stream: IO[bytes], progress: Progress, task: TaskID) -> Iterator[bytes]:
    """All of ``stream`` but for one newline at its end."""
    held = b""
    while block := stream.read(_BLOCK):
        progress.advance(task, len(block))
        letters, held = held + block[:-2], block[-2:]
        yield letters
    yield held.removesuffix(b"\r\n") if held.endswith(b"\r\n") else held.removesuffix(b"\n")


def _progress() -> Progress:
    """Bytes, rate and time left, on standard error and on a terminal only."""
    console = Console(stderr=True)
    return Progress(
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
