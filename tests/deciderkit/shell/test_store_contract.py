"""Every store of the kit is held to the same contract, and the contract catches bad stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from deciderkit.shell.event_store import EventStore, Page, StoreError
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.shell.sqlite import open_store
from returns.io import IOResult
from returns.primitives.exceptions import UnwrapFailedError

from deciderkit.testing.store_contract import DurableStoreContract, StoreContract, codec, value


class TestMemoryEventStore(StoreContract):
    @pytest.fixture
    def store(self) -> EventStore:
        return MemoryEventStore()


class TestSqliteEventStore(DurableStoreContract):
    @pytest.fixture
    def handles(self) -> Iterator[ExitStack]:
        with ExitStack() as stack:
            yield stack

    @pytest.fixture
    def reopened(self, tmp_path: Path, handles: ExitStack) -> Callable[[], EventStore]:
        return lambda: handles.enter_context(value(open_store(tmp_path / "log", codec)))

    @pytest.fixture
    def store(self, reopened: Callable[[], EventStore]) -> EventStore:
        return reopened()


class UniqueIndexOnly(MemoryEventStore):
    """A known-bad store: it refuses a version that is taken, and takes one that is far ahead."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        head = len(self._streams.get(stream, ()))
        return super().append(stream, min(expected_version, head), events, command_id)


class RetriesTwice(MemoryEventStore):
    """A known-bad store: it does not know a command id again."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        self._outcomes.clear()
        head = len(self._streams.get(stream, ()))
        return super().append(stream, head, events, command_id)


def test_control_a_store_without_the_head_check_is_caught() -> None:
    with pytest.raises(UnwrapFailedError):
        StoreContract().test_a_future_version_is_a_conflict_always(UniqueIndexOnly(), 1)


def test_control_a_store_that_does_not_know_a_retry_is_caught() -> None:
    with pytest.raises(AssertionError):
        StoreContract().test_a_retry_gives_the_first_outcome_and_records_nothing(RetriesTwice())
