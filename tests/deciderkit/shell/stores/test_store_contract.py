"""Every store of the kit is held to the same contract, and the contract catches bad stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import encode
from returns.primitives.exceptions import UnwrapFailedError
from returns.result import Result, Success

from deciderkit.log.pages import Page
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.shell import Claim, EventStore, MemoryEventStore, open_store
from deciderkit.testing.store_contract import DurableStoreContract, StoreContract, codec
from deciderkit.testing.store_rules.examples import UNREADABLE


class TestMemoryEventStore(StoreContract):
    @pytest.fixture
    def store(self) -> EventStore:
        return MemoryEventStore(codec)


class TestSqliteEventStore(DurableStoreContract):
    @pytest.fixture
    def handles(self) -> Iterator[ExitStack]:
        with ExitStack() as stack:
            yield stack

    @pytest.fixture
    def reopened(self, tmp_path: Path, handles: ExitStack) -> Callable[[], EventStore]:
        return lambda: handles.enter_context(open_store(tmp_path / "log", codec))

    @pytest.fixture
    def store(self, reopened: Callable[[], EventStore]) -> EventStore:
        return reopened()


class UniqueIndexOnly(MemoryEventStore):
    """A known-bad store: it refuses a version that is taken, and takes one that is far ahead."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        head = len(self._streams.get(stream, ()))
        return super().append(stream, min(expected_version, head), events, claim)


class KnowsNoTally(MemoryEventStore):
    """A known-bad store: it does not know a request again."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        self._tallies.clear()
        head = len(self._streams.get(stream, ()))
        return super().append(stream, head, events, claim)


class EncodesOnly(MemoryEventStore):
    """F24's control, a known-bad store: it asks whether an event can be written, and not read again."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        assert self.codec is not None
        for event in events:
            self.codec.encode(event)
        self.codec, kept = None, self.codec
        appended = super().append(stream, expected_version, events, claim)
        self.codec = kept
        return appended


class ForgetsToCheckTheWhole(MemoryEventStore):
    """A known-bad store: it never says that it is damaged, nor that it is whole."""

    def integrity(self, read: int) -> Result[None, Any]:
        return Success(None) if read < 3 else super().restore((), -1)


class CountsBytes(MemoryEventStore):
    """A known-bad store: a page of a stream holds no more than fits into one answer of 4 MB."""

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        page = super().read(stream, after, limit).unwrap()
        sizes = accumulate(len(encode(each.event)) for each in page)
        fits = sum(size <= 4_000_000 for size in sizes)
        return Success(page[: max(fits, 1)])


class BreaksAtSegments(MemoryEventStore):
    """A known-bad store: no page of a stream goes beyond a segment of 1,100 events."""

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        return super().read(stream, after, min(limit, 1_100 - after % 1_100))


def test_control_a_store_that_gives_short_pages_is_caught() -> None:
    rules = StoreContract()
    rules.test_a_log_longer_than_a_page_is_read_without_a_gap(CountsBytes(codec))
    with pytest.raises(AssertionError):
        rules.test_a_page_of_large_events_is_as_long_as_one_of_small_ones(CountsBytes(codec))
    rules.test_pages_are_as_long_as_asked_for_and_hold_it_all(BreaksAtSegments(codec))
    with pytest.raises(AssertionError):
        rules.test_a_log_longer_than_a_page_is_read_without_a_gap(BreaksAtSegments(codec))


def test_control_a_store_without_the_head_check_is_caught() -> None:
    with pytest.raises(UnwrapFailedError):
        StoreContract().test_a_future_version_is_a_conflict_always(UniqueIndexOnly(codec), 1)


def test_control_a_store_that_does_not_know_a_retry_is_caught() -> None:
    with pytest.raises(UnwrapFailedError):
        StoreContract().test_whoever_was_overtaken_is_told_how_far_the_other_got(
            KnowsNoTally(codec)
        )


@pytest.mark.parametrize(
    "name", ["NaN", "a text for a float", "below its bound", "a list for a tuple"]
)
def test_control_a_store_that_only_encodes_is_caught(name: str) -> None:
    with pytest.raises(UnwrapFailedError):
        StoreContract().test_what_would_not_is_refused_and_nobody_else_notices(
            EncodesOnly(codec), UNREADABLE[name]
        )


def test_control_a_store_that_calls_a_whole_log_damaged_is_caught() -> None:
    with pytest.raises(UnwrapFailedError):
        StoreContract().test_a_log_of_any_age_is_whole(ForgetsToCheckTheWhole(codec))
