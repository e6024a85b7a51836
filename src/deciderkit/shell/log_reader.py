"""What a dispatcher knows from the log: states by stream, to-dos and views, folded as far as it has read.

Nothing here is the truth, all of it can be forgotten: it is read off the log again.
"""

from __future__ import annotations

from typing import Any, TypeVar

from returns.io import IOResult
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.board import Aggregate, Board, BoardState
from deciderkit.decider import fold
from deciderkit.shell.event_store import EventStore, Page
from deciderkit.shell.happenings import DispatchError

T = TypeVar("T")


class Stopped(Exception):
    """An error on its way out of the loop, to become an ``IOFailure`` at the door."""

    def __init__(self, error: DispatchError) -> None:
        super().__init__(error)
        self.error = error


def unwrapped(result: IOResult[T, Any]) -> T:
    """The value of a success; a failure stops the loop."""
    if is_successful(result):
        return unsafe_perform_io(result.unwrap())
    raise Stopped(unsafe_perform_io(result.failure()))


class LogReader:
    """The folds of ``board`` over the log in ``store``.

    ``reading`` holds the to-dos and the views up to position ``position``.
    """

    def __init__(self, board: Board, store: EventStore) -> None:
        self._board = board
        self._store = store
        self._states: dict[str, tuple[int, Any]] = {}
        self.reading = BoardState()
        self.position = 0

    def load(self, aggregate: Aggregate, stream: str) -> tuple[int, Any]:
        """Version and state of ``stream``: from memory, or else from the store."""
        if stream not in self._states:
            self._states[stream] = (0, aggregate.decider.initial)
            self.refresh(aggregate, stream)
        return self._states[stream]

    def refresh(self, aggregate: Aggregate, stream: str) -> None:
        """Fold what others have appended to ``stream`` since it was loaded."""
        version, state = self._states[stream]
        while page := unwrapped(self._store.read(stream, version)):
            state = fold(aggregate.decider, [each.event for each in page], state)
            version = page[-1].version
        self._states[stream] = (version, state)

    def follow(self, page: Page) -> None:
        """Fold ``page`` into to-dos and views, after all that others have put before it."""
        if not page:
            return
        if page[0].position != self.position + 1:
            self.catch_up()
            return
        self.reading = self._board.follow([each.event for each in page], self.reading)
        self.position = page[-1].position

    def catch_up(self) -> None:
        """Fold all that stands in the log and was not read yet."""
        while page := unwrapped(self._store.read_all(self.position)):
            self.reading = self._board.follow([each.event for each in page], self.reading)
            self.position = page[-1].position

    def appended(self, stream: str, page: Page, state: Any) -> None:
        """Take in what the owner of this reader has just appended to ``stream``."""
        self._states[stream] = (page[-1].version, state)
        self.follow(page)
