"""``mars-rover verify``: whether every byte of the log is as it was written, and whether it folds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from deciderkit.shell.sqlite_check import verify_log

from deciderkit.log.audit import Audit
from deciderkit.log.recorded import Recorded
from mars_rover.board import board
from mars_rover.shell.edge import EXIT_CODES, succeeded
from mars_rover.shell.progress import watched
from mars_rover.shell.store import opened, store_option


@click.command(epilog=EXIT_CODES)
@store_option
def verify(store: Path | None) -> None:
    """Check the log: its file, its checksums, its versions, that each event decodes and all of it folds.

    The position of the first damage is named, with exit code 4. Nothing is changed.
    """
    with opened(store) as log:
        total: int = succeeded(log.head())

        def watch(events: Iterable[Recorded[Any]]) -> Iterable[Recorded[Any]]:
            return watched(events, total, "verifying")

        audit: Audit = succeeded(verify_log(log, board, watch))
    click.echo(f"ok: {audit.position} events in {len(audit.streams)} streams")
