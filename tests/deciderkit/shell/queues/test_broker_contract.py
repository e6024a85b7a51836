"""What every broker keeps: the double and a real server are held to the same."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from deciderkit.shell.queues.port import (
    Broker,
    End,
    Message,
    Moved,
    Queue,
    Reader,
    Taken,
    TakenOver,
    Taking,
    TooLong,
)
from tests.deciderkit.shell.queues.conftest import Brokers

ALONE = Reader(Queue.COMMANDS, "worker", alone=True)
SHARED = Reader(Queue.COMMANDS, "workers", again_after=0.3)


def numbered(*numbers: int, subject: str = "main") -> list[Message]:
    return [Message(f"m{number}", subject, b"%d" % number) for number in numbers]


def ids(taken: Sequence[Taken]) -> list[str]:
    return [each.message.id for each in taken]


def took(taking: Taking, limit: int = 10, wait: float = 0.0) -> list[str]:
    return ids(taking.take(limit, wait).unwrap())


def test_a_queue_ends_at_its_last_message(broker: Broker) -> None:
    assert End() == broker.end(Queue.EVENTS).unwrap()
    place = broker.publish(Queue.EVENTS, numbered(1, 2)).unwrap()
    assert End(place, numbered(2)[0]) == broker.end(Queue.EVENTS).unwrap()
    assert 2 == broker.waiting(Queue.EVENTS).unwrap()


def test_messages_go_behind_the_place_that_is_named_and_nowhere_else(broker: Broker) -> None:
    first = broker.publish(Queue.EVENTS, numbered(1, 2, 3), after=0).unwrap()
    assert Moved(Queue.EVENTS, 0) == broker.publish(Queue.EVENTS, numbered(1), after=0).failure()
    assert Moved(Queue.EVENTS, 9) == broker.publish(Queue.EVENTS, numbered(4), after=9).failure()
    broker.publish(Queue.EVENTS, numbered(4), after=first).unwrap()
    taking = broker.read(Reader(Queue.EVENTS, "anybody"))
    assert ["m1", "m2", "m3", "m4"] == took(taking)


def test_nothing_that_is_set_aside_is_taken_for_a_repeat(broker: Broker) -> None:
    """A sender that used an id twice has two messages there, whatever the broker knows of ids."""
    for body in (b"one", b"two"):
        broker.publish(Queue.ASIDE, [Message("m1", "main", body, "", "odd")]).unwrap()
    assert 2 == broker.waiting(Queue.ASIDE).unwrap()
    last = broker.end(Queue.ASIDE).unwrap().last
    assert Message("m1", "main", b"two", "", "odd") == last
    taken = broker.read(Reader(Queue.ASIDE, "people")).take(10, 0).unwrap()
    assert [("m1", b"one"), ("m1", b"two")] == [(e.message.id, e.message.body) for e in taken]


def test_a_command_that_is_sent_again_comes_again_so_that_its_sender_is_answered(
    broker: Broker,
) -> None:
    broker.publish(Queue.COMMANDS, numbered(1)).unwrap()
    time.sleep(0.15)  # a server may take no shorter time for one and the same
    broker.publish(Queue.COMMANDS, numbered(1)).unwrap()
    assert ["m1", "m1"] == took(broker.read(ALONE))


def test_a_message_is_carried_as_it_is(broker: Broker) -> None:
    sent = Message("m-1", "main", b'{"a": "\xc3\xa9"}\n\0\xff', "_INBOX.here")
    broker.publish(Queue.COMMANDS, [sent]).unwrap()
    assert [sent] == [each.message for each in broker.read(ALONE).take(1, 1).unwrap()]


def test_what_is_acknowledged_does_not_come_again_and_the_rest_comes_in_order(
    brokers: Brokers,
) -> None:
    broker = brokers()
    broker.publish(Queue.COMMANDS, numbered(1, 2, 3, 4, 5)).unwrap()
    taking = broker.read(ALONE)
    taken = taking.take(4, 1).unwrap()
    taking.acknowledge([taken[0], taken[2]]).unwrap()
    assert ["m2", "m4", "m5"] == took(brokers().read(ALONE))
    assert 3 == broker.waiting(Queue.COMMANDS).unwrap()


def test_what_is_given_back_comes_first_and_in_order(broker: Broker) -> None:
    broker.publish(Queue.COMMANDS, numbered(1, 2, 3, 4)).unwrap()
    taking = broker.read(ALONE)
    taken = taking.take(3, 1).unwrap()
    taking.acknowledge(taken[:1]).unwrap()
    taking.give_back(taken[1:]).unwrap()
    assert ["m2", "m3", "m4"] == took(taking)


def test_one_that_reads_alone_takes_over_and_the_one_before_is_told(brokers: Brokers) -> None:
    publisher = brokers()
    publisher.publish(Queue.COMMANDS, numbered(1, 2)).unwrap()
    before, after = brokers().read(ALONE), brokers().read(ALONE)
    taken = before.take(1, 1).unwrap()
    assert ["m1", "m2"] == took(after)
    assert TakenOver(">") == before.take(1, 0).failure()
    before.acknowledge(taken)
    assert TakenOver(">") == before.take(1, 0).failure()


def test_several_of_one_name_share_the_messages(brokers: Brokers) -> None:
    brokers().publish(Queue.COMMANDS, numbered(*range(6))).unwrap()
    one, other = brokers().read(SHARED), brokers().read(SHARED)
    parts = [took(one, 2, 1), took(other, 2, 1), took(one, 2, 1)]
    assert [[f"m{2 * n}", f"m{2 * n + 1}"] for n in range(3)] == parts


def test_what_a_sharing_reader_lost_comes_to_another_after_a_while(brokers: Brokers) -> None:
    brokers().publish(Queue.COMMANDS, numbered(1)).unwrap()
    one, other = brokers().read(SHARED), brokers().read(SHARED)
    assert ["m1"] == took(one, 1, 1)
    assert [] == took(other, 1, 0)
    assert ["m1"] == took(other, 1, 2)


def test_what_a_sharing_reader_gives_back_comes_at_once(brokers: Brokers) -> None:
    brokers().publish(Queue.COMMANDS, numbered(1)).unwrap()
    one, other = brokers().read(SHARED), brokers().read(SHARED)
    one.give_back(one.take(1, 1).unwrap()).unwrap()
    assert ["m1"] == took(other, 1, 0.2)


def test_lanes_are_read_each_by_its_own_reader(brokers: Brokers) -> None:
    broker = brokers()
    for lane in ("a", "b"):
        broker.publish(Queue.COMMANDS, [Message(f"to-{lane}", lane, b"")]).unwrap()
    lanes = [brokers().read(Reader(Queue.COMMANDS, f"w-{at}", at, alone=True)) for at in "ab"]
    assert [["to-a"], ["to-b"], []] == [took(lanes[0]), took(lanes[1]), took(lanes[0])]


def test_events_are_kept_for_each_reader_by_its_subject(brokers: Brokers) -> None:
    broker = brokers()
    for name, subject in (("1", "Rang.door-a"), ("2", "Broke.door-a"), ("3", "Rang.door-b")):
        broker.publish(Queue.EVENTS, [Message(name, subject, b"")]).unwrap()
    for reader, expected in (
        (Reader(Queue.EVENTS, "rings", "Rang.*"), ["1", "3"]),
        (Reader(Queue.EVENTS, "door", "*.door-a"), ["1", "2"]),
        (Reader(Queue.EVENTS, "all"), ["1", "2", "3"]),
    ):
        taking = broker.read(reader)
        taken = taking.take(10, 0).unwrap()
        taking.acknowledge(taken).unwrap()
        assert (expected, []) == (ids(taken), took(brokers().read(reader)))
    assert 3 == broker.waiting(Queue.EVENTS).unwrap()


def test_taking_waits_until_something_comes(brokers: Brokers) -> None:
    taking = brokers().read(ALONE)
    assert [] == took(taking, 10, 0.05)
    brokers().publish(Queue.COMMANDS, numbered(1, 2, 3)).unwrap()
    assert ["m1", "m2", "m3"] == took(taking, 10, 5)


def test_a_message_that_is_too_long_is_refused_with_its_name(broker: Broker) -> None:
    failed = broker.publish(Queue.ASIDE, [Message("m1", "main", b"x" * 1_100_000)]).failure()
    assert isinstance(failed, TooLong)
    assert ("m1", 1_048_576) == (failed.message, failed.most)


def test_what_stands_before_a_message_that_is_too_long_is_published(broker: Broker) -> None:
    messages = [*numbered(1), Message("m2", "main", b"x" * 1_100_000), *numbered(3)]
    assert isinstance(broker.publish(Queue.EVENTS, messages, after=0).failure(), TooLong)
    assert ["m1"] == took(broker.read(Reader(Queue.EVENTS, "anybody")))


def test_an_answer_that_nobody_waits_for_is_no_trouble(broker: Broker) -> None:
    broker.answer([Message("m1", "", b"{}", "_INBOX.nobody")]).unwrap()


@pytest.mark.parametrize("queue", list(Queue))
def test_thousands_go_through_a_queue_in_order(broker: Broker, queue: Queue) -> None:
    broker.publish(queue, numbered(*range(2_000)), after=0).unwrap()
    taking = broker.read(Reader(queue, "reader"))
    seen: list[str] = []
    while taken := taking.take(300, 0).unwrap():
        seen += ids(taken)
        taking.acknowledge(taken).unwrap()
    assert [f"m{number}" for number in range(2_000)] == seen
