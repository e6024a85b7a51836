"""Recorded events from a store or from lines of JSON, up to where they are good."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from returns.result import Failure, Result

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.lines import MAX_LINE, read_line
from deciderkit.log.pages import Page
from deciderkit.log.port import PAGE, EventStore, StoreError
from deciderkit.log.recorded import Recorded
from deciderkit.shell.cli.edge import bad_input

_SQLITE: Final = b"SQLite format 3\0"


def sound_log(store: EventStore, after: int = 0) -> Iterator[Recorded[Any]]:
    """The events after position ``after``, also those that stand before a damage on the same page.

    Raises what the store fails with.
    """
    limit = PAGE
    while True:
        try:
            page = _page(store.read_all, after, limit)
        except CorruptEvent as error:
            good = error.position - 1 - after
            if not 0 < good < limit:
                raise
            limit = good
            continue
        if not page:
            return
        yield from page
        after, limit = page[-1].position, PAGE


def sound_stream(store: EventStore, stream: str, after: int = 0) -> Iterator[Recorded[Any]]:
    """The events of ``stream`` after version ``after``, a page at a time; raises as `sound_log`."""

    def read(version: int, limit: int) -> Result[Page, StoreError]:
        return store.read(stream, version, limit)

    while page := _page(read, after, PAGE):
        yield from page
        after = page[-1].version


def _page(read: Callable[[int, int], Result[Page, StoreError]], after: int, limit: int) -> Page:
    page = read(after, limit)
    if isinstance(page, Failure):
        raise page.failure()
    return page.unwrap()


@contextmanager
def opened_lines(name: str) -> Iterator[BinaryIO]:
    """The bytes of the file ``name``, or of standard input for ``-``."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; only opening it is bad input
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        bad_input(f"{name}: {reason}: expected a file of JSON lines")
    with file:
        yield file


def read_lines(file: BinaryIO, codec: Codec) -> Iterator[Recorded[Any]]:
    """The recorded event of each line. Raises `CorruptLine`."""
    number = 0
    while line := file.readline(MAX_LINE + 2):
        number += 1
        yield read_line(codec, line.rstrip(b"\r\n"), number)


def is_store(name: str) -> bool:
    """Whether the file ``name`` is a store and not a file of lines."""
    if not os.path.isfile(name):
        return False
    try:
        with open(name, "rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def until(events: Iterable[Recorded[Any]], position: int | None) -> Iterator[Recorded[Any]]:
    """``events`` up to ``position``; all of them without one."""
    for recorded in events:
        if position is not None and recorded.position > position:
            return
        yield recorded
