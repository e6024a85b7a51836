"""``mars-rover import``: a file of JSON lines into a store, all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from deciderkit.shell.sqlite_import import import_lines

from deciderkit.log.codec import CorruptLine
from mars_rover.board import board
from mars_rover.shell.edge import EXIT_CODES, bad_input, succeeded
from mars_rover.shell.log_file import opened_lines, read_lines
from mars_rover.shell.progress import watched
from mars_rover.shell.store import opened, store_option


@click.command("import", epilog=EXIT_CODES)
@click.argument("file", metavar="FILE|-")
@store_option
def import_log(file: str, store: Path | None) -> None:
    """Record the events of FILE, as `log --json` writes them, in a store that is new or goes on there.

    Places, command ids and times stay as they are. Where a line is bad, leaves a gap, is out of
    order, stands twice or cannot follow, it is named and nothing is recorded.
    """
    with opened_lines(file) as lines, new_or_old(store) as path, opened(path, create=True) as log:
        try:
            events = watched(read_lines(lines), None, "importing")
            count = succeeded(import_lines(log, board, events))
        except CorruptLine as error:
            bad_input(f"{'standard input' if file == '-' else file}, {error}; nothing was recorded")
    click.echo(f"{count} events recorded")


@contextmanager
def new_or_old(path: Path | None) -> Iterator[Path | None]:
    """``path`` if there is a store; else a file beside it, which becomes the store at the very end."""
    target = path and Path(os.path.realpath(path))
    if target is None or not is_free(target):
        yield path
        return
    unfinished = target.with_name(f".import.{os.getpid()}")
    try:
        yield unfinished
        os.link(unfinished, target)
    except FileExistsError:
        bad_input(f"{path}: somebody else made it meanwhile; nothing was recorded")
    finally:
        for suffix in ("", "-wal", "-shm"):
            # What cannot be taken away was never made; why it was not is being said already.
            with suppress(OSError):
                Path(f"{unfinished}{suffix}").unlink()


def is_free(target: Path) -> bool:
    """Whether a file can be made as ``target``; where that cannot be known, opening it says why."""
    try:
        target.lstat()
    except FileNotFoundError:
        return target.parent.is_dir()
    except OSError:
        return False
    return False
