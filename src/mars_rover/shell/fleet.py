"""``mars-rover start`` and ``off``: one command to one rover in a store; and ids for new rovers."""

from __future__ import annotations

from hashlib import blake2b

import click

from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Refusal
from deciderkit.shell.cli.edge import out, succeeded
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.dispatch.dispatcher import Dispatcher
from mars_rover.board import mars_rover
from mars_rover.commands import TurnOff
from mars_rover.shell.edge import ROVER_ID, Stop
from mars_rover.shell.world_options import Start, start_of, world_options
from mars_rover.values import Direction, Point, RoverId


@click.command(short_help="Start a rover in a store, and print its id.")
@click.argument("rover_id", metavar="[ID]", type=ROVER_ID, required=False)
@store_option
@world_options
def start(
    rover_id: RoverId | None,
    store: str | None,
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    obstacles: str | None,
    world: str | None,
    start: tuple[Point, Direction],
) -> None:
    """Start the rover ID, by default the next of r1, r2, ... that is free, and print its id.

    \b
    Examples:
      mars-rover start --store mission.db
      mars-rover start r7 --store mission.db --grid 40x20 --obstacles cells.txt
    """
    wanted = start_of(grid, obstacle, obstacles, start, world)
    with opened(store, create=True) as (program, log):
        started = start_new(program.on(log), log, wanted, rover_id)
    out(started)


@click.command(short_help="Turn a rover off, for good.")
@click.argument("rover_id", metavar="ID", type=ROVER_ID)
@store_option
def off(rover_id: RoverId, store: str | None) -> None:
    """Turn the rover ID off, for good.

    \b
    Example:
      mars-rover off r1 --store mission.db
    """
    with opened(store, writes=True) as (program, log):
        report = succeeded(program.on(log).dispatch([TurnOff(rover_id)]))
    if report.refusal:
        raise refused("TurnOff", rover_id, report.refusal)


def start_new(
    dispatcher: Dispatcher, log: EventStore, wanted: Start, rover_id: RoverId | None
) -> RoverId:
    """Start a rover; without an id the next that is free, also where others start some meanwhile."""
    while True:
        name = rover_id or next_free(log)
        report = succeeded(dispatcher.dispatch([wanted.command(name)]))
        if report.refusal is None:
            return name
        if rover_id is not None:
            raise refused("StartMarsRover", name, report.refusal)


def next_free(log: EventStore) -> RoverId:
    """The first of r1, r2, ... behind those that were started in a row, found by halving."""
    taken, free = 0, 1
    while _is_taken(log, free):
        taken, free = free, free * 2
    while free - taken > 1:
        middle = (taken + free) // 2
        if _is_taken(log, middle):
            taken = middle
        else:
            free = middle
    return f"r{free}"


def id_from(command_id: str) -> RoverId:
    """The id of a rover that is started under ``command_id``: the same each time that it is tried.

    >>> id_from("mission-1")
    'r-0eae319d52'
    """
    return f"r-{blake2b(command_id.encode(), digest_size=5).hexdigest()}"


def refused(command: str, rover_id: RoverId, refusal: Refusal) -> Stop:
    """The end of a command that was refused."""
    return Stop(f"{command} {rover_id}: {refusal.reason}")


def stream_of(rover_id: RoverId) -> str:
    """The stream of a rover."""
    return f"{mars_rover.category}-{rover_id}"


def _is_taken(log: EventStore, number: int) -> bool:
    version: int = succeeded(log.version(stream_of(f"r{number}")))
    return version > 0
