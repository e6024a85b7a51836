"""The port to a log of events: what every store can do, and how it says that it could not.

A position is the place of an event in the whole log; positions increase and are never used again.
A version is its place in one stream, from 1 and without a gap. Beside the log a store keeps what is
not the truth: why some to-dos are parked, and folds as they stood at some position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from deciderkit.ids import BadId
from deciderkit.log.codec import Stored
from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.pages import Commit, Page
from deciderkit.log.recorded import Recorded, Tally

T = TypeVar("T")

PAGE: Final = 1_000
"""How many events a reader takes at a time, unless told otherwise."""


class StoreTrouble(Exception):
    """What a store answers instead of doing it; equal to another of its kind that says the same."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class Conflict(StoreTrouble):
    """Somebody else was faster, or the version lies in the future.

    >>> print(Conflict("rover-r1", expected=3, actual=4))
    stream rover-r1 is at version 4: expected 3
    """

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream, expected, actual)
        self.stream = stream
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"stream {self.stream} is at version {self.actual}: expected {self.expected}"


class Overtaken(StoreTrouble):
    """Another try of the same request, or of the same to-do, has got further: to ``tally``."""

    def __init__(self, command_id: str, tally: Tally) -> None:
        super().__init__(command_id, tally)
        self.command_id = command_id
        self.tally = tally

    def __str__(self) -> str:
        return f"request {self.command_id} has {self.tally.done} commands done by another try"


class StoreFailure(StoreTrouble):
    """The store could not do it, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Claim(Struct, frozen=True):
    """What an append says of its request: its id, how many commands were done before, and the tally after."""

    command_id: str
    before: int
    tally: Tally


def unknown(claim: Claim) -> StoreFailure:
    """What to say of a request that claims to have got somewhere on a log that does not know of it."""
    return StoreFailure(
        f"request {claim.command_id!r} has no commands done here, and {claim.before} by its own "
        "account: expected the log that it began on"
    )


class Note(Struct, frozen=True):
    """Why the to-do with the id ``todo`` is parked; with no reason, that it was let go.

    ``mark`` numbers the notes of a store in the order in which they were made; no number comes twice.
    """

    mark: int
    todo: str
    reason: str


class Saved(Struct, frozen=True):
    """``content`` as it stood at ``position`` of the log, by the folds of the program ``version``."""

    position: int
    version: str
    content: bytes


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
        """The first ``limit`` events of ``stream`` that stand after version ``after``."""

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """The first ``limit`` events of the log that stand after position ``after``."""

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

        Fails with `CorruptEvent`, at ``read + 1`` for what belongs to no event.
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


def pages(
    read: Callable[[int], Page], place: Callable[[Recorded[Any]], int], after: int = 0
) -> Iterator[Page]:
    """Page after page of ``read`` until one is empty, so that a log of any length fits in memory."""
    while page := read(after):
        yield page
        after = place(page[-1])
