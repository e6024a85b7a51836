"""A follower works off its own policies and nothing else, on any store, while others go on without it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from returns.result import Failure, Result

from deciderkit import ExternalSystem, Policy
from deciderkit.log.answers import StoreFailure
from deciderkit.log.pages import Page
from deciderkit.log.port import StoreError
from deciderkit.shell import Dispatcher, EventStore, MemoryEventStore, Program, open_store
from deciderkit.shell.following import Follower, elsewhere
from deciderkit.shell.webhook import Webhook
from tests.deciderkit.turnstile import (
    CallMechanic,
    InsertCoin,
    Jammed,
    Kick,
    MechanicCalled,
    Push,
    board,
    by_turnstile,
    call_for,
)
from tests.servers.receiver import Receiver, receiver

MECHANIC = ExternalSystem("the mechanic", hears=(MechanicCalled,))
WALL = replace(board, externals=(MECHANIC,))
HERE = Program.of(WALL, {MechanicCalled: elsewhere}).only()
"""The process of the turnstiles: it knows the mechanic, and leaves the call to another."""


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventStore]:
    where = {"memory": ":memory:", "sqlite": str(tmp_path / "log")}.get(request.param)
    with open_store(where or request.getfixturevalue("server_log"), HERE.codec) as opened:
        yield opened


@pytest.fixture
def hearing() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def calling(hearing: Receiver, **how: Any) -> Program:
    """The process of the mechanic."""
    hook = Webhook(hearing.url, HERE.codec, sleep=lambda seconds: None, **how)
    return Program.of(WALL, {MechanicCalled: hook}).only("call the mechanic")


def jam(dispatcher: Dispatcher, *names: str) -> None:
    for name in names:
        dispatcher.dispatch([Kick(name)]).unwrap()


def test_turnstiles_go_on_while_it_is_down_and_nothing_is_lost(
    store: EventStore, hearing: Receiver
) -> None:
    turnstiles = HERE.on(store)
    jam(turnstiles, "north", "south")
    turnstiles.dispatch([InsertCoin("west", 2), Push("west")]).unwrap()
    assert [] == hearing.heard
    Follower(calling(hearing), store).once().unwrap()
    told = ["call-the-mechanic@1/1", "call-the-mechanic@2/1"]
    assert told == [each.key for each in hearing.heard]
    assert ["north", "south"] == [each.body["data"]["turnstile"] for each in hearing.heard]
    Follower(calling(hearing), store).once().unwrap()
    assert 2 == len(hearing.heard), "it is told again when it is done"


def test_what_a_crash_left_in_between_is_told_again_under_the_same_key(
    store: EventStore, hearing: Receiver
) -> None:
    jam(HERE.on(store), "north")

    class Died(BaseException):
        """As if killed: no ``except Exception`` sees it."""

    def tell_and_die(event: Any, key: str) -> None:
        Webhook(hearing.url, HERE.codec)(event, key)
        raise Died

    program = Program.of(WALL, {MechanicCalled: tell_and_die}).only("call the mechanic")
    with pytest.raises(Died):
        Follower(program, store).once()
    jam(HERE.on(store), "east")
    Follower(calling(hearing), store).once().unwrap()
    assert 3 == len(hearing.heard)
    assert ["north", "east"] == [each["data"]["turnstile"] for each in hearing.once]


def test_a_receiver_that_takes_nothing_parks_the_to_do_and_a_person_lets_it_go(
    store: EventStore, hearing: Receiver
) -> None:
    jam(HERE.on(store), "north", "south")
    hearing.answers = [(503, {})] * 2
    report = Follower(calling(hearing, tries=2), store).once().unwrap()
    (parked,) = report.parked
    assert "north" == parked.todo.key
    assert "answers 503" in parked.reason
    assert ["south"] == [each["data"]["turnstile"] for each in hearing.once[1:]]
    caller = calling(hearing).on(store)
    caller.let_go(parked.todo).unwrap()
    Follower(calling(hearing), store).once().unwrap()
    assert () == caller.todos().unwrap()
    assert ["call-the-mechanic@1/1"] * 3 == [
        each.key for each in hearing.heard if each.body["data"]["turnstile"] == "north"
    ]


def test_a_process_that_leaves_a_delivery_to_another_records_nothing_untold(
    store: EventStore,
) -> None:
    stopped = HERE.on(store).dispatch([CallMechanic("north")]).failure()
    assert "is delivered by another process" in str(stopped)
    assert 0 == store.head().unwrap()


def test_it_hears_of_what_is_recorded_while_it_runs(store: EventStore, hearing: Receiver) -> None:
    stopped = threading.Event()
    follower = Follower(calling(hearing), store, poll=0.01)
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(follower.run(stopped.is_set)))
    thread.start()
    try:
        for name in ("north", "south", "east"):
            jam(HERE.on(store), name)
            wait_until(partial(has_heard, hearing, name))
    finally:
        stopped.set()
        thread.join(10)
    assert [None] == [each.unwrap() for each in results]


def has_heard(hearing: Receiver, name: str) -> bool:
    return name in [each["data"]["turnstile"] for each in hearing.once]


def wait_until(done: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if done():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come")


class Away(MemoryEventStore):
    """A store that is out of reach for a number of reads."""

    left = 0

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, StoreError]:
        if self.left > 0:
            self.left -= 1
            return Failure(StoreFailure("no connection"))
        return super().read_all(after, limit)


def test_a_store_that_is_away_for_a_while_is_waited_for(hearing: Receiver) -> None:
    store = Away()
    jam(HERE.on(store), "north")
    store.left = 3
    follower = Follower(calling(hearing), store, poll=0.001)
    follower.run(lambda: bool(hearing.heard)).unwrap()
    assert 0 == store.left


def test_a_store_that_stays_away_is_said_to(hearing: Receiver) -> None:
    store = Away()
    store.left = 10**9
    follower = Follower(calling(hearing), store, poll=0.001, patience=0.05)
    assert "no connection" == str(follower.run().failure())


def test_it_sleeps_no_longer_than_until_a_to_do_is_due(hearing: Receiver) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    later = Policy(
        "call later",
        whenever=Jammed,
        then=call_for,
        until=MechanicCalled,
        key=by_turnstile,
        due=lambda event: soon,
    )
    wall = replace(WALL, policies=(later,))
    store = MemoryEventStore()
    jam(Program.of(wall, {MechanicCalled: elsewhere}).only().on(store), "north")
    hook = Webhook(hearing.url, HERE.codec)
    follower = Follower(Program.of(wall, {MechanicCalled: hook}), store, poll=30)
    follower.run(lambda: bool(hearing.heard)).unwrap()
    assert soon <= datetime.now(UTC) < soon + timedelta(seconds=20)
