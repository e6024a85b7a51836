"""The store without a disk."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from returns.result import Failure, Success

from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell import Claim, Conflict, MemoryEventStore, StoreFailure
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


def interrupted_store() -> MemoryEventStore:
    """The log has an event of a request more than what is made of it."""
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
    return store


def test_an_event_that_cannot_be_restored_is_named_with_its_place() -> None:
    (commit, (_, second)), *_ = LOG
    with pytest.raises(CorruptEvent, match="position 2: unknown type 'Sung'"):
        MemoryEventStore(codec).restore([(commit, [second, second._replace(type="Sung")])], 0)


def test_an_interrupt_between_log_and_index_is_made_good() -> None:
    """The log is the truth; what was made of it is brought up to date by whoever comes next."""
    conflict = Failure(Conflict("a-1", 1, 2))
    assert conflict == interrupted_store().append("a-1", 1, ["z"])
    assert Success(2) == interrupted_store().version("a-1")
    assert Success(claim("c1", 1, 2).tally) == interrupted_store().tally("c1")
    assert ["x", "y"] == [each.event for each in interrupted_store().read("a-1").unwrap()]


def test_a_clock_without_a_zone_is_refused_and_nothing_is_recorded() -> None:
    store = MemoryEventStore(clock=lambda: datetime(2024, 7, 1, 12))
    with pytest.raises(ValueError, match="the clock gives 2024-07-01 12:00:00: expected a time"):
        store.append("a-1", 0, ["x"])
    assert Success(0) == store.head()
    assert Success(0) == store.version("a-1")
