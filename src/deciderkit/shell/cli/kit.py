"""``deciderkit``: the commands that every board has, for the board that is named."""

from __future__ import annotations

import os
from typing import NoReturn

import click

from deciderkit.shell.cli.bound import Bound, bound
from deciderkit.shell.cli.edge import exit_codes
from deciderkit.shell.cli.group import KIT, Commands, run_group
from deciderkit.shell.cli.names import BOARD_VARIABLE, program_at


def _name_board(ctx: click.Context, option: click.Parameter, place: str | None) -> None:
    shared = ctx.find_object(Bound)
    if place and shared:
        shared.board = place


def _board_option() -> click.Option:
    return click.Option(
        ["--board"],
        metavar="MODULE:NAME",
        expose_value=False,
        is_eager=True,
        callback=_name_board,
        help=f"The board, or a Program, such as kettle:board.  [env: {BOARD_VARIABLE}]",
    )


@click.group(
    cls=Commands,
    table={"new": "deciderkit.shell.cli.new:new", **KIT},
    shared=[_board_option()],
    epilog=exit_codes(),
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.option("--store", metavar="WHERE", help="The store of the command that follows.")
@click.version_option(package_name="mars-rover-decider", message="%(version)s")
@click.pass_context
def cli(context: click.Context, store: str | None) -> None:
    """Run a board: commands in, events out, and all else a fold of the log.

    \b
    The board is a value in a module of yours, the store a file:
      export DECIDERKIT_BOARD=kettle:board DECIDERKIT_STORE=kettle.db
      deciderkit do '{"type": "SwitchOn", "kettle": "red"}'
      deciderkit log
      deciderkit verify

    An external system for which the board has no delivery is told by a line on stderr.
    """
    if store:
        bound().store = store
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(2)


cli.params.insert(0, _board_option())


def main() -> NoReturn:
    """Run ``deciderkit``."""
    shared = Bound(
        "deciderkit",
        "DECIDERKIT_STORE",
        lambda: program_at(shared.board or os.environ.get(BOARD_VARIABLE)),
    )
    run_group(cli, shared)
