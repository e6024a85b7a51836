"""Wrong event stores, made of the one in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from returns.primitives.exceptions import UnwrapFailedError
from returns.result import Result, Success

from deciderkit.log.pages import Page
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell import Claim, EventStore, MemoryEventStore, Note
from deciderkit.testing.store_contract import codec
from deciderkit.testing.store_model import StoreModel

Appended = Result[Page, AppendError]
Read = Result[Page, StoreError]


@dataclass(frozen=True)
class StoreMutant:
    """``wrong`` says what is wrong with the stores that ``make`` makes; the model must find it."""

    wrong: str
    make: Callable[[Any], MemoryEventStore]
    of: str = "store"
    finder: str = "StoreModel"

    def killed(self) -> Exception | None:
        """How the model found it; None where the mutant lives."""
        make = self.make

        class Model(StoreModel):
            def opened(self) -> EventStore:
                return make(codec)

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
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        head = len(self._streams.get(stream, ()))
        return super().append(stream, min(expected_version, head), events, claim)


class LastOneWins(MemoryEventStore):
    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        return super().append(stream, len(self._streams.get(stream, ())), events, claim)


class KnowsNoRetry(MemoryEventStore):
    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        if claim is not None and claim.before == 0:
            self._tallies.pop(claim.command_id, None)
        return super().append(stream, expected_version, events, claim)


class KnowsOnlyThatItBegan(MemoryEventStore):
    """Compares the tally before with nothing but whether there is one."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        last = claim and self._tallies.get(claim.command_id)
        if claim and last and claim.before:
            claim = Claim(claim.command_id, last.done, Tally(last.done + 1))
        return super().append(stream, expected_version, events, claim)


class ClaimsAfterVersions(MemoryEventStore):
    """Answers a retry with a conflict, where its stream has moved on."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        plain = super().append(stream, expected_version, ())
        if not isinstance(plain, Success):
            return plain
        return super().append(stream, expected_version, events, claim)


class ReadsOneTooMany(MemoryEventStore):
    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Read:
        return super().read(stream, max(0, after - 1), limit)


class EndsPagesWithCommits(MemoryEventStore):
    """Gives fewer than were asked for in the midst of a stream."""

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Read:
        page = super().read(stream, after, limit).unwrap()
        return Success(tuple(each for each in page if each.command_id == page[0].command_id))


class KnowsNoLimit(MemoryEventStore):
    def read_all(self, after: int = 0, limit: int = PAGE) -> Read:
        return super().read_all(after, PAGE)


class MixesStreams(MemoryEventStore):
    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Read:
        own = [each for each in self._log if each.stream.startswith(stream)]
        return Success(tuple(own[after : after + limit]))


class CountsTooFar(MemoryEventStore):
    def head(self) -> Result[int, StoreError]:
        return super().head().map(lambda head: head + (head > 3))


class ForgetsTallies(MemoryEventStore):
    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        return Success(None) if len(self._log) > 3 else super().tally(command_id)


class TellsTheFirstTally(MemoryEventStore):
    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        told = [each.tally for each in self._log if each.command_id == command_id]
        return Success(told[0] if told else None)


class LosesTheLastOnRestart(MemoryEventStore):
    def restarted(self) -> MemoryEventStore:
        other = type(self)(codec)
        other._log = self._log[:-1]
        other._notes, other._mark = self._notes, self._mark
        return other


class UsesMarksAgain(MemoryEventStore):
    """Numbers notes by how many there are."""

    def park(self, todo: str, reason: str) -> Result[None, StoreError]:
        self._notes.pop(todo, None)
        self._mark = len(self._notes)
        return super().park(todo, reason)


class KeepsOldNotes(MemoryEventStore):
    def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
        return super().settled(todos[:1])


class LetsGoInSilence(MemoryEventStore):
    """Takes the note away, so nobody who has read it hears of the letting go."""

    def let_go(self, todos: Sequence[str]) -> Result[None, StoreError]:
        return self.settled(todos)


class ForgetsTheMark(MemoryEventStore):
    def notes(self, since: int = 0) -> Result[tuple[Note, ...], StoreError]:
        return super().notes(max(since - 1, 0))


class TearsBatches(MemoryEventStore):
    """Of a batch of three and more only the first two reach the log."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        told = super().append(stream, expected_version, events, claim)
        if len(events) > 2:
            kept = self._log[: -(len(events) - 2)]
            self._log[:] = kept
        return told


class WritesOneByOne(MemoryEventStore):
    """Where it fails half-way, one event of the batch stands in the log."""

    failing = False

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Appended:
        if self.failing:
            super().append(stream, expected_version, events[:1], claim)
            raise OSError("half-way")
        return super().append(stream, expected_version, events, claim)


class MovesPositions(MemoryEventStore):
    def read_all(self, after: int = 0, limit: int = PAGE) -> Read:
        page: list[Recorded[Any]] = list(self._log[after : after + limit])
        return Success(tuple(sorted(page, key=lambda each: (each.version, each.position))))


STORES = tuple(
    StoreMutant(wrong, make)
    for wrong, make in (
        ("takes a version that lies ahead", TakesTheFuture),
        ("the last writer wins", LastOneWins),
        ("records a retry once more", KnowsNoRetry),
        ("knows of a request only that it began", KnowsOnlyThatItBegan),
        ("a page begins one too early", ReadsOneTooMany),
        ("a page of a stream ends where a commit does", EndsPagesWithCommits),
        ("a page has no end", KnowsNoLimit),
        ("streams with one beginning are one", MixesStreams),
        ("the head is too far", CountsTooFar),
        ("forgets how far a request got", ForgetsTallies),
        ("tells how far a request got at first", TellsTheFirstTally),
        ("asks for the version before the request", ClaimsAfterVersions),
        ("a restart loses the last event", LosesTheLastOnRestart),
        ("a batch is torn", TearsBatches),
        ("half a batch is left where it fails", WritesOneByOne),
        ("the log is read in another order", MovesPositions),
        ("numbers of parking are used again", UsesMarksAgain),
        ("a note outlives its to-do", KeepsOldNotes),
        ("lets go in silence", LetsGoInSilence),
        ("gives a change of parking twice", ForgetsTheMark),
    )
)
