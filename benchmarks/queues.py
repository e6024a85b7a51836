"""``python -m benchmarks.queues``: what a relay and a worker cost, beside the broker by itself.

The server is a real one, started for the run. Rows take turns, so ratios hold on a busy machine, and the
answer of each is checked. The broker by itself is its own client, ``nats-py``: ``publish_async`` of the
same lines, and ``fetch`` with ``ack`` of the same messages, by as many at a time; it neither reads a log
nor decides or records anything. Delays are from the return of an append to the arrival at a reader.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import msgspec
import nats
from nats.js.api import RetentionPolicy

from deciderkit.shell import EventStore, open_store
from deciderkit.shell.cli.commands.relay import PAUSE
from deciderkit.shell.cli.messages import Commands
from deciderkit.shell.queues.address import Address
from deciderkit.shell.queues.nats.broker import NatsBroker
from deciderkit.shell.queues.port import Broker, Message, Queue, Reader
from deciderkit.shell.queues.relay import AT_ONCE, Relay, message_of
from deciderkit.shell.queues.worker import AT_ONCE as TAKEN
from deciderkit.shell.queues.worker import Worker
from mars_rover import StartMarsRover, TurnLeft, World
from mars_rover.codec import codec
from mars_rover.shell.program import program
from tests.nats_server import NatsServer

EVENTS, SINGLE, TOGETHER = 20_000, 2_000, 100
START = StartMarsRover("r1", World(10, 10))
TURN = msgspec.json.encode({"type": "TurnLeft", "rover_id": "r1"})
READ = Commands(program.board)
NAMES = count(1)


class Measured(NamedTuple):
    """Things per second in each round of one row."""

    name: str
    rates: list[float]

    def ratio(self, other: Measured) -> float:
        return median(mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True))


Timed = Callable[[str], tuple[int, float]]
"""Given the address of queues that nobody has used: how many things, and in how many seconds."""


@contextmanager
def a_log(where: str, turns: int) -> Iterator[EventStore]:
    """A log of one rover that is started and turned."""
    with open_store(where, codec) as store:
        program.on(store).dispatch([START, *[TurnLeft("r1")] * turns]).unwrap()
        yield store


@contextmanager
def a_broker(address: str) -> Iterator[Broker]:
    with NatsBroker(Address.read(address)) as broker:
        yield broker


def relayed(address: str) -> tuple[int, float]:
    with (
        TemporaryDirectory() as folder,
        a_log(f"{folder}/log.db", EVENTS - 1) as store,
        a_broker(address) as broker,
    ):
        relay = Relay(store, codec, broker)
        relay.lag().unwrap()
        began = perf_counter()
        while relay.step().unwrap():
            pass
        took = perf_counter() - began
        assert EVENTS == broker.waiting(Queue.EVENTS).unwrap()
    return EVENTS, took


def published_bare(address: str) -> tuple[int, float]:
    with a_log(":memory:", EVENTS - 1) as store:
        lines = [message_of(codec, each) for each in store.read_all(limit=EVENTS).unwrap()]

    async def publish() -> float:
        client, context, name = await _connected(address)
        await context.add_stream(name=f"{name}-events", subjects=[f"{name}.events.>"])
        began = perf_counter()
        for start in range(0, EVENTS, AT_ONCE):
            sent = [
                await context.publish_async(
                    f"{name}.events.{each.subject}", each.body, headers={"Nats-Msg-Id": each.id}
                )
                for each in lines[start : start + AT_ONCE]
            ]
            await asyncio.gather(*sent)
        took = perf_counter() - began
        assert EVENTS == (await context.stream_info(f"{name}-events")).state.messages
        await client.close()
        return took

    return EVENTS, asyncio.run(publish())


def _messages(messages: int, together: int) -> list[Message]:
    body = b"\n".join([TURN] * together)
    return [Message(f"m{number}", "main", body) for number in range(messages)]


def worked(messages: int, together: int, where: str = "log.db") -> Timed:
    """A worker carries out so many messages of so many commands."""

    def run(address: str) -> tuple[int, float]:
        with TemporaryDirectory() as folder:
            at = where if where == ":memory:" else f"{folder}/{where}"
            with a_log(at, 0) as store, a_broker(address) as broker:
                broker.publish(Queue.COMMANDS, _messages(messages, together)).unwrap()
                worker = Worker(
                    program.on(store), broker, lambda body: READ.read_all(body.splitlines())
                )
                began = perf_counter()
                while worker.step(0).unwrap():
                    pass
                took = perf_counter() - began
                assert messages * together + 1 == store.head().unwrap()
        return messages * together, took

    return run


def fetched_bare(messages: int, together: int) -> Timed:
    """The broker's own client fetches and acknowledges them."""

    async def fetch(address: str) -> float:
        client, context, name = await _connected(address)
        stream = f"{name}-commands"
        work = RetentionPolicy.WORK_QUEUE
        await context.add_stream(name=stream, subjects=[f"{name}.commands.>"], retention=work)
        for each in _messages(messages, together):
            await context.publish_async(f"{name}.commands.main", each.body)
        await context.publish_async_completed()
        pull = await context.pull_subscribe(f"{name}.commands.>", durable="bare", stream=stream)
        began, done = perf_counter(), 0
        while done < messages:
            taken = await pull.fetch(TAKEN, timeout=5)
            for each in taken:
                await each.ack()
            done += len(taken)
        await client.flush()
        took = perf_counter() - began
        await client.close()
        return took

    return lambda address: (messages * together, asyncio.run(fetch(address)))


async def _connected(address: str) -> tuple[Any, Any, str]:
    found = Address.read(address)
    client = await nats.connect(found.server)
    return client, client.jetstream(), found.name


def delays(address: str, events: int) -> list[float]:
    """Seconds from the return of an append to the arrival at a reader, by a relay in its own process."""
    with TemporaryDirectory() as folder:
        where = str(Path(folder) / "log.db")
        with a_log(where, 0) as store, a_broker(address) as broker:
            relay = get_context("spawn").Process(target=relay_for_ever, args=(where, address))
            relay.start()
            try:
                taking = broker.read(Reader(Queue.EVENTS, "reader"))
                while not taking.acknowledge(taking.take(10, 10).unwrap()):
                    pass
                dispatcher, seconds = program.on(store), []
                for _ in range(events):
                    dispatcher.dispatch([TurnLeft("r1")]).unwrap()
                    began = perf_counter()
                    (taken,) = taking.take(1, 10).unwrap()
                    seconds.append(perf_counter() - began)
                    taking.acknowledge([taken]).unwrap()
            finally:
                relay.kill()
                relay.join()
    return seconds


def relay_for_ever(where: str, address: str) -> None:
    """What ``deciderkit relay`` does."""
    with open_store(where, codec) as store, a_broker(address) as broker:
        relay = Relay(store, codec, broker)
        while True:
            if not relay.step().unwrap():
                time.sleep(PAUSE)


ROWS: dict[str, Timed] = {
    "events relayed": relayed,
    "events, nats-py publish_async": published_bare,
    "commands, 100 a message": worked(SINGLE // TOGETHER * 10, TOGETHER),
    "commands, 100 a message, nats-py fetch": fetched_bare(SINGLE // TOGETHER * 10, TOGETHER),
    "commands, 1 a message, memory": worked(SINGLE, 1, ":memory:"),
    "commands, 1 a message": worked(SINGLE, 1),
    "commands, 1 a message, nats-py fetch": fetched_bare(SINGLE, 1),
}
RATIOS: list[tuple[str, str, float | None]] = [
    ("events relayed", "events, nats-py publish_async", 0.5),
    ("commands, 100 a message", "commands, 1 a message, nats-py fetch", 0.5),
    ("commands, 1 a message, memory", "commands, 1 a message, nats-py fetch", 0.5),
    ("commands, 1 a message", "commands, 1 a message, nats-py fetch", None),
    ("commands, 100 a message", "commands, 100 a message, nats-py fetch", None),
]
"""What is compared, and what is to be reached. Nothing is where each message waits for a disk, or where
the broker carries a hundred commands as one thing and does nothing with them."""


def measure(server: NatsServer, rounds: int) -> dict[str, Measured]:
    """Run all rows in turn, a warm-up and then ``rounds`` times."""
    measured = {name: Measured(name, []) for name in ROWS}
    for round_ in range(-1, rounds):
        for name, run in ROWS.items():
            things, seconds = run(server.address(f"bench{next(NAMES)}"))
            if round_ >= 0:
                measured[name].rates.append(things / seconds)
    return measured


def main(rounds: int = 5, events: int = 500) -> None:
    """Print the table."""
    with TemporaryDirectory() as folder, NatsServer(Path(folder) / "nats") as server:
        measured = measure(server, rounds)
        seconds = delays(server.address("delays"), events)
    print(f"{'':<42}{'median':>12}{'best':>12}  a second")
    for name, each in measured.items():
        print(f"{name:<42}{median(each.rates):>12,.0f}{max(each.rates):>12,.0f}")
    print()
    for mine, theirs, floor in RATIOS:
        ratio = measured[mine].ratio(measured[theirs])
        verdict = "reached" if floor is None or ratio >= floor else "not reached"
        told = "" if floor is None else f" (to reach: {floor}, {verdict})"
        print(f"{mine} / {theirs}: {ratio:.2f}{told}")
    late = quantiles(seconds, n=100)
    print(f"from commit to arrival: median {late[49] * 1e3:.1f} ms, p99 {late[98] * 1e3:.1f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
