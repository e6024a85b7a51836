"""The command line: ``mars-rover``, which commands it has, and how each of them ends."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Final, NoReturn

import click

from mars_rover.shell.edge import EXIT_CODES, Exit

COMMANDS: Final = {
    "drive": "mars_rover.shell.drive:drive",
    "simulate": "mars_rover.shell.simulate:simulate",
    "check": "mars_rover.shell.kata.check:check",
    "start": "mars_rover.shell.fleet:start",
    "off": "mars_rover.shell.fleet:off",
    "rovers": "mars_rover.shell.reading:rovers",
    "show": "mars_rover.shell.reading:show",
    "obstacles": "mars_rover.shell.reading:obstacles",
    "log": "mars_rover.shell.log:log",
    "replay": "mars_rover.shell.replay:replay",
    "verify": "mars_rover.shell.verify:verify",
    "todo": "mars_rover.shell.todo:todo",
    "import": "mars_rover.shell.import_log:import_log",
}
"""Each command, in the order of the help, with its module and its name there."""


class Commands(click.Group):
    """A group that imports a command when it is called for: each pays for its own imports only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(package_name="mars-rover-decider", message="%(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Drive Mars rovers: commands in, events out, and all else a fold of the events.

    \b
    Begin with:
      mars-rover drive RMLMM
      mars-rover drive RMMLMMMMMM --grid 4x4 --obstacle 2,2
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(Exit.BAD_INPUT)


def main() -> NoReturn:
    """Run the command line: one line for an error, silence for a closed pipe, and the exit code."""
    _stand_in_for_closed_streams()
    try:
        code = cli.main(standalone_mode=False) or 0
        sys.stdout.flush()
    except click.ClickException as error:
        click.echo(f"error: {error.format_message()}", err=True)
        code = error.exit_code
    except click.Abort:
        click.echo("error: interrupted", err=True)
        code = Exit.FAILED
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            where = "" if error.filename is None else f"{error.filename}: "
            click.echo(f"error: {where}{error.strerror or error}", err=True)
        # What could not be written is not tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.FAILED
    sys.exit(code)


def _stand_in_for_closed_streams() -> None:
    """A program may be started with its streams closed: nothing comes in then, and nothing goes out."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for as long as the process lives
