"""``mars-rover start`` and ``off``: one command to one rover in a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from deciderkit.shell.happenings import Report

from mars_rover.commands import StartMarsRover, TurnOff
from mars_rover.events import ObstacleNotified
from mars_rover.shell.edge import (
    EXIT_CODES,
    GRID,
    POINT,
    POSITION,
    ROVER_ID,
    Stop,
    accepted,
    succeeded,
)
from mars_rover.shell.notifier import say
from mars_rover.shell.store import dispatcher_on, opened, store_option
from mars_rover.values import Direction, Point, RoverId, World


@click.command(epilog=EXIT_CODES)
@click.argument("rover_id", metavar="[ID]", type=ROVER_ID, required=False)
@store_option
@click.option("--grid", type=GRID, default="10x10", show_default=True, help="Size of the world.")
@click.option(
    "--obstacle", type=POINT, multiple=True, help="A cell that is taken; repeat for more."
)
@click.option(
    "--start", "place", type=POSITION, default="0:0:N", show_default=True, help="Where it begins."
)
def start(
    rover_id: RoverId | None,
    store: Path | None,
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    place: tuple[Point, Direction],
) -> None:
    """Start the rover ID, or one with a new id, and print its id."""
    world = accepted(World.create(*grid, obstacle), f"--grid {grid[0]}x{grid[1]}")
    point, direction = place
    accepted(world.place(point), "--start")
    command = StartMarsRover(rover_id or uuid4().hex, world, point, direction)
    carry_out(store, command, create=True)
    click.echo(command.rover_id)


@click.command(epilog=EXIT_CODES)
@click.argument("rover_id", metavar="ID", type=ROVER_ID)
@store_option
def off(rover_id: RoverId, store: Path | None) -> None:
    """Turn the rover ID off, for good."""
    carry_out(store, TurnOff(rover_id), create=False)


def carry_out(path: Path | None, command: Any, *, create: bool) -> None:
    """Carry out one command on the store in ``path``; a refusal stops."""
    with opened(path, create=create) as store:
        dispatcher = dispatcher_on(store, {ObstacleNotified: say})
        report: Report = succeeded(dispatcher.dispatch([command]))
    if report.refusal:
        raise Stop(f"{type(command).__name__} {command.rover_id}: {report.refusal.reason.value}")
