"""A group of commands that are imported when they are called for, and how a command line ends.

One line for an error, silence for a closed pipe, and for each end its exit code. Whoever gets no
answer, because nobody took it or by Ctrl-C, is told what was recorded.
"""

from __future__ import annotations

import copy
import errno
import io
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

import click

from deciderkit.plain import shown
from deciderkit.shell.cli.bound import Bound
from deciderkit.shell.cli.edge import LONGEST_LINE, CannotPrint, Exit, bad_input, flush

COMMANDS = "deciderkit.shell.cli.commands"
KIT: Mapping[str, str] = {
    "do": f"{COMMANDS}.do:do",
    "log": f"{COMMANDS}.log:log",
    "state": f"{COMMANDS}.state:state",
    "view": f"{COMMANDS}.view:view",
    "todo": f"{COMMANDS}.todo:todo",
    "run": f"{COMMANDS}.run:run",
    "relay": f"{COMMANDS}.relay:relay",
    "worker": f"{COMMANDS}.worker:worker",
    "replay": f"{COMMANDS}.replay:replay",
    "verify": f"{COMMANDS}.verify:verify",
    "export": f"{COMMANDS}.moving:export",
    "import": f"{COMMANDS}.moving:import_log",
    "salvage": f"{COMMANDS}.salvage:salvage",
    "store": f"{COMMANDS}.store:store",
    "board": f"{COMMANDS}.board:board",
}
"""The commands that every board has, with the module of each and its name there."""


class Commands(click.Group):
    """A group whose ``table`` has a module for each command; each gets the options ``shared`` as well.

    ``words`` puts the examples of another board in the place of those in the help of the commands.
    """

    def __init__(
        self,
        *arguments: Any,
        table: Mapping[str, str],
        shared: Sequence[click.Parameter] = (),
        words: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.table = table
        self.shared = shared
        self.words = words or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None where there is none of that name."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name].partition(":")
        command = copy.copy(getattr(import_module(module), name))
        assert isinstance(command, click.Command)
        command.params = [*command.params, *self.shared]
        for word, own in self.words.items():
            command.help = (command.help or "").replace(word, own)
        command.epilog = command.epilog or f"Exit codes: `{ctx.find_root().info_name} --help`."
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with; an unknown one is answered with what would do."""
        name = args[0]
        if name not in self.table and not name.startswith("-"):
            bad_input(f"no command '{shown(name, 60)}': {self.suggestion(name)}")
        return super().resolve_command(ctx, args)

    def suggestion(self, name: str) -> str:
        """What somebody may have meant by ``name``."""
        near = get_close_matches(name.lower(), self.table, n=1)
        known = ", ".join(self.table)
        return f"did you mean {near[0]}?" if near else f"expected one of {known}"

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the whole first sentence of its help."""
        rows = []
        for name in self.table:
            command = self.get_command(ctx, name)
            assert command is not None
            rows.append((name, command.get_short_help_str(limit=1_000)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def run_group(group: click.Group, shared: Bound) -> NoReturn:
    """Run the command line and leave with its exit code."""
    stand_in_for_closed_streams()
    try:
        code = _ended(group, shared)
    except CannotPrint as error:
        code = _unprinted(error.because, shared)
    except KeyboardInterrupt:  # a second one, while the first is being told
        code = Exit.INTERRUPTED
    sys.exit(code)


def _ended(group: click.Group, shared: Bound) -> int:
    """The exit code of a run; what went wrong is said."""
    try:
        code = group.main(prog_name=shared.name, standalone_mode=False, obj=shared) or 0
        flush()
        return int(code)
    except click.ClickException as error:
        flush()
        _complain(error.format_message())
        return error.exit_code
    except click.Abort:  # Ctrl-C; click has ended the line that it left behind
        _complain(f"interrupted{shared.went()}")
        return Exit.INTERRUPTED
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        _complain(f"{where}{error.strerror or error}{shared.went()}")
        return Exit.FAILED


def _unprinted(error: OSError, shared: Bound) -> int:
    """The end of a command whose answer nobody took. A pipe that was closed wanted no more."""
    # What could not be written is not tried again at exit.
    if isinstance(sys.stdout, _Closed):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    else:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno != errno.EPIPE:
        _complain(f"the answer could not be printed: {error.strerror}{shared.went()}")
    return Exit.FAILED


def _complain(message: str) -> None:
    try:
        click.echo(f"error: {shown(message, LONGEST_LINE)}", err=True)
    except OSError:  # nobody is there to hear it
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives


class _Nowhere(io.BufferedIOBase):
    """What stands in for a standard output that was closed before the program began; it keeps nothing."""

    name = "<closed>"

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise OSError(errno.EBADF, "standard output is closed")


class _Closed(io.TextIOWrapper):
    """A closed standard output: what is printed to it is an error, and no answer is lost in silence."""

    def __init__(self) -> None:
        super().__init__(_Nowhere(), encoding="utf-8")

    def close(self) -> None:
        """There is nothing to be closed, nor to be flushed."""


def stand_in_for_closed_streams() -> None:
    """A program may be started with its streams closed: nothing comes in then, and nothing goes out."""
    if sys.stdout is None:
        sys.stdout = _Closed()
    for name, mode in (("stdin", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for as long as the process lives
