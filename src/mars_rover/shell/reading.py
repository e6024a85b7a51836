"""``mars-rover rovers``, ``show`` and ``obstacles``: what the log says, folded and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from deciderkit.shell.log_reader import LogReader

from deciderkit.log.recorded import Recorded
from mars_rover.board import mars_rover
from mars_rover.notation import format_position, format_status
from mars_rover.projections import obstacles_found, path, started_rovers
from mars_rover.rover import Blocked, NotStarted, Placed, State, TurnedOff
from mars_rover.shell.edge import EXIT_CODES, ROVER_ID, Stop
from mars_rover.shell.store import opened, reading, store_option, stream_of
from mars_rover.values import Point, RoverId


@click.command(epilog=EXIT_CODES)
@store_option
def rovers(store: Path | None) -> None:
    """The rovers in the order in which they were started: id, status and position."""
    with opened(store) as log, reading(log) as reader:
        for rover_id in reader.reading.view(started_rovers):
            state = placed(reader, rover_id)
            click.echo(f"{rover_id} {format_status(state)} {format_position(state)}")


@click.command(epilog=EXIT_CODES)
@click.argument("rover_id", metavar="ID", type=ROVER_ID)
@store_option
def show(rover_id: RoverId, store: Path | None) -> None:
    """The rover ID: its status, its position, its path and the obstacle that stopped it."""
    with opened(store) as log, reading(log) as reader:
        state = placed(reader, rover_id)
        click.echo(f"status    {format_status(state)}")
        click.echo(f"position  {format_position(state)}")
        click.echo("path      " + " ".join(steps(stream_of(log, f"rover-{rover_id}"))))
        if obstacle := obstacle_of(state):
            click.echo(f"obstacle  {obstacle}")


@click.command(epilog=EXIT_CODES)
@store_option
def obstacles(store: Path | None) -> None:
    """The obstacles in the order in which they were found: rover and cell."""
    with opened(store) as log, reading(log) as reader:
        for found in reader.reading.view(obstacles_found):
            click.echo(f"{found.rover_id} {found.obstacle}")


def placed(reader: LogReader, rover_id: RoverId) -> Placed:
    """The state of a rover that was started; there being none stops."""
    state: State = reader.load(mars_rover, f"{mars_rover.category}-{rover_id}")[1]
    if isinstance(state, NotStarted):
        raise Stop(f"no rover {rover_id}: expected one that was started")
    return state


def obstacle_of(state: State) -> Point | None:
    """The obstacle that stopped the rover, if one did."""
    return state.obstacle if isinstance(state, Blocked | TurnedOff) else None


def steps(events: Iterator[Recorded[Any]]) -> Iterator[str]:
    """The path that ``events`` lead along, step by step."""
    for recorded in events:
        yield from map(str, path.fold([recorded.event]))
