"""The relay: every event once, in order, without a gap, whatever happens to it and to the queue."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from returns.result import Failure, Result

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.lines import line, read_line
from deciderkit.log.pages import Page
from deciderkit.log.port import PAGE, StoreError
from deciderkit.shell import MemoryEventStore, StoreFailure, whole_log
from deciderkit.shell.queues import relay as relay_module
from deciderkit.shell.queues.memory import MemoryBroker
from deciderkit.shell.queues.port import Broker, Message, Queue, Reader, TooLong
from deciderkit.shell.queues.relay import Lag, Relay, RelayTrouble, message_of
from tests.deciderkit.shell.ledger import Deposited, Rated, quiet_board
from tests.deciderkit.shell.queues.conftest import Brokers

CODEC = Codec.of(quiet_board)


def ledger(events: int = 0) -> MemoryEventStore:
    store = MemoryEventStore(CODEC)
    grow(store, events)
    return store


def grow(store: MemoryEventStore, events: int) -> None:
    for number in range(events):
        stream = f"account-{number % 3}"
        version = store.version(stream).unwrap()
        store.append(stream, version, [Deposited(number % 3, number)]).unwrap()


def published(broker: Broker) -> list[Message]:
    taking = broker.read(Reader(Queue.EVENTS, f"reader-{Random().random()}".replace(".", "")))
    found: list[Message] = []
    while taken := taking.take(1_000, 0).unwrap():
        found += [each.message for each in taken]
    return found


def whole(store: MemoryEventStore) -> list[Message]:
    return [message_of(CODEC, each) for each in whole_log(store)]


def run(relay: Relay) -> None:
    while relay.step().unwrap():
        pass


def test_every_event_is_published_in_order_as_the_line_that_a_log_has(broker: Broker) -> None:
    store = ledger(7)
    run(Relay(store, CODEC, broker))
    found = published(broker)
    assert [line(CODEC, each) for each in whole_log(store)] == [each.body for each in found]
    assert [str(position) for position in range(1, 8)] == [each.id for each in found]
    assert "Deposited.account-1" == found[1].subject
    assert list(whole_log(store)) == [read_line(CODEC, each.body, 1) for each in found]


def test_a_relay_that_starts_again_goes_on_where_the_queue_ends(brokers: Brokers) -> None:
    store = ledger(5)
    run(Relay(store, CODEC, brokers()))
    grow(store, 4)
    run(Relay(store, CODEC, brokers()))
    assert whole(store) == published(brokers())


@pytest.mark.parametrize("seed", range(5))
def test_several_relays_at_once_do_no_harm(
    brokers: Brokers, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "AT_ONCE", 3)
    chance, store = Random(seed), ledger()
    relays = [Relay(store, CODEC, brokers()) for _ in range(3)]
    for _ in range(20):
        grow(store, chance.randrange(4))
        chance.choice(relays).step().unwrap()
    for each in relays:
        run(each)
    assert whole(store) == published(brokers())


def test_a_lost_queue_is_filled_again_from_the_log() -> None:
    store, broker = ledger(4), MemoryBroker()
    relay = Relay(store, CODEC, broker)
    run(relay)
    broker.lose(Queue.EVENTS)
    grow(store, 2)
    run(relay)
    assert whole(store) == published(broker)


def test_an_idle_relay_that_looks_again_fills_a_lost_queue() -> None:
    store, broker = ledger(4), MemoryBroker()
    relay = Relay(store, CODEC, broker)
    run(relay)
    broker.lose(Queue.EVENTS)
    assert 0 == relay.step().unwrap()
    relay.look_again()
    run(relay)
    assert whole(store) == published(broker)


def test_an_empty_queue_begins_after_the_position_that_is_asked_for(broker: Broker) -> None:
    store = ledger(5)
    run(Relay(store, CODEC, broker, after=3))
    assert whole(store)[3:] == published(broker)


@pytest.mark.parametrize("after", [0, 2, 5])
def test_a_position_that_the_queue_has_passed_publishes_nothing_twice(
    broker: Broker, after: int
) -> None:
    store = ledger(5)
    run(Relay(store, CODEC, broker))
    run(Relay(store, CODEC, broker, after=after))
    assert whole(store) == published(broker)


def test_a_position_that_would_leave_out_events_is_refused(broker: Broker) -> None:
    store = ledger(2)
    run(Relay(store, CODEC, broker))
    grow(store, 3)
    refused = Relay(store, CODEC, broker, after=4).step().failure()
    assert isinstance(refused, RelayTrouble)
    assert (
        "the queue ends with event 2 of the log: to begin after 4 would leave out event 3"
        == str(refused)
    )
    assert 2 == len(published(broker))


def another_log(broker: Broker, store: MemoryEventStore) -> str:
    failed = Relay(store, CODEC, broker).step().failure()
    assert isinstance(failed, RelayTrouble)
    return str(failed).partition(":")[0]


def test_the_queue_of_another_log_is_refused(broker: Broker) -> None:
    run(Relay(ledger(3), CODEC, broker))
    other = MemoryEventStore(CODEC)
    other.append("account-2", 0, [Deposited(2, 9)] * 3).unwrap()
    same = "the queue has the events of another log, "
    assert same + "its event 3 is another than in this log" == another_log(broker, other)
    short = "it ends with event 3, which this log does not have"
    assert same + short == another_log(broker, ledger(2))


@pytest.mark.parametrize("name", ["x", "", "0", "-1", "9" * 30, "٣"])
def test_a_queue_of_something_else_is_refused(name: str) -> None:
    broker = MemoryBroker()
    broker.publish(Queue.EVENTS, [Message(name, "a", b"{}")], after=0).unwrap()
    assert "the queue has the events of another log" in another_log(broker, ledger(3))


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 100_000])
def test_a_last_message_that_is_no_event_is_refused(body: bytes) -> None:
    broker = MemoryBroker()
    broker.publish(Queue.EVENTS, [Message("1", "a", body)], after=0).unwrap()
    assert "the queue has the events of another log" in another_log(broker, ledger(3))


def test_a_queue_that_kept_nothing_asks_where_to_begin(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ledger(3)
    run(Relay(store, CODEC, broker))
    end = broker.end(Queue.EVENTS).unwrap()
    monkeypatch.setattr(
        broker, "end", lambda queue: MemoryBroker().end(queue).map(lambda _: type(end)(end.place))
    )
    failed = Relay(store, CODEC, broker).step().failure()
    assert "(--after)" in str(failed)
    grow(store, 1)
    assert 1 == Relay(store, CODEC, broker, after=3).step().unwrap()
    assert whole(store) == published(broker)


def test_an_event_that_is_too_long_stops_at_its_place(broker: Broker) -> None:
    store = ledger(2)
    store.append("account-1", 1, [Rated(1, 1.0, note="x" * 1_100_000)]).unwrap()
    failed = Relay(store, CODEC, broker).step().failure()
    assert isinstance(failed, TooLong)
    assert "3" == failed.message
    assert whole(store)[:2] == published(broker)


class Troubled(MemoryEventStore):
    """Cannot be read where ``trouble`` says so."""

    trouble: Callable[[int, int], StoreError | None] = staticmethod(lambda after, limit: None)

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        error = self.trouble(after, limit)
        return super().read_all(after, limit) if error is None else Failure(error)


def test_what_stands_before_a_damage_is_published_and_its_place_is_named(broker: Broker) -> None:
    store = Troubled(CODEC)
    grow(store, 5)
    damage = CorruptEvent(4, "it does not match its checksum")
    store.trouble = lambda after, limit: damage if after < 4 <= after + limit else None
    relay = Relay(store, CODEC, broker)
    assert 3 == relay.step().unwrap()
    assert damage == relay.step().failure()
    assert ["1", "2", "3"] == [each.id for each in published(broker)]


def test_a_store_in_trouble_is_asked_again(broker: Broker) -> None:
    store = Troubled(CODEC)
    grow(store, 3)
    relay = Relay(store, CODEC, broker)
    store.trouble = lambda after, limit: StoreFailure("the disk is tired")
    assert StoreFailure("the disk is tired") == relay.step().failure()
    store.trouble = lambda after, limit: None
    run(relay)
    assert whole(store) == published(broker)


def test_the_lag_is_told(broker: Broker) -> None:
    store = ledger(5)
    relay = Relay(store, CODEC, broker)
    assert Lag(5, 0) == relay.lag().unwrap()
    run(relay)
    grow(store, 2)
    lag = relay.lag().unwrap()
    assert (Lag(7, 5), 2) == (lag, lag.behind)


def test_control_a_relay_that_names_no_place_doubles(
    brokers: Brokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay with one line wrong: it trusts the ids, which a broker knows only for a while."""
    store, broker = MemoryEventStore(CODEC), brokers()
    grow(store, 4)
    real: Any = broker.publish
    monkeypatch.setattr(
        broker,
        "publish",
        lambda queue, messages, after: real(
            queue, [Message("", each.subject, each.body) for each in messages]
        ),
    )
    one, other = Relay(store, CODEC, broker), Relay(store, CODEC, broker)
    one._find(), other._find()
    for each in (one, other):
        each._reached = each._reached or relay_module._Reached(0, 0)
    one.step()
    other.step()
    assert 8 == len(published(broker))
