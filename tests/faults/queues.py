"""F9: relay, worker, notifier and broker killed in turn under load, cut off from each other, or without a disk.

All are real processes around a real server. A sender overdraws one account after the other, each by a
message that it sends twice now and then, and in any order; a fee follows by a policy; a notifier keeps a
book of who overdrew. At the end the log, the queue and the book have to tell the same, each thing once.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path
from random import Random
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Final

import msgspec
from returns.result import Failure, Result, Success

from deciderkit.log.lines import line
from deciderkit.shell.cli.messages import Commands
from deciderkit.shell.dispatch.dispatcher import Dispatcher
from deciderkit.shell.queues.address import Address
from deciderkit.shell.queues.listener import Listener, Written
from deciderkit.shell.queues.nats.broker import NatsBroker
from deciderkit.shell.queues.port import Broker, Message, Queue, Reader
from deciderkit.shell.queues.relay import Relay
from deciderkit.shell.queues.worker import Worker
from tests.deciderkit.bank import Overdrawn, Withdrawn, bank
from tests.faults.harness import (
    CODEC,
    Child,
    Figures,
    Say,
    audited,
    forked,
    opened,
    overdraw,
    unanswered,
    whole,
)
from tests.nats_server import NatsServer

PATIENCE: Final = 0.5
AGAIN_AFTER: Final = 0.3
LATE: Final = 1.5
"""Longer than a worker needs to start, so that what a killed one had in hand comes behind newer messages."""
COMMANDS: Final = Commands(bank)
ROLES: Final = ("relay", "worker", "notifier")
DOUBLED: Final = (*ROLES, "relay2", "worker2")


class AcknowledgesFirst(Worker):
    """A control: it acknowledges before it dispatches, as if a message in hand were a message done."""

    def step(self, wait: float, limit: int = 100) -> Result[int, Any]:
        taken = self._taking.take(limit, wait)
        if isinstance(taken, Failure):
            return taken
        self._taking.acknowledge(taken.unwrap())
        for each in taken.unwrap():
            self.carry_out(each.message)
        return Success(len(taken.unwrap()))


class Machines:
    """A log, a server, and the processes between them, each behind a line of its own that can be cut."""

    def __init__(
        self,
        folder: Path,
        *,
        worker: type[Worker] = Worker,
        fresh_ids: bool = False,
        doubled: bool = False,
        share: bool = False,
        steady: bool = False,
        pace: float = 0.02,
    ) -> None:
        self.log = folder / "log.db"
        self.book = folder / "book"
        self.server = NatsServer(folder / "nats")
        self._worker = worker
        self._fresh_ids = fresh_ids
        self._pace = pace
        self._share = share or doubled
        self._steady = steady
        self.roles = DOUBLED if doubled else ROLES
        self._lines: dict[str, Child] = {}
        self._ports: dict[str, int] = {}
        self._running: dict[str, Child] = {}
        self.acknowledged: set[int] = set()
        opened(self.log).close()

    @contextmanager
    def up(self) -> Iterator[None]:
        """Everything runs; at the end nothing is left behind."""
        with self.server:
            try:
                for role in (*self.roles, "sender"):
                    self._ports[role], self._lines[role] = _line_to(self.server.port)
                for role in self.roles:
                    self.start(role)
                yield
            finally:
                for each in (*self._running.values(), *self._lines.values()):
                    os.kill(each.pid, signal.SIGCONT)
                    os.kill(each.pid, signal.SIGKILL)
                    each.lines()

    def broker(self, role: str) -> NatsBroker:
        return NatsBroker(Address.read(f"nats://127.0.0.1:{self._ports[role]}/bank"), PATIENCE)

    def start(self, role: str, first: int = 0) -> None:
        work = getattr(self, f"_{role.rstrip('2')}_process")
        self._running[role] = forked(lambda say: work(self.broker(role), say, first))

    def kill(self, role: str) -> None:
        child = self._running.pop(role)
        os.kill(child.pid, signal.SIGKILL)
        said = child.lines()
        if role == "sender":
            self.acknowledged |= {int(each) for each in said}

    def cut(self, role: str) -> None:
        """From now on nothing comes through, in either direction, and no connection is closed."""
        os.kill(self._lines[role].pid, signal.SIGSTOP)

    def heal(self, role: str) -> None:
        os.kill(self._lines[role].pid, signal.SIGCONT)

    def wait_for_more(self) -> None:
        """Wait until the worker that runs now has done something."""
        with opened(self.log) as store:
            head, until = store.head().unwrap(), time.monotonic() + 10
            while store.head().unwrap() < head + 5 and time.monotonic() < until:
                time.sleep(0.002)

    def settle(self, seconds: float = 60) -> None:
        """Wait until the queues are empty, everything is published and the book is full."""
        with (
            NatsBroker(Address.read(self.server.address("bank"))) as broker,
            opened(self.log) as store,
        ):
            relay, until = Relay(store, CODEC, broker), time.monotonic() + seconds
            while time.monotonic() < until:
                lag = relay.lag()
                idle = isinstance(lag, Success) and lag.unwrap().behind == 0
                if idle and broker.waiting(Queue.COMMANDS).value_or(1) == 0:
                    overdrawn = sum(isinstance(each.event, Overdrawn) for each in whole(store))
                    fees = unanswered(self.log)
                    if len(self._told()) >= overdrawn and fees == (overdrawn, 0):
                        return
                time.sleep(0.05)
            raise AssertionError(f"not worked off after {seconds} seconds")

    def wrong(self) -> int:
        """How much was lost, doubled or left out, on the log, on the queue, and in the book."""
        audited(self.log)
        with opened(self.log) as store:
            recorded = list(whole(store))
        done = Counter(each.event.account for each in recorded if isinstance(each.event, Withdrawn))
        lost = len(self.acknowledged - done.keys())
        doubled = sum(times - 1 for times in done.values())
        published = [each.body for each in _all_published(self.server.address("bank"))]
        order = published != [line(CODEC, each) for each in recorded]
        heard = sorted(each.position for each in recorded if isinstance(each.event, Overdrawn))
        told = sorted(self._told())
        return lost + doubled + unanswered(self.log)[1] + order + (heard != told)

    def out_of_order(self) -> int:
        """How often an account was overdrawn behind one that was asked for after it."""
        with opened(self.log) as store:
            events = [each.event for each in whole(store)]
        accounts = [each.account for each in events if isinstance(each, Withdrawn)]
        return sum(before > after for before, after in pairwise(accounts))

    def _told(self) -> list[int]:
        return [int(each.split()[0]) for each in self.book.read_text().splitlines()]

    def _relay_process(self, connected: NatsBroker, say: Say, _: int) -> None:
        with opened(self.log) as store, connected as broker:
            relay = Relay(store, CODEC, broker)
            for turn in count():
                if not turn % 20:
                    relay.look_again()
                if not relay.step().value_or(0):
                    time.sleep(0.01)

    def _worker_process(self, connected: NatsBroker, say: Say, _: int) -> None:
        with opened(self.log) as store, connected as broker:
            dispatcher = Dispatcher(bank, store)
            dispatcher.resume().unwrap()
            worker = self._worker(
                dispatcher,
                broker,
                lambda body: COMMANDS.read_all([body]),
                share=self._share,
                again_after=LATE if self._steady else AGAIN_AFTER,
            )
            _for_ever(lambda: worker.step(0.2))

    def _notifier_process(self, connected: NatsBroker, say: Say, _: int) -> None:
        book = Written(self.book)
        with connected as broker:
            listener = Listener(
                broker, CODEC, Overdrawn, str, book, "notifier", again_after=AGAIN_AFTER
            )
            _for_ever(lambda: listener.step(0.2))

    def _sender_process(self, connected: NatsBroker, say: Say, first: int) -> None:
        chance = Random(first)
        with connected as broker:
            for number in count(first, 4):
                accounts = list(range(number, number + 4))
                again = [each for each in accounts if chance.random() < 0.3]
                sent = [*accounts, *again]
                if self._steady:
                    sent = accounts
                else:
                    chance.shuffle(sent)
                while isinstance(broker.publish(Queue.COMMANDS, self._messages(sent)), Failure):
                    time.sleep(0.02)
                for each in accounts:
                    say(str(each))
                time.sleep(self._pace)

    def _messages(self, accounts: Sequence[int]) -> list[Message]:
        ids = [
            f"{each}-{os.urandom(4).hex()}" if self._fresh_ids else f"{each}" for each in accounts
        ]
        return [_message(name, each) for name, each in zip(ids, accounts, strict=True)]


def killed_in_turn(folder: Path, kills: int, **how: Any) -> Figures:
    """Relay, worker, notifier, sender and broker are killed in turn; wrong is what was lost or doubled."""
    machines, chance = Machines(folder, **how), Random(kills)
    with machines.up():
        machines.start("sender", 1)
        for number in range(kills):
            time.sleep(chance.uniform(0.005, 0.1))
            turn = (*machines.roles, "sender", "server")
            role = turn[number % len(turn)]
            if role == "server":
                machines.server.kill()
                machines.server.start()
            else:
                machines.kill(role)
                machines.start(role, 1 + 100_000 * (number + 1))
        time.sleep(0.2)
        machines.kill("sender")
        machines.settle()
        return Figures(kills, machines.wrong())


def kept_in_order(folder: Path, kills: int, *, share: bool = False, pace: float = 0.03) -> Figures:
    """The worker is killed again and again; wrong is what was lost, doubled, or done out of its order."""
    machines, chance = Machines(folder, share=share, steady=True, pace=pace), Random(kills)
    with machines.up():
        machines.start("sender", 1)
        for _ in range(kills):
            machines.wait_for_more()
            time.sleep(chance.uniform(0, 0.03))
            machines.kill("worker")
            machines.start("worker")
        time.sleep(0.2)
        machines.kill("sender")
        machines.settle()
        return Figures(kills, machines.wrong() + machines.out_of_order())


def cut_off(folder: Path, cuts: int) -> Figures:
    """Each is cut off from the broker in turn, for longer than it waits for an answer."""
    machines, chance = Machines(folder), Random(cuts)
    with machines.up():
        machines.start("sender", 1)
        for number in range(cuts):
            role = (*ROLES, "sender")[number % 4]
            time.sleep(chance.uniform(0.01, 0.1))
            machines.cut(role)
            time.sleep(chance.choice((0.1, 2.2 * PATIENCE)))
            machines.heal(role)
        time.sleep(0.2)
        machines.kill("sender")
        machines.settle()
        return Figures(cuts, machines.wrong())


def lost_disks(folder: Path, times: int) -> Figures:
    """The broker's disk is lost under load. A sender sends again, under the same id, what was not answered."""
    machines, chance = Machines(folder), Random(times)
    with machines.up(), machines.broker("sender") as sender:
        for number in range(times):
            accounts = set(range(100 * number, 100 * number + 20))
            answered = _Answers(sender)
            answered.send(accounts)
            time.sleep(chance.uniform(0, 0.05))
            machines.server.lose_disk()
            machines.server.start()
            until = time.monotonic() + 20
            while (missing := accounts - answered.heard()) and time.monotonic() < until:
                answered.send(missing)
                time.sleep(0.2)
            machines.acknowledged |= accounts
        machines.settle()
        return Figures(times, machines.wrong())


class _Answers:
    """Sends commands, and knows those that a worker has answered."""

    def __init__(self, broker: NatsBroker) -> None:
        self._broker = broker
        self._inbox = f"_INBOX.{os.urandom(8).hex()}"
        self._heard: set[int] = set()
        self._listening: Any = None

    def send(self, accounts: set[int]) -> None:
        """Ask for an answer to each; a connection that was lost is made anew."""

        async def listen(wire: Any) -> None:
            if self._listening is not wire:
                await wire.client.subscribe(self._inbox, cb=self._hear)
                self._listening = wire

        self._broker.ask(listen)
        messages = [_message(f"{each}", each, self._inbox) for each in sorted(accounts)]
        self._broker.publish(Queue.COMMANDS, messages)

    def heard(self) -> set[int]:
        self._broker.waiting(Queue.ASIDE)  # the loop runs while a call is made
        return self._heard

    async def _hear(self, message: Any) -> None:
        said = msgspec.json.decode(message.data)
        if said["carried_out"] == 1:
            self._heard.add(int(said["id"]))


def _message(name: str, account: int, answer_to: str = "") -> Message:
    command = overdraw(account)
    body = {"type": "Withdraw", "account": account, "amount": command.amount}
    return Message(name, "main", msgspec.json.encode(body), answer_to)


def _for_ever(step: Callable[[], Result[Any, Any]]) -> None:
    while True:
        if isinstance(step(), Failure):
            time.sleep(0.02)


def _all_published(address: str) -> Iterator[Message]:
    broker: Broker
    with NatsBroker(Address.read(address)) as broker:
        taking = broker.read(Reader(Queue.EVENTS, "auditor"))
        while taken := taking.take(1_000, 0.2).unwrap():
            yield from (each.message for each in taken)
            taking.acknowledge(taken).unwrap()


def _line_to(port: int) -> tuple[int, Child]:
    """A process that carries bytes between a port of its own and ``port``; stopped, it is a cut line."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    child = forked(lambda _: _carry(listening, port))
    own = int(listening.getsockname()[1])
    listening.close()
    return own, child


def _carry(listening: socket.socket, port: int) -> None:
    ready, other = DefaultSelector(), dict[socket.socket, socket.socket]()
    ready.register(listening, EVENT_READ)
    while True:
        for key, _ in ready.select():
            near = key.fileobj
            assert isinstance(near, socket.socket)
            if near is listening:
                caller, _ = listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", port))
                except OSError:
                    caller.close()
                    continue
                for one, two in ((caller, far), (far, caller)):
                    other[one] = two
                    ready.register(one, EVENT_READ)
            elif near in other:
                _pass_on(near, other, ready)


def _pass_on(
    near: socket.socket, other: dict[socket.socket, socket.socket], ready: DefaultSelector
) -> None:
    far = other[near]
    try:
        data = near.recv(65_536)
        far.sendall(data)
    except OSError:
        data = b""
    if not data:
        for each in (near, far):
            ready.unregister(each)
            del other[each]
            each.close()
