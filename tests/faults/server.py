"""F9: what happens to a log on a server when the server dies, connections are cut, or the network parts.

Clients are processes of their own. Each sends deposits of one, each under a request id of its own, again
and again until it is told that it is done, and says so. Wrong is what was said and is not there, and
what is there twice.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from itertools import count
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg
from returns.pipeline import is_successful
from returns.result import Result

from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError, StoreError
from deciderkit.shell import Claim, Conflict, Saved, StoreFailure
from deciderkit.shell.stores.postgres import tables
from deciderkit.shell.stores.postgres.doors import create_store
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from deciderkit.testing.postgres import PostgresServer
from deciderkit.testing.store_contract import Noted
from tests.deciderkit.bank import Deposit, quiet
from tests.faults.harness import (
    Child,
    Figures,
    Say,
    all_ended,
    audited,
    die,
    dispatcher,
    forked,
    opened,
    whole,
)
from tests.servers.fixtures import server_of_its_own
from tests.servers.identity_order import IdentityOrder
from tests.servers.proxy import Proxy, proxy

_NUMBERS = count(1)


def on_a_server(run: Callable[[str], Figures]) -> Figures:
    """The figures of ``run`` on an empty log on a server of its own."""
    with server_of_its_own() as server:
        return run(new_log(server))


def new_log(server: PostgresServer) -> str:
    url = f"{server.url()}?schema=faults_{next(_NUMBERS)}"
    create_store(url)
    return url


class NoHeadCheckThere(PostgresEventStore):
    """F4's control: it appends wherever the stream stands, whatever version was expected."""

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        time.sleep(0.002)
        while True:
            result = super().append(stream, expected_version, events, claim)
            conflict = result.swap().value_or(None)
            if not isinstance(conflict, Conflict):
                return result
            expected_version = conflict.actual


class TornSavesThere(PostgresEventStore):
    """F17's control: it saves the position in one transaction, and what was folded in the next."""

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        before = self.load(name, saved.version).unwrap() or Saved(0, saved.version, b"[]")
        super().save(name, Saved(saved.position, saved.version, before.content)).unwrap()
        if Random(saved.position).random() < 0.5:
            die()
        return super().save(name, saved)


def identity_order(url: str, writers: int, appends: int, size: int) -> Figures:
    """F5's control: positions from an identity column, and nothing that holds the writers apart."""
    server, table = url.partition("?")[0], f"identity_{next(_NUMBERS)}"
    IdentityOrder.made(server, table)

    def work(writer: int, say: Say) -> None:
        with IdentityOrder(server, table) as store:
            for number in range(appends):
                store.append(f"a-{writer}-{number}", 0, [Noted("x")] * size).unwrap()

    children = [forked(partial(work, writer)) for writer in range(writers)]
    seen: list[int] = []
    with all_ended(children), IdentityOrder(server, table) as store:
        while not seen or seen[-1] < writers * appends * size:
            seen += [each.position for each in store.read_all(seen[-1] if seen else 0).unwrap()]
        for child in children:
            child.lines()
        seen += [each.position for each in store.read_all(seen[-1]).unwrap()]
    return Figures(writers * appends * size, writers * appends * size - len(seen))


# Clients, and what became of what they sent.


def deposits(url: str, account: int, say: Say, *, patience: float, fresh_id: bool) -> None:
    """Deposit one after the other for as long as it lives; ``fresh_id`` tries again under another id."""
    number = count(1)
    while True:
        try:
            with opened(url, busy_seconds=patience) as store:
                one = dispatcher(store, quiet)
                for sent in number:
                    tries = 0
                    while True:
                        told = f"c{account}-{sent}" + (f"-{tries}" if fresh_id else "")
                        done = one.dispatch([Deposit(account, Decimal(1))], command_id=told)
                        if is_successful(done):
                            break
                        tries += 1
                        time.sleep(0.005)
                    say(f"c{account}-{sent}")
        except StoreFailure:  # it cannot even be opened just now
            time.sleep(0.02)


def clients(
    url: str, number: int, *, patience: float = 5, fresh_id: bool = False, first: int = 0
) -> list[Child]:
    return [
        forked(partial(deposits, url, first + each, patience=patience, fresh_id=fresh_id))
        for each in range(number)
    ]


def ended(children: list[Child]) -> list[str]:
    """What they said until they are killed, now."""
    with all_ended(children):
        return [line for child in children for line in child.kill_after(0)]


def lost_and_doubled(url: str, said: list[str]) -> Figures:
    """How many deposits were acknowledged, and how many of them do not stand in the log just once."""
    assert said, "nobody got anything done"
    audited(url)
    with opened(url) as store:
        there = Counter("-".join(each.command_id.split("-")[:2]) for each in whole(store))
    lost = sum(there[each] == 0 for each in said)
    return Figures(len(said), lost + sum(times - 1 for times in there.values()))


# The server is killed.


def server_killed(kills: int, *, guarded: bool = True) -> Figures:
    """Killed and restarted under load, on a database that is told to commit before the disk has it.

    The control is the product's own function without the line that will have none of that.
    """
    chance = Random(9)
    guard = "IF current_setting('synchronous_commit') = 'off' THEN"
    quick = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
    with (
        server_of_its_own(quick) as server,
        psycopg.connect(server.url(), autocommit=True) as admin,
    ):
        admin.execute("ALTER DATABASE postgres SET synchronous_commit = off")
        steps = [
            [each if guarded else each.replace(guard, "IF false THEN") for each in step]
            for step in tables.MIGRATIONS
        ]
        assert guarded or steps != [list(each) for each in tables.MIGRATIONS]
        with patch.object(tables, "MIGRATIONS", steps):
            url = new_log(server)
        children = clients(url, 3)
        for _ in range(kills):
            time.sleep(chance.uniform(0.3, 0.8))
            server.kill()
            server.start()
        time.sleep(0.5)
        return lost_and_doubled(url, ended(children))


# Connections are cut.


def connections_cut(cuts: int, *, fresh_id: bool = False) -> Figures:
    """Cut at any byte, in either direction; half of the clients see it, for the others it is mended.

    The control tries again under a fresh id.
    """
    chance = Random(10)
    with server_of_its_own() as server, proxy(server.port) as between:
        url = new_log(server)
        through = between.through(url)
        patient = clients(through, 2, fresh_id=fresh_id)
        seeing = clients(through, 2, patience=0, fresh_id=fresh_id, first=2)
        for _ in range(cuts):
            time.sleep(chance.uniform(0, 0.03))
            _cut(between, chance)
        between.cut_after(None)
        time.sleep(0.5)
        return lost_and_doubled(url, ended(patient + seeing))


def _cut(between: Proxy, chance: Random) -> None:
    between.cut_after(chance.randrange(3_000)) if chance.random() < 0.8 else between.cut()
