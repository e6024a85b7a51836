"""The log that forgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from returns.result import Failure, Success

from deciderkit.ids import BadId
from deciderkit.log.recorded import Tally
from deciderkit.shell import Claim, Conflict, MemoryEventStore, StoreFailure
from mars_rover.shell.forgetful import ForgetfulEventStore


def at_noon() -> datetime:
    return datetime(2024, 7, 1, 12, tzinfo=UTC)


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
