"""The connections of one process to a server: shared by its threads, replaced when they are lost, refused after a fork."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout
from returns.result import Failure, Result, Success

from deciderkit.log.errors import CorruptEvent
from deciderkit.shell.stores.port import StoreFailure, StoreTrouble
from deciderkit.shell.stores.postgres.address import Address

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

MOST: Final = 8
"""So many threads use a store at once; others wait for one of them."""

_LOST = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
_DAMAGE = (errors.DataCorrupted, errors.IndexCorrupted)


class Connections:
    """Connections to the server at ``address``; lost ones are made anew for up to ``patience`` seconds.

    Raises `StoreFailure` where there is none to be had.
    """

    def __init__(self, address: Address, patience: float) -> None:
        self.address = address
        self.patience = patience
        self._process = os.getpid()
        self._closed = False
        # The first one by hand, for the pool would try for long and say little of what is wrong.
        try:
            self._connect().close()
        except psycopg.Error as error:
            raise StoreFailure(self.told(error)) from None
        self._pool = ConnectionPool(
            kwargs={**address.connection, **self._habits()},
            connection_class=psycopg.Connection[tuple[Any, ...]],
            min_size=1,
            max_size=MOST,
            timeout=patience,
            reconnect_timeout=patience,
            open=True,
        )

    def run(self, work: Callable[[Connection], T], *, again: bool = True) -> Result[T, Any]:
        """What ``work`` gives, with all that can go wrong as a failure.

        Where a connection is lost it is done ``again`` on a new one: then it must be such that doing
        it twice is doing it once.
        """
        if trouble := self.trouble:
            return Failure(StoreFailure(trouble))
        end = time.monotonic() + self.patience
        while True:
            try:
                with self._pool.connection() as connection:
                    return Success(work(connection))
            except (StoreTrouble, CorruptEvent) as error:
                return Failure(error)
            except PoolClosed:
                return Failure(StoreFailure(self.trouble or f"{self.address.text}: it is closed"))
            except _DAMAGE as error:
                return Failure(CorruptEvent(1, self.told(error)))
            except _LOST as error:
                if not _is_lost(error):
                    return Failure(StoreFailure(self.told(error)))
                if not again or time.monotonic() > end:
                    return Failure(StoreFailure(f"{self.told(error)}; {_UNKNOWN}"))
                self._renew()
            except psycopg.Error as error:
                return Failure(StoreFailure(self.told(error)))

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

    def alone(self) -> Connection:
        """A connection of its own, for what needs one that stays. Raises ``psycopg.Error``."""
        return self._connect()

    def told(self, error: Exception) -> str:
        """``error`` in one line with the place, and without the password."""
        if isinstance(error, PoolTimeout):
            error = psycopg.OperationalError(f"no connection within {self.patience:g} seconds")
        return told(self.address, error)

    def close(self) -> None:
        """Let go of all of them; of those of another process nothing is touched."""
        if not self.trouble:
            self._closed = True
            self._pool.close()

    def _connect(self) -> Connection:
        return psycopg.connect(**self.address.connection, **self._habits())

    def _habits(self) -> dict[str, Any]:
        return {"autocommit": True, **({} if self.address.prepares else {"prepare_threshold": None})}

    def _renew(self) -> None:
        """What else waits in the pool was probably lost as well."""
        time.sleep(0.02)
        self._pool.drain()


_UNKNOWN: Final = (
    "whether the last change was recorded is not known: expected the same call again, under its request id"
)


def _is_lost(error: Exception) -> bool:
    """Whether ``error`` speaks of the connection, and not of what was asked of the server."""
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is not None:
        # Class 08: connection; 57P01-57P05: the server goes down or comes up; 53300: it is full.
        return error.sqlstate.startswith(("08", "57P", "53300"))
    return True


def told(address: Address, error: Exception) -> str:
    """``error`` in one line with the place, and without the password."""
    lines = [line.strip() for line in str(error).splitlines()]
    said = next(filter(None, lines), type(error).__name__)
    password = address.connection.get("password")
    return f"{address.text}: {said.replace(str(password), '***') if password else said}"
