"""``mars-rover drive``: one program, one rover, told as it happens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from returns.result import Failure, Result

from deciderkit.log.port import EventStore
from deciderkit.outcomes import Happening
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import counted, flush, out
from deciderkit.shell.cli.pictures import RunPage, html_option, nothing_earlier
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.telling import telling
from deciderkit.shell.program import Program
from mars_rover.events import ObstacleNotified
from mars_rover.notation import format_position
from mars_rover.shell.driving import Drive, Driven
from mars_rover.shell.edge import COMMAND_ID, OBSTACLE, ROVER_ID, Stop, bad_input
from mars_rover.shell.forgetful import ForgetfulEventStore
from mars_rover.shell.hints import for_program
from mars_rover.shell.notifier import keep_silent
from mars_rover.shell.notifying import without_notifying
from mars_rover.shell.pictures import Pictures, earlier_in, picture_options
from mars_rover.shell.program_source import ProgramSource, Readable, from_stream, from_text
from mars_rover.shell.reading import obstacle_of
from mars_rover.shell.world_options import start_of, world_options
from mars_rover.values import Direction, Invalid, Point, RoverId

_SEEN: Final = 10_000
"""As many characters of a stream are looked at for what somebody may have meant."""


@click.command(short_help="Start a rover and drive it through a program.")
@click.argument("program", required=False)
@world_options
@click.option(
    "--rover",
    "rover_id",
    type=ROVER_ID,
    help="The rover's id.  [default: the next of r1, r2, ... that is free]",
)
@click.option("--quiet", "-q", is_flag=True, help="Print where it ends and no log.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print each recorded event as a line of JSON."
)
@click.option(
    "--fail-on-obstacle", is_flag=True, help="Exit with 3 if an obstacle stops the rover."
)
@store_option
@click.option(
    "--leave-notifying",
    is_flag=True,
    help="Leave it to `notifier` to tell of obstacles; needs --store.",
)
@click.option(
    "--command-id", type=COMMAND_ID, help="Names this request: tried again, it is done once."
)
@picture_options
@html_option
@click.option("--verbose", "-v", is_flag=True, help="Messages as Python writes them.")
def drive(
    program: str | None,
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    obstacles: str | None,
    world: str | None,
    start: tuple[Point, Direction],
    rover_id: RoverId | None,
    quiet: bool,
    as_json: bool,
    fail_on_obstacle: bool,
    store: str | None,
    leave_notifying: bool,
    command_id: str | None,
    svg: Path | None,
    no_map: bool,
    html: Path | None,
    verbose: bool,
) -> None:
    """Start a rover and drive it through PROGRAM.

    PROGRAM is a string of L (turn left), R (turn right) and M (move one cell ahead). With - in its
    place, or with none, it is read from standard input. It is read whole before the rover moves.

    With a store the rover is started if it is new, and goes on where it stands if it is not.

    The log of commands and events goes to stderr, the result to stdout: where the rover is at, x:y:D,
    or O:x:y:D before an obstacle. --quiet leaves out the log; with a store it still notifies, for
    there it is recorded that the obstacle was notified.

    \b
    Examples:
      mars-rover drive RMLMM --grid 4x4
      mars-rover drive RMMLMMMMMM --grid 4x4 --obstacle 2,2
      echo RMLMM | mars-rover drive - --quiet
      mars-rover drive RMLMM --rover r1 --store mission.db
      mars-rover drive RMMLM --world mars.txt --html drive.html --svg drive.svg
    """
    wanted = start_of(grid, obstacle, obstacles, start, world)
    if leave_notifying and not store:
        bad_input("--leave-notifying: expected --store WHERE, a log that a notifier follows")
    with _read_program(program) as source, _log_in(store, quiet=quiet) as (whole, log):
        runs = without_notifying(whole) if leave_notifying else whole
        page = RunPage(html, earlier_in(log) if store else nothing_earlier) if html else None
        pictures = Pictures(svg, has_map=not (no_map or quiet or as_json), page=page)
        tell = telling(runs, quiet=quiet, as_json=as_json, verbose=verbose)
        drives = Drive(runs, log, source, _both(tell, pictures), quiet=quiet)
        driven = drives.run(wanted, rover_id, command_id)
        pictures.draw(log)
        pictures.write_page(f"Drive of {driven.rover_id}")
    _print(driven, source.length, quiet=quiet, as_json=as_json)
    _end(driven, fail_on_obstacle=fail_on_obstacle)


def _both(tell: Callable[[Happening], None], pictures: Pictures) -> Callable[[Happening], None]:
    if not pictures.sees:
        return tell

    def observe(happening: Happening) -> None:
        tell(happening)
        pictures(happening)

    return observe


def _end(driven: Driven, *, fail_on_obstacle: bool) -> None:
    if driven.refused:
        raise Stop(f"{driven.refused} {driven.rover_id}: {driven.reason}")
    if fail_on_obstacle and obstacle_of(driven.state):
        click.get_current_context().exit(OBSTACLE)


def _print(driven: Driven, length: int, *, quiet: bool, as_json: bool) -> None:
    if not as_json:
        out(format_position(driven.state))
        flush()
    if not quiet:
        carried = f"{driven.carried_out} of {counted(length, 'command')} carried out"
        click.echo(carried, err=True)


@contextmanager
def _log_in(store: str | None, *, quiet: bool) -> Iterator[tuple[Program, EventStore]]:
    """The program and its log, or one that keeps nothing where there is no store."""
    if store is not None:
        with opened(store, create=True) as found:
            yield found
        return
    program = replace(bound().program, version="")
    if quiet:
        program = replace(program, deliveries={ObstacleNotified: keep_silent})
    yield program, ForgetfulEventStore()


def _read_program(text: str | None) -> ProgramSource:
    """The program that was asked for: an argument, or standard input for ``-`` and for a pipe."""
    if text is None and sys.stdin.isatty():
        bad_input("no program: expected letters such as RMLMM, or - to read them from a pipe")
    if text is not None and text != "-":
        return _accepted(from_text(text), text)
    beginning = _Beginning(sys.stdin.buffer)
    return _accepted(from_stream(beginning), beginning.text)


def _accepted(read: Result[ProgramSource, Invalid], text: str) -> ProgramSource:
    if isinstance(read, Failure):
        bad_input(f"{read.failure()}{for_program(text)}")
    return read.unwrap()


class _Beginning:
    """A stream that remembers how it began, for a hint where it turns out to be no program."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.text = ""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        if len(self.text) < _SEEN:
            self.text += piece[:_SEEN].decode("utf-8", "replace")
        return piece
