"""``mars-rover todo``: what the policies have still to do, and what is parked and why."""

from __future__ import annotations

from pathlib import Path

import click
from deciderkit.shell.parking import Note
from deciderkit.shell.sqlite import SqliteEventStore
from deciderkit.shell.sqlite_side import SqliteParking

from mars_rover.events import ObstacleNotified
from mars_rover.shell.edge import EXIT_CODES, succeeded
from mars_rover.shell.notifier import say
from mars_rover.shell.store import dispatcher_on, opened, reading, store_option


@click.command(epilog=EXIT_CODES)
@store_option
@click.option("--run", is_flag=True, help="Do first what can be done.")
@click.option("--retry", is_flag=True, help="Let go of what is parked, and do it.")
def todo(store: Path | None, run: bool, retry: bool) -> None:
    """What the policies have still to do, in the order in which the log asked for it.

    A line says since which event, which policy and which command; a parked one says why.
    """
    with opened(store) as log:
        parking = SqliteParking(log)
        if retry:
            for note in succeeded(parking.notes()):
                succeeded(parking.unpark(note.policy, note.key))
        if run or retry:
            succeeded(dispatcher_on(log, {ObstacleNotified: say}).resume())
        tell(log)


def tell(store: SqliteEventStore) -> None:
    """Print the to-dos, and the views that an event stopped."""
    notes: dict[tuple[str, str, int], Note] = {
        (note.policy, note.key, note.position): note
        for note in succeeded(SqliteParking(store).notes())
    }
    with reading(store) as reader:
        for each in reader.reading.todos():
            note = notes.get((each.policy, each.key, each.position))
            parked = f"  parked: {note.reason}" if note else ""
            click.echo(f"{each.position} {each.policy}: {each.command}{parked}")
        for view in reader.unread:
            what = f"{view.projection} {view.key}".strip()
            click.echo(f"{view.position} {what}  stands still: {view.reason}")
