"""Saved folds are a cache: with or without them a reader of the log knows the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import Page, StoreError
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.shell.saved_folds import SavedReading, SavedStates
from deciderkit.shell.saved_views import STEP, MemorySavedViews, Saved
from msgspec import Struct
from pyrsistent import PVector, pvector
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit import Aggregate, Board, Decider, Projection, Refused
from deciderkit.decider import cannot_follow
from deciderkit.log.codec import CorruptEvent
from deciderkit.log.recorded import Recorded
from tests.deciderkit.turnstile import (
    CoinTaken,
    InsertCoin,
    Jammed,
    PersonPassed,
    Push,
    board,
    takings,
    turnstiles,
)

WHOLE = replace(board, projections=(takings,))
VISITS = [InsertCoin("north", 2), Push("north")]


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


class Counting(MemoryEventStore):
    """A store that counts the events that are read."""

    read_count = 0

    def read(self, stream: str, after: int = 0, limit: int = 1_000) -> IOResult[Page, StoreError]:
        page = super().read(stream, after, limit)
        self.read_count += len(value(page))
        return page

    def read_all(self, after: int = 0, limit: int = 1_000) -> IOResult[Page, StoreError]:
        page = super().read_all(after, limit)
        self.read_count += len(value(page))
        return page


class Shown(MemorySavedViews):
    """Saved folds that a test may look at, whoever made them."""

    def last(self, name: str) -> Any:
        return self._saved.get(name)


@pytest.fixture
def store() -> Counting:
    """A log that is long enough to be saved, with one to-do that nobody did."""
    store = Counting()
    lonely = Dispatcher(Board(board.aggregates), store)
    value(lonely.dispatch(VISITS * (STEP // 3 + 100)))
    value(store.append("turnstile-south", 0, [Jammed("south")], "c1"))
    return store


def opened(store: MemoryEventStore, saved: MemorySavedViews, wall: Board = WHOLE) -> Dispatcher:
    return Dispatcher(wall, store, saved=saved, new_id=iter(map(str, range(99))).__next__)


def test_opening_a_long_log_reads_what_came_after_the_saved_folds(store: Counting) -> None:
    saved = MemorySavedViews()
    first = opened(store, saved)
    value(first.resume())
    store.read_count = 0
    second = opened(store, saved)
    value(second.resume())
    assert first.view(takings) == second.view(takings)
    assert first.todos == second.todos
    assert store.read_count < 2_500


def test_a_saved_to_do_is_done_once(store: Counting) -> None:
    events = [each.event for each in value(store.read_all(limit=10**6))]
    saved = MemorySavedViews()
    reading = SavedReading(WHOLE, store, saved)
    reading.keep(WHOLE.follow(events))
    assert WHOLE.follow(events) == reading.load()
    dispatcher = opened(store, saved)
    value(dispatcher.resume())
    value(opened(store, saved).resume())
    assert len(events) + 1 == value(store.head())


def test_deleting_what_was_saved_loses_nothing(store: Counting) -> None:
    saved = MemorySavedViews()
    first = opened(store, saved)
    value(first.resume())
    value(saved.forget())
    second = opened(store, saved)
    value(second.resume())
    assert first.view(takings) == second.view(takings)


def double(total: int, event: CoinTaken) -> int:
    return total + 2 * event.value


def test_a_changed_fold_is_folded_from_the_beginning(store: Counting) -> None:
    saved = MemorySavedViews()
    first = opened(store, saved)
    value(first.resume())
    changed = replace(board, projections=(Projection("takings", 0, double),))
    second = opened(store, saved, changed)
    value(second.resume())
    assert 2 * first.view(takings) == second.view(changed.projections[0])


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"todos":[["?",1]],"views":{}}', b'{"todos":[],"views":{"takings":{}}}'],
)
def test_what_cannot_be_read_back_is_folded_from_the_beginning(content: bytes) -> None:
    saved, store = Shown(), MemoryEventStore()
    value(store.append("turnstile-north", 0, [CoinTaken("north", 1)], "c1"))
    reading = SavedReading(WHOLE, store, saved)
    reading.keep(WHOLE.follow([CoinTaken("north", 1)] * STEP))
    made_by = saved.last("reading").fingerprint
    value(saved.save("reading", Saved(1, made_by, content)))
    assert 0 == reading.load().position


def remember(seen: PVector[object], event: PersonPassed) -> PVector[object]:
    return seen.append(object())


def test_a_view_that_cannot_be_saved_is_folded_each_time() -> None:
    saved, store = Shown(), MemoryEventStore()
    wall = replace(board, projections=(Projection[PVector[object]]("seen", pvector(), remember),))
    reading = SavedReading(wall, store, saved)
    reading.keep(wall.follow([PersonPassed("north")] * STEP))
    assert saved.last("reading") is None


def test_a_board_with_a_keyed_view_cannot_be_saved() -> None:
    with pytest.raises(ValueError, match="'diary' has a view for each key"):
        Dispatcher(board, MemoryEventStore(), saved=MemorySavedViews())


def test_saving_costs_a_constant_part_of_folding() -> None:
    saves: list[int] = []

    class Noting(MemorySavedViews):
        def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
            saves.append(len(saved.content))
            return super().save(name, saved)

    folded, view, wall = 0, pvector([""]), replace(board, projections=(letters,))
    reading = SavedReading(wall, MemoryEventStore(), Noting())
    state = wall.follow([])
    events = [PersonPassed("north")] * STEP
    for _ in range(12):
        state = wall.follow(events, state)
        folded += len(events)
        reading.keep(state)
    assert view
    assert 1 < len(saves) < 12
    assert sum(saves) < 32 * folded


def add_letter(text: PVector[str], event: PersonPassed) -> PVector[str]:
    return text.append("thirty-two letters, all for one!")


letters = Projection[PVector[str]]("letters", pvector(), add_letter)


class Count(Struct, frozen=True):
    name: str


class Counted(Struct, frozen=True):
    name: str


def decide_count(command: Count, total: int) -> tuple[Counted, ...]:
    return (Counted(command.name),)


def evolve_count(total: int, event: Counted | Refused[Count, str]) -> int:
    return total + 1


def never(total: int) -> bool:
    return False


counter = Decider[Count, Counted, int, str](0, decide_count, evolve_count, never)
counters = Aggregate("Counter", "counter", counter, key=lambda message: str(message.name))


def test_a_state_is_saved_and_read_on_from_there() -> None:
    saved, store = MemorySavedViews(), Counting()
    wall = Board((counters,))
    value(opened(store, saved, wall).dispatch([Count("a")] * (STEP + 10)))
    store.read_count = 0
    assert STEP + 10 == value(opened(store, saved, wall).state(counters, "a"))
    assert store.read_count < 1_100


def at(version: int) -> Recorded[Any]:
    return Recorded(version, "counter-a", version, Counted("a"), "c1", "2026")


def test_a_state_that_was_saved_by_other_code_is_not_used() -> None:
    saved = Shown()
    SavedStates(saved).keep(counters, at(STEP), 7)
    assert (STEP, 7) == SavedStates(saved).load(counters, "counter-a")
    good = saved.last("stream:counter-a")
    value(saved.save("stream:counter-a", Saved(STEP, "other code", good.content)))
    assert (0, 0) == SavedStates(saved).load(counters, "counter-a")


@pytest.mark.parametrize("content", [b"", b"7", b'{"version":1,"state":"not a number"}'])
def test_a_state_that_cannot_be_read_back_is_folded_from_the_beginning(content: bytes) -> None:
    saved = Shown()
    SavedStates(saved).keep(counters, at(STEP), 7)
    made_by = saved.last("stream:counter-a").fingerprint
    value(saved.save("stream:counter-a", Saved(STEP, made_by, content)))
    assert (0, 0) == SavedStates(saved).load(counters, "counter-a")


def test_a_state_that_cannot_be_told_from_its_sisters_is_folded_each_time() -> None:
    saved = Shown()
    SavedStates(saved).keep(turnstiles, at(STEP), turnstiles.decider.initial)
    assert saved.last("stream:counter-a") is None


def evolve_in_turn(total: int, event: Counted | Refused[Count, str]) -> int:
    """Takes events as long as the total is below a bound, which the log never reaches."""
    return cannot_follow(total, event) if total > 10**6 else total + 1


def test_a_history_is_corrupt_only_if_it_cannot_follow_from_its_beginning() -> None:
    saved, store = Shown(), MemoryEventStore()
    decider = replace(counter, evolve=evolve_in_turn)
    wall = Board((replace(counters, decider=decider),))
    value(opened(store, saved, wall).dispatch([Count("a")] * (STEP + 10)))
    good = saved.last("stream:counter-a")
    wrong = good.content.replace(b'"state":', b'"state":9999')
    value(saved.save("stream:counter-a", Saved(good.position, good.fingerprint, wrong)))
    assert STEP + 10 == value(opened(store, saved, wall).state(wall.aggregates[0], "a"))
    assert STEP + 10 == saved.last("stream:counter-a").position


def test_control_a_history_that_cannot_follow_at_all_is_corrupt() -> None:
    saved, store = Shown(), MemoryEventStore()
    value(store.append("turnstile-north", 0, [PersonPassed("north")], "c1"))
    for _ in range(2):
        failure = opened(store, saved).state(turnstiles, "north")
        assert isinstance(unsafe_perform_io(failure.failure()), CorruptEvent)


def add_below(total: int, event: CoinTaken) -> int:
    return cannot_follow(total, event) if total > 10**6 else total + event.value


def test_a_view_stands_still_only_if_it_does_so_from_the_beginning(store: Counting) -> None:
    saved = Shown()
    wall = replace(board, projections=(Projection("takings", 0, add_below),))
    first = opened(store, saved, wall)
    value(first.resume())
    good = saved.last("reading")
    wrong = good.content.replace(b'"takings":', b'"takings":9999')
    value(saved.save("reading", Saved(good.position, good.fingerprint, wrong)))
    value(store.append("turnstile-east", 0, [CoinTaken("east", 1)], "c2"))
    second = opened(store, saved, wall)
    value(second.resume())
    assert () == second.unread
    assert first.view(takings) + 1 == second.view(takings)
