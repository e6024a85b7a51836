"""Wrong event stores, made of the one in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from returns.io import IOResult, IOSuccess
from returns.primitives.exceptions import UnwrapFailedError

from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import PAGE, EventStore, Page, StoreError
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.testing.store_model import StoreModel

Appended = IOResult[Page, StoreError]


@dataclass(frozen=True)
class StoreMutant:
    """``wrong`` says what is wrong with the stores that ``make`` makes; the model must find it."""

    wrong: str
    make: Callable[[], MemoryEventStore]
    of: str = "store"
    finder: str = "StoreModel"

    def killed(self) -> Exception | None:
        """How the model found it; None where the mutant lives."""
        make = self.make

        class Model(StoreModel):
            def opened(self) -> EventStore:
                return make()

            def reopened(self) -> EventStore:
                again = getattr(self.store, "restarted", None)
                return again() if again else self.store

            @contextmanager
            def failing(self, moment: int) -> Iterator[None]:
                assert isinstance(self.store, MemoryEventStore)
                vars(self.store)["failing"] = True
                yield
                vars(self.store)["failing"] = False

        try:
            run_state_machine_as_test(Model, settings=_THOROUGH)
        except (AssertionError, UnwrapFailedError) as error:
            return error
        return None


_THOROUGH = settings(
    max_examples=200,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    phases=[Phase.generate],  # that it is found is enough, and the smallest way is slow to find
)


class TakesTheFuture(MemoryEventStore):
    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        head = len(self._streams.get(stream, ()))
        return super().append(stream, min(expected_version, head), events, command_id)


class LastOneWins(MemoryEventStore):
    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        return super().append(stream, len(self._streams.get(stream, ())), events, command_id)


class KnowsNoRetry(MemoryEventStore):
    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        self._outcomes.clear()
        return super().append(stream, expected_version, events, command_id)


class RetryMustMatch(MemoryEventStore):
    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        first = self._outcomes.get(command_id, ())
        if first and tuple(each.event for each in first) != tuple(events):
            return IOSuccess(())
        return super().append(stream, expected_version, events, command_id)


class ReadsOneTooMany(MemoryEventStore):
    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Appended:
        return super().read(stream, max(0, after - 1), limit)


class KnowsNoLimit(MemoryEventStore):
    def read_all(self, after: int = 0, limit: int = PAGE) -> Appended:
        return super().read_all(after, PAGE)


class MixesStreams(MemoryEventStore):
    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Appended:
        own = [each for each in self._log if each.stream.startswith(stream)]
        return IOSuccess(tuple(own[after : after + limit]))


class CountsTooFar(MemoryEventStore):
    def head(self) -> IOResult[int, StoreError]:
        return super().head().map(lambda head: head + (head > 3))


class ForgetsOutcomes(MemoryEventStore):
    def outcome(self, command_id: str) -> Appended:
        return IOSuccess(()) if len(self._log) > 3 else super().outcome(command_id)


class LosesTheLastOnRestart(MemoryEventStore):
    def restarted(self) -> MemoryEventStore:
        other = type(self)(self._clock)
        for each in self._log[:-1]:
            other.append(each.stream, each.version - 1, (each.event,), each.command_id)
        return other


class TearsBatches(MemoryEventStore):
    """Of a batch of three and more only the first two reach the log."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        told = super().append(stream, expected_version, events, command_id)
        if len(events) > 2:
            kept = self._log[: -(len(events) - 2)]
            self._log[:] = kept
        return told


class WritesOneByOne(MemoryEventStore):
    """Where it fails half-way, one event of the batch stands in the log."""

    failing = False

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> Appended:
        if self.failing:
            super().append(stream, expected_version, events[:1], command_id)
            raise OSError("half-way")
        return super().append(stream, expected_version, events, command_id)


class MovesPositions(MemoryEventStore):
    def read_all(self, after: int = 0, limit: int = PAGE) -> Appended:
        page: list[Recorded[Any]] = list(self._log[after : after + limit])
        return IOSuccess(tuple(sorted(page, key=lambda each: (each.version, each.position))))


STORES = tuple(
    StoreMutant(wrong, make)
    for wrong, make in (
        ("takes a version that lies ahead", TakesTheFuture),
        ("the last writer wins", LastOneWins),
        ("records a retry once more", KnowsNoRetry),
        ("knows a retry by its events", RetryMustMatch),
        ("a page begins one too early", ReadsOneTooMany),
        ("a page has no end", KnowsNoLimit),
        ("streams with one beginning are one", MixesStreams),
        ("the head is too far", CountsTooFar),
        ("forgets what a command led to", ForgetsOutcomes),
        ("a restart loses the last event", LosesTheLastOnRestart),
        ("a batch is torn", TearsBatches),
        ("half a batch is left where it fails", WritesOneByOne),
        ("the log is read in another order", MovesPositions),
    )
)
