"""Hostile bytes at every door of the kit: lines of a log, imports, rows of a store, commands as JSON.

Good input is bent in the ways that break readers: bytes flipped, cut, doubled, swapped for tokens that
JSON readers stumble over, nested, made long. Whatever comes of it, a door answers in its own words: with
what it read, or with the one kind of error that it promises.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent, CorruptLine
from deciderkit.log.lines import line, read_line
from deciderkit.plain import shown
from deciderkit.shell import (
    Dispatcher,
    MemoryEventStore,
    StoreFailure,
    import_log,
    open_store,
    verify_log,
)
from deciderkit.shell.cli.messages import BadCommand, Commands
from tests.deciderkit.turnstile import InsertCoin, Kick, Push, board

CODEC = Codec.of(board)
COMMANDS = [InsertCoin("north", 2), Push("north"), InsertCoin("south", 1), Kick("north")]
TOKENS = [
    *(b"null", b"NaN", b"-Infinity", b"1e999", b"-0", b"true", b'""', b"{}", b"[]", b"\\ud800"),
    *(b"\xff", b"\xef\xbb\xbf", b"\0", b"\\u0000", b'"position":', b'"data":', b"9" * 400),
    *(
        b"[" * 2_000,
        b'{"a":' * 2_000,
        b"\r\n",
        b"\x1b[31m",
        "\u202e".encode(),
        b"18446744073709551616",
    ),
]


def seeds() -> list[bytes]:
    """The lines of a small log."""
    store = MemoryEventStore(CODEC)
    Dispatcher(board, store).dispatch(COMMANDS, command_id="x1").unwrap()
    return [line(CODEC, recorded) for recorded in store.read_all().unwrap()]


SEEDS = seeds()


def bent(chance: Random, good: bytes) -> bytes:
    """``good``, bent in one to four places."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((0, 1, 1, 2, 8, 40)))
        match chance.randrange(5):
            case 0:
                data[at:end] = chance.randbytes(end - at)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50))
            case 3:
                data[at:end] = chance.choice(TOKENS)
            case _:
                data[at:at] = chance.choice(SEEDS)[at:end]
    return bytes(data)


def a_line(chance: Random) -> str:
    """A line of a log is read, or is a `CorruptLine` of one line."""
    data = bent(chance, chance.choice(SEEDS))
    try:
        read = read_line(CODEC, data, 7)
    except CorruptLine as error:
        return _one_line(str(error))
    # What was read stands: it is written and read again the same.
    assert read == read_line(CODEC, line(CODEC, read), 7), data
    return ""


def an_import(chance: Random) -> str:
    """Lines are imported, all of them, or nothing is and one line says why."""
    lines = list(SEEDS)
    place = chance.randrange(len(lines))
    lines[place : place + 1] = bent(chance, lines[place]).split(b"\n")
    if chance.random() < 0.3:
        chance.shuffle(lines)
    store = MemoryEventStore(CODEC)
    try:
        recorded = (read_line(CODEC, each, number) for number, each in enumerate(lines, 1))
        count = import_log(store, board, CODEC, recorded).unwrap()
    except CorruptLine as error:
        assert 0 == store.head().unwrap()
        return _one_line(str(error))
    assert count == store.head().unwrap() == verify_log(store, board).unwrap().position
    return ""


def a_store(chance: Random, folder: Path) -> str:
    """A store whose file was bent is read, or says that it is corrupt or no store; nothing else."""
    file = folder / "bent.db"
    for each in folder.glob("bent.db*"):
        each.unlink()
    with open_store(file, CODEC) as store:
        Dispatcher(board, store).dispatch(COMMANDS, command_id="x1").unwrap()
    if chance.random() < 0.5:
        _bend_row(chance, file)
    else:
        data = bytearray(file.read_bytes())
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(data)
    try:
        with open_store(file, CODEC, create=False) as store:
            verified = verify_log(store, board)
            read = store.read_all()
            tally = store.tally("x1")
            for answer in (verified, read, tally):
                answer.alt(_known)
            return ""
    except (StoreFailure, CorruptEvent) as error:
        return _one_line(str(error))


def _known(error: Exception) -> None:
    assert isinstance(error, (StoreFailure, CorruptEvent)), error


def _bend_row(chance: Random, file: Path) -> None:
    """Change one value of one row behind the triggers' back."""
    connection = sqlite3.connect(file)
    table, column = chance.choice(
        [
            ("events", "data"),
            ("events", "kind"),
            ("events", "checksum"),
            ("commits", "tally"),
            ("commits", "command_id"),
            ("commits", "version"),
            ("kinds", "type"),
            ("streams", "name"),
        ]
    )
    value: Any = chance.choice([0, -1, 2**62, "", "x\0y", '{"done":0}', "../..", "9" * 300])
    connection.execute(f"DROP TRIGGER {table}_UPDATE")
    try:
        rows = connection.execute(f"SELECT rowid FROM {table}").fetchall()
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, chance.choice(rows)[0])
        )
        connection.commit()
    except sqlite3.Error:
        connection.rollback()  # the table itself does not take such a value
    trigger = (
        f"CREATE TRIGGER {table}_UPDATE BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
    )
    connection.execute(trigger)
    connection.commit()
    connection.close()


def a_command(chance: Random) -> str:
    """A command as JSON is read, or said to be none in one line."""
    good = json.dumps({"type": "InsertCoin", "turnstile": "north", "value": 2}).encode()
    try:
        command = Commands(board).read(bent(chance, good))
    except BadCommand as error:
        return _one_line(str(error))
    Dispatcher(board, MemoryEventStore(CODEC)).dispatch([command]).alt(str)
    return ""


def _one_line(said: str) -> str:
    assert shown(said, len(said)) == said, repr(said)[:300]
    return said


DOORS: dict[str, Callable[[Random, Path], str]] = {
    "a line": lambda chance, folder: a_line(chance),
    "an import": lambda chance, folder: an_import(chance),
    "a store": a_store,
    "a command": lambda chance, folder: a_command(chance),
}
