"""``export`` and ``import``: a log as lines of JSON, out of a store and into another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import click

from deciderkit.log.errors import CorruptLine
from deciderkit.log.lines import line
from deciderkit.shell.cli.edge import bad_input, counted, out, succeeded, told
from deciderkit.shell.cli.events import opened_lines, read_lines, sound_log
from deciderkit.shell.cli.newstore import made_whole, new_or_old
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.stores.importing import import_log as into_store


@click.command("export", short_help="Write the log as lines of JSON, which import reads.")
@click.argument("file", metavar="[FILE|-]", default="-")
@store_option
@click.option(
    "--after",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    metavar="POSITION",
    help="Begin after this place in the log.",
)
def export(file: str, store: str | None, after: int) -> None:
    """Write the log to FILE as lines of JSON, one recorded event a line, or to standard output.

    A FILE is written whole or not at all, and none is overwritten.

    \b
    Examples:
      deciderkit export kettle.jsonl
      deciderkit export --after 100 | ssh elsewhere deciderkit import - --store kettle.db
    """
    with opened(store) as (program, log):
        events = watched(sound_log(log, after), succeeded(log.head()), "exporting")
        lines = (line(program.codec, recorded) for recorded in events)
        if file == "-":
            for each in lines:
                out(each)
            return
        count = 0
        with _whole_file(file) as written:
            for each in lines:
                written.write(each + b"\n")
                count += 1
    told(f"{counted(count, 'event')} written to {Path(file).name}")


@contextmanager
def _whole_file(name: str) -> Iterator[IO[bytes]]:
    """A file that appears as ``name`` when all of it is on the disk."""
    target = Path(os.path.abspath(name))
    if os.path.lexists(target):
        bad_input(f"{name}: there is such a file already: expected a new name")
    if not target.parent.is_dir():
        bad_input(f"{name}: no such folder as {target.parent}: expected one that is there")
    with made_whole(target, name) as unfinished, unfinished.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@click.command("import", short_help="Record the events of a file of JSON lines, all or none.")
@click.argument("file", metavar="FILE|-")
@store_option
def import_log(file: str, store: str | None) -> None:
    """Record the events of FILE, as `log --json` writes them, in a store that is new or goes on there.

    Places, command ids and times stay as they are. Where a line is bad, leaves a gap, is out of
    order, stands twice or cannot follow, it is named and nothing is recorded. A new store is made
    whole or not at all.

    \b
    Examples:
      deciderkit import kettle.jsonl --store copy.db
      deciderkit export | deciderkit import - --store copy.db
    """
    name = "standard input" if file == "-" else file
    with ExitStack() as stack:
        lines = stack.enter_context(opened_lines(file))
        path = stack.enter_context(new_or_old(store))
        program, log = stack.enter_context(opened(path, create=True))
        try:
            events = watched(read_lines(lines, program.codec), None, "importing")
            count = succeeded(into_store(log, program.board, program.codec, events))
        except CorruptLine as error:
            bad_input(f"{name}, {error}; nothing was recorded")
    out(f"{counted(count, 'event')} recorded")
