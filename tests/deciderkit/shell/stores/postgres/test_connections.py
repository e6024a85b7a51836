"""Connections: shared by threads, made anew when they are lost, refused after a fork, and told of in words."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from returns.pipeline import is_successful
from returns.result import Failure

from deciderkit.log.recorded import Tally
from deciderkit.shell import Claim, Overtaken, StoreFailure, open_store
from deciderkit.shell.stores.postgres import connections
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from deciderkit.testing.postgres import PostgresServer
from deciderkit.testing.store_contract import codec, events, noted
from tests.servers.proxy import Proxy, proxy


@pytest.fixture
def between(server: PostgresServer) -> Iterator[Proxy]:
    with proxy(server.port) as made:
        yield made


@pytest.fixture
def store(between: Proxy, server_log: str) -> Iterator[PostgresEventStore]:
    with open_store(between.through(server_log), codec, busy_seconds=2) as opened:
        assert isinstance(opened, PostgresEventStore)
        yield opened


def sessions(server: PostgresServer, name: str = "deciderkit") -> int:
    with psycopg.connect(server.url()) as admin:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        (found,) = admin.execute(asked, (name,)).fetchone() or (0,)
        return int(found)


def test_more_threads_than_connections_take_turns(
    store: PostgresEventStore, server: PostgresServer
) -> None:
    before, most = sessions(server), 0
    with ThreadPoolExecutor(3 * connections.MOST) as pool:
        appended = [
            pool.submit(store.append, f"a-{number}", 0, noted("x")) for number in range(200)
        ]
        while not all(each.done() for each in appended):
            most = max(most, sessions(server))
    assert all(is_successful(each.result()) for each in appended)
    assert most - before <= connections.MOST
    assert list(range(1, 201)) == [each.position for each in store.read_all().unwrap()]


def test_what_was_cut_while_idle_is_made_anew_and_nobody_notices(
    store: PostgresEventStore, between: Proxy
) -> None:
    for version in range(5):
        assert is_successful(store.append("a-1", version, noted("x")))
        between.cut()
    assert 5 == store.head().unwrap()


def test_an_append_without_an_id_that_was_recorded_before_the_cut_is_told_as_it_is(
    store: PostgresEventStore, between: Proxy
) -> None:
    """Wherever the answer is cut: it is recorded once, and the places are those where it stands."""
    told: list[Any] = []
    for version, size in enumerate(range(0, 900, 15)):
        between.cut_after(size)
        told += store.append("a-1", version, noted(f"{version}")).unwrap()
        between.cut_after(None)
    assert tuple(told) == store.read_all().unwrap()


def test_a_request_that_was_recorded_before_the_cut_is_told_how_far_it_is(
    store: PostgresEventStore, between: Proxy
) -> None:
    overtaken = 0
    for number, size in enumerate(range(0, 900, 15)):
        claim = Claim(f"c{number}", 0, Tally(1))
        between.cut_after(size)
        result = store.append(f"a-{number}", 0, noted("x"), claim)
        between.cut_after(None)
        if isinstance(result, Failure):
            assert Overtaken(f"c{number}", Tally(1)) == result.failure()
            overtaken += 1
        assert 1 == store.version(f"a-{number}").unwrap()
    assert 0 < overtaken < 60, "the answer was never lost, or always"


def test_a_server_that_stays_away_is_one_clear_failure_in_time(
    store: PostgresEventStore, between: Proxy
) -> None:
    between.refuses = True
    between.cut()
    began = time.monotonic()
    failure = store.append("a-1", 0, noted("x")).failure()
    assert 1.5 < time.monotonic() - began < 10
    assert isinstance(failure, StoreFailure)
    assert "is not known: expected the same request again, under its id" in str(failure)
    between.refuses = False
    assert is_successful(store.append("a-1", 0, noted("x")))


def test_a_server_that_comes_back_in_time_is_waited_for(
    store: PostgresEventStore, between: Proxy
) -> None:
    between.refuses = True
    between.cut()

    def come_back() -> None:
        between.refuses = False

    threading.Timer(0.3, come_back).start()
    assert is_successful(store.append("a-1", 0, noted("x")))


def test_after_a_fork_it_refuses_in_words_and_the_parent_goes_on(
    store: PostgresEventStore,
) -> None:
    store.append("a-1", 0, noted("x")).unwrap()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = str(store.append("a-1", 1, noted("child")).failure())
            store.wait(0)
            store.close()
            os.write(writing, said.encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert "expected a store that was opened after the fork" in pipe.read()
    assert is_successful(store.append("a-1", 1, noted("y")))
    assert noted("x", "y") == events(store.read_all().unwrap())


def test_what_is_closed_says_so_and_leaves_no_session_behind(
    server: PostgresServer, server_log: str
) -> None:
    name = "closed in time"  # those of tests before this one may end a little later
    with open_store(f"{server_log}&application_name={name}", codec) as store:
        assert isinstance(store, PostgresEventStore)
        store.append("a-1", 0, noted("x")).unwrap()
        store.wait(0)
        assert 2 == sessions(server, name)
    assert "this store was closed" in str(store.append("a-1", 1, noted("y")).failure())
    store.wait(0)
    store.close()
    for _ in range(100):
        if sessions(server, name) == 0:
            break
        time.sleep(0.02)
    assert 0 == sessions(server, name)


def test_an_interrupt_leaves_a_store_that_goes_on(server: PostgresServer, server_log: str) -> None:
    class Interrupted(BaseException):
        pass

    moments = iter(range(1_000))

    def clock() -> datetime:
        if next(moments) % 2:
            raise Interrupted
        return datetime.now(UTC)

    with open_store(server_log, codec, clock=clock) as store:
        assert isinstance(store, PostgresEventStore)
        for version in range(5):
            store.append("a-1", version, noted("x")).unwrap()
            with pytest.raises(Interrupted):
                store.append("a-1", version + 1, noted("y"))

        def hurt(connection: connections.Connection) -> None:
            connection.execute("BEGIN")
            raise Interrupted

        with pytest.raises(Interrupted):
            store._connections.run(hurt)
        assert is_successful(store.append("a-1", 5, noted("x")))
        assert 6 == store.head().unwrap()


def test_another_isolation_level_is_refused_and_never_a_wrong_position(
    server: PostgresServer, server_log: str
) -> None:
    options = "&options=-c%20default_transaction_isolation%3Dserializable"
    with open_store(server_log + options, codec) as store:
        failure = store.append("a-1", 0, noted("x")).failure()
        assert "appends need the isolation level read committed" in str(failure)


def test_news_wake_whoever_waits(server_log: str) -> None:
    with open_store(server_log, codec) as store, open_store(server_log, codec) as other:
        assert isinstance(store, PostgresEventStore)
        store.wait(0)  # from now on it hears
        for change in (
            lambda: other.append("a-1", 0, noted("x")),
            lambda: other.park("call@1", "no line"),
            lambda: other.let_go(["call@1"]),
        ):
            threading.Timer(0.05, change).start()
            began = time.monotonic()
            store.wait(30)
            assert time.monotonic() - began < 10


def test_a_wake_up_that_is_cut_is_sleeping_and_comes_back(
    store: PostgresEventStore, between: Proxy
) -> None:
    store.wait(0)
    between.cut()
    began = time.monotonic()
    store.wait(0.1)
    assert 0.05 < time.monotonic() - began < 5
    store._listener._not_before = 0
    store.wait(0)
    threading.Timer(0.05, lambda: store.append("a-1", 0, noted("x"))).start()
    began = time.monotonic()
    store.wait(30)
    assert time.monotonic() - began < 10
