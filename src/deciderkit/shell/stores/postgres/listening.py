"""The wake-up: a connection of its own on which the server tells that something was recorded.

It is never the truth: what it does not tell is found by reading on. So where it cannot be had, behind
a pooler for instance, waiting is sleeping.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Final

import psycopg

from deciderkit.shell.stores.postgres.connections import Connection, Connections
from deciderkit.shell.stores.postgres.tables import filled_in

LISTEN: Final = "LISTEN {schema}"
LISTENING: Final = "SELECT pg_advisory_lock_shared({listening})"
_AGAIN: Final = 5.0
"""After so many seconds a connection that could not be had is asked for again."""


class Listener:
    """Hears of changes to the log of ``connections``; one thread waits at a time."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()
        self._connection: Connection | None = None
        self._not_before = 0.0

    def wait(self, seconds: float) -> None:
        """Until something changed since the last call, or ``seconds`` have gone by."""
        end = time.monotonic() + max(seconds, 0)
        with self._lock:
            if self._connections.trouble:
                return
            try:
                if self._hears(end):
                    return
            except (psycopg.Error, OSError):
                self._drop()
                self._not_before = time.monotonic() + _AGAIN
        time.sleep(max(end - time.monotonic(), 0))

    def close(self) -> None:
        """Hear nothing more."""
        if not self._connections.trouble:
            with self._lock:
                self._drop()

    def _hears(self, end: float) -> bool:
        """Whether something was told before ``end``; what was told before it listened is not known."""
        if self._connection is None:
            if time.monotonic() < self._not_before:
                return False
            self._connection = self._connections.connect()
            for statement in (LISTEN, LISTENING):
                self._connection.execute(filled_in(statement, self._connections.address.schema))
            return True
        told = self._connection.notifies(timeout=max(end - time.monotonic(), 0), stop_after=1)
        return any(True for _ in told)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
