"""What only a real server can show: what others send, who is asked to answer, and what an admin has set up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import nats
import pytest
from returns.result import Failure, Success

from deciderkit.shell.queues.address import Address
from deciderkit.shell.queues.nats.broker import NatsBroker
from deciderkit.shell.queues.nats.wire import Wire
from deciderkit.shell.queues.opening import open_broker
from deciderkit.shell.queues.port import BrokerFailure, End, Message, Moved, Queue, Reader
from tests.nats_server import NatsServer

ALONE = Reader(Queue.COMMANDS, "worker", alone=True)


def with_client(address: str, work: Callable[[Any, str], Awaitable[Any]]) -> Any:
    """What somebody else does on the server, given a client and the name of the queues."""

    async def connected() -> Any:
        found = Address.read(address)
        client = await nats.connect(found.server)
        try:
            return await work(client, found.name)
        finally:
            await client.close()

    return asyncio.run(connected())


def raw(address: str, head: bytes, body: bytes) -> None:
    """Send a message whose headers no client would write."""

    async def send(client: Any, name: str) -> None:
        subject = f"{name}.commands.main".encode()
        sizes = b"%d %d" % (len(head), len(head) + len(body))
        await client._send_command(b"HPUB %s %s\r\n%s%s\r\n" % (subject, sizes, head, body))
        await client.flush()

    with_client(address, send)


@pytest.mark.parametrize(
    "head",
    [
        b"NATS/1.0\r\nNats-Msg-Id: \xff\xfe\r\n\r\n",
        b"NATS/1.0\r\nNats-Msg-Id: \xed\xa0\x80\r\n\r\n",
        b"NATS/1.0 404 No Messages\r\n\r\n",
        b"NATS/1.0\r\nStatus: 409\r\nDescription: Consumer Deleted\r\n\r\n",
        b"NATS/1.0\r\n: x\r\nReason\r\n\r\n",
    ],
)
def test_headers_that_nobody_should_send_stop_nobody(address: str, head: bytes) -> None:
    with open_broker(address) as broker:
        taking = broker.read(ALONE)
        taking.take(1, 0).unwrap()
        raw(address, head, b"odd")
        broker.publish(Queue.COMMANDS, [Message("m2", "main", b"good")]).unwrap()
        seen: list[Message] = []
        until = time.monotonic() + 10
        while len(seen) < 2 and time.monotonic() < until:
            taken = taking.take(10, 0.1).value_or(())
            aside = [Message(each.message.id, "main", b"", "", "odd") for each in taken]
            broker.publish(Queue.ASIDE, aside).unwrap()
            taking.acknowledge(taken).unwrap()
            seen += [each.message for each in taken]
        assert [b"good", b"odd"] == sorted(each.body for each in seen)


@pytest.mark.parametrize(
    ("where", "heard"),
    [
        ("_INBOX.me", True),
        ("{name}.answers.me", True),
        ("{name}.events.Forged.x", False),
        ("$JS.API.STREAM.DELETE.{name}-events", False),
        ("_INBOX.>", False),
        ("_INBOX.a b", False),
    ],
)
def test_an_answer_goes_only_where_answers_may_go(address: str, where: str, heard: bool) -> None:
    """A sender chooses the place, and the worker's connection may be allowed more than the sender's."""
    name = Address.read(address).name
    found: list[bytes] = []

    async def listen(client: Any, name: str) -> None:
        async def hear(message: Any) -> None:
            found.append(message.data)

        for subject in ("_INBOX.>", f"{name}.answers.>", f"{name}.events.>", "$JS.API.>"):
            await client.subscribe(subject, cb=hear)
        await client.flush()
        await asyncio.to_thread(answer)
        await client.flush()

    def answer() -> None:
        with open_broker(address) as broker:
            broker.answer([Message("m1", "", b"answer", where.format(name=name))]).unwrap()

    with_client(address, listen)
    assert ([b"answer"] if heard else []) == [each for each in found if each == b"answer"]


def test_a_stream_that_somebody_has_made_is_used_as_it_is(address: str) -> None:
    async def make(client: Any, name: str) -> None:
        stream, subjects = f"{name}-events", [f"{name}.events.>"]
        await client.jetstream().add_stream(name=stream, subjects=subjects, max_msgs=2)

    with_client(address, make)
    with open_broker(address) as broker:
        messages = [Message(str(number), "a", b"") for number in range(1, 6)]
        assert 5 == broker.publish(Queue.EVENTS, messages, after=0).unwrap()
        assert 2 == broker.waiting(Queue.EVENTS).unwrap()
        assert 5 == broker.end(Queue.EVENTS).unwrap().place


@pytest.mark.parametrize("own", [False, True])
def test_a_stream_that_was_emptied_is_filled_again(address: str, own: bool) -> None:
    """With places that go on; one of somebody's own remembers ids for minutes, and says what it swallows."""

    async def make(client: Any, name: str) -> None:
        await client.jetstream().add_stream(name=f"{name}-events", subjects=[f"{name}.events.>"])

    async def purge(client: Any, name: str) -> None:
        await client.jetstream().purge_stream(f"{name}-events")

    if own:
        with_client(address, make)
    with open_broker(address) as broker:
        message = Message("1", "a", b"")
        assert 1 == broker.publish(Queue.EVENTS, [message], after=0).unwrap()
        with_client(address, purge)
        assert End(1) == broker.end(Queue.EVENTS).unwrap()
        time.sleep(0.15)
        again = broker.publish(Queue.EVENTS, [message], after=1)
        assert (Failure(Moved(Queue.EVENTS, 1)) if own else Success(2)) == again


def test_a_full_stream_is_a_failure_in_words(address: str) -> None:
    async def make(client: Any, name: str) -> None:
        stream, subjects = f"{name}-events", [f"{name}.events.>"]
        await client.jetstream().add_stream(
            name=stream, subjects=subjects, max_msgs=1, discard="new"
        )

    with_client(address, make)
    with open_broker(address) as broker:
        broker.publish(Queue.EVENTS, [Message("1", "a", b"")], after=0).unwrap()
        failed = broker.publish(Queue.EVENTS, [Message("2", "a", b"")], after=1).failure()
    assert BrokerFailure(f"{address}: maximum messages exceeded") == failed


def test_a_stream_that_is_deleted_is_made_again(address: str) -> None:
    async def delete(client: Any, name: str) -> None:
        for queue in ("events", "commands"):
            await client.jetstream().delete_stream(f"{name}-{queue}")

    with open_broker(address) as broker:
        taking = broker.read(ALONE)
        broker.publish(Queue.EVENTS, [Message("1", "a", b"")], after=0).unwrap()
        broker.publish(Queue.COMMANDS, [Message("m1", "main", b"")]).unwrap()
        assert 1 == len(taking.take(1, 1).unwrap())
        with_client(address, delete)
        assert isinstance(
            broker.publish(Queue.EVENTS, [Message("2", "a", b"")], after=1).failure(), BrokerFailure
        )
        assert 0 == broker.end(Queue.EVENTS).unwrap().place
        taking.take(1, 0)
        taking.take(1, 0)
        broker.publish(Queue.COMMANDS, [Message("m2", "main", b"")]).unwrap()
        assert ["m2"] == [each.message.id for each in taking.take(1, 1).unwrap()]


def test_a_server_that_is_killed_and_comes_back_is_used_again(server: NatsServer) -> None:
    with NatsBroker(Address.read(server.address("back")), patience=2) as broker:
        taking = broker.read(ALONE)
        broker.publish(Queue.COMMANDS, [Message("m1", "main", b"1")]).unwrap()
        taken = taking.take(1, 1).unwrap()
        server.kill()
        assert isinstance(taking.acknowledge(taken).failure(), BrokerFailure)
        assert "nobody listens there" in str(taking.take(1, 0).failure())
        server.start()
        assert [b"1"] == [each.message.body for each in taking.take(1, 1).unwrap()]


def test_what_comes_late_for_one_reader_is_not_given_to_another(address: str) -> None:
    with NatsBroker(Address.read(address)) as broker:
        broker.publish(Queue.EVENTS, [Message("1", "a", b""), Message("2", "b", b"")]).unwrap()
        one, other = (broker.read(Reader(Queue.EVENTS, each, each)) for each in "ab")
        one.take(1, 0).unwrap()
        other.take(1, 0).unwrap()
        broker.publish(Queue.EVENTS, [Message("3", "a", b""), Message("4", "b", b"")]).unwrap()

        async def ask_and_be_interrupted(wire: Wire) -> None:
            ask = f"$JS.API.CONSUMER.MSG.NEXT.{broker.stream(Queue.EVENTS)}.a"
            await wire.client.publish(ask, b"1", reply=wire._begin())
            await asyncio.sleep(0.1)

        broker.ask(ask_and_be_interrupted).unwrap()
        assert ["4"] == [each.message.id for each in other.take(10, 0.1).unwrap()]


def test_a_password_is_used_and_never_shown(tmp_path: Any) -> None:
    options = ("--user", "ann", "--pass", "s3cret")
    with NatsServer(tmp_path / "nats", "127.0.0.1", *options) as server:
        right = server.address("bank").replace("//", "//ann:s3cret@")
        with open_broker(right) as broker:
            assert 0 == broker.end(Queue.EVENTS).unwrap().place
        with open_broker(right.replace("s3cret", "wr0ng")) as broker:
            failed = str(broker.end(Queue.EVENTS).failure())
    assert "Authorization" in failed
    assert "wr0ng" not in failed
