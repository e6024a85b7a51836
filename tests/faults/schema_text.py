"""One byte of the schema's text is flipped in the file itself, and the command line is asked about the log.

SQLite keeps the statements that made the tables in a table of its own. It reads them whenever a file is
opened, so damage there shows before any event is read, and often in the words of a parser.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from random import Random
from unittest.mock import patch

from deciderkit.shell import Dispatcher, open_store
from deciderkit.shell.cli.edge import Exit
from deciderkit.shell.stores.sqlite import file
from tests.deciderkit.shell.cli import bank
from tests.faults.asking import asked
from tests.faults.bit_flips import pages_of
from tests.faults.harness import Figures
from tests.seeding import wrong

_HEADER = 100  # bytes of the file's own header, which says whose file it is


def schema_flips(folder: Path, flips: int = sys.maxsize) -> Figures:
    """F19: one byte at a time, all of them or so many; wrong is an answer of the command line that is
    neither the right one nor one line that says that the log is corrupt."""
    path, chance, wrongs = folder / "log", Random(19), 0
    whole = _written(path)
    right = {command: asked(path, command) for command in ("verify", "log")}
    assert all(each.code == Exit.CARRIED_OUT for each in right.values()), right
    places = _places(path)
    chosen = places if flips >= len(places) else chance.sample(places, flips)
    for place in chosen:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        answers = {command: asked(path, command) for command in right}
        wrongs += not all(
            answer == right[command] or answer.is_one_line(Exit.CORRUPT_LOG)
            for command, answer in answers.items()
        )
    return Figures(len(chosen), wrongs)


def damage_not_told() -> AbstractContextManager[object]:
    """F19's control: the product takes what SQLite says of a damaged schema for any other trouble."""
    there = 'return "malformed" in said or "no such column" in said or "no such table" in said'
    return patch.object(file, "is_damage", wrong(file.is_damage, there, "return False"))


def _written(path: Path) -> bytes:
    """The bytes of a small log at ``path``."""
    with open_store(path, bank.program.codec) as store:
        teller = Dispatcher(bank.board, store, deliveries={bank.Reminded: bank.post})
        moves = [bank.Deposit(1, Decimal(3)), bank.Withdraw(1, Decimal("1.1"))]
        teller.dispatch(moves, command_id="moves").unwrap()
        teller.dispatch([bank.Deposit(2, Decimal(3))]).unwrap()
    return path.read_bytes()


def _places(path: Path) -> list[int]:
    """Where the table of the tables stands, its empty room included."""
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    pages = pages_of(content, 1, size)
    every = (place for page in pages for place in range((page - 1) * size, page * size))
    return [place for place in every if place >= _HEADER]
