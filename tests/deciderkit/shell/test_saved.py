"""Saved folds are a cache: with or without them a dispatcher knows and does the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import msgspec
import pytest
from msgspec import Struct
from pyrsistent import PVector, pmap, pvector
from returns.result import Failure, Result, Success

from deciderkit import Aggregate, Board, Decider, Projection, Refused
from deciderkit.decider import cannot_follow
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Page
from deciderkit.log.port import StoreError
from deciderkit.log.recorded import Recorded
from deciderkit.shell import (
    Dispatcher,
    EventStore,
    MemoryEventStore,
    Saved,
    StoreFailure,
    open_store,
    version_of,
)
from deciderkit.shell import saved as saving
from deciderkit.shell.saved import SavedStates, SavedToDos, SavedView
from tests.deciderkit import bank
from tests.deciderkit.turnstile import (
    CoinTaken,
    InsertCoin,
    Jammed,
    MechanicCalled,
    PersonPassed,
    Push,
    board,
    call_mechanic,
    diary,
    takings,
)

STEP: Final = 60
"""A saved fold is as good after 60 events as after 25,000."""
VISITS = [InsertCoin("north", 2), Push("north")]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "STEP", STEP)


class Counting(MemoryEventStore):
    """A store that counts the events that are read, and keeps what is saved in sight."""

    read_count = 0

    def read(self, stream: str, after: int = 0, limit: int = 1_000) -> Result[Page, StoreError]:
        page = super().read(stream, after, limit)
        self.read_count += len(page.unwrap())
        return page

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, StoreError]:
        page = super().read_all(after, limit)
        self.read_count += len(page.unwrap())
        return page

    def last(self, name: str) -> Any:
        """What was saved under a name, whoever made it."""
        return self._saved.get(name)

    def forget(self) -> None:
        self._saved.clear()


@pytest.fixture
def store() -> Counting:
    """A log that is long enough to be saved, with one to-do that nobody did."""
    store = Counting()
    lonely = Dispatcher(Board(board.aggregates), store)
    lonely.dispatch(VISITS * STEP).unwrap()
    store.append("turnstile-south", 0, [Jammed("south")]).unwrap()
    return store


def opened(store: EventStore, wall: Board = board, version: str = "v1") -> Dispatcher:
    return Dispatcher(wall, store, version=version)


def log(store: EventStore) -> list[Any]:
    return [each.event for each in store.read_all(limit=10**6).unwrap()]


def test_opening_a_long_log_reads_what_came_after_the_saved_folds(store: Counting) -> None:
    first = opened(store)
    first.resume().unwrap()
    first.view(takings).unwrap()
    store.read_count = 0
    second = opened(store)
    second.resume().unwrap()
    assert first.view(takings) == second.view(takings)
    assert first.todos() == second.todos()
    assert store.read_count <= 4


def test_without_a_version_nothing_is_saved_and_nothing_believed(store: Counting) -> None:
    plain = opened(store, version="")
    plain.resume().unwrap()
    plain.view(takings).unwrap()
    assert store.last("todos:call-the-mechanic") is store.last("view:takings") is None
    store.save("todos:call-the-mechanic", Saved(store.head().unwrap(), "", b"[]")).unwrap()
    assert 3 * STEP + 2 == store.head().unwrap()
    store.read_count = 0
    opened(store, version="").todos().unwrap()
    assert 3 * STEP + 2 == store.read_count


def test_who_names_no_version_has_none(store: Counting) -> None:
    Dispatcher(board, store).resume().unwrap()
    assert store.last("todos:call-the-mechanic") is None


def test_a_saved_to_do_is_done_once(store: Counting) -> None:
    quiet = replace(board, policies=(replace(call_mechanic, due=lambda event: NEVER),))
    opened(store, quiet).resume().unwrap()
    assert 1 == store.last("todos:call-the-mechanic").content.count(b"call the mechanic")
    before = len(log(store))
    for _ in range(2):
        opened(store).resume().unwrap()
    assert [MechanicCalled("south")] == log(store)[before:]


NEVER = datetime(9999, 1, 1, tzinfo=UTC)

TODOS: list[tuple[Any, int]] = [
    (bank.Overdrawn(1, Decimal(5)), 1),
    (bank.Closed(1), 2),
    (bank.Overdrawn(2, Decimal(1)), 3),
]


def test_all_to_dos_of_all_policies_are_saved_with_their_events() -> None:
    store = MemoryEventStore()
    for event, _ in TODOS:
        stream = f"account-{event.account}"
        store.append(stream, store.version(stream).unwrap(), [event]).unwrap()
    saved = SavedToDos(bank.whole_bank, store, "v1")
    waiting = bank.whole_bank.fold(log(store)).waiting
    assert [2, 0, 1] == [len(each) for each in waiting]
    assert (0, tuple(type(each)() for each in waiting)) == saved.load()
    saved.keep(STEP, waiting)
    assert (STEP, waiting) == SavedToDos(bank.whole_bank, store, "v1").load()
    assert 0 == SavedToDos(bank.whole_bank, store, "v2").load()[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'[["?",1]]', b'[["charge fee",9]]', b'[["charge fee"]]', b'[[1,"charge fee"]]'],
)
def test_to_dos_that_cannot_be_read_back_are_folded_from_the_beginning(content: bytes) -> None:
    store = MemoryEventStore()
    store.append("account-1", 0, [TODOS[0][0]]).unwrap()
    store.save("todos:charge-fee,credit-transfer", Saved(1, "v1", content)).unwrap()
    assert 0 == SavedToDos(bank.bank, store, "v1").load()[0]
    opened(store, bank.bank).resume().unwrap()
    assert bank.FeeCharged(1, bank.FEE) == log(store)[-1]


def test_deleting_what_was_saved_loses_nothing(store: Counting) -> None:
    first = opened(store)
    first.resume().unwrap()
    seen = first.view(takings), first.views(diary), first.todos()
    store.forget()
    second = opened(store)
    assert seen == (second.view(takings), second.views(diary), second.todos())


def double(total: int, event: CoinTaken) -> int:
    return total + 2 * event.value


def test_another_version_of_the_program_folds_from_the_beginning(store: Counting) -> None:
    first = opened(store)
    before = first.view(takings).unwrap()
    changed = replace(board, projections=(Projection("takings", 0, double),))
    second = opened(store, changed, version="v2")
    assert 2 * before == second.view(changed.projections[0]).unwrap()
    assert "v2" == store.last("view:takings").version


def test_control_the_same_version_is_believed(store: Counting) -> None:
    before = opened(store).view(takings).unwrap()
    changed = replace(board, projections=(Projection("takings", 0, double),))
    assert before == opened(store, changed).view(changed.projections[0]).unwrap()


@pytest.mark.parametrize("content", [b"", b"{}x", b'{"":"x"}', b'{"":{}}', b"[]"])
def test_a_view_that_cannot_be_read_back_is_folded_from_the_beginning(
    store: Counting, content: bytes
) -> None:
    store.save("view:takings", Saved(STEP, "v1", content)).unwrap()
    assert 2 * STEP == opened(store).view(takings).unwrap()


def test_keyed_views_are_saved_with_all_their_keys() -> None:
    store = Counting()
    gates = [InsertCoin(gate, 2) for gate in "abc"] + [Push(gate) for gate in "abc"]
    opened(store).dispatch(gates * STEP).unwrap()
    views = opened(store).views(diary).unwrap()
    assert {"a", "b", "c"} == set(views)
    store.read_count = 0
    assert views == opened(store).views(diary).unwrap()
    assert store.read_count <= 3 * 3


def remember(seen: PVector[object], event: PersonPassed) -> PVector[object]:
    return seen.append(object())


def test_a_view_that_cannot_be_saved_is_folded_each_time() -> None:
    store = Counting()
    projection = Projection[PVector[object]]("seen", pvector(), remember)
    wall = replace(board, projections=(projection,))
    opened(store, wall).dispatch(VISITS * STEP).unwrap()
    assert STEP == len(opened(store, wall).view(projection).unwrap())
    assert store.last("view:seen") is None


def share(total: float, event: CoinTaken) -> float:
    return total + event.value


def test_a_view_that_turns_into_one_that_cannot_be_saved_goes_on() -> None:
    """JSON has no number for it."""
    store = Counting()
    view = SavedView(Projection("share", 0.0, share), store, "v1")
    for position in (STEP, 2 * STEP):
        view.keep(position, pmap({"north": float("nan")}))
    assert store.last("view:share") is None


def test_views_are_saved_in_one_order_whatever_the_hashes_of_their_keys() -> None:
    store, names = Counting(), [f"gate{number:02}" for number in range(40)]
    view = SavedView(Projection("share", 0.0, share), store, "v1")
    view.keep(STEP, pmap(dict.fromkeys(names, 1.0)))
    assert names == list(msgspec.json.decode(store.last("view:share").content))


def test_a_view_that_stands_still_is_not_saved(store: Counting) -> None:
    def choke(total: int, event: CoinTaken) -> int:
        return cannot_follow(total, event) if total > STEP else total + event.value

    projection = Projection("takings", 0, choke)
    wall = replace(board, projections=(projection,))
    for _ in range(2):
        dispatcher = opened(store, wall)
        dispatcher.view(projection).unwrap()
        assert 1 == len(dispatcher.unread().unwrap())
    assert store.last("view:takings") is None


def add_letter(text: PVector[str], event: PersonPassed) -> PVector[str]:
    return text.append("thirty-two letters, all for one!")


def test_saving_costs_a_constant_part_of_folding() -> None:
    saves: list[int] = []

    class Noting(MemoryEventStore):
        def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
            saves.append(len(saved.content))
            return super().save(name, saved)

    projection = Projection[PVector[str]]("letters", pvector(), add_letter)
    view, saved = pvector([""]), SavedView(projection, Noting(), "v1")
    for position in range(0, 40 * STEP, STEP):
        view = view.extend([add_letter(pvector(), PersonPassed("a"))[0]] * STEP)
        saved.keep(position, pmap({"": view}))
    assert 1 < len(saves) < 20
    assert sum(saves) < 64 * 40 * STEP


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
counting = Board((counters,))


def test_a_state_is_saved_and_read_on_from_there() -> None:
    store = Counting()
    opened(store, counting).dispatch([Count("a")] * (STEP + 10)).unwrap()
    opened(store, counting).dispatch([Count("a")] * 3).unwrap()
    store.read_count = 0
    dispatcher = Dispatcher(counting, store, version="v1")
    with patch.object(dispatcher._reading, "settle", lambda: False):
        dispatcher._reading._states = {}
        assert Success(STEP + 13) == dispatcher.state(counters, "a")
    assert store.read_count == 3


def test_a_short_stream_is_not_saved() -> None:
    store = Counting()
    opened(store, counting).dispatch([Count(f"a{each}") for each in range(2 * STEP)]).unwrap()
    assert store.last("stream:counter-a1") is None


def at(version: int, stream: str = "counter-a") -> Recorded[Any]:
    return Recorded(version, stream, version, Counted("a"), "c1", "2026")


def test_a_state_that_was_saved_by_another_program_is_not_used() -> None:
    store = Counting()
    SavedStates(store, "v1").keep(counters, at(STEP), 7)
    assert (STEP, 7) == SavedStates(store, "v1").load(counters, "counter-a")
    assert (0, 0) == SavedStates(store, "v2").load(counters, "counter-a")
    assert (0, 0) == SavedStates(store, "").load(counters, "counter-a")


def test_states_are_told_apart_by_the_whole_name_of_their_stream() -> None:
    store = Counting()
    states = SavedStates(store, "v1")
    long = "counter-" + "a" * 200
    named = {"counter-a": 1, "counter-ab": 2, long: 3, f"{long}b": 4, f"{long}c": 5}
    for stream, state in named.items():
        states.keep(counters, at(STEP, stream), state)
    for stream, state in named.items():
        assert (STEP, state) == SavedStates(store, "v1").load(counters, stream)


@pytest.mark.parametrize("content", [b"", b"7", b'{"version":1,"state":"no number"}', b"{}"])
def test_a_state_that_cannot_be_read_back_is_folded_from_the_beginning(content: bytes) -> None:
    store = Counting()
    store.save("stream:counter-a", Saved(STEP, "v1", content)).unwrap()
    assert (0, 0) == SavedStates(store, "v1").load(counters, "counter-a")


def test_a_state_that_cannot_be_told_from_its_sisters_is_folded_each_time() -> None:
    store = Counting()
    turnstiles = board.aggregates[0]
    SavedStates(store, "v1").keep(turnstiles, at(STEP), turnstiles.decider.initial)
    assert store.last("stream:counter-a") is None


def test_a_state_that_turns_into_one_that_cannot_be_saved_is_folded_each_time() -> None:
    def decide(command: Count, state: float) -> tuple[Counted, ...]:
        return (Counted(command.name),)

    def mean(state: float, event: Counted | Refused[Count, str]) -> float:
        return state + 1

    decider = Decider[Count, Counted, float, str](0.0, decide, mean, lambda state: False)
    means, store = replace(counters, decider=decider), Counting()
    states = SavedStates(store, "v1")
    for version in (STEP, 2 * STEP):
        states.keep(means, at(version), float("nan"))
    assert store.last("stream:counter-a") is None


def test_a_state_is_sealed_with_the_place_in_the_log_that_it_stands_at() -> None:
    store = Counting()
    last = msgspec.structs.replace(at(STEP), position=STEP + 7)
    SavedStates(store, "v1").keep(counters, last, 7)
    assert STEP + 7 == store.last("stream:counter-a").position


def evolve_in_turn(total: int, event: Counted | Refused[Count, str]) -> int:
    """Takes events as long as the total is below a bound, which the log never reaches."""
    return cannot_follow(total, event) if total > 10**6 else total + 1


def test_a_history_is_corrupt_only_if_it_cannot_follow_from_its_beginning() -> None:
    store = Counting()
    wall = Board((replace(counters, decider=replace(counter, evolve=evolve_in_turn)),))
    (aggregate,) = wall.aggregates
    for name in "ab":
        opened(store, wall).dispatch([Count(name)] * (STEP + 10)).unwrap()
    good = store.last("stream:counter-a")
    wrong = good.content.replace(b'"state":', b'"state":9999999')
    store.save("stream:counter-a", Saved(good.position, "v1", wrong)).unwrap()
    store.append("counter-a", STEP + 10, [Counted("a")]).unwrap()
    assert Success(STEP + 11) == opened(store, wall).state(aggregate, "a")
    assert STEP + 11 == int(store.last("stream:counter-a").content.split(b'"state":')[1][:-1])


def test_distrust_of_one_saved_state_leaves_the_others_as_they_are() -> None:
    store = Counting()
    states = SavedStates(store, "v1")
    for stream in ("counter-a", "counter-b"):
        states.keep(counters, at(STEP, stream), 7)
    again = SavedStates(store, "v1")
    assert not again.distrust("counter-a")
    assert (STEP, 7) == again.load(counters, "counter-a") == again.load(counters, "counter-b")
    assert again.distrust("counter-a")
    assert not again.distrust("counter-a")
    assert (STEP, 7) == SavedStates(store, "v1").load(counters, "counter-b")
    assert again.distrust("counter-b")


def test_control_a_history_that_cannot_follow_at_all_is_corrupt() -> None:
    store = Counting()
    store.append("turnstile-north", 0, [PersonPassed("north")]).unwrap()
    for _ in range(2):
        failed = opened(store).state(board.aggregates[0], "north").failure().because
        assert isinstance(failed, CorruptEvent)
        assert 1 == failed.position


class NoCache(MemoryEventStore):
    """A store whose cache fails: whoever asks gets what an empty one gives."""

    def load(self, name: str, version: str) -> Result[Saved | None, StoreError]:
        return Failure(StoreFailure("the disk is gone"))

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        return Failure(StoreFailure("the disk is full"))


def test_a_cache_that_fails_is_one_that_is_empty() -> None:
    store = NoCache()
    dispatcher = opened(store)
    dispatcher.dispatch(VISITS * STEP).unwrap()
    assert Success(2 * STEP) == dispatcher.view(takings)
    assert Success(2 * STEP) == opened(store).view(takings)


def test_to_dos_whose_events_cannot_be_read_now_are_folded_from_the_beginning() -> None:
    class Gone(MemoryEventStore):
        def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, StoreError]:
            return Failure(StoreFailure("the disk is gone"))

    store = Gone()
    store.save("todos:call-the-mechanic", Saved(9, "v1", b'[["call the mechanic",1]]')).unwrap()
    position, (waiting,) = SavedToDos(board, store, "v1").load()
    assert (0, 0) == (position, len(waiting.by_position))


def test_a_reader_that_goes_on_skips_no_event_whatever_was_read_at_once(tmp_path: Path) -> None:
    """Folds that end at a page's end, before it and after it, and go on there."""
    with open_store(tmp_path / "log", Codec.of(counting)) as store:
        reader = opened(store, counting)
        for count in (1, 998, 1, 1, 999, 1_001, 2_000, 96, 1):
            opened(store, counting).dispatch([Count("a")] * count).unwrap()
            assert store.version("counter-a") == reader.state(counters, "a")
        assert Success(5_098) == opened(store, counting).state(counters, "a")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Makes a package of one file inside a folder inside it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name: str) -> Path:
        inside = tmp_path / name / "inside"
        inside.mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        (inside / "__init__.py").write_text("x = 1\n")
        return inside / "__init__.py"

    yield make
    version_of.cache_clear()


def digest(*packages: str) -> str:
    version_of.cache_clear()
    return version_of(*packages)


def test_a_version_is_that_of_all_sources_of_all_packages(package: Any) -> None:
    one, two = package("one_of_two"), package("two_of_two")
    names = ("one_of_two", "two_of_two")
    seen = [digest(*names)]
    assert seen == [digest(*names)]
    changes: tuple[Callable[[], Any], ...] = (
        lambda: one.write_text("x = 2\n"),
        lambda: two.write_text("x = 3\n"),
        lambda: one.with_name("more.py").touch(),
        lambda: one.with_name("more.py").rename(one.with_name("other.py")),
    )
    for change in changes:
        change()
        seen.append(digest(*names))
    assert len(seen) == len(set(seen))
    assert digest("one_of_two") != digest("two_of_two")


def test_a_running_program_keeps_the_version_that_it_started_with(package: Any) -> None:
    file = package("kept_as_started")
    started = version_of("kept_as_started")
    file.write_text("x = 2\n")
    assert started == version_of("kept_as_started")
    assert started != digest("kept_as_started")


def test_a_module_that_is_one_file_has_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "lonely_module.py").write_text("x = 1\n")
    first = digest("lonely_module")
    (tmp_path / "lonely_module.py").write_text("x = 2\n")
    assert first != digest("lonely_module")
    assert "lonely_module" not in sys.modules


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no package 'nowhere_at_all': expected one"):
        version_of("nowhere_at_all")


def test_a_process_with_some_policies_saves_its_to_dos_in_a_place_of_its_own() -> None:
    store = MemoryEventStore()
    for event, _ in TODOS:
        stream = f"account-{event.account}"
        store.append(stream, store.version(stream).unwrap(), [event]).unwrap()
    waiting = bank.whole_bank.fold(log(store)).waiting
    SavedToDos(bank.whole_bank, store, "v1").keep(STEP, waiting)
    some = replace(bank.whole_bank, policies=bank.whole_bank.policies[:1])
    assert 0 == SavedToDos(some, store, "v1").load()[0]
    SavedToDos(some, store, "v1").keep(STEP + 1, waiting[:1])
    assert (STEP, waiting) == SavedToDos(bank.whole_bank, store, "v1").load()
