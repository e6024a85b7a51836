"""Behind a transaction pooler: nothing that the store does hangs on a session."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg

from deciderkit.log.recorded import Tally
from deciderkit.shell import (
    Claim,
    Dispatcher,
    MemoryEventStore,
    Saved,
    import_log,
    open_store,
    verify_log,
    whole_log,
)
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from deciderkit.testing.postgres import PostgresServer
from tests.deciderkit.bank import Deposit, bank, whole_bank
from tests.faults.harness import CODEC, deposited, overdraw
from tests.servers.pooler import pooler


def test_all_that_a_store_does_goes_through_it(server: PostgresServer, server_log: str) -> None:
    with (
        pooler(server.port) as between,
        open_store(between.through(server_log) + "&prepare=no", CODEC) as store,
    ):

        def drive(account: int) -> None:
            one = Dispatcher(bank, store)
            for number in range(20):
                command_id = f"c{account}-{number}"
                one.dispatch(
                    [Deposit(account, Decimal(1)), overdraw(account)], command_id=command_id
                ).unwrap()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(drive, range(4)))
        assert 4 * 20 * 2 == verify_log(store, whole_bank).unwrap().position
        store.park("charge-fee@1", "no money").unwrap()
        store.let_go(["charge-fee@1"]).unwrap()
        store.settled(["charge-fee@1"]).unwrap()
        store.save("todos", Saved(1, "v1", b"[]")).unwrap()
        assert Saved(1, "v1", b"[]") == store.load("todos", "v1").unwrap()


def test_a_log_is_imported_through_it(server: PostgresServer, server_log: str) -> None:
    memory = MemoryEventStore(CODEC)
    Dispatcher(bank, memory).dispatch([overdraw(number % 7) for number in range(300)]).unwrap()
    lines = list(whole_log(memory))
    with (
        pooler(server.port) as between,
        open_store(between.through(server_log) + "&prepare=no", CODEC) as store,
    ):
        assert len(lines) == import_log(store, whole_bank, CODEC, lines).unwrap()
        assert lines == list(whole_log(store))


def test_waiting_for_news_that_cannot_come_is_sleeping(
    server: PostgresServer, server_log: str
) -> None:
    with (
        pooler(server.port) as between,
        open_store(between.through(server_log) + "&prepare=no", CODEC) as store,
    ):
        assert isinstance(store, PostgresEventStore)
        store.wait(0)
        began = time.monotonic()
        store.wait(0.1)
        assert 0.05 < time.monotonic() - began < 5


def test_control_prepared_statements_are_lost_behind_it(
    server: PostgresServer, server_log: str
) -> None:
    """So the pooler of these tests is one."""
    with (
        pooler(server.port) as between,
        open_store(between.through(server_log), CODEC) as store,
        psycopg.connect(between.through(server.url())),
    ):
        claims = [Claim(f"c{number}", 0, Tally(1)) for number in range(30)]
        results = [
            store.append(f"account-{number}", 0, [deposited(number)], claim)
            for number, claim in enumerate(claims)
        ]
        assert any("prepared statement" in str(each) for each in results)
