"""A log from elsewhere into a store: all of it or nothing.

Its lines may be long in coming. They are audited and put aside as they come, and only when all of
them are there is the store locked, for as long as it takes to write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from msgspec import msgpack
from returns.result import Failure, Result, Success

from deciderkit.board import Board
from deciderkit.log.answers import StoreFailure, StoreTrouble, value
from deciderkit.log.audit import Audit, audited, commits_of
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Commit, commit_of
from deciderkit.log.port import EventStore, StoreError
from deciderkit.log.recorded import Recorded
from deciderkit.shell.stores.verifying import whole_log

_IN_MEMORY: Final = 4 * 1024 * 1024
"""As many bytes are put aside before a file is made for them."""
_LENGTH: Final = 8

_decode = msgpack.Decoder(tuple[Commit, list[Stored]]).decode


def import_log(
    store: EventStore,
    board: Board,
    codec: Codec,
    lines: Iterable[Recorded[Any]],
    folder: str | None = None,
) -> Result[int, StoreError]:
    """Record ``lines`` with the places, ids and times that they have; how many there were.

    They go on where the log of ``store`` ends, and are audited together with it; if somebody else
    records while they come, that is a failure. What is put aside goes to ``folder`` where there is
    much of it. Raises `CorruptLine`, numbered from 1, for an event that cannot stand where it stands;
    that and whatever ``lines`` itself raises leaves the store as it was.
    """
    audit = Audit(board)
    try:
        for recorded in whole_log(store):
            audit.take(recorded)
        before = audit.position
        with SpooledTemporaryFile(_IN_MEMORY, dir=folder) as aside:
            for together in commits_of(audited(audit, lines)):
                _put_aside(aside, together, codec)
            if audit.position > before:
                _rewind(aside)
                value(store.restore(_taken_up(aside), before))
    except (StoreTrouble, CorruptEvent) as error:
        return Failure(error)  # type: ignore[arg-type]
    return Success(audit.position - before)


def _put_aside(aside: IO[bytes], events: list[Recorded[Any]], codec: Codec) -> None:
    """Write one commit; what it is chained to is known only when it is recorded."""
    stored = [codec.encode(each.event) for each in events]
    content = msgpack.encode((commit_of(events), stored))
    try:
        aside.write(len(content).to_bytes(_LENGTH) + content)
    except OSError as error:
        raise _no_room(error) from None


def _rewind(aside: IO[bytes]) -> None:
    try:
        aside.seek(0)  # what is still buffered is written now
    except OSError as error:
        raise _no_room(error) from None


def _no_room(error: OSError) -> StoreFailure:
    reason = f"the lines cannot be put aside: {error.strerror or error}"
    return StoreFailure(f"{reason}; nothing was recorded")


def _taken_up(aside: IO[bytes]) -> Iterator[tuple[Commit, list[Stored]]]:
    while length := aside.read(_LENGTH):
        yield _decode(aside.read(int.from_bytes(length)))
