"""``salvage``: what can be vouched for of a damaged log goes into a new store, and the rest is listed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click
import msgspec
from returns.result import Failure, Result

from deciderkit.log.audit import Audit
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.lines import line
from deciderkit.log.port import PAGE, EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.shell.cli.edge import bad_input, counted, out, succeeded, told
from deciderkit.shell.cli.events import sound_log
from deciderkit.shell.cli.newstore import new_or_old
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.program import Program
from deciderkit.shell.stores.importing import import_log


@click.command(short_help="Copy what is sound of a damaged log into a new store.")
@click.argument("new", metavar="NEW")
@store_option
@click.option("--json", "as_json", is_flag=True, help="List the rest as JSON, one position a line.")
def salvage(new: str, store: str | None, as_json: bool) -> None:
    """Copy the longest sound beginning of a damaged log into the store NEW, and list the rest.

    Sound is what `verify` would pass: checksums, versions, and that all of it folds. Of what stands
    behind the first damage each position is listed with the reason why it was left out; what can still
    be read of it is shown, for people to judge. The damaged log is not changed. The copy is made whole
    or not at all.

    \b
    Example:
      deciderkit salvage rescued.db --store damaged.db > left-out.txt
    """
    if os.path.lexists(new):
        bad_input(f"{new}: there is such a file already: expected the name of a new store")
    with opened(store) as (program, log):
        sound = _Sound(program, log)
        with new_or_old(new) as path, opened(path, create=True) as (_, copy):
            events = watched(sound, None, "salvaging")
            count = succeeded(import_log(copy, program.board, program.codec, events))
        if sound.damage is None:
            told(f"{counted(count, 'event')} copied to {new}: the log is sound")
            return
        if not as_json:
            told(f"{counted(count, 'event')} copied to {new}; left out:")
        for position, reason, readable in _rest(log, sound.damage):
            _list(program, position, reason, readable, as_json=as_json)


class _Sound:
    """The events of a log up to the first damage, which is noted."""

    def __init__(self, program: Program, log: EventStore) -> None:
        self._program = program
        self._log = log
        self.damage: CorruptEvent | None = None

    def __iter__(self) -> Iterator[Recorded[Any]]:
        audit = Audit(self._program.board)
        try:
            for recorded in sound_log(self._log):
                audit.take(recorded)
                yield recorded
        except CorruptEvent as error:
            # A log may name a place in a stream; what is left out begins behind what was copied.
            self.damage = CorruptEvent(audit.position + 1, error.reason)


def _rest(log: EventStore, damage: CorruptEvent) -> Iterator[tuple[int, str, Recorded[Any] | None]]:
    """Each position from the damage on: why it is left out, and the event where it can be read."""
    head = log.head()
    last = damage.position if isinstance(head, Failure) else max(head.unwrap(), damage.position)
    position, limit = damage.position, 1
    while position <= last:
        read = log.read_all(position - 1, limit)
        page = read.value_or(())
        if not page and limit > 1:
            limit = _good_before(read, position, limit)
            continue
        for readable in page:
            yield readable.position, _why(readable.position, damage), readable
        if not page:
            said = damage.reason if position == damage.position else _reason(read)
            yield position, said, None
        position, limit = (page[-1].position if page else position) + 1, PAGE


def _why(position: int, damage: CorruptEvent) -> str:
    """Why a position is left out that can be read."""
    if position == damage.position:
        return damage.reason
    return f"stands behind position {damage.position}"


def _good_before(read: Result[Any, Any], position: int, limit: int) -> int:
    """How many positions to read next, where not all of ``limit`` can be read together."""
    error = read.failure() if isinstance(read, Failure) else None
    good = error.position - position if isinstance(error, CorruptEvent) else 0
    return good if 0 < good < limit else 1


def _reason(read: Result[Any, Any]) -> str:
    error = read.failure() if isinstance(read, Failure) else None
    return error.reason if isinstance(error, CorruptEvent) else str(error or "is missing")


def _list(
    program: Program, position: int, reason: str, readable: Recorded[Any] | None, *, as_json: bool
) -> None:
    event = line(program.codec, readable) if readable is not None else b"null"
    if as_json:
        said = {"position": position, "reason": reason, "event": msgspec.Raw(event)}
        out(msgspec.json.encode(said))
    else:
        told(f"{position}: {reason}{f'  {event.decode()}' if readable is not None else ''}")
