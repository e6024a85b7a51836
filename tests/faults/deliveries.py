"""Told before it is recorded: across conflicts, crashes, and whatever is recorded in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from deciderkit.request import Request
from deciderkit.shell import Dispatcher
from deciderkit.shell.dispatch import reacting
from tests.deciderkit.bank import Close, Deposit, PrintReceipt, ReceiptPrinted, quiet, whole_bank
from tests.faults.harness import Figures, Say, die, dispatcher, forked, opened, whole
from tests.seeding import wrong as wrong_in


def heard(letters: Path) -> list[tuple[str, str]]:
    """What the receiver was told, as key and account."""
    lines = letters.read_text().splitlines() if letters.exists() else []
    return [(key, account) for key, account in (line.split() for line in lines)]


def tell(path: Path, letters: Path, seed: int, commands: list[Any], request: str, say: Say) -> None:
    """A process that tells; something happens between telling and recording, or it dies there."""
    chance = Random(seed)

    def deliver(event: ReceiptPrinted, key: str) -> None:
        with letters.open("a") as file:
            file.write(f"{key} {event.account}\n")
        fate = chance.random()
        if fate < 0.3:
            die()
        if fate < 0.6:
            with opened(path) as other:
                noise = [Deposit(event.account, Decimal(1))] * chance.randint(1, 3)
                dispatcher(other, quiet).dispatch(noise).unwrap()

    with opened(path) as store:
        one = Dispatcher(whole_bank, store, deliveries={ReceiptPrinted: deliver})
        one.dispatch(commands, command_id=request or None).unwrap()
        one.resume().unwrap()
    say("done")


def delivered(folder: Path, messages: int, together: int = 20) -> Figures:
    """F23: wrong is a receipt that nobody heard of, or that is heard of twice by who drops repeats.

    Half of them a policy asks for, half a request that is tried again until it is done.
    """
    path, letters = folder / "log", folder / "letters"
    opened(path).close()
    for first in range(0, messages, together):
        accounts = range(first, min(first + together, messages))
        commands = [PrintReceipt(each) if each % 2 else Close(each) for each in accounts]
        for attempt in range(200):
            seed = 1_000 * first + attempt
            work = partial(tell, path, letters, seed, commands, f"c{first}")
            if forked(work).lines() == ["done"]:
                break
    told = heard(letters)
    fresh = [account for key, account in dict(told).items()]
    with opened(path) as store:
        recorded = [
            str(each.event.account)
            for each in whole(store)
            if isinstance(each.event, ReceiptPrinted)
        ]
    wrong = sum(1 != fresh.count(str(each)) for each in range(messages))
    wrong += sum(1 != recorded.count(str(each)) for each in range(messages))
    assert len(told) > len(fresh), "nothing was ever told twice"
    return Figures(messages, wrong)


@contextmanager
def keys_by_version() -> Iterator[None]:
    """F23's control: keys that hang on where the log stands, and not on what asked."""
    by_place = "self._reading.position + place"
    todo = wrong_in(reacting._Asking.delivery_key, "{self._id}/{place}", "{" + by_place + "}")
    request = wrong_in(Request.delivery_key, "{self.done + 1}/{place}", "{id(self)}/{place}")
    with (
        patch.object(reacting._Asking, "delivery_key", todo),
        patch.object(Request, "delivery_key", request),
    ):
        yield
