"""The stores without a disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from deciderkit.shell.event_store import Conflict, StoreFailure
from deciderkit.shell.memory import ForgetfulEventStore, MemoryEventStore
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit.log.recorded import Recorded


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.failure())


def at_noon() -> datetime:
    return datetime(2024, 7, 1, 12, tzinfo=UTC)


def test_what_is_recorded_has_its_place_its_request_and_its_time() -> None:
    store = MemoryEventStore(at_noon)
    store.append("a-1", 0, ["first"], "c1")
    noon = "2024-07-01T12:00:00+00:00"
    expected = (
        Recorded(2, "b-1", 1, "second", "c2", noon),
        Recorded(3, "b-1", 2, "third", "c2", noon),
    )
    assert expected == value(store.append("b-1", 0, ["second", "third"], "c2"))
    assert expected == value(store.read("b-1"))
    assert expected[1:] == value(store.read_all(after=2))
    assert expected[:1] == value(store.read_all(after=1, limit=1))
    assert 3 == value(store.head())


def test_the_forgetful_store_counts_like_any_other_and_keeps_nothing() -> None:
    store = ForgetfulEventStore(at_noon)
    remembering = MemoryEventStore(at_noon)
    for stream, version, events in [("a-1", 0, ["x"]), ("b-1", 0, ["y", "z"]), ("a-1", 1, ["w"])]:
        page = value(store.append(stream, version, events, f"{stream}-{version}"))
        assert page == value(remembering.append(stream, version, events, f"{stream}-{version}"))
    assert Conflict("a-1", expected=1, actual=2) == error(store.append("a-1", 1, ["v"], "c"))
    assert 4 == value(store.head())


def test_reading_what_the_forgetful_store_forgot_is_a_failure_and_not_an_empty_page() -> None:
    store = ForgetfulEventStore()
    assert () == value(store.read("a-1"))
    assert () == value(store.read_all())
    store.append("a-1", 0, ["x"], "c1")
    gone = StoreFailure("this log keeps no events: expected a store that does")
    assert gone == error(store.read("a-1"))
    assert gone == error(store.read_all())
    assert () == value(store.read("a-1", after=1))
    assert () == value(store.read_all(after=1))
