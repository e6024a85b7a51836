"""``mars-rover rovers``, ``show`` and ``obstacles``: what the log says, folded and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from deciderkit.keyed_fold import chunks
from deciderkit.log.port import EventStore
from deciderkit.shell.cli.edge import flush, out, succeeded
from deciderkit.shell.cli.events import sound_stream, until
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.states import state_of, states_of
from deciderkit.shell.cli.store import opened, store_option, until_option
from deciderkit.shell.program import Program
from mars_rover.board import mars_rover
from mars_rover.events import MarsRoverMoved, MarsRoverStarted
from mars_rover.notation import format_position, format_status
from mars_rover.projections import obstacles_found
from mars_rover.rover import Blocked, NotStarted, Placed, State, TurnedOff
from mars_rover.shell.edge import ROVER_ID, Stop
from mars_rover.shell.fleet import stream_of
from mars_rover.shell.pictures import Pictures, picture_options
from mars_rover.values import Point, RoverId


@click.command(short_help="List the rovers: id, status and where each stands.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="One rover a line, as JSON.")
def rovers(store: str | None, as_json: bool) -> None:
    """List the rovers in the order in which they were started: id, status and where each stands.

    \b
    Example:
      mars-rover rovers --store mission.db
    """
    with opened(store) as (_, log):
        for _, state in states_of(mars_rover, log).values():
            status, at = format_status(state), format_position(state)
            if as_json:
                out(msgspec.json.encode({"rover": state.rover_id, "status": status, "at": at}))
            else:
                out(f"{state.rover_id} {status} {at}")


@click.command(short_help="Show one rover: its status, where it stands, its path.")
@click.argument("rover_id", metavar="ID", type=ROVER_ID)
@store_option
@until_option()
@picture_options
def show(
    rover_id: RoverId, store: str | None, position: int | None, svg: Path | None, no_map: bool
) -> None:
    """Show the rover ID: its status, where it is at, its path and the obstacle that stopped it.

    \b
    Examples:
      mars-rover show r1 --store mission.db
      mars-rover show r1 --store mission.db --until 12 --svg r1.svg
    """
    pictures = Pictures(svg, has_map=not no_map, stream=stream_of(rover_id))
    with opened(store) as (program, log):
        state = _placed(program, log, rover_id, position)
        out(f"status    {format_status(state)}")
        out(f"at        {format_position(state)}")
        _print_path(log, rover_id, position)
        if obstacle := obstacle_of(state):
            out(f"obstacle  {obstacle}")
        flush()
        if pictures.sees:
            for recorded in until(sound_stream(log, stream_of(rover_id)), position):
                pictures(recorded)
        pictures.draw()


@click.command(short_help="List the obstacles that were found: rover and cell.")
@store_option
def obstacles(store: str | None) -> None:
    """List the obstacles in the order in which they were found: rover and cell.

    \b
    Example:
      mars-rover obstacles --store mission.db
    """
    with opened(store) as (program, log):
        for found in succeeded(program.on(log).view(obstacles_found)):
            out(f"{found.rover_id} {found.obstacle}")


def obstacle_of(state: State) -> Point | None:
    """The obstacle that stopped the rover, if one did."""
    return state.obstacle if isinstance(state, (Blocked, TurnedOff)) else None


def _placed(program: Program, log: EventStore, rover_id: RoverId, position: int | None) -> Placed:
    """The state of a rover that was started; there being none stops."""
    state: State
    if position is None:
        state = succeeded(program.on(log).state(mars_rover, rover_id))
    else:
        _, state = state_of(mars_rover, log, stream_of(rover_id), position)
    if isinstance(state, NotStarted):
        then = "" if position is None else f" up to position {position}"
        raise Stop(f"no rover {rover_id}{then}: expected one that was started")
    return state


def _print_path(log: EventStore, rover_id: RoverId, position: int | None) -> None:
    """The path as it is read: it may be longer than memory."""
    out("path     ", end=b"")
    for steps in chunks(_steps(log, rover_id, position)):
        out("".join(steps), end=b"")
    out("")
    flush()


def _steps(log: EventStore, rover_id: RoverId, position: int | None) -> Iterator[str]:
    stream = stream_of(rover_id)
    events = watched(sound_stream(log, stream), succeeded(log.version(stream)), "reading")
    for recorded in until(events, position):
        event = recorded.event
        if isinstance(event, (MarsRoverStarted, MarsRoverMoved)):
            yield f" {event.point.x}:{event.point.y}:{event.direction.value}"
