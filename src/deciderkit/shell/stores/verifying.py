"""Whether a log is whole, whatever store it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from returns.result import Failure, Result, Success

from deciderkit.board import Board
from deciderkit.log.answers import StoreTrouble, value
from deciderkit.log.audit import Audit
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.port import EventStore, StoreError
from deciderkit.log.recorded import Recorded

Watch = Callable[[Iterable[Recorded[Any]]], Iterable[Recorded[Any]]]


def verify_log(store: EventStore, board: Board, watch: Watch = iter) -> Result[Audit, StoreError]:
    """Check all that there is to check, and give the audit of the whole log.

    Checksums and their chain, places and versions, that every event decodes as strictly as one from
    outside and follows from those before it, and the store's own check of what is around them. A
    failure is a `CorruptEvent` with the position of the first damage; where that belongs to no event
    it stands after the last. Nothing is changed. ``watch`` sees the events go by.
    """
    audit = Audit(board)
    try:
        for recorded in watch(whole_log(store)):
            audit.take(recorded)
        value(store.integrity(audit.position))
    except (StoreTrouble, CorruptEvent) as error:
        return Failure(error)  # type: ignore[arg-type]
    return Success(audit)


def whole_log(store: EventStore, after: int = 0) -> Iterator[Recorded[Any]]:
    """All events after position ``after``, a page at a time. Raises what the store fails with."""
    while page := value(store.read_all(after)):
        yield from page
        after = page[-1].position
