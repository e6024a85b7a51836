"""``board``: the wall as text."""

from __future__ import annotations

import click

from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import told
from deciderkit.shell.cli.listing import listing


@click.command(short_help="Print the board as text.")
def board() -> None:
    """Print the board as text: what leads to what, who reacts, what is read, who is told.

    \b
    Example:
      deciderkit board --board kettle:board
    """
    for line in listing(bound().program.board):
        told(line)
