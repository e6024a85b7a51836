"""The store of a command: where it is, how it is opened, and the dispatcher that runs the board on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import pages
from deciderkit.shell.log_reader import LogReader, Stopped
from deciderkit.shell.sqlite import SqliteEventStore, open_store
from deciderkit.shell.sqlite_side import SqliteParking, SqliteSavedViews
from deciderkit.shell.transactions import Delivery, Observer
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.log.codec import CorruptEvent
from deciderkit.log.recorded import Recorded
from mars_rover.board import board
from mars_rover.codec import codec
from mars_rover.shell.edge import Exit, Stop, bad_input, succeeded

F = TypeVar("F", bound=Callable[..., Any])

BOUNDED: Final = replace(
    board, projections=tuple(each for each in board.projections if not each.is_keyed)
)
"""The board less the path, which grows with the program: a run of any length fits in memory."""

ATTEMPTS: Final = 3
"""How often a delivery is tried before it is parked."""


def store_option(command: F) -> F:
    """``--store FILE``, or the variable ``MARS_ROVER_STORE``."""
    return click.option(
        "--store",
        envvar="MARS_ROVER_STORE",
        type=click.Path(path_type=Path),
        help="The file that holds the log.  [env: MARS_ROVER_STORE]",
    )(command)


@contextmanager
def opened(path: Path | None, *, create: bool = False) -> Iterator[SqliteEventStore]:
    """The store in ``path``; one that cannot be opened stops as bad input, a damaged one as corrupt."""
    if path is None:
        bad_input("no store: expected --store FILE, or MARS_ROVER_STORE")
    result = open_store(path, codec, create=create)
    if not is_successful(result):
        error = unsafe_perform_io(result.failure())
        corrupt = isinstance(error, CorruptEvent)
        raise Stop(str(error), Exit.CORRUPT_LOG if corrupt else Exit.BAD_INPUT)
    with unsafe_perform_io(result.unwrap()) as store:
        yield store


def dispatcher_on(
    store: SqliteEventStore, deliveries: dict[type, Delivery], observe: Observer | None = None
) -> Dispatcher:
    """The dispatcher that goes on where the store's saved folds and parked to-dos are."""
    return Dispatcher(
        BOUNDED,
        store,
        deliveries=deliveries,
        observe=observe,
        parking=SqliteParking(store),
        saved=SqliteSavedViews(store),
        attempts=ATTEMPTS,
    )


@contextmanager
def reading(store: SqliteEventStore) -> Iterator[LogReader]:
    """The log of ``store`` as read up to now; a failure in the block stops with its one line."""
    try:
        log = LogReader(BOUNDED, store, SqliteSavedViews(store))
        log.catch_up()
        yield log
    except Stopped as stopped:
        corrupt = isinstance(stopped.error, CorruptEvent)
        raise Stop(str(stopped), Exit.CORRUPT_LOG if corrupt else Exit.FAILED) from None


def whole_log(store: SqliteEventStore, after: int = 0) -> Iterator[Recorded[Any]]:
    """The events after position ``after``, page by page."""
    for page in pages(lambda at: succeeded(store.read_all(at)), lambda last: last.position, after):
        yield from page


def stream_of(store: SqliteEventStore, stream: str) -> Iterator[Recorded[Any]]:
    """The events of ``stream``, page by page."""
    for page in pages(lambda at: succeeded(store.read(stream, at)), lambda last: last.version):
        yield from page
