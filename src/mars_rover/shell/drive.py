"""``mars-rover drive``: one program, one rover, told as it happens."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

import click
from click.core import ParameterSource
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.happenings import Happening, Parked, Report, Submitted
from deciderkit.shell.memory import ForgetfulEventStore
from deciderkit.shell.transactions import Delivery, Observer

from deciderkit.decider import Refused
from deciderkit.log.recorded import Recorded
from mars_rover.board import mars_rover
from mars_rover.codec import codec
from mars_rover.commands import StartMarsRover
from mars_rover.events import ObstacleFound, ObstacleNotified
from mars_rover.notation import format_position
from mars_rover.rover import NotStarted, Placed, State
from mars_rover.shell.edge import (
    COMMAND_ID,
    EXIT_CODES,
    GRID,
    POINT,
    POSITION,
    ROVER_ID,
    Exit,
    Stop,
    accepted,
    bad_input,
    log,
    succeeded,
)
from mars_rover.shell.notifier import keep_silent, say
from mars_rover.shell.program_source import ProgramSource, from_stream, from_text
from mars_rover.shell.progress import with_progress
from mars_rover.shell.reading import obstacle_of
from mars_rover.shell.store import BOUNDED, dispatcher_on, opened, store_option
from mars_rover.values import Direction, Point, RoverId, World


@click.command(epilog=EXIT_CODES)
@click.argument("program", required=False)
@click.option("--grid", type=GRID, default="10x10", show_default=True, help="Size of the world.")
@click.option(
    "--obstacle", type=POINT, multiple=True, help="A cell that is taken; repeat for more."
)
@click.option(
    "--start", type=POSITION, default="0:0:N", show_default=True, help="Where the rover begins."
)
@click.option("--rover", "rover_id", type=ROVER_ID, help="The rover's id.  [default: a new one]")
@click.option("--quiet", "-q", is_flag=True, help="Print the final position and no log.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print each recorded event as a line of JSON."
)
@click.option(
    "--fail-on-obstacle", is_flag=True, help="Exit with 3 if an obstacle stops the rover."
)
@store_option
@click.option(
    "--command-id", type=COMMAND_ID, help="Names this request: tried again, it is done once."
)
def drive(
    program: str | None,
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    start: tuple[Point, Direction],
    rover_id: RoverId | None,
    quiet: bool,
    as_json: bool,
    fail_on_obstacle: bool,
    store: Path | None,
    command_id: str | None,
) -> None:
    """Start a rover and drive it through PROGRAM.

    PROGRAM is a string of L (turn left), R (turn right) and M (move one cell ahead). With - in its
    place, or with none, it is read from standard input. It is read whole before the rover moves.

    With a store the rover is started if it is new, and goes on where it stands if it is not.

    The log of commands and events goes to stderr, the result to stdout: the position x:y:D, or
    O:x:y:D before an obstacle. --quiet leaves out the log; with a store it still notifies, for there
    it is recorded that the obstacle was notified.

    \b
    Examples:
      mars-rover drive RMLMM --grid 4x4
      mars-rover drive RMMLMMMMMM --grid 4x4 --obstacle 2,2
      echo RMLMM | mars-rover drive - --quiet
      mars-rover drive RMLMM --rover r1 --store mission.log
    """
    world = accepted(World.create(*grid, obstacle), f"--grid {grid[0]}x{grid[1]}")
    point, direction = start
    accepted(world.place(point), "--start")
    command = StartMarsRover(rover_id or uuid4().hex, world, point, direction)
    with read_program(program) as source, ExitStack() as stack:
        dispatcher = dispatcher_for(
            stack,
            store,
            deliveries={ObstacleNotified: keep_silent if quiet and store is None else say},
            observe=partial(tell, quiet=quiet, as_json=as_json),
        )
        make_sure_it_started(dispatcher, command, command_id)
        letters = with_progress(source.commands(command.rover_id), source.length, quiet=quiet)
        report: Report = succeeded(
            dispatcher.dispatch(letters, halts=(Refused, ObstacleFound), command_id=command_id)
        )
        state: Placed = succeeded(dispatcher.state(mars_rover, command.rover_id))
    if not as_json:
        click.echo(format_position(state))
    if not quiet:
        summary = f"{report.carried_out} of {source.length} commands carried out"
        click.echo(summary, err=as_json)
    if report.refusal:
        refused = type(report.refusal.command).__name__
        raise Stop(f"{refused} {command.rover_id}: {report.refusal.reason.value}")
    if fail_on_obstacle and obstacle_of(state):
        raise SystemExit(Exit.OBSTACLE)


def dispatcher_for(
    stack: ExitStack, store: Path | None, deliveries: dict[type, Delivery], observe: Observer
) -> Dispatcher:
    """A dispatcher on the store, or on a log that keeps nothing where there is none."""
    if store is None:
        return Dispatcher(BOUNDED, ForgetfulEventStore(), deliveries=deliveries, observe=observe)
    return dispatcher_on(stack.enter_context(opened(store, create=True)), deliveries, observe)


def make_sure_it_started(
    dispatcher: Dispatcher, command: StartMarsRover, command_id: str | None
) -> None:
    """Start the rover if it is new; one that is there goes on, in the world that it has."""
    state: State = succeeded(dispatcher.state(mars_rover, command.rover_id))
    new = isinstance(state, NotStarted)
    if new:
        start_id = f"{command_id}~start" if command_id else None
        succeeded(dispatcher.dispatch([command], command_id=start_id))
        state = succeeded(dispatcher.state(mars_rover, command.rover_id))
    given = click.get_current_context().get_parameter_source
    asked = {given("grid"), given("obstacle")} != {ParameterSource.DEFAULT}
    if asked and not isinstance(state, NotStarted) and state.world != command.world:
        bad_input(
            f"rover {command.rover_id} was started in another world: "
            "expected no --grid and no --obstacle, or those of its start"
        )
    if not new and not command_id and given("start") is not ParameterSource.DEFAULT:
        bad_input(
            f"--start: rover {command.rover_id} is started already: expected no --start, "
            "for it goes on where it stands"
        )


def read_program(text: str | None) -> ProgramSource:
    """The program that was asked for: an argument, or standard input for ``-`` and for a pipe."""
    if text is None and sys.stdin.isatty():
        bad_input("no program: expected letters such as RMLMM, or - to read them from a pipe")
    if text is None or text == "-":
        return accepted(from_stream(sys.stdin.buffer))
    return accepted(from_text(text))


def tell(happening: Happening, *, quiet: bool, as_json: bool) -> None:
    """Say what happens as the article's log does, and print events as JSON where asked to."""
    if as_json and isinstance(happening, Recorded):
        sys.stdout.buffer.write(codec.line(happening) + b"\n")
    if quiet:
        return
    match happening:
        case Submitted(command):
            log(f"[COMMAND] {command}", "blue")
        case Recorded(event=event):
            log(f"[EVENT] {event}", "green")
        case Refused(command, reason):
            log(f"[REFUSED] {command}: {reason.value}", "red")
        case Parked(todo, reason):
            log(f"[PARKED] {todo.command}: {reason}", "red")
