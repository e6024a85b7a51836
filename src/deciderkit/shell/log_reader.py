"""What a dispatcher knows from the log: states by stream, to-dos and views, folded as far as it has read.

Nothing here is the truth, all of it can be forgotten: it is read off the log again.
"""

from __future__ import annotations

from typing import Any, TypeVar

from returns.io import IOResult
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.log.audit import corrupt_at
from deciderkit.board import Aggregate, Board, BoardState
from deciderkit.log.codec import CorruptEvent
from deciderkit.decider import CorruptHistory, fold
from deciderkit.keyed_fold import CHUNK
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import EventStore, Page
from deciderkit.shell.follower import Follower, UnreadView
from deciderkit.shell.happenings import DispatchError
from deciderkit.shell.saved_folds import SavedReading, SavedStates
from deciderkit.shell.saved_views import SavedViews

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


def folded(aggregate: Aggregate, page: Page, state: Any) -> Any:
    """``state`` after ``page``; stops with the position in the log of an event that cannot follow."""
    try:
        return fold(aggregate.decider, [each.event for each in page], state)
    except CorruptHistory as error:
        raise Stopped(corrupt_at(page[error.index or 0].position, error)) from None


class LogReader:
    """The folds of ``board`` over the log in ``store``, begun where they were ``saved``, if they were.

    What was read is folded when somebody looks at it, or once there is much of it: a command that no
    policy hears of costs no fold of its own. ``stirred`` says that a policy may have something to do.
    """

    def __init__(self, board: Board, store: EventStore, saved: SavedViews | None = None) -> None:
        self._board = board
        self._follower = Follower(board)
        self._store = store
        self._states: dict[str, tuple[int, Any]] = {}
        self._saved_reading = SavedReading(board, store, saved) if saved else None
        self._saved_states = SavedStates(saved) if saved else None
        self._folded = self._saved_reading.load() if self._saved_reading else BoardState()
        self._begun_saved = self._folded.position > 0
        self._unfolded: list[Any] = []
        self._heard = board.heard
        self.stirred = True

    @property
    def reading(self) -> BoardState:
        """The to-dos and the views, up to `position`."""
        if self._unfolded:
            self._fold()
        return self._folded

    @property
    def position(self) -> int:
        """How far the log was read."""
        return self._folded.position + len(self._unfolded)

    @property
    def unread(self) -> tuple[UnreadView, ...]:
        """The views that an event stopped."""
        _ = self.reading
        return self._follower.unread

    def load(self, aggregate: Aggregate, stream: str) -> tuple[int, Any]:
        """Version and state of ``stream``: from memory, or else from the store."""
        if stream not in self._states:
            start = (0, aggregate.decider.initial)
            if self._saved_states:
                start = self._saved_states.load(aggregate, stream)
            self._states[stream] = start
            self.refresh(aggregate, stream)
        return self._states[stream]

    def refresh(self, aggregate: Aggregate, stream: str) -> None:
        """Fold what others have appended to ``stream`` since it was loaded.

        What cannot follow a state that was saved may well follow the one that the log leads to, so
        before a history counts as corrupt the stream is folded from its beginning.
        """
        version, state = self._states.pop(stream)
        try:
            self._go_on(aggregate, stream, version, state)
        except Stopped as stopped:
            saved = self._saved_states
            corrupt = isinstance(stopped.error, CorruptEvent)
            if not (corrupt and saved and saved.distrust(stream)):
                raise
            self._go_on(aggregate, stream, 0, aggregate.decider.initial)

    def catch_up(self) -> None:
        """Fold all that stands in the log and was not read yet."""
        while page := unwrapped(self._store.read_all(self.position)):
            self._read(page)

    def appended(self, aggregate: Aggregate, page: Page, state: Any) -> None:
        """Take in ``page``, which the owner of this reader has just appended to one stream."""
        self._remember(aggregate, page[-1], state)
        if page[0].position == self.position + 1:
            self._read(page)
        else:
            self.catch_up()

    def _read(self, page: Page) -> None:
        events = [each.event for each in page]
        self._unfolded += events
        self.stirred = self.stirred or not self._heard.isdisjoint(map(type, events))
        if len(self._unfolded) >= CHUNK:
            _ = self.reading

    def _fold(self) -> None:
        """Fold what was read. A saved reading that an event cannot follow is given up, see `refresh`."""
        events, self._unfolded = self._unfolded, []
        try:
            self._folded = self._follower.follow(events, self._folded)
        except CorruptHistory as error:
            if not self._begun_saved:
                raise Stopped(corrupt_at((error.index or 0) + 1, error)) from None
            self._begin_again()
            return
        if self._begun_saved and self._follower.unread:
            self._begin_again()
        elif self._saved_reading and not self._follower.unread:
            self._saved_reading.keep(self._folded)

    def _begin_again(self) -> None:
        self._begun_saved = False
        self._follower, self._folded = Follower(self._board), BoardState()
        self.catch_up()
        if self._unfolded:
            self._fold()

    def _go_on(self, aggregate: Aggregate, stream: str, version: int, state: Any) -> None:
        """Fold ``stream`` to its end. A stream that cannot be folded is not remembered."""
        page: Page = ()
        while following := unwrapped(self._store.read(stream, version)):
            page = following
            state = folded(aggregate, page, state)
            version = page[-1].version
        if page:
            self._remember(aggregate, page[-1], state)
        else:
            self._states[stream] = (version, state)

    def _remember(self, aggregate: Aggregate, last: Recorded[Any], state: Any) -> None:
        self._states[last.stream] = (last.version, state)
        if self._saved_states:
            self._saved_states.keep(aggregate, last, state)
