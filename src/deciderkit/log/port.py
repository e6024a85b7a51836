"""The port to a log of events: what every store can do, and how it says that it could not.

A position is the place of an event in the whole log; positions increase and are never used again.
A version is its place in one stream, from 1 and without a gap. Beside the log a store keeps what is
not the truth: why some to-dos are parked, and folds as they stood at some position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, TypeAlias

from returns.result import Result

from deciderkit.ids import BadId
from deciderkit.log.answers import Claim, Conflict, Note, Overtaken, Saved, StoreFailure
from deciderkit.log.codec import Stored
from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.pages import Commit, Page
from deciderkit.log.recorded import Tally

PAGE: Final = 1_000
"""How many events a reader takes at a time, unless told otherwise."""


StoreError: TypeAlias = StoreFailure | CorruptEvent
AppendError: TypeAlias = Conflict | Overtaken | NotStorable | BadId | StoreError


class Log(Protocol):
    """The log itself: events that can be appended and read, and never changed."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        """Record ``events``, all or none, if ``stream`` stands at ``expected_version``.

        The success holds what was recorded. With a ``claim`` it is recorded under its id, if the
        last tally under that id has ``claim.before`` commands done: else it fails with `Overtaken`,
        whatever the version. Without one the store makes an id that nobody will ask for. Fails with
        `NotStorable` for an event that would not read back equal, and with `BadId`. No events leave
        no trace.
        """

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """Whether ``events`` would read back equal."""

    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        """How far the request ``command_id`` has got; None if nothing was recorded under it.

        Fails with `StoreFailure` for an id from a log that has no tallies: nobody can tell how far.
        """

    def version(self, stream: str) -> Result[int, StoreError]:
        """The version of the last event of ``stream``, 0 for none."""

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """The first ``limit`` events of ``stream`` that stand after version ``after``; fewer only at its end."""

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """The first ``limit`` events of the log that stand after position ``after``; fewer only at its end."""

    def head(self) -> Result[int, StoreError]:
        """The position of the last event, 0 for an empty log."""

    def restore(
        self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int
    ) -> Result[None, StoreError]:
        """Record what another log had, all or nothing, with the places, ids and times that it has there.

        Fails with `StoreFailure` if this log does not end at position ``after``. What ``commits``
        are chained to is found here.
        """

    def integrity(self, read: int) -> Result[None, StoreError]:
        """Whether all is whole that reading does not see; ``read`` events were read and are sound.

        There may be more by now. Fails with `CorruptEvent`, at ``read + 1`` for what belongs to no event.
        """


class Parking(Protocol):
    """Where to-dos wait that cannot be done, until somebody lets them go: beside the log, and no truth."""

    def park(self, todo: str, reason: str) -> Result[None, StoreError]:
        """The to-do with the id ``todo`` cannot be done."""

    def let_go(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """They shall be tried again. Nothing changes where one is not parked."""

    def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """The log has ended them: their notes go."""

    def notes(self, since: int = 0) -> Result[tuple[Note, ...], StoreError]:
        """The notes with a mark after ``since``, the last one for each to-do, in the order of their marks."""


class SavedFolds(Protocol):
    """Where folds are saved as they stood at some position: a cache, whose loss loses nothing."""

    def load(self, name: str, version: str) -> Result[Saved | None, StoreError]:
        """What was saved last under ``name``, if it can be trusted.

        That is: if the program ``version`` made it, of the log that it stands beside, and it is as it
        was written. Nothing else, for a wrong state leads to wrong events.
        """

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        """Keep ``saved`` in the place of what was there."""


class EventStore(Log, Parking, SavedFolds, Protocol):
    """A log with what stands beside it: the port that a dispatcher runs on."""
