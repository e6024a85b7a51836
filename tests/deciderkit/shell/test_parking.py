"""Where to-dos wait that cannot be done, and how they are let go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import StoreError
from deciderkit.shell.memory import MemoryEventStore
from deciderkit.shell.parking import MemoryParking, Note, Notes, Parking
from deciderkit.shell.saved_views import MemorySavedViews, Saved, SavedViews
from deciderkit.shell.sqlite import SqliteEventStore, open_store
from deciderkit.shell.sqlite_side import SqliteParking, SqliteSavedViews
from deciderkit.shell.transactions import Delivery
from returns.io import IOFailure, IOResult, IOSuccess
from returns.unsafe import unsafe_perform_io

from deciderkit.log.codec import Codec, EventType
from tests.deciderkit.turnstile import (
    Jammed,
    Kick,
    MechanicCalled,
    board,
)

codec = Codec([EventType(each.__name__, each) for each in board.events])


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


@contextmanager
def opened(path: Path) -> Iterator[SqliteEventStore]:
    with value(open_store(path / "log", codec)) as store:
        yield store


@pytest.fixture(params=["memory", "sqlite"])
def parking(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Parking]:
    if request.param == "memory":
        yield MemoryParking()
    else:
        with opened(tmp_path) as store:
            yield SqliteParking(store)


@pytest.fixture(params=["memory", "sqlite"])
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SavedViews]:
    if request.param == "memory":
        yield MemorySavedViews()
    else:
        with opened(tmp_path) as store:
            yield SqliteSavedViews(store)


def test_notes_are_kept_in_the_order_of_the_log_one_for_each_policy_and_key(
    parking: Parking,
) -> None:
    late, early = Note("call", "north", 9, "no line"), Note("call", "south", 2, "no line")
    for note in (late, early, Note("call", "north", 9, "busy")):
        value(parking.park(note))
    assert (early, Note("call", "north", 9, "busy")) == value(parking.notes())
    value(parking.unpark("call", "north"))
    value(parking.unpark("call", "nobody"))
    assert (early,) == value(parking.notes())


def test_saved_folds_are_kept_by_name_for_those_whose_folds_made_them(saved: SavedViews) -> None:
    assert value(saved.load("a", "f")) is None
    for each in (Saved(1, "f", b"{}"), Saved(2, "g", b'{"x":1}')):
        value(saved.save("a", each))
        assert each == value(saved.load("a", each.fingerprint))
    assert value(saved.load("a", "f")) is None
    value(saved.forget())
    assert value(saved.load("a", "g")) is None


class Line:
    """A line to the mechanic that is dead until it is mended; it counts the calls."""

    def __init__(self) -> None:
        self.dead = True
        self.calls: list[str] = []

    def __call__(self, event: MechanicCalled, key: str) -> IOResult[None, str]:
        self.calls.append(key)
        if self.dead and event.turnstile == "north":
            return IOFailure("no line")
        return IOSuccess(None)


def test_a_delivery_is_tried_a_bounded_number_of_times_with_one_key_and_then_parked() -> None:
    line, store, parking = Line(), MemoryEventStore(), MemoryParking()
    deliveries: dict[type, Delivery] = {MechanicCalled: line}
    value(
        Dispatcher(board, store, deliveries=deliveries, parking=parking, attempts=3).dispatch(
            [Kick("north"), Kick("south")]
        )
    )
    assert ["mechanic-north/1"] * 3 + ["mechanic-south/1"] == line.calls
    assert (Note("call the mechanic", "north", 1, "no line"),) == value(parking.notes())


def test_what_is_parked_stays_so_in_the_next_process_until_it_is_let_go(tmp_path: Path) -> None:
    line = Line()
    for run in range(3):
        with opened(tmp_path) as store:
            parking = SqliteParking(store)
            dispatcher = Dispatcher(
                board, store, deliveries={MechanicCalled: line}, parking=parking
            )
            if run == 0:
                value(dispatcher.dispatch([Kick("north"), Kick("south")]))
            else:
                value(dispatcher.resume())
            assert ["no line"] == [each.reason for each in dispatcher.parked]
    assert ["mechanic-north/1", "mechanic-south/1"] == line.calls
    line.dead = False
    with opened(tmp_path) as store:
        parking = SqliteParking(store)
        value(parking.unpark("call the mechanic", "north"))
        dispatcher = Dispatcher(board, store, deliveries={MechanicCalled: line}, parking=parking)
        value(dispatcher.resume())
        assert ((), ()) == (dispatcher.parked, dispatcher.todos)
        log = [each.event for each in value(store.read_all())]
    jams = [Jammed("north"), Jammed("south")]
    assert [*jams, MechanicCalled("south"), MechanicCalled("north")] == log


def test_a_delivery_that_raises_is_parked_like_one_that_fails() -> None:
    def crash(event: MechanicCalled, key: str) -> IOResult[None, str]:
        raise ConnectionError("cut off")

    dispatcher = Dispatcher(board, MemoryEventStore(), deliveries={MechanicCalled: crash})
    value(dispatcher.dispatch([Kick("north")]))
    assert ["ConnectionError: cut off"] == [each.reason for each in dispatcher.parked]


def test_parking_that_fails_ends_the_run() -> None:
    class NoRoom(MemoryParking):
        def park(self, note: Note) -> IOResult[None, StoreError]:
            return IOFailure(full)

        def notes(self) -> IOResult[Notes, StoreError]:
            return IOSuccess(())

    full = unsafe_perform_io(MemoryEventStore().append("", 0, (), "").failure())
    dispatcher = Dispatcher(
        board, MemoryEventStore(), deliveries={MechanicCalled: Line()}, parking=NoRoom()
    )
    failed = dispatcher.dispatch([Kick("north")])
    assert full == unsafe_perform_io(failed.failure())
