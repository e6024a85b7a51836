"""A log from a file of JSON lines, or from standard input: what ``log --json`` writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from deciderkit.log.recorded import Recorded
from deciderkit.log.strict_json import MAX_BYTES
from mars_rover.codec import codec
from mars_rover.shell.edge import bad_input

SQLITE = b"SQLite format 3\0"


@contextmanager
def opened_lines(name: str) -> Iterator[BinaryIO]:
    """The bytes of the file ``name``, or of standard input for ``-``."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; only opening it is bad input
    except OSError as error:
        bad_input(f"{name}: {error.strerror or error}: expected a file of JSON lines")
    with file:
        yield file


def read_lines(file: BinaryIO) -> Iterator[Recorded[Any]]:
    """The recorded event of each line. Raises `CorruptLine`."""
    number = 0
    while line := file.readline(MAX_BYTES + 2):
        number += 1
        yield codec.read_line(line.rstrip(b"\r\n"), number)


def is_store(name: str) -> bool:
    """Whether the file ``name`` is a store and not a file of lines."""
    try:
        with open(name, "rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError:
        return False
