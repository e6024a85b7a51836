"""The stores without a disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from returns.result import Failure, Success

from deciderkit.ids import BadId
from deciderkit.log.errors import NotStorable
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell import Claim, Conflict, ForgetfulEventStore, MemoryEventStore, StoreFailure
from deciderkit.testing.store_contract import claim, codec, noted
from deciderkit.testing.store_rules.restoring import LOG


def at_noon() -> datetime:
    return datetime(2024, 7, 1, 12, tzinfo=UTC)


def test_what_is_recorded_has_its_place_its_request_and_its_time() -> None:
    store = MemoryEventStore(clock=at_noon)
    store.append("a-1", 0, ["first"]).unwrap()
    noon, done = "2024-07-01T12:00:00+00:00", Tally(2)
    expected = (
        Recorded(2, "b-1", 1, "second", "c2", noon, done),
        Recorded(3, "b-1", 2, "third", "c2", noon, done),
    )
    assert Success(expected) == store.append("b-1", 0, ["second", "third"], Claim("c2", 0, done))
    assert Success(expected) == store.read("b-1")
    assert Success(expected[1:]) == store.read_all(after=2)
    assert Success(expected[:1]) == store.read_all(after=1, limit=1)
    assert Success(3) == store.head()


def test_without_a_codec_it_keeps_any_object_as_it_is() -> None:
    store, kept = MemoryEventStore(), object()
    assert Success(None) == store.check([kept, float("nan")])
    store.append("a-1", 0, [kept]).unwrap()
    assert kept is store.read_all().unwrap()[0].event


def test_with_one_it_refuses_what_a_disk_would() -> None:
    store = MemoryEventStore(codec)
    for refused in (store.append("a-1", 0, [*noted("x"), object()]), store.check([object()] * 2)):
        assert isinstance(refused.failure(), NotStorable)
    assert Success(0) == store.head()


def test_without_a_codec_nothing_can_be_restored() -> None:
    refused = MemoryEventStore().restore(LOG, 0)
    assert Failure(StoreFailure("this log has no codec: expected one, to read what comes in")) == (
        refused
    )


def test_an_interrupt_between_log_and_index_is_made_good() -> None:
    """The log is the truth; what was made of it is brought up to date by whoever comes next."""
    store = MemoryEventStore()
    store.append("a-1", 0, ["x"], claim("c1", 0, 1)).unwrap()

    class Interrupt(BaseException):
        pass

    def interrupted() -> None:
        raise Interrupt

    index, store._index = store._index, interrupted  # type: ignore[method-assign]
    with pytest.raises(Interrupt):
        store.append("a-1", 1, ["y"], claim("c1", 1, 2))
    store._index = index  # type: ignore[method-assign]
    assert Failure(Conflict("a-1", 1, 2)) == store.append("a-1", 1, ["z"])
    assert Success(2) == store.version("a-1")
    assert Success(claim("c1", 1, 2).tally) == store.tally("c1")
    assert ["x", "y"] == [each.event for each in store.read("a-1").unwrap()]


def test_a_clock_without_a_zone_is_refused_and_nothing_is_recorded() -> None:
    store = MemoryEventStore(clock=lambda: datetime(2024, 7, 1, 12))
    with pytest.raises(ValueError, match="the clock gives 2024-07-01 12:00:00: expected a time"):
        store.append("a-1", 0, ["x"])
    assert Success(0) == store.head()
    assert Success(0) == store.version("a-1")


def test_the_forgetful_store_counts_like_any_other_and_keeps_nothing() -> None:
    store = ForgetfulEventStore(at_noon)
    remembering = MemoryEventStore(clock=at_noon)
    for number, (stream, version, events) in enumerate(
        [("a-1", 0, ["x"]), ("b-1", 0, ["y", "z"]), ("a-1", 1, ["w"])]
    ):
        said = Claim(f"c{number}", 0, Tally(1))
        page = store.append(stream, version, events, said)
        assert page == remembering.append(stream, version, events, said)
    assert Failure(Conflict("a-1", expected=1, actual=2)) == store.append("a-1", 1, ["v"])
    assert Success(4) == store.head()
    assert Success(2) == store.version("a-1")
    assert Success(None) == store.tally("c0")
    assert Success(None) == store.check([object()])
    assert Success(None) == store.integrity(4)


def test_reading_what_the_forgetful_store_forgot_is_a_failure_and_not_an_empty_page() -> None:
    store = ForgetfulEventStore()
    assert Success(()) == store.read("a-1")
    assert Success(()) == store.read_all()
    store.append("a-1", 0, ["x"]).unwrap()
    gone: Any = Failure(StoreFailure("this log keeps no events: expected a store that does"))
    assert gone == store.read("a-1") == store.read_all() == store.restore((), 1)
    assert Success(()) == store.read("a-1", after=1)
    assert Success(()) == store.read_all(after=1)


@pytest.mark.parametrize(("stream", "request_id"), [("../a", "c1"), ("a-1", "c@0"), ("", "c1")])
def test_the_forgetful_store_refuses_what_all_refuse(stream: str, request_id: str) -> None:
    store = ForgetfulEventStore()
    refused = store.append(stream, 0, ["x"], Claim(request_id, 0, Tally(1))).failure()
    assert isinstance(refused, BadId)
    assert Success(0) == store.head()
