"""The worker: each message once, in order, and none is lost or comes for ever."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from returns.result import Failure, Result

from deciderkit.log.codec import Codec
from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError
from deciderkit.shell import Claim, Dispatcher, MemoryEventStore, Stopped, StoreFailure
from deciderkit.shell.cli.messages import Commands
from deciderkit.shell.queues.memory import MemoryBroker
from deciderkit.shell.queues.port import Broker, Message, Queue
from deciderkit.shell.queues.worker import Answer, Worker
from tests.deciderkit.shell.ledger import balances, fee_board
from tests.deciderkit.shell.queues.conftest import Brokers

COMMANDS = Commands(fee_board)
INBOX = "_INBOX.here"


class Tired(MemoryEventStore):
    """Fails to append while it is ``tired``."""

    tired = False

    def append(
        self, stream: str, expected_version: int, events: Any, claim: Claim | None = None
    ) -> Result[Page, AppendError]:
        if self.tired:
            return Failure(StoreFailure("the disk is tired"))
        return super().append(stream, expected_version, events, claim)


@pytest.fixture
def store() -> Tired:
    return Tired(Codec.of(fee_board))


def read(body: bytes) -> Iterator[Any]:
    return COMMANDS.read_all(body.splitlines())


def worker(store: MemoryEventStore, broker: Broker, told: Any = None, **how: Any) -> Worker:
    return Worker(Dispatcher(fee_board, store), broker, read, told=told, **how)


def body(*commands: tuple[str, int, int]) -> bytes:
    return b"\n".join(
        json.dumps({"type": kind, "account": account, "amount": amount}).encode()
        for kind, account, amount in commands
    )


def send(broker: Broker, name: str, data: bytes, lane: str = "main") -> None:
    broker.publish(Queue.COMMANDS, [Message(name, lane, data, INBOX)]).unwrap()


def deposit(broker: Broker, name: str, amount: int, account: int = 7) -> None:
    send(broker, name, body(("Deposit", account, amount)))


def balance(store: MemoryEventStore, account: int = 7) -> int:
    return Dispatcher(fee_board, store).view(balances, account).unwrap()


def run(worker: Worker) -> int:
    done = 0
    while count := worker.step(0).unwrap():
        done += count
    return done


def test_a_command_is_carried_out_under_the_id_of_its_message(store: Tired, broker: Broker) -> None:
    deposit(broker, "m1", 5)
    assert 1 == worker(store, broker).step(1).unwrap()
    assert ["m1"] == [each.command_id for each in store.read_all().unwrap()]
    assert 0 == broker.waiting(Queue.COMMANDS).unwrap()


def test_a_command_that_is_sent_twice_is_done_once_and_answered_twice(store: Tired) -> None:
    broker = MemoryBroker()
    for _ in range(2):
        deposit(broker, "m1", 5)
    assert 2 == run(worker(store, broker))
    assert 5 == balance(store)
    said = [(each.answer_to, json.loads(each.body)) for each in broker.answers]
    assert [(INBOX, {"id": "m1", "carried_out": 1, "refused": 0})] * 2 == said


def test_control_a_worker_without_ids_does_it_twice(
    store: Tired, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker, dispatcher = MemoryBroker(), Dispatcher(fee_board, store)
    real = dispatcher.dispatch
    monkeypatch.setattr(dispatcher, "dispatch", lambda commands, command_id: real(commands))
    for _ in range(2):
        deposit(broker, "m1", 5)
    run(Worker(dispatcher, broker, read))
    assert 10 == balance(store)


def test_several_commands_in_one_message_are_one_request(store: Tired, broker: Broker) -> None:
    send(broker, "m1", body(("Deposit", 7, 5), ("Withdraw", 7, 2), ("Deposit", 8, 1)))
    told: list[Answer] = []
    run(worker(store, broker, told.append))
    assert [Answer("m1", 3, 0)] == told
    assert (3, 1) == (balance(store), balance(store, 8))


def test_a_refusal_is_an_answer_and_no_failure(store: Tired) -> None:
    broker = MemoryBroker()
    send(broker, "m1", body(("Withdraw", 7, 500)))
    run(worker(store, broker))
    expected = {"id": "m1", "carried_out": 0, "refused": 1, "refusal": "too poor"}
    assert [expected] == [json.loads(each.body) for each in broker.answers]
    assert 0 == broker.waiting(Queue.COMMANDS).unwrap() == broker.waiting(Queue.ASIDE).unwrap()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("m1", b"{", "command 1: Expecting property name"),
        ("m1", b"\xff\xfe", "command 1: "),
        ("m1", b"[" * 100_000, "command 1: nested without an end"),
        ("m1", b"", "no command in it"),
        ("m1", b'{"type": "Deposit"}', "command 1: Deposit: Object missing required field"),
        ("m1", b'{"type": "Explode", "account": 7}', "ZeroDivisionError: the domain has a bug"),
        ("../m1", body(("Deposit", 7, 5)), "bad id '../m1'"),
        ("m@1", body(("Deposit", 7, 5)), "bad id 'm@1'"),
    ],
)
def test_what_cannot_be_carried_out_is_set_aside_with_its_reason_and_the_others_go_on(
    store: Tired, broker: Broker, name: str, data: bytes, reason: str
) -> None:
    send(broker, name, data)
    deposit(broker, "m2", 5)
    told: list[Answer] = []
    assert 2 == run(worker(store, broker, told.append))
    assert told[0].set_aside.startswith(reason)
    assert Answer("m2", 1, 0) == told[1]
    assert 5 == balance(store)
    assert 0 == broker.waiting(Queue.COMMANDS).unwrap()
    assert 1 == broker.waiting(Queue.ASIDE).unwrap()
    aside = broker.end(Queue.ASIDE).unwrap().last
    assert aside is not None
    assert (name, "main", data) == (aside.id, aside.subject, aside.body)


def test_an_id_that_was_used_for_another_command_is_set_aside(store: Tired) -> None:
    broker = MemoryBroker()
    deposit(broker, "m1", 5)
    deposit(broker, "m1", 6)
    told: list[Answer] = []
    run(worker(store, broker, told.append))
    assert told[1].set_aside.startswith("command id 'm1' has another command done")
    assert 5 == balance(store)


def test_a_message_that_is_too_long_to_be_set_aside_whole_is_cut(
    store: Tired, broker: Broker
) -> None:
    data = b"[" * 1_048_300
    send(broker, "m1", data)
    run(worker(store, broker))
    last = broker.end(Queue.ASIDE).unwrap().last
    assert last is not None
    assert last.body in (data, data[:1_000])
    assert 0 == broker.waiting(Queue.COMMANDS).unwrap()


def test_trouble_of_the_store_leaves_the_message_and_its_order(
    store: Tired, broker: Broker
) -> None:
    for number in range(1, 4):
        deposit(broker, f"m{number}", number)
    working = worker(store, broker)
    store.tired = True
    stopped = working.step(1).failure()
    assert isinstance(stopped, Stopped)
    assert StoreFailure("the disk is tired") == stopped.because
    assert 3 == broker.waiting(Queue.COMMANDS).unwrap()
    store.tired = False
    run(working)
    assert ["m1", "m2", "m3"] == [each.command_id for each in store.read_all().unwrap()]
    assert 0 == broker.waiting(Queue.COMMANDS).unwrap() == broker.waiting(Queue.ASIDE).unwrap()


def test_what_was_done_before_the_trouble_is_acknowledged(store: Tired) -> None:
    broker = MemoryBroker()
    deposit(broker, "m1", 1)
    deposit(broker, "m2", 2)
    working = worker(store, broker, told=lambda _: setattr(store, "tired", False))
    real = working.carry_out

    def tiring(message: Message) -> Any:
        store.tired = message.id == "m2"
        return real(message)

    working.carry_out = tiring  # type: ignore[method-assign]
    assert isinstance(working.step(1).failure(), Stopped)
    assert 1 == broker.waiting(Queue.COMMANDS).unwrap()


def test_a_refusal_is_settled_before_the_next_command_is_decided(store: Tired) -> None:
    """Decided again behind the deposit it would be done, though its sender was told that it was not."""
    broker = MemoryBroker()
    send(broker, "m1", body(("Withdraw", 7, 110)))
    deposit(broker, "m2", 200)
    working = worker(store, broker)
    real, left = working.carry_out, []

    def counting(message: Message) -> Any:
        left.append(broker.waiting(Queue.COMMANDS).unwrap())
        return real(message)

    working.carry_out = counting  # type: ignore[method-assign]
    run(working)
    assert [2, 1] == left


def test_a_worker_that_takes_over_goes_on_in_order_and_does_nothing_twice(
    store: Tired, brokers: Brokers
) -> None:
    for number in range(1, 6):
        deposit(brokers(), f"m{number}", 10**number)
    before = worker(store, brokers())
    before._taking.take(3, 1).unwrap()
    first = Message("m1", "main", body(("Deposit", 7, 10)))
    assert Answer("m1", 1, 0) == before.carry_out(first).unwrap()
    assert 5 == run(worker(store, brokers()))
    done = [each.command_id for each in store.read_all().unwrap()]
    assert [f"m{number}" for number in range(1, 6)] == done


def test_workers_that_share_do_each_command_once(store: Tired, brokers: Brokers) -> None:
    for number in range(40):
        deposit(brokers(), f"m{number}", 1)
    workers = [worker(store, brokers(), share=True) for _ in range(2)]
    done = [0, 0]
    while sum(done) < 40:
        for at, each in enumerate(workers):
            done[at] += each.step(0.1, limit=5).unwrap()
    assert [20, 20] == done
    assert 40 == balance(store)


def test_a_lane_has_a_worker_of_its_own(store: Tired, brokers: Brokers) -> None:
    for lane, amount in (("a", 1), ("b", 10)):
        send(brokers(), f"to-{lane}", body(("Deposit", 7, amount)), lane)
    first, second = (worker(store, brokers(), lane=each) for each in "ab")
    assert (1, 1) == (run(first), balance(store))
    assert (1, 11) == (run(second), balance(store))


def test_a_message_without_an_id_has_one_that_stays_when_it_comes_again(
    store: Tired, address: str
) -> None:
    from deciderkit.shell.queues.opening import open_broker  # noqa: PLC0415 - a real server only

    with open_broker(address) as broker:
        send(broker, "", body(("Deposit", 7, 5)))
        time.sleep(0.01)
        send(broker, "", body(("Deposit", 7, 5)))
        worker(store, broker)._taking.take(2, 1).unwrap()
        assert 2 == run(worker(store, broker))
    assert 10 == balance(store)
    names = {each.command_id for each in store.read_all().unwrap()}
    assert 2 == len(names)
    assert all(name.startswith("unnamed-") for name in names)
