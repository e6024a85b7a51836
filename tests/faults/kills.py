"""Killed at the worst moment: during an append, after a commit, between an event and its policy."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from returns.result import Result

from deciderkit import Board
from deciderkit.log.port import StoreError
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import canonical
from deciderkit.shell import EventStore, Happening, MemoryEventStore, Saved, saved
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import (
    Deposit,
    FeeCharged,
    Overdrawn,
    Withdraw,
    balances,
    bank,
    charge,
    fees,
    quiet,
)
from tests.faults.harness import (
    Figures,
    Say,
    Where,
    as_a,
    audited,
    deposited,
    die,
    dispatcher,
    forked,
    opened,
    overdraw,
    unanswered,
    whole,
)


def killed_appends(path: Where, kills: int, *, acknowledge_first: bool = False) -> Figures:
    """F1: a child appends and acknowledges until it is killed; wrong is what it said and is not there."""
    chance, lost = Random(1), 0
    opened(path).close()
    for run in range(kills):

        def work(say: Say, run: int = run) -> None:
            mine, account = Random(run), run * 100_000
            with opened(path) as store:
                while True:
                    account += 1
                    events = [deposited(account)] * mine.choice((1, 3, 40))
                    if acknowledge_first:
                        say(f"account-{account} {len(events)}")
                    store.append(f"account-{account}", 0, events).unwrap()
                    if not acknowledge_first:
                        say(f"account-{account} {len(events)}")

        said = forked(work).kill_after(chance.uniform(0, 0.02))
        with opened(path) as store:
            for stream, size in (line.split() for line in said):
                lost += int(size) != len(store.read(stream).unwrap())
    with opened(path) as store:
        positions = [each.position for each in whole(store)]
    assert list(range(1, len(positions) + 1)) == positions
    return Figures(kills, lost)


def program(account: int) -> list[Any]:
    """Commands of which some are refused, wherever they are cut into batches."""
    some, much = Decimal(30), Decimal(400)
    return [
        Deposit(account, some),
        Withdraw(account, much),
        Withdraw(account, some),
        Deposit(account, some),
        Withdraw(account, much),
        Withdraw(account, some),
    ]


def unknown_outcomes(path: Where, kills: int, *, fresh_id: bool = False) -> Figures:
    """F3: killed after a commit and before it was told, then tried again; wrong is what is doubled."""
    wrong = 0
    for run in range(kills):
        sent, dies_at = program(run), Random(run).randrange(5)
        undisturbed = dispatcher(MemoryEventStore()).dispatch(sent, command_id="c1").unwrap()

        def first(say: Say, sent: list[Any] = sent, dies_at: int = dies_at, run: int = run) -> None:
            seen = Counter[str]()

            def kill_when_recorded(happening: Happening) -> None:
                if isinstance(happening, Recorded):
                    seen["recorded"] += 1
                    if seen["recorded"] > dies_at:
                        die()

            with opened(path) as store:
                observed = dispatcher(store, observe=kill_when_recorded, chunk=2)
                observed.dispatch(sent, command_id=f"c{run}")

        forked(first).lines()
        with opened(path) as store:
            again = f"again{run}" if fresh_id else f"c{run}"
            report = dispatcher(store, chunk=2).dispatch(sent, command_id=again).unwrap()
            count = len(store.read(f"account-{run}").unwrap())
            wrong += (count, report) != (4, undisturbed)
    audited(path)
    return Figures(kills, wrong)


def killed_policies(path: Where, kills: int) -> Figures:
    """F7: killed between an event and what follows from it; wrong is what is not there just once."""
    for run in range(kills):

        def work(say: Say, run: int = run) -> None:
            patience = Random(run).randrange(6)
            seen: list[Happening] = []

            def kill_after_overdraft(happening: Happening) -> None:
                found = isinstance(happening, Recorded) and isinstance(happening.event, Overdrawn)
                if found or seen:
                    seen.append(happening)
                if len(seen) > patience:
                    die()

            with opened(path) as store:
                observed = dispatcher(store, observe=kill_after_overdraft)
                observed.dispatch([overdraw(run), overdraw(run)])

        forked(work).lines()
    with opened(path) as store:
        dispatcher(store).resume().unwrap()
    asked, wrong = unanswered(path)
    assert asked >= kills
    return Figures(kills, wrong)


def killed_with_checkpoints(path: Where, kills: int, checkpoint: Path) -> Figures:
    """F7's control: a policy that keeps its place in a file of its own, outside the log's transaction."""
    with opened(path) as store:
        for run in range(kills):
            dispatcher(store, quiet).dispatch([overdraw(run)]).unwrap()

    def work(say: Say) -> None:
        with opened(path) as store:
            at = int(checkpoint.read_text()) if checkpoint.exists() else 0
            for recorded in list(whole(store))[at:]:
                if isinstance(recorded.event, Overdrawn):
                    checkpoint.write_text(str(recorded.position))
                    if Random(recorded.position).random() < 0.5:
                        die()
                    dispatcher(store, quiet).dispatch([charge(recorded.event)]).unwrap()

    for _ in range(kills + 1):
        forked(work).lines()
    with opened(path) as store:
        told = Counter(type(each.event) for each in whole(store))
    return Figures(kills, told[Overdrawn] - told[FeeCharged])


class TornSaves(SqliteEventStore):
    """F17's control: it saves the position in one transaction, and what was folded in the next.

    Every other time it is killed in between, which a kill from outside seldom meets.
    """

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        before = self.load(name, saved.version).unwrap() or Saved(0, saved.version, b"[]")
        super().save(name, Saved(saved.position, saved.version, before.content)).unwrap()
        if Random(saved.position).random() < 0.5:
            die()
        return super().save(name, saved)


def killed_saves(
    path: Where, kills: int, kind: type | None = None, within: float = 0.04
) -> Figures:
    """F17: killed while folds are saved; wrong is what differs from the full rebuild, byte for byte."""
    chance, wrong = Random(2), 0
    with patch.object(saved, "STEP", 3):  # so that it is saved all the time
        for run in range(kills):

            def work(say: Say, run: int = run) -> None:
                with opened(path) as plain:
                    store = as_a(kind, plain)
                    saving = dispatcher(store, version="v1")
                    for number in range(1_000):
                        say(str(number))
                        saving.dispatch([overdraw(run), Deposit(run, Decimal(1))]).unwrap()
                        saving.view(fees).unwrap()
                        saving.views(balances).unwrap()

            forked(work).kill_after(chance.uniform(0, within))
            with opened(path) as store:
                wrong += differs(store)
    return Figures(kills, wrong)


def differs(store: EventStore) -> bool:
    """Whether what was saved leads elsewhere than the whole log.

    A server may still do what was sent to it before the kill, so both are of one and the same log.
    """
    while True:
        head = store.head().unwrap()
        resumed = [known(store, bank, version) for version in ("v1", "")]
        if head == store.head().unwrap():
            return resumed[0] != resumed[1]


def known(store: EventStore, board: Board, version: str) -> bytes:
    """All that a dispatcher knows, as bytes."""
    one = dispatcher(store, board, version=version)
    todos = [(todo.policy.name, todo.position, todo.event) for todo in one.todos().unwrap()]
    states = [one.state(board.aggregates[0], run).unwrap() for run in range(5)]
    return canonical([todos, states, one.view(fees).unwrap(), one.views(balances).unwrap()])
