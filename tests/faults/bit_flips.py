"""One byte of a stored row is flipped in the file itself, and the log is verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TypeAlias
from unittest.mock import patch

from returns.pipeline import is_successful

from deciderkit.log import pages
from deciderkit.log.errors import CorruptEvent
from deciderkit.shell import verify_log
from tests.deciderkit.bank import Deposit, Withdraw, whole_bank
from tests.faults.harness import Figures, dispatcher, opened
from tests.seeding import wrong as wrong_in

Find: TypeAlias = Callable[[Path], CorruptEvent | None]

_LEAF, _BRANCH = 13, 5


def log_to_damage(path: Path) -> None:
    """A log of 1,000 events and more: long requests, single commands, fees, several accounts."""
    with opened(path) as store:
        driver = dispatcher(store)
        for account in (1, 2, 3):
            moves = [Deposit(account, Decimal(3)), Withdraw(account, Decimal("1.10"))]
            driver.dispatch(moves * 150, command_id=f"moves-{account}").unwrap()
        for _ in range(60):
            driver.dispatch([Deposit(1, Decimal(1))]).unwrap()
            driver.dispatch([Withdraw(4, Decimal(1))]).unwrap()


def stored_rows(path: Path, table: str) -> list[list[int]]:
    """Where in the file each row of ``table`` stands, its header and its row id included.

    Left out is the one byte of a row that says nothing and that SQLite never looks at: the type of
    the column that is the row id by another name.
    """
    with opened(path) as store:
        (root,) = store.connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
        (size,) = store.connection.execute("PRAGMA page_size").fetchone()
    return list(_cells(path.read_bytes(), root, size))


def _cells(content: bytes, page: int, size: int) -> Iterator[list[int]]:
    at = (page - 1) * size
    kind, count = content[at], int.from_bytes(content[at + 3 : at + 5], "big")
    header = 12 if kind == _BRANCH else 8
    assert kind in (_LEAF, _BRANCH)
    for cell in range(count):
        pointer = at + header + 2 * cell
        start_at = at + int.from_bytes(content[pointer : pointer + 2], "big")
        if kind == _BRANCH:
            yield from _cells(
                content, int.from_bytes(content[start_at : start_at + 4], "big"), size
            )
        else:
            payload, after = _varint(content, start_at)
            _, after = _varint(content, after)
            yield [each for each in range(start_at, after + payload) if each != after + 1]
    if kind == _BRANCH:
        yield from _cells(content, int.from_bytes(content[at + 8 : at + 12], "big"), size)


def pages_of(content: bytes | bytearray, root: int, size: int) -> list[int]:
    """The pages of the table whose first one is ``root``."""
    start = (root - 1) * size
    at = 100 if root == 1 else start  # the first page of a file begins with the file's own header
    if content[at] == _LEAF:
        return [root]
    count = int.from_bytes(content[at + 3 : at + 5], "big")
    below = [
        int.from_bytes(content[place : place + 4], "big")
        for place in [
            start + int.from_bytes(content[pointer : pointer + 2], "big")
            for pointer in range(at + 12, at + 12 + 2 * count, 2)
        ]
    ]
    last = int.from_bytes(content[at + 8 : at + 12], "big")
    return [root, *(page for each in (*below, last) for page in pages_of(content, each, size))]


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = 0
    while True:
        number, at = number << 7 | content[at] & 127, at + 1
        if content[at - 1] < 128:
            return number, at


def first_damage(path: Path) -> CorruptEvent | None:
    """What ``verify`` names."""
    try:
        with opened(path) as store:
            checked = verify_log(store, whole_bank)
    except CorruptEvent as damage:
        return damage
    found = checked.swap().value_or(None)
    assert is_successful(checked) or isinstance(found, CorruptEvent), found
    return found if isinstance(found, CorruptEvent) else None


def unsummed_damage(path: Path) -> CorruptEvent | None:
    """F19's control: the product's own verify, whose reader does not compare the checksums."""
    add = wrong_in(pages._Reader.add, "if before != checksum:", "if False:")
    with patch.object(pages._Reader, "add", add):
        return first_damage(path)


def bit_flips(folder: Path, flips: int, find: Find = first_damage) -> Figures:
    """F19: one byte at a time; wrong is one that is not reported with the position of its row."""
    path, chance, wrong = folder / "log", Random(19), 0
    log_to_damage(path)
    pristine = path.read_bytes()
    rows = {table: stored_rows(path, table) for table in ("events", "commits")}
    places = {
        "events": [range(at, at + 1) for at in range(1, len(rows["events"]) + 1)],
        "commits": commits_of(path),
    }
    for _ in range(flips):
        table = chance.choice(("events", "events", "events", "commits"))
        row = chance.randrange(len(rows[table]))
        damaged = bytearray(pristine)
        damaged[chance.choice(rows[table][row])] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        found = find(path)
        wrong += found is None or found.position not in places[table][row]
    path.write_bytes(pristine)
    assert find(path) is None
    return Figures(flips, wrong)


def commits_of(path: Path) -> list[range]:
    """The positions of each commit, and the one after it, where its damage may first be seen."""
    with opened(path) as store:
        rows = store.connection.execute("SELECT first, size FROM commits ORDER BY first")
        return [range(first, first + size + 1) for first, size in rows]
