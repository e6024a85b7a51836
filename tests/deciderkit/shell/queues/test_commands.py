"""``relay`` and ``worker`` as a person meets them: in real processes, on a real server, and with nobody there."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deciderkit.shell.queues.opening import open_broker
from deciderkit.shell.queues.port import Message, Queue
from tests.deciderkit.shell.cli.conftest import Kit, kit, started, store
from tests.nats_server import NatsServer

__all__ = ["kit", "store"]

DEPOSIT = b'{"type": "Deposit", "account": 7, "amount": "5.00"}'
NOWHERE = "nats://127.0.0.1:1/bank"


def wait_for(reached: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_command_goes_in_by_the_worker_and_its_event_out_by_the_relay(
    kit: Kit, store: Path, address: str
) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    worker = ("worker", "--from", address)
    with open_broker(address) as broker, started(store, *worker) as working:
        broker.publish(Queue.COMMANDS, [Message("m1", "main", DEPOSIT)]).unwrap()
        broker.publish(Queue.COMMANDS, [Message("m2", "main", b"{\x1b[31m")]).unwrap()
        with started(store, "relay", "--to", address) as relaying:
            wait_for(lambda: broker.end(Queue.EVENTS).unwrap().place == 2)
            wait_for(lambda: broker.waiting(Queue.ASIDE).unwrap() == 1)
            last = broker.end(Queue.EVENTS).unwrap().last
            for each, number in ((working, signal.SIGTERM), (relaying, signal.SIGINT)):
                each.send_signal(number)
            said = [each.communicate(timeout=20) for each in (working, relaying)]
    assert last is not None
    assert kit("log", "--json", "--after", "1").out == last.body.decode() + "\n"
    assert ("Deposited.account-7", "m1") == (last.subject, json.loads(last.body)["command_id"])
    assert (130, 130) == (working.returncode, relaying.returncode)
    assert ("", "") == said[1]
    out, err = said[0]
    assert ("", True) == (out, err.startswith("[COMMAND] Deposit"))
    assert "[ASIDE] m2: command 1: Expecting property name" in err
    assert "\x1b" not in err
    assert "Traceback" not in err


def test_the_status_is_told_in_words_and_as_json(kit: Kit, address: str) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode(), DEPOSIT.decode()).code
    ended = kit("relay", "--to", address, "--status")
    assert (0, "") == (ended.code, ended.err)
    assert [
        "log        position 2",
        "events     published to position 0, 2 behind",
        "commands   0 waiting",
        "set aside  0 messages",
    ] == ended.out.splitlines()
    assert {
        "log": 2,
        "published": 0,
        "behind": 2,
        "commands_waiting": 0,
        "set_aside": 0,
    } == json.loads(kit("relay", "--to", address, "--status", "--json").out)


def test_a_worker_that_is_taken_over_ends_and_says_so(kit: Kit, store: Path, address: str) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    asked = ("worker", "--from", address, "--quiet")
    with open_broker(address) as broker, started(store, *asked) as before:
        broker.publish(Queue.COMMANDS, [Message("m1", "main", DEPOSIT)]).unwrap()
        wait_for(lambda: broker.waiting(Queue.COMMANDS).unwrap() == 0)
        with started(store, *asked) as after:
            _, err = before.communicate(timeout=20)
            assert after.poll() is None
    expected = "error: somebody else has taken '>' over: only one at a time keeps the order\n"
    assert (1, expected) == (before.returncode, err)


def test_a_broker_that_is_away_is_waited_for_and_said_once(
    kit: Kit, store: Path, tmp_path: Path
) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    server = NatsServer(tmp_path / "nats")
    address = server.address()
    with started(store, "relay", "--to", address) as relaying:
        assert relaying.stderr
        line = relaying.stderr.readline()
        assert f"deciderkit: {address}: nobody listens there; trying again\n" == line
        with server, open_broker(address) as broker:
            wait_for(lambda: broker.end(Queue.EVENTS).unwrap().place == 1)
            assert "deciderkit: it works again\n" == relaying.stderr.readline()


def test_an_event_that_is_too_long_for_the_broker_stops_the_relay_and_says_what_to_do(
    kit: Kit, store: Path, tmp_path: Path
) -> None:
    amount = f"1{'0' * 5_000}"
    long = json.dumps({"type": "Deposit", "account": 7, "amount": amount})
    assert 0 == kit("do", "-q", long).code
    config = tmp_path / "small.conf"
    config.write_text("max_payload: 4096\n")
    with NatsServer(tmp_path / "nats", "127.0.0.1", "-c", str(config)) as server:
        ended = kit("relay", "--to", server.address())
    assert (1, "") == (ended.code, ended.out)
    assert ended.err.startswith("error: message 1 has ")
    assert ended.err.endswith("this broker takes at most 4096 (max_payload)\n")


def test_the_queue_of_another_log_stops_the_relay(kit: Kit, address: str, tmp_path: Path) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    with open_broker(address) as broker:
        broker.publish(Queue.EVENTS, [Message("1", "Rang.door-a", b"{}")], after=0).unwrap()
    ended = kit("relay", "--to", address)
    assert 1 == ended.code
    assert ended.err.startswith("error: the queue has the events of another log, ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("relay", "--to", "ftp://here"), "'ftp://here': no broker: expected nats://HOST:PORT"),
        (("relay", "--to", "nats://a:b@h:1/x y"), "'nats://h:1/x y': no name for the queues"),
        (("relay", "--to", "nats://h:99999/x"), "'nats://h:99999/x': Port out of range"),
        (("relay", "--to", NOWHERE, "--json"), "--json without --status"),
        (("worker", "--from", NOWHERE, "--lane", "a.b"), "--lane: expected 1 to 64 of"),
    ],
)
def test_bad_input_is_one_line(kit: Kit, arguments: tuple[str, ...], said: str) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    ended = kit(*arguments)
    assert (2, "", 1) == (ended.code, ended.out, len(ended.err.splitlines()))
    assert ended.err.startswith(f"error: {said}")


def test_a_status_of_nobody_fails_in_a_line(kit: Kit) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    expected = (1, "", f"error: {NOWHERE}: nobody listens there\n")
    assert expected == kit("relay", "--to", NOWHERE, "--status")


def test_a_missing_library_is_named_with_what_to_install(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 == kit("do", "-q", DEPOSIT.decode()).code
    for name in [each for each in sys.modules if each.startswith("deciderkit.shell.queues.nats")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nats.aio.client", None)
    monkeypatch.setitem(sys.modules, "nats", None)
    ended = kit("relay", "--to", NOWHERE)
    assert 2 == ended.code
    assert ended.err == (
        "error: the library for NATS is missing: expected pip install 'mars-rover-decider[nats]'\n"
    )
