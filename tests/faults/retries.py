"""A request that is tried again: with other batches, after a crash anywhere, and while the first still runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from returns.result import Result

from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError
from deciderkit.shell import Claim, MemoryEventStore, Report
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import Deposit, Withdraw, quiet
from tests.faults.harness import (
    CODEC,
    Figures,
    Say,
    all_ended,
    audited,
    die,
    dispatcher,
    forked,
    opened,
)

SIZE = 12


@cache
def program(account: int) -> tuple[Any, ...]:
    """Some commands of which every third or so is refused, the last of all never."""
    chance = Random(account)
    commands: list[Any] = [
        chance.choice((Deposit, Withdraw))(account, Decimal(chance.choice((5, 60, 400))))
        for _ in range(SIZE)
    ]
    return (*commands, Deposit(account, Decimal(1)))


@cache
def undisturbed(account: int) -> tuple[tuple[Any, ...], Report]:
    """What the request leads to where nothing happens, and what is reported."""
    store = MemoryEventStore()
    report = dispatcher(store, quiet).dispatch(program(account), command_id="c1").unwrap()
    return tuple(each.event for each in store.read_all().unwrap()), report


class DiesAfter(SqliteEventStore):
    """A store whose process ends as soon as an append is recorded, before anybody hears of it.

    It rests before each append, so that others get in between also where they rarely would.
    """

    appends = 10**9

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        time.sleep(0.001)
        done = super().append(stream, expected_version, events, claim)
        self.appends -= 1
        if self.appends == 0:
            die()
        return done


def tries(path: Path, accounts: Sequence[int], seed: int, crashes: bool, say: Say) -> None:
    """A process that makes each request once, with batches of its own, and may die in the midst."""
    chance = Random(seed)
    with opened(path, busy_seconds=60) as plain:
        store = DiesAfter(plain._file, CODEC)
        say("ready")
        for account in accounts:
            if crashes:
                store.appends = chance.choice((1, 2, 3, 5, 9, 50))
            one = dispatcher(store, quiet, chunk=chance.choice((1, 2, 3, 5, 100)))
            one.dispatch(program(account), command_id=f"c{account}")


def retried(path: Path, requests: int, together: int = 20, *, crashes: bool = True) -> Figures:
    """F20: each request by two processes at once, killed anywhere, and then once more to the end.

    Wrong is a report or a history that is not that of an undisturbed one.
    """
    opened(path).close()
    for first in range(0, requests, together):
        accounts = range(first, min(first + together, requests))
        for round in range(2):
            work = [partial(tries, path, accounts, 2 * first + each, crashes) for each in range(2)]
            children = [forked(each) for each in work]
            with all_ended(children):
                for child in children:
                    child.lines()
            accounts = range(first + 1 + round, min(first + together, requests))
    wrong = 0
    with opened(path) as store:
        for account in range(requests):
            last = dispatcher(store, quiet, chunk=Random(-account).choice((1, 4, 100)))
            report = last.dispatch(program(account), command_id=f"c{account}").value_or(None)
            page = store.read(f"account-{account}").value_or(())
            wrong += (tuple(each.event for each in page), report) != undisturbed(account)
    try:
        audited(path)
    except CorruptEvent:
        wrong += 1
    return Figures(requests, wrong)


@contextmanager
def one_line_wrong(change: Callable[[], Any]) -> Iterator[None]:
    """F20's control: a try that says it goes on from wherever the log stands, not from what it did."""
    with patch.object(SqliteEventStore, "append", change()):
        yield


def takes_the_tally_for_its_own() -> Any:
    """An append that names what the log says was done before, and not what its own try did."""
    append = SqliteEventStore.append

    def claimed(
        self: SqliteEventStore,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        if claim is not None:
            tally = self.tally(claim.command_id).unwrap()
            claim = Claim(claim.command_id, tally.done if tally else 0, claim.tally)
        return append(self, stream, expected_version, events, claim)

    return claimed
