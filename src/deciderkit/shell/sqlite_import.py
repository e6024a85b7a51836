"""A log from elsewhere into the file of a store: all of it or nothing.

Its lines may be long in coming. They are audited and put aside as they come, and only when all of
them are there is the store locked, for as long as it takes to write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from msgspec import msgpack
from returns.io import IOResult

from deciderkit.log.audit import Audit
from deciderkit.board import Board
from deciderkit.log.codec import Codec, CorruptEvent, CorruptLine, Stored
from deciderkit.log.recorded import TIME_PATTERN, Recorded
from deciderkit.shell.event_store import PAGE, StoreError, StoreFailure, bad_id, pages
from deciderkit.shell.sqlite import Failed, SqliteEventStore
from deciderkit.shell.sqlite_rows import Commit

_IN_MEMORY: Final = 4 * 1024 * 1024
"""As many bytes are put aside before a file is made for them."""
_LENGTH: Final = 8

_IS_TIME = re.compile(TIME_PATTERN).search
_decode = msgpack.Decoder(tuple[Commit, list[Stored]]).decode


def import_lines(
    store: SqliteEventStore, board: Board, lines: Iterable[Recorded[Any]]
) -> IOResult[int, StoreError]:
    """Record ``lines`` with the places, command ids and times that they have; how many there were.

    They go on where the log of ``store`` ends, and are audited together with it; if somebody else
    records while they come, that is a failure. Raises `CorruptLine`, numbered from 1, for an event
    that cannot stand where it stands; that and whatever ``lines`` itself raises leaves the store as
    it was.
    """

    def work() -> int:
        audit = _audit(store, board)
        before = audit.position
        with SpooledTemporaryFile(_IN_MEMORY, dir=str(store.path.parent)) as aside:
            for together in _commits(_audited(audit, lines)):
                _put_aside(aside, together, store.codec)
            if audit.position > before:
                with _in_words():  # what is still buffered is written now
                    aside.seek(0)
                _insert_all(store, aside, before)
        return audit.position - before

    return store.guard(work)


def _audit(store: SqliteEventStore, board: Board) -> Audit:
    """The audit of what is in ``store``."""
    audit = Audit(board)
    for page in pages(lambda at: store.reading.all(at, PAGE), lambda last: last.position):
        for recorded in page:
            audit.take(recorded)
    return audit


def _audited(audit: Audit, lines: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
    for number, recorded in enumerate(lines, start=1):
        try:
            audit.take(recorded)
        except CorruptEvent as error:
            raise CorruptLine(number, error.reason) from None
        if wrong := _wrong_text(recorded):
            raise CorruptLine(number, wrong)
        yield recorded


def _wrong_text(recorded: Recorded[Any]) -> str:
    """What is wrong with the ids or the time, for lines that no codec has read."""
    if wrong := bad_id(recorded.stream, recorded.command_id):
        return wrong.reason
    if not _IS_TIME(recorded.recorded_at):
        return f"bad time {recorded.recorded_at[:60]!a}: expected ISO 8601 with an offset"
    return ""


def _commits(lines: Iterable[Recorded[Any]]) -> Iterator[list[Recorded[Any]]]:
    """Events in a row that were recorded together."""
    for _, together in groupby(
        lines, key=lambda each: (each.stream, each.command_id, each.recorded_at)
    ):
        yield list(together)


def _put_aside(aside: IO[bytes], events: list[Recorded[Any]], codec: Codec) -> None:
    """Write one commit; what it is chained to is known only when it is inserted."""
    first = events[0]
    commit = Commit(
        first.position,
        len(events),
        first.version,
        first.stream,
        first.command_id,
        first.recorded_at,
        chained_to=0,
    )
    content = msgpack.encode((commit, [codec.encode(each.event) for each in events]))
    with _in_words():
        aside.write(len(content).to_bytes(_LENGTH) + content)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"the lines cannot be put aside beside the store: {error.strerror or error}"
        raise Failed(StoreFailure(f"{reason}; nothing was recorded")) from None


def _taken_up(aside: IO[bytes]) -> Iterator[tuple[Commit, list[Stored]]]:
    while length := aside.read(_LENGTH):
        yield _decode(aside.read(int.from_bytes(length)))


def _insert_all(store: SqliteEventStore, aside: IO[bytes], before: int) -> None:
    """Insert what was put aside for a log that ended at ``before``, if it still does."""
    with store.transaction():
        if store.reading.all(before, 1):
            reason = f"somebody else recorded after position {before} meanwhile"
            raise Failed(StoreFailure(f"{store.path}: {reason}; nothing was imported"))
        for commit, stored in _taken_up(aside):
            _insert(store, commit, stored, before)


def _insert(store: SqliteEventStore, commit: Commit, stored: list[Stored], before: int) -> None:
    if store.reading.outcome(commit.command_id):
        reason = f"command id {commit.command_id!r} stands in two places: expected one"
        raise CorruptLine(commit.first - before, reason)
    chained_to = store.reading.checksum(commit.first - 1)
    store.insert(commit._replace(chained_to=chained_to), stored)
