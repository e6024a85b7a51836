"""Several processes at once on one store: writers, readers that follow, and runners of one policy."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch

from returns.pipeline import is_successful
from returns.result import Result

from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Page
from deciderkit.log.port import AppendError
from deciderkit.shell import Claim, Conflict
from deciderkit.shell.dispatch import reacting
from deciderkit.shell.stores.sqlite import rows
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import Deposit, quiet
from tests.faults.harness import (
    Figures,
    Say,
    Where,
    all_ended,
    as_a,
    audited,
    deposited,
    dispatcher,
    forked,
    opened,
    overdraw,
    unanswered,
)
from tests.seeding import wrong as wrong_in


class NoHeadCheck(SqliteEventStore):
    """F4's control: it appends wherever the stream stands, whatever version was expected.

    It rests before it appends, so that others get in between also where they rarely would.
    """

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


def many_writers(path: Where, writers: int, programs: int, kind: type | None = None) -> Figures:
    """F4: processes draw on one account; wrong is what was lost, refused, or spent twice."""
    total = writers * programs
    with opened(path) as store:
        dispatcher(store, quiet).dispatch([Deposit(1, Decimal(total))]).unwrap()

    def work(say: Say) -> None:
        with opened(path, busy_seconds=60) as plain:
            driver = dispatcher(as_a(kind, plain), quiet)
            for _ in range(programs):
                report = driver.dispatch([overdraw(1)] * 2)
                say(f"{report.unwrap().carried_out}" if is_successful(report) else "failed")

    children = [forked(work) for _ in range(writers)]
    with all_ended(children):
        said = [line for child in children for line in child.lines()]
    try:
        balance = audited(path).streams["account-1"][2]
    except CorruptEvent:
        return Figures(total, 1)
    carried_out = sum(int(line) for line in said if line != "failed")
    wrong = said.count("failed") + (total - len(said)) + abs(total - carried_out - int(balance))
    return Figures(total, wrong + max(0, carried_out - total - 100))


def tailing_reader(path: Where, writers: int, appends: int, size: int) -> Figures:
    """F5: a reader follows while others append; wrong is what it did not see, or saw out of order."""
    opened(path).close()

    def work(writer: int, say: Say) -> None:
        with opened(path, busy_seconds=60) as store:
            for number in range(appends):
                account = writer * appends + number
                events = [deposited(account)] * size
                store.append(f"account-{account}", 0, events).unwrap()

    children = [forked(partial(work, writer)) for writer in range(writers)]
    expected = range(1, writers * appends * size + 1)
    deadline = time.monotonic() + 120
    with all_ended(children), opened(path) as store:
        seen: list[int] = []
        while len(seen) < len(expected) and time.monotonic() < deadline:
            page = store.read_all(seen[-1] if seen else 0).unwrap()
            seen.extend(each.position for each in page)
            if page and page[-1].position >= expected[-1]:
                break
        for child in children:
            child.lines()
    return Figures(len(expected), len(set(expected) - set(seen)) + len(seen) - len(set(seen)))


def reader_that_skips(path: Where, writers: int, appends: int, size: int) -> Figures:
    """F5's control: the product's own reader, going on one event too late after some of its pages."""
    skips = wrong_in(
        rows.Rows.all, "after = max(after, 0)", "after = max(after + (after % 7 == 3), 0)"
    )
    with patch.object(rows.Rows, "all", skips):
        return tailing_reader(path, writers, appends, size)


def runners(path: Where, overdrafts: int, count: int = 2, kills: int = 0) -> Figures:
    """F8 and F21: processes work off the same to-dos; wrong is what was not done just once.

    Half of what is asked for is asked for while nobody runs, the rest while they do. With ``kills``
    so many of them are killed and started again, and one more runs at the end.
    """
    with opened(path) as store:
        accounts = [overdraw(number % 50) for number in range(overdrafts // 2)]
        asked = dispatcher(store, quiet).dispatch(accounts).unwrap()
        assert len(accounts) == asked.carried_out

    def work(runner: int, say: Say) -> None:
        with opened(path, busy_seconds=60) as store:
            one = dispatcher(store)
            say("ready")
            one.resume().unwrap()
            for number in range(overdrafts // 2 // count):
                one.dispatch([overdraw(100 + 50 * runner + number % 50)]).unwrap()
            say(f"parked {len(one.parked().unwrap())}")

    for kill in range(kills):
        killed = [forked(partial(work, runner)) for runner in range(count)]
        with all_ended(killed):
            for place, child in enumerate(killed):
                child.kill_after(0.01 * (1 + (kill + place) % 5))
    children = [forked(partial(work, runner)) for runner in range(count)]
    with all_ended(children):
        said = [child.lines() for child in children]
    with opened(path) as store:
        dispatcher(store).resume().unwrap()
    wrong = sum(each != ["ready", "parked 0"] for each in said)
    audited(path)
    tried, unlike = unanswered(path)
    return Figures(tried, wrong + unlike)


def runners_with_random_ids(path: Where, overdrafts: int, count: int = 2) -> Figures:
    """F21's control: a to-do is done under a random id, as every request without one."""
    claim = wrong_in(
        reacting._Asking.claim, "Claim(self._id,", "Claim(__import__('os').urandom(8).hex(),"
    )
    with patch.object(reacting._Asking, "claim", claim):
        return runners(path, overdrafts, count)
