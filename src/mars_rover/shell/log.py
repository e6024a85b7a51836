"""``mars-rover log``: the events themselves, as text or as lines of JSON that ``replay`` reads."""

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep
from typing import Any

import click

from deciderkit.log.recorded import Recorded
from mars_rover.codec import codec
from mars_rover.shell.edge import EXIT_CODES
from mars_rover.shell.store import opened, store_option, whole_log

PAUSE = 0.1


@click.command(epilog=EXIT_CODES)
@store_option
@click.option("--json", "as_json", is_flag=True, help="One recorded event a line, as JSON.")
@click.option(
    "--after", type=click.IntRange(0, 2**63 - 1), default=0, help="Begin after this position."
)
@click.option("--follow", "-f", is_flag=True, help="Go on with what is recorded from now on.")
def log(store: Path | None, as_json: bool, after: int, follow: bool) -> None:
    """The events of the log, in order."""
    with opened(store) as source:
        while True:
            for recorded in whole_log(source, after):
                sys.stdout.buffer.write(line(recorded, as_json=as_json) + b"\n")
                after = recorded.position
            sys.stdout.buffer.flush()
            if not follow:
                return
            sleep(PAUSE)


def line(recorded: Recorded[Any], *, as_json: bool) -> bytes:
    """One event as a line."""
    if as_json:
        return codec.line(recorded)
    place = f"{recorded.position} {recorded.stream} {recorded.version}"
    return f"{place} {recorded.event}".encode()
