"""One event that a delivery, a policy or a view cannot take: it is parked, the others go on, it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pyrsistent import PVector
from returns.pipeline import is_successful

from deciderkit import Board
from deciderkit.shell import Dispatcher
from deciderkit.shell.dispatch import reacting
from tests.deciderkit import bank
from tests.deciderkit.bank import (
    ChargeFee,
    Close,
    FeeCharged,
    Overdrawn,
    ReceiptPrinted,
    fees,
    whole_bank,
)
from tests.faults.harness import Figures, Say, forked, opened, overdraw, unanswered, whole

POISONED = 3


def choke(charged: PVector[int], event: FeeCharged) -> PVector[int]:
    """A fold with a fault: one account's event is too much for it."""
    if event.account == POISONED:
        raise RuntimeError("too much")
    return bank.note(charged, event)


def of_nobody(event: Overdrawn) -> ChargeFee:
    return ChargeFee("a customer" if event.account == POISONED else event.account)  # type: ignore[arg-type]


def raising(event: Overdrawn) -> ChargeFee:
    if event.account == POISONED:
        raise ZeroDivisionError("no fee")
    return bank.charge(event)


def another(event: Overdrawn) -> Close | ChargeFee:
    return Close(event.account) if event.account == POISONED else bank.charge(event)


def of_a_bad_event(command: bank.Command, balance: Decimal) -> bank.Decision:
    if isinstance(command, ChargeFee) and command.account == POISONED:
        return (FeeCharged(POISONED, Decimal("NaN")),)
    return bank.decide(command, balance)


def failing(command: bank.Command, balance: Decimal) -> bank.Decision:
    if isinstance(command, ChargeFee) and command.account == POISONED:
        raise ArithmeticError("no such fee")
    return bank.decide(command, balance)


def unkeyed(event: Any) -> int:
    if isinstance(event, ChargeFee) and event.account == POISONED:
        raise KeyError(event.account)
    return int(event.account)


def policy(**changed: Any) -> Board:
    return replace(
        whole_bank, policies=(replace(bank.charge_fee, **changed), *whole_bank.policies[1:])
    )


def aggregate(**changed: Any) -> Board:
    key = changed.pop("key", bank.by_account)
    decider = replace(bank.account, **changed)
    return replace(whole_bank, aggregates=(replace(bank.accounts, decider=decider, key=key),))


POISONS: dict[str, tuple[Board, str]] = {
    "no such stream": (
        policy(then=of_nobody),
        "bad id 'account-a customer' by the key of ChargeFee: ",
    ),
    "then raises": (policy(then=raising), "ZeroDivisionError: no fee"),
    "ends nothing": (policy(then=another), "it was done, and Closed did not end it"),
    "not storable": (aggregate(decide=of_a_bad_event), "FeeCharged cannot be stored: "),
    "decide raises": (aggregate(decide=failing), "ArithmeticError: no such fee"),
    "key raises": (aggregate(key=unkeyed), "KeyError: 3"),
}


def poisoned(folder: Path, accounts: int) -> Figures:
    """F22: to-dos that cannot be done, of every kind; wrong is one not parked, or anybody held up."""
    tried = wrong = 0
    for number, (board, reason) in enumerate(POISONS.values()):
        found = one_poison(folder / f"log{number}", board, reason, accounts)
        tried, wrong = tried + found.tried, wrong + found.wrong
    return Figures(tried, wrong)


def printed(event: ReceiptPrinted, key: str) -> None:
    return None


def running(path: Path, board: Board, account: int, say: Say) -> None:
    """A process that overdraws one account, and says what it found parked."""
    with opened(path) as store:
        one = Dispatcher(board, store, deliveries={ReceiptPrinted: printed})
        done = one.dispatch([overdraw(account)])
        say("ok" if is_successful(done) else "stopped")
        parked = one.parked().value_or(())
        say(" ".join(f"{each.todo.key}" for each in parked))
        say(parked[0].reason if parked else "")


def one_poison(path: Path, board: Board, reason: str, accounts: int) -> Figures:
    opened(path).close()
    wrong = 0
    for account in range(accounts):
        said = forked(partial(running, path, board, account)).lines()
        expected = str(POISONED) if account >= POISONED else ""
        wrong += said[:2] != ["ok", expected]
        wrong += not said[-1].startswith(reason if expected else "")
    _, unlike = unanswered(path)
    wrong += unlike != 1
    with opened(path) as store:
        mended = Dispatcher(whole_bank, store, deliveries={ReceiptPrinted: printed})
        mended.let_go(*(each.todo for each in mended.parked().unwrap())).unwrap()
        mended.resume().unwrap()
        left = [each.reason for each in mended.parked().unwrap()]
        notes = store.notes().unwrap()
        closed = any(isinstance(each.event, bank.Closed) for each in whole(store))
    # What was done under its id and ended nothing is not done again: a person has to look at it.
    wrong += left != (["it was done, and nothing ended it"] if closed else [])
    wrong += bool(notes) != closed
    return Figures(accounts, wrong + (0 if closed else unanswered(path)[1]))


@contextmanager
def one_that_stops() -> Iterator[None]:
    """F22's control: the loop lets what a to-do raises through, instead of parking it."""

    class Nothing(Exception):
        """Is raised by nobody."""

    with patch.object(reacting, "OwnTrouble", Nothing):
        yield


def poison(path: Path, accounts: int) -> Figures:
    """F10: wrong is an account that was held up, or one that is not done after it was let go."""
    dead, wrong = [True], 0
    tries: list[str] = []
    choking = replace(
        whole_bank,
        projections=tuple(
            replace(each, evolve=choke) if each is fees else each for each in whole_bank.projections
        ),
    )

    def line(event: ReceiptPrinted, key: str) -> None:
        tries.append(key)
        if dead[0] and event.account == POISONED:
            raise ConnectionError("no line")

    def run(board: Board, commands: list[Any]) -> tuple[list[str], list[str], int]:
        with opened(path) as store:
            one = Dispatcher(board, store, deliveries={ReceiptPrinted: line}, version="v1")
            one.dispatch(commands).unwrap()
            parked = [f"{each.todo.key}: {each.reason}" for each in one.parked().unwrap()]
            shown = one.view(fees if board is whole_bank else choking.projections[2]).unwrap()
            unread = [f"{each.projection}: {each.reason}" for each in one.unread().unwrap()]
            return parked, unread, len(shown)

    said = "3: ReceiptPrinted was not delivered: ConnectionError: no line"
    for number in range(accounts):
        parked, unread, _ = run(choking, [overdraw(number), Close(number)])
        expected = number >= POISONED
        wrong += parked != [said] * expected
        wrong += unread != ["fees: RuntimeError: too much"] * expected
    wrong += len(tries) != accounts
    wrong += receipts(path) != accounts - 1
    dead[0] = False
    with opened(path) as store:
        one = Dispatcher(whole_bank, store, deliveries={ReceiptPrinted: line})
        one.let_go(*(each.todo for each in one.parked().unwrap())).unwrap()
        one.resume().unwrap()
    wrong += run(whole_bank, []) != ([], [], accounts)
    wrong += unanswered(path)[1]
    return Figures(accounts, wrong + (receipts(path) != accounts))


def receipts(path: Path) -> int:
    with opened(path) as store:
        return sum(isinstance(each.event, ReceiptPrinted) for each in whole(store))
