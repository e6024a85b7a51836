"""``run``: follow the log, and do what the policies ask for, until somebody stops it."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from time import sleep
from typing import Final

import click

from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import bad_input, flush, succeeded, until_stopped
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.telling import telling

PAUSE: Final = 0.2
"""How long nobody looks at the log, in seconds."""


@click.command(short_help="Do what the policies ask for, as the log grows, until stopped.")
@store_option
@click.option(
    "--policy", multiple=True, metavar="NAME", help="Work off this policy only; repeat for more."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print each recorded event as a line of JSON."
)
@click.option("--quiet", "-q", is_flag=True, help="Leave out the log.")
def run(store: str | None, policy: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Follow the log and do what the policies ask for, until Ctrl-C.

    What waits for its time is done when it is due. Any number of processes may run on one store: each
    to-do is done once. What cannot be done is parked, see `todo`.

    \b
    Examples:
      deciderkit run
      deciderkit run --policy "send reminder" --quiet
    """
    shared = bound()
    program = shared.program
    if policy:
        try:
            program = program.only(*policy)
        except ValueError as error:
            bad_input(f"--policy: {error}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with opened(store, writes=True) as (_, log):
        dispatcher = program.on(log, telling(program, quiet=quiet, as_json=as_json))
        with until_stopped():
            while True:
                succeeded(dispatcher.resume())
                flush()
                sleep(_pause(dispatcher.next_due))


def _pause(due: datetime | None) -> float:
    """How long to wait: until the next to-do is due, and at most until the log is looked at again."""
    if due is None:
        return PAUSE
    return min(PAUSE, max((due - datetime.now(UTC)).total_seconds(), 0.0))
