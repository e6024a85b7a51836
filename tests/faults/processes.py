"""A store that is carried over a fork, shared by threads, or used after it was closed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from unittest.mock import patch

from returns.pipeline import is_successful

from deciderkit.shell import Dispatcher, StoreFailure
from deciderkit.shell.stores.sqlite.file import LogFile
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import Deposit, accounts, bank, money
from tests.faults.harness import (
    Figures,
    Say,
    all_ended,
    audited,
    deposited,
    dispatcher,
    forked,
    opened,
)


def appends(store: SqliteEventStore, stream: str, times: int, say: Say) -> None:
    """Append one by one and acknowledge each; say why not where it does not work."""
    account = int(stream.partition("-")[2])
    for number in range(times):
        result = store.append(stream, number, [deposited(account)])
        if not is_successful(result):
            failure = result.failure()
            told = isinstance(failure, StoreFailure) and "after the fork" in str(failure)
            say("refused" if told else "wrong")
            return
        say("acknowledged")


def forks(folder: Path, times: int) -> Figures:
    """F25: a daemon after opening, and a parent that closes; wrong is what was acknowledged and is lost.

    The child works with the store of its parent, which closes its own meanwhile or goes on.
    """
    wrong = 0
    for run in range(times):
        path = folder / f"log{run}"
        store = opened(path)
        store.append("account-1", 0, [deposited(1)]).unwrap()
        child = forked(partial(appends, store, "account-2", 30))
        with all_ended([child]):
            if run % 2:
                store.close()
            else:
                for number in range(30):
                    store.append("account-1", 1 + number, [deposited(1)]).unwrap()
            said = child.lines()
        store.close()
        wrong += said.count("wrong")
        with opened(path) as again:
            lost = said.count("acknowledged") - again.version("account-2").value_or(0)
            wrong += max(lost, 0)
            wrong += not is_successful(again.integrity(again.head().unwrap()))
    return Figures(times, wrong)


@contextmanager
def carried_over() -> Iterator[None]:
    """F25's control: nobody asks which process opened the store."""
    with (
        patch.object(LogFile, "trouble", property(lambda self: "")),
        patch.object(LogFile, "replaced", property(lambda self: "")),
        patch.object(os, "getpid", lambda: 1),
    ):
        yield


def threads(path: Path, count: int, each: int) -> Figures:
    """F25: one dispatcher shared by threads; wrong is money that is not there just once."""
    with opened(path) as store:
        shared: Dispatcher = dispatcher(store)

        def work(thread: int) -> int:
            done = 0
            for number in range(each):
                sent = [Deposit(number % 3, Decimal(1))]
                done += shared.dispatch(sent, command_id=f"t{thread}-{number}").unwrap().carried_out
            return done

        with ThreadPoolExecutor(count) as pool:
            done = sum(pool.map(work, range(count)))
        total = shared.view(money).unwrap()
        states = sum(shared.state(accounts, number).unwrap() for number in range(3))
    wrong = int(abs(total - count * each) + abs(states - count * each)) + (done != count * each)
    return Figures(count * each, wrong + (audited(path).position != count * each))


def closed(path: Path) -> Figures:
    """F25: used after it was closed, in any thread; wrong is anything but the one true reason."""
    with opened(path) as store:
        one = Dispatcher(bank, store)
        one.dispatch([Deposit(1, Decimal(1))]).unwrap()
    said = f"{path}: this store was closed: expected one that is open"
    with ThreadPoolExecutor(2) as pool:
        results = [
            *pool.map(lambda _: one.dispatch([Deposit(1, Decimal(1))]), range(4)),
            *pool.map(lambda _: one.view(money), range(4)),
            *pool.map(lambda _: one.state(accounts, 1), range(4)),
        ]
    wrong = 0
    for result in results:
        failure = result.swap().value_or(None)
        because = getattr(failure, "because", None)
        wrong += not isinstance(because, StoreFailure) or str(because) != said
    return Figures(len(results), wrong)
