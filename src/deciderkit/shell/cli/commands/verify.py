"""``verify``: whether the log is as it was written, and whether it folds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
import msgspec

from deciderkit.log.recorded import Recorded
from deciderkit.shell.cli.edge import counted, out, succeeded
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.stores.verifying import verify_log


@click.command(short_help="Check that the log is as it was written, and that it folds.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def verify(store: str | None, as_json: bool) -> None:
    """Check the log: its file, its checksums, its versions, that each event decodes and all of it folds.

    The position of the first damage is named, with exit code 4. Nothing is changed.

    \b
    Example:
      deciderkit verify --store kettle.db
    """
    with opened(store) as (program, log):
        total: int = succeeded(log.head())

        def watch(events: Iterable[Recorded[Any]]) -> Iterable[Recorded[Any]]:
            return watched(events, total, "verifying")

        audit = succeeded(verify_log(log, program.board, watch))
    if as_json:
        said = {"ok": True, "events": audit.position, "streams": len(audit.streams)}
        out(msgspec.json.encode(said))
    else:
        events, streams = counted(audit.position, "event"), counted(len(audit.streams), "stream")
        out(f"ok: {events} in {streams}")
