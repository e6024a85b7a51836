"""``mars-rover world``: a world as a drawing, to be changed by hand and driven on."""

from __future__ import annotations

import click

from deciderkit.shell.cli.edge import out
from mars_rover.picture.drawn import print_world
from mars_rover.shell.edge import accepted
from mars_rover.shell.world_options import start_of, world_options
from mars_rover.values import Direction, Point


@click.command(short_help="Print a world as a drawing, for --world.")
@world_options
def world(
    grid: tuple[int, int],
    obstacle: tuple[Point, ...],
    obstacles: str | None,
    world: str | None,
    start: tuple[Point, Direction],
) -> None:
    """Print a world as a drawing: . is a free cell, # an obstacle, and an arrow the start.

    Keep it in a file, change it in an editor, and give it to `drive`, `start` or `simulate`.

    \b
    Examples:
      mars-rover world --grid 4x4 --obstacle 2,2 > mars.txt
      mars-rover drive RMMLM --world mars.txt
    """
    asked = start_of(grid, obstacle, obstacles, start, world)
    out(accepted(print_world(asked.world, (asked.point, asked.direction))).rstrip("\n"))
