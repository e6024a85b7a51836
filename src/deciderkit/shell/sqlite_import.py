"""A log from elsewhere into the file of a store: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from returns.io import IOResult

from deciderkit.audit import Audit
from deciderkit.board import Board
from deciderkit.codec import CorruptEvent, CorruptLine
from deciderkit.recorded import Recorded
from deciderkit.shell.event_store import StoreError
from deciderkit.shell.sqlite import SqliteEventStore
from deciderkit.shell.sqlite_rows import Commit

_BATCH = 1_000


def import_lines(
    store: SqliteEventStore, board: Board, lines: Iterable[Recorded[Any]]
) -> IOResult[int, StoreError]:
    """Record ``lines`` with the places, command ids and times that they have; how many there were.

    They go on where the log of ``store`` ends, and are audited together with it. Raises
    `CorruptLine`, numbered from 1, for an event that cannot stand where it stands; that and whatever
    ``lines`` itself raises leaves the store as it was.
    """

    def work() -> int:
        with store.transaction():
            audit = Audit(board)
            while page := store.reading.all(audit.position, _BATCH):
                for recorded in page:
                    audit.take(recorded)
            before = audit.position
            for commit in _commits(_audited(audit, lines)):
                _insert(store, commit, before)
            return audit.position - before

    return store.guard(work)


def _audited(audit: Audit, lines: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
    for number, recorded in enumerate(lines, start=1):
        try:
            audit.take(recorded)
        except CorruptEvent as error:
            raise CorruptLine(number, error.reason) from None
        yield recorded


def _commits(lines: Iterable[Recorded[Any]]) -> Iterator[list[Recorded[Any]]]:
    """Events in a row that were recorded together."""
    for _, together in groupby(
        lines, key=lambda each: (each.stream, each.command_id, each.recorded_at)
    ):
        yield list(together)


def _insert(store: SqliteEventStore, events: list[Recorded[Any]], before: int) -> None:
    first = events[0]
    if store.reading.outcome(first.command_id):
        reason = f"command id {first.command_id!r} stands in two places: expected one"
        raise CorruptLine(first.position - before, reason)
    commit = Commit(
        first.position,
        len(events),
        first.version,
        first.stream,
        first.command_id,
        first.recorded_at,
        store.reading.checksum(first.position - 1),
    )
    store.insert(commit, [store.codec.encode(each.event) for each in events])
