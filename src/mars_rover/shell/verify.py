"""``mars-rover verify``: whether every byte of the log is as it was written, and whether it folds."""

from __future__ import annotations

from pathlib import Path

import click

from deciderkit.audit import Audit
from deciderkit.codec import CorruptEvent
from deciderkit.shell.sqlite_check import check_data, check_file
from mars_rover.board import board
from mars_rover.shell.edge import EXIT_CODES, Exit, Stop, succeeded
from mars_rover.shell.progress import watched
from mars_rover.shell.store import opened, store_option, whole_log


@click.command(epilog=EXIT_CODES)
@store_option
def verify(store: Path | None) -> None:
    """Check the log: its file, its checksums, its versions, that each event decodes and all of it folds.

    The position of the first damage is named, with exit code 4. Nothing is changed.
    """
    with opened(store) as log:
        audit = Audit(board)
        total = succeeded(log.head())
        try:
            for recorded in watched(whole_log(log), total, "verifying"):
                audit.take(recorded)
            succeeded(check_data(log))
            succeeded(check_file(log, audit.position))
        except CorruptEvent as error:
            raise Stop(str(error), Exit.CORRUPT_LOG) from None
    click.echo(f"ok: {audit.position} events in {len(audit.streams)} streams")
