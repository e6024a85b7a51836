"""The port to a log of events: what every store can do, and how it says that it could not.

A position is the place of an event in the whole log; positions increase and are never used again.
A version is its place in one stream, from 1 and without a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from msgspec import Struct
from returns.io import IOResult

from deciderkit.log.codec import CorruptEvent
from deciderkit.log.recorded import COMMAND_ID_PATTERN, ID_PATTERN, Recorded

PAGE = 1_000
"""How many events a reader takes at a time, unless told otherwise."""


class Conflict(Struct, frozen=True):
    """Somebody else was faster, or the version lies in the future.

    >>> print(Conflict("rover-r1", expected=3, actual=4))
    stream rover-r1 is at version 4: expected 3
    """

    stream: str
    expected: int
    actual: int

    def __str__(self) -> str:
        return f"stream {self.stream} is at version {self.actual}: expected {self.expected}"


class StoreFailure(Struct, frozen=True):
    """The store could not do it, and why."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def bad_id(stream: str, command_id: str) -> StoreFailure | None:
    """What is wrong with the first of the two that cannot name a stream or a command.

    A command may also have a `derived_id`.

    >>> print(bad_id("rover-r1", "../r1"))
    bad id '../r1': expected 1 to 256 of A-Z a-z 0-9 . _ - with a letter or digit first
    """
    for each, is_id in ((stream, _IS_ID), (command_id, _IS_COMMAND_ID)):
        if not is_id(each):
            rule = "1 to 256 of A-Z a-z 0-9 . _ - with a letter or digit first"
            return StoreFailure(f"bad id {each[:60]!a}: expected {rule}")
    return None


_IS_ID = re.compile(ID_PATTERN).search
_IS_COMMAND_ID = re.compile(COMMAND_ID_PATTERN).search
StoreError: TypeAlias = Conflict | StoreFailure | CorruptEvent
Page: TypeAlias = tuple[Recorded[Any], ...]


class EventStore(Protocol):
    """A log of events that can be appended to and read, and never changed."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        """Record ``events``, all or none, if ``stream`` stands at ``expected_version``.

        The success holds what was recorded. A ``command_id`` that was recorded before gives the
        first outcome again and records nothing: a retry is safe. No events leave no trace. A stream
        or command id that is not of the form `bad_id` asks for is a `StoreFailure`.
        """

    def outcome(self, command_id: str) -> IOResult[Page, StoreError]:
        """What was recorded under ``command_id``; nothing if nothing was."""

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """The first ``limit`` events of ``stream`` that stand after version ``after``."""

    def read_all(self, after: int = 0, limit: int = PAGE) -> IOResult[Page, StoreError]:
        """The first ``limit`` events of the log that stand after position ``after``."""

    def head(self) -> IOResult[int, StoreError]:
        """The position of the last event, 0 for an empty log."""


def pages(
    read: Callable[[int], Page], place: Callable[[Recorded[Any]], int], after: int = 0
) -> Iterator[Page]:
    """Page after page of ``read`` until one is empty, so that a log of any length fits in memory."""
    while page := read(after):
        yield page
        after = place(page[-1])
