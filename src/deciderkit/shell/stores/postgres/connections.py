"""The connections of one process to a server: shared by its threads, replaced when they are lost, refused after a fork.

A connection is made when somebody needs one and none is idle, by whoever needs it: no thread watches
over them, so nothing is left over in a forked process, and what is wrong is told to the one it hits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from returns.result import Failure, Result, Success

from deciderkit.log.answers import StoreFailure, StoreTrouble
from deciderkit.log.errors import CorruptEvent
from deciderkit.shell.stores.postgres.address import Address

T = TypeVar("T")
Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

MOST: Final = 8
"""So many threads use a store at once; others wait for one of them."""

_IDLE: Final = TransactionStatus.IDLE
_DAMAGE: Final = (errors.DataCorrupted, errors.IndexCorrupted)
_LONGEST_PAUSE: Final = 0.25
_UNKNOWN: Final = (
    "whether a change was recorded is not known: expected the same request again, under its id"
)


class Connections:
    """Connections to the server at ``address``; lost ones are made anew for up to ``patience`` seconds."""

    def __init__(self, address: Address, patience: float) -> None:
        self.address = address
        self.patience = patience
        self._process = os.getpid()
        self._closed = False
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._made = 0
        self._lock = Lock()

    def run(
        self, work: Callable[[Connection], T], *, again: bool = True, wait: bool = True
    ) -> Result[T, Any]:
        """What ``work`` gives, with all that can go wrong as a failure.

        Where a connection is lost it is done ``again`` on a new one: then it must be such that doing
        it twice is doing it once. Without ``wait`` a server that is not there is a failure at once.
        """
        end, pause = 0.0, 0.01
        while True:
            if trouble := self.trouble:
                return Failure(StoreFailure(trouble))
            try:
                return Success(self._work(work))
            except (StoreTrouble, CorruptEvent) as error:
                return Failure(error)
            except _DAMAGE as error:
                return Failure(CorruptEvent(1, self.told(error)))
            except psycopg.Error as error:
                if not _is_lost(error):
                    return Failure(StoreFailure(self.told(error)))
                self._drop_idle()
                end = end or time.monotonic() + (self.patience if wait else 0)
                if not again or time.monotonic() + pause > end:
                    unknown = f"; {_UNKNOWN}" if wait else ""
                    return Failure(StoreFailure(self.told(error) + unknown))
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    @property
    def trouble(self) -> str:
        """Why the store cannot be used any more, in words; nothing while it can."""
        if self._process != os.getpid():
            return (
                f"{self.address.text}: opened by process {self._process}, used in process "
                f"{os.getpid()}: expected a store that was opened after the fork"
            )
        if self._closed:
            return f"{self.address.text}: this store was closed: expected one that is open"
        return ""

    def connect(self) -> Connection:
        """One more, for whoever asks to keep. Raises ``psycopg.Error``."""
        never: dict[str, Any] = {} if self.address.prepares else {"prepare_threshold": None}
        return psycopg.connect(**self.address.connection, **never, autocommit=True)

    def told(self, error: Exception) -> str:
        """``error`` in one line with the place, and without the password."""
        return told(self.address, error)

    def close(self) -> None:
        """Let go of all of them; those of another process are not touched."""
        if not self.trouble:
            self._closed = True
            self._drop_idle()

    def _work(self, work: Callable[[Connection], T]) -> T:
        connection = self._taken()
        try:
            return work(connection)
        finally:
            # One that an interrupt left in the midst of something is not given to anybody else.
            if connection.pgconn.transaction_status == _IDLE and not self._closed:
                self._idle.put(connection)
            else:
                self._drop(connection)

    def _taken(self) -> Connection:
        """An idle one, or a new one, or the next that somebody gives back."""
        while True:
            try:
                return self._idle.get(block=self._made >= MOST, timeout=0.1)
            except Empty:
                pass
            with self._lock:
                if self._made >= MOST:
                    continue
                self._made += 1
            try:
                return self.connect()
            except BaseException:
                self._made -= 1
                raise

    def _drop(self, connection: Connection) -> None:
        with self._lock:
            self._made -= 1
        connection.close()

    def _drop_idle(self) -> None:
        with suppress(Empty):
            while True:
                self._drop(self._idle.get(block=False))


def told(address: Address, error: Exception) -> str:
    """``error`` in one line with the place, and without the password."""
    lines = [line.strip() for line in str(error).splitlines()]
    said = next(filter(None, lines), type(error).__name__)
    password = address.connection.get("password")
    return f"{address.text}: {said.replace(str(password), '***') if password else said}"


def _is_lost(error: psycopg.Error) -> bool:
    """Whether ``error`` speaks of the connection, and not of what was asked of the server."""
    if not isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return False
    # Class 08: the connection. 57P01 to 57P05: the server goes down or comes up. 53300: it is full.
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "53300"))
