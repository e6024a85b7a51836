"""The command line: ``mars-rover``, the kit's commands on the rover's board and the rover's own."""

from __future__ import annotations

from typing import Final, NoReturn

import click

from deciderkit.picture.spelling import Spelling
from deciderkit.picture.telling import Picture
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import Bound
from deciderkit.shell.cli.edge import Exit, exit_codes
from deciderkit.shell.cli.group import KIT, Commands, run_group
from deciderkit.shell.program import Program

OWN: Final = {
    "drive": "mars_rover.shell.drive:drive",
    "simulate": "mars_rover.shell.simulate:simulate",
    "world": "mars_rover.shell.world:world",
    "check": "mars_rover.shell.kata.check:check",
    "start": "mars_rover.shell.fleet:start",
    "off": "mars_rover.shell.fleet:off",
    "rovers": "mars_rover.shell.reading:rovers",
    "show": "mars_rover.shell.reading:show",
    "obstacles": "mars_rover.shell.reading:obstacles",
    "replay": "mars_rover.shell.replay:replay",
    "notifier": "mars_rover.shell.notifying:notifier",
}
"""The rover's own commands, with the module of each and its name there."""

WORDS: Final = {
    "deciderkit ": "mars-rover ",
    '{"type": "SwitchOn", "kettle": "red"}': '{"type": "Move", "rover_id": "r1"}',
    " --board kettle:board": "",
    "state kettle red": "state rover r1",
    "state Kettle": "state rover",
    "view boiled": "view obstacles",
    'view "by kettle" red': "view path r1",
    "kettle-red": "rover-r1",
    "kettle.": "mission.",
    "tea-1": "mission-1",
    "send reminder": "turn off",
    "/kettles": "/rovers",
    "--lane kitchen": "--lane mars",
}
"""Examples of the kit's commands, and what stands for them here."""


class RoverCommands(Commands):
    """The commands, and a word for those who leave `drive` out."""

    def suggestion(self, name: str) -> str:
        """A program in the place of a command is meant to be driven."""
        if set(name) <= set("LRM"):
            return f"did you mean: {self.name} drive {shown(name, 60)}"
        return super().suggestion(name)


@click.group(
    "mars-rover",
    cls=RoverCommands,
    table={**OWN, **KIT, **OWN},  # its own come first, also where the kit has one of that name
    words=WORDS,
    epilog=exit_codes(
        "carried out; an obstacle is an ordinary outcome",
        _3="an obstacle stopped the rover, with --fail-on-obstacle",
    ),
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
    """Run ``mars-rover``."""
    run_group(cli, Bound("mars-rover", "MARS_ROVER_STORE", _load, _spelling, _picture))


def _spelling() -> Spelling:
    """Messages as the article spells them, a rover's state as its status and where it stands."""
    from mars_rover.shell.words import WORDS_OF_STATES  # noqa: PLC0415 - `--help` needs no board

    return WORDS_OF_STATES


def _picture() -> Picture:
    """The map that stands on a page beside what happened."""
    from mars_rover.picture.replay import ROVER_PICTURE  # noqa: PLC0415 - few runs have a page

    return ROVER_PICTURE


def _load() -> Program:
    from mars_rover.shell.program import program  # noqa: PLC0415 - `--help` needs no board

    return program
