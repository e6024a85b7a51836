"""Signals at random moments: whatever they interrupt, the same objects go on."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NoReturn
from unittest.mock import patch

from returns.pipeline import is_successful

from deciderkit.shell import Dispatcher
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import Deposit, Deposited, accounts, balances, bank, money
from tests.faults.harness import (
    Figures,
    Say,
    audited,
    dispatcher,
    forked,
    opened,
    overdraw,
    unanswered,
    whole,
)
from tests.seeding import wrong as wrong_in


class Alarm(BaseException):
    """What the signal's handler raises: nobody catches it."""


def interrupted(path: Path, alarms: int, busy: bool = True) -> Figures:
    """F27: wrong is a state that the log does not lead to, an open transaction, or anybody locked out.

    It runs in a process of its own, whose one dispatcher is interrupted again and again: in the midst
    of deciding, of an append, of waiting for the lock that somebody else has.
    """
    opened(path).close()
    said = forked(lambda say: _interrupted(path, alarms, busy, say)).lines()
    if not said:  # it died of something that no signal of ours raised
        return Figures(alarms, 1)
    wrong = int(said[0])
    wrong += unanswered(path)[1]
    audited(path)
    return Figures(alarms, wrong)


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    raise Alarm


def _interrupted(path: Path, alarms: int, busy: bool, say: Say) -> None:
    signal.signal(signal.SIGALRM, _raise)
    chance, wrong, came = Random(27), 0, 0
    other = sqlite3.connect(path, isolation_level=None, timeout=0.05)
    with opened(path, busy_seconds=0.2) as store:
        one = dispatcher(store)
        number = 0
        while came < alarms:
            number += 1
            held = busy and number % 40 == 0
            if held:
                other.execute("BEGIN IMMEDIATE")
            came += _one_alarm(one, number, chance.uniform(0.00001, 0.003))
            if held:
                other.execute("ROLLBACK")
            if number % 25 == 0:
                wrong += _locked_out(other)
                wrong += not is_successful(one.dispatch([Deposit(1, Decimal(1))]))
            if number % 500 == 0:
                wrong += _unlike_the_log(one, store)
        wrong += not is_successful(one.resume())
        wrong += _unlike_the_log(one, store) + _locked_out(other)
        wrong += store.connection.in_transaction
    other.close()
    say(str(wrong))


def undone(path: Path, alarms: int) -> Figures:
    """F27: wrong is a transaction that stays open where the undoing of a refused append is interrupted."""
    opened(path).close()
    said = forked(lambda say: _undone(path, alarms, say)).lines()
    return Figures(alarms, int(said[0]) if said else 1)


def _undone(path: Path, alarms: int, say: Say) -> None:
    signal.signal(signal.SIGALRM, _raise)
    chance, wrong, came = Random(27), 0, 0
    events = [Deposited(1, Decimal(1))]
    with opened(path) as store:
        store.append("account-1", 0, events).unwrap()
        while came < alarms:
            try:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.00001, 0.0001))
                store.append("account-1", 0, events)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Alarm:
                came += 1
            wrong += store.connection.in_transaction
    say(str(wrong))


def _one_alarm(one: Dispatcher, number: int, seconds: float) -> bool:
    """Whether the alarm came while the dispatcher was at work."""
    sent: list[Any] = [Deposit(number % 5, Decimal(1)), overdraw(7), Deposit(6, Decimal(2))]
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        one.dispatch(sent)
        one.view(money)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except Alarm:
        return True
    return False


def _locked_out(other: sqlite3.Connection) -> int:
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return 1
    return 0


def _unlike_the_log(one: Dispatcher, store: SqliteEventStore) -> int:
    told = list(whole(store))
    state = bank.fold((each.event for each in told), command_ids=(each.command_id for each in told))
    same = (
        [state.state(accounts, number) for number in range(8)]
        == [one.state(accounts, number).unwrap() for number in range(8)]
        and state.view(money) == one.view(money).unwrap()
        and state.views["balances"] == one.views(balances).unwrap()
        and state.todos() == one.todos().unwrap()
    )
    return int(not same)


@contextmanager
def forgets_at_leisure() -> Iterator[None]:
    """The control of `undone`: calls stand before the rollback, and a signal is handled where one ends."""
    late = wrong_in(
        SqliteEventStore._transaction,
        "        self._kinds, self._ids, self.rows.kinds = {}, {}, {}\n",
        "        self._kinds.clear(), self._ids.clear(), self.rows.kinds.clear()\n",
    )
    with patch.object(SqliteEventStore, "_transaction", late):
        yield


@contextmanager
def begins_outside() -> Iterator[None]:
    """F27's control: the transaction begins before anybody would undo it."""
    late = wrong_in(
        SqliteEventStore._transaction,
        """    try:
        if self.connection.in_transaction:  # an interrupt came while one was being undone
            execute("ROLLBACK")
        execute("BEGIN IMMEDIATE")
""",
        """    execute("BEGIN IMMEDIATE")
    try:
""",
    )
    with patch.object(SqliteEventStore, "_transaction", late):
        yield
