"""What every event store must do, as a test class to inherit: memory, SQLite, and yours.

Give it a fixture ``store`` that yields an empty store for `codec`, and every rule of the port is
held. A store that outlives its process inherits `DurableStoreContract` and adds ``reopened``.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self) -> EventStore:
            return MyStore(codec)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from random import Random
from typing import Any

import pytest
from msgspec import Struct
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit.log.codec import Codec, EventType
from deciderkit.log.recorded import Recorded, derived_id
from deciderkit.shell.event_store import Conflict, EventStore, Page, StoreFailure, pages


class Noted(Struct, frozen=True):
    """The one event of the contract."""

    text: str


codec = Codec([EventType("Noted", Noted)])
"""What a store under test is made with, if it needs a codec."""

HOSTILE_IDS = (
    *(
        "",
        " ",
        "../r1",
        "a/b",
        "'; DROP TABLE events; --",
        "a\0b",
        "\ud800",
        "\u00e9",
        "\U0001f680",
    ),
    *("a\n", "-a", "_a", ".a", "~a", "a~", "a" * 257, "a" * 3_000),
)
"""Ids that no store takes."""


def value(result: IOResult[Any, Any]) -> Any:
    """The value of a success; anything else fails the test."""
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    """The error of a failure; anything else fails the test."""
    return unsafe_perform_io(result.failure())


def noted(*texts: str) -> tuple[Noted, ...]:
    """Some events."""
    return tuple(map(Noted, texts))


def events(page: Page) -> tuple[Any, ...]:
    """The events of ``page``, without their places."""
    return tuple(recorded.event for recorded in page)


def _all(store: EventStore, limit: int, after: int) -> Page:
    page: Page = value(store.read_all(after, limit))
    return page


def _stream(store: EventStore, limit: int, after: int) -> Page:
    page: Page = value(store.read("a-1", after, limit))
    return page


class StoreContract:
    """The rules of the port; inherit and give a fixture ``store``."""

    def test_an_empty_log_has_a_head_of_0_and_nothing_to_read(self, store: EventStore) -> None:
        assert 0 == value(store.head())
        assert () == value(store.read_all())
        assert () == value(store.read("a-1"))
        assert () == value(store.outcome("c1"))

    def test_what_was_appended_is_read_back_with_its_place(self, store: EventStore) -> None:
        appended = value(store.append("a-1", 0, noted("x", "y"), "c1"))
        places = [(each.position, each.stream, each.version, each.command_id) for each in appended]
        assert [(1, "a-1", 1, "c1"), (2, "a-1", 2, "c1")] == places
        assert noted("x", "y") == events(appended)
        assert appended == value(store.read("a-1"))
        assert appended == value(store.read_all())
        assert 2 == value(store.head())

    def test_positions_run_through_all_streams_and_versions_through_one(
        self, store: EventStore
    ) -> None:
        value(store.append("a-1", 0, noted("x"), "c1"))
        value(store.append("b-1", 0, noted("y", "z"), "c2"))
        value(store.append("a-1", 1, noted("w"), "c3"))
        log = value(store.read_all())
        assert [1, 2, 3, 4] == [each.position for each in log]
        assert [1, 1, 2, 2] == [each.version for each in log]
        assert noted("x", "w") == events(value(store.read("a-1")))
        assert noted("y", "z") == events(value(store.read("b-1")))

    def test_a_stale_version_is_a_conflict_and_leaves_no_trace(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x", "y"), "c1"))
        assert Conflict("a-1", 1, 2) == error(store.append("a-1", 1, noted("z"), "c2"))
        assert 2 == value(store.head())
        assert () == value(store.outcome("c2"))

    @pytest.mark.parametrize("ahead", [1, 2, 1_000])
    def test_a_future_version_is_a_conflict_always(self, store: EventStore, ahead: int) -> None:
        assert Conflict("a-1", ahead, 0) == error(store.append("a-1", ahead, noted("x"), "c0"))
        value(store.append("a-1", 0, noted("x"), "c1"))
        late = 1 + ahead
        assert Conflict("a-1", late, 1) == error(store.append("a-1", late, noted("y"), "c2"))
        assert noted("x") == events(value(store.read_all()))

    def test_a_retry_gives_the_first_outcome_and_records_nothing(self, store: EventStore) -> None:
        first = value(store.append("a-1", 0, noted("x", "y"), "c1"))
        value(store.append("a-1", 2, noted("z"), "c2"))
        for expected_version in (0, 2, 3, 9):
            assert first == value(store.append("a-1", expected_version, noted("other"), "c1"))
        assert first == value(store.outcome("c1"))
        assert 3 == value(store.head())

    def test_no_events_leave_no_trace(self, store: EventStore) -> None:
        assert () == value(store.append("a-1", 0, (), "c1"))
        assert 0 == value(store.head())
        assert noted("x") == events(value(store.append("a-1", 0, noted("x"), "c1")))

    def test_pages_are_as_long_as_asked_for_and_hold_it_all(self, store: EventStore) -> None:
        for number in range(7):
            value(store.append("a-1", 3 * number, noted("x", "y", str(number)), f"c{number}"))
            value(store.append("b-1", number, noted("other"), f"d{number}"))
        log, stream = value(store.read_all()), value(store.read("a-1"))
        for limit in (1, 2, 3, 4, 5, 100):
            read_all, read = partial(_all, store, limit), partial(_stream, store, limit)
            by_position = chain(*pages(read_all, lambda last: last.position))
            by_version = chain(*pages(read, lambda last: last.version))
            assert (log, stream) == (tuple(by_position), tuple(by_version))
            assert limit >= len(value(store.read_all(5, limit)))

    def test_nothing_stands_after_the_end(self, store: EventStore) -> None:
        value(store.append("a-1", 0, noted("x"), "c1"))
        assert () == value(store.read_all(after=1))
        assert () == value(store.read_all(after=10))
        assert () == value(store.read("a-1", after=1))

    @pytest.mark.parametrize("hostile", HOSTILE_IDS, ids=ascii)
    def test_a_hostile_id_is_refused(self, store: EventStore, hostile: str) -> None:
        for stream, command_id in ((hostile, "c1"), ("a-1", hostile)):
            refused = error(store.append(stream, 0, noted("x"), command_id))
            assert isinstance(refused, StoreFailure)
            assert "bad id" in refused.reason
        assert 0 == value(store.head())

    def test_the_id_of_a_part_has_room_beside_the_longest_that_is_given(
        self, store: EventStore
    ) -> None:
        part = derived_id(derived_id("a" * 256, "start"), 10**19)
        appended = value(store.append("a-1", 0, noted("x"), part))
        assert appended == value(store.outcome(part))
        assert isinstance(error(store.append("a~1", 0, noted("x"), "c1")), StoreFailure)

    def test_a_random_history_equals_that_of_a_dumb_model(self, store: EventStore) -> None:
        chance, model, log = Random(7), dict[str, list[Noted]](), list[Noted]()
        for number in range(200):
            stream = chance.choice(("a-1", "b-1", "c-1"))
            expected = len(model.get(stream, ())) + chance.choice((0, 0, 0, -1, 1))
            batch = noted(*(f"{number}.{place}" for place in range(chance.randint(1, 4))))
            result = store.append(stream, expected, batch, f"c{number}")
            if expected == len(model.setdefault(stream, [])):
                assert batch == events(value(result))
                model[stream].extend(batch)
                log.extend(batch)
            else:
                assert Conflict(stream, expected, len(model[stream])) == error(result)
        assert tuple(log) == events(value(store.read_all(limit=1_000)))
        for stream, told in model.items():
            page: tuple[Recorded[Noted], ...] = value(store.read(stream, limit=1_000))
            assert tuple(told) == events(page)
            assert list(range(1, len(told) + 1)) == [each.version for each in page]


class DurableStoreContract(StoreContract):
    """The rules for a store that outlives its process.

    The fixture ``reopened`` gives a function that opens the log of ``store`` once more.
    """

    def test_another_handle_sees_all_and_goes_on(
        self, store: EventStore, reopened: Callable[[], EventStore]
    ) -> None:
        first = value(store.append("a-1", 0, noted("x", "y"), "c1"))
        other = reopened()
        assert first == value(other.read_all())
        assert first == value(other.append("a-1", 0, noted("again"), "c1"))
        value(other.append("a-1", 2, noted("z"), "c2"))
        assert Conflict("a-1", 2, 3) == error(store.append("a-1", 2, noted("late"), "c3"))
        assert noted("x", "y", "z") == events(value(store.read_all()))
