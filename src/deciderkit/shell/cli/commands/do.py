"""``do``: carry out commands that are given as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import click

from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.ids import BadId, is_id
from deciderkit.log.strict_json import MAX_BYTES
from deciderkit.outcomes import Report
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import Stop, bad_input, counted, out, succeeded
from deciderkit.shell.cli.messages import BadCommand, Commands
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.telling import telling

_IN_MEMORY: Final = 16 * 1024 * 1024


@click.command(short_help="Carry out commands that are given as JSON.")
@click.argument("command", nargs=-1, metavar="[JSON]...")
@store_option
@click.option(
    "--id",
    "request_id",
    metavar="ID",
    help="Names this request; tried again under it, it is done once.",
)
@click.option(
    "--halt",
    multiple=True,
    metavar="EVENT",
    help="Stop after an event of this type, or at a refusal by `Refused`; repeat for more.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print each recorded event as a line of JSON."
)
@click.option("--quiet", "-q", is_flag=True, help="Leave out the log.")
@click.option("--verbose", "-v", is_flag=True, help="Messages as Python writes them.")
def do(
    command: tuple[str, ...],
    store: str | None,
    request_id: str | None,
    halt: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Carry out commands that are given as JSON, and all that the policies make of their events.

    A command is an object with its "type" and its fields. Without one, or with -, they are read from
    standard input, one a line. All of them are read before the first is carried out.

    \b
    Examples:
      deciderkit do '{"type": "SwitchOn", "kettle": "red"}'
      deciderkit do --id tea-1 < commands.jsonl
      deciderkit todo --json | jq -c .command | deciderkit do -

    The log of commands and events goes to stderr. A refused command does not keep those behind it
    from being tried, unless `--halt Refused` says so; the exit code is 1 if any was refused.
    """
    if request_id is not None and not is_id(request_id):
        bad_input(f"--id: {BadId(request_id)}")
    shared = bound()
    board = shared.program.board
    halts = [_event(board, name) for name in halt]
    with _commands(board, command) as asked, opened(store, create=True) as (program, log):
        if request_id:
            shared.go_on = f"; the same call again, with --id {request_id}, does the rest"
        dispatcher = program.on(
            log, telling(program, quiet=quiet, as_json=as_json, verbose=verbose)
        )
        report = succeeded(dispatcher.dispatch(asked, halts, request_id))
    _conclude(report, as_json=as_json)


def _conclude(report: Report, *, as_json: bool) -> None:
    total = report.carried_out + report.refused
    if not as_json:
        out(f"{report.carried_out} of {counted(total, 'command')} carried out")
    if report.refusal:
        raise Stop(f"command {report.refusal.number} was refused: {report.refusal.reason}")


def _event(board: Board, name: str) -> type:
    known: dict[str, type] = {each.__name__: each for each in (*board.events, Refused)}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        bad_input(f"--halt: no event {shown(name, 60)}: {hint}expected one of {', '.join(known)}")
    return known[name]


@contextmanager
def _commands(board: Board, given: tuple[str, ...]) -> Iterator[Iterable[Any]]:
    """The commands, each read once before any is carried out."""
    reader = Commands(board)
    try:
        if given and given != ("-",):
            yield list(reader.read_all(given))
            return
        if sys.stdin.isatty():
            bad_input(f"no command: expected one as JSON, such as {reader.example()}, or a pipe")
        with SpooledTemporaryFile(_IN_MEMORY) as aside:
            for _ in reader.read_all(_put_aside(sys.stdin.buffer, aside)):
                pass
            aside.seek(0)
            yield reader.read_all(line.rstrip(b"\r\n") for line in aside)
    except BadCommand as error:
        bad_input(f"{error}; nothing was done")


def _put_aside(lines: IO[bytes], aside: IO[bytes]) -> Iterator[bytes]:
    for line in iter(lambda: lines.readline(MAX_BYTES + 2), b""):  # one byte too many is refused
        if line.strip():
            aside.write(line if line.endswith(b"\n") else line + b"\n")
            yield line.rstrip(b"\r\n")
