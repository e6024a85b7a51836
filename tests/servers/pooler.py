"""A transaction pooler: it gives each transaction another connection to the server, as pgbouncer does.

A client logs in through it on a connection that then belongs to all. From then on each of its
transactions runs on whichever connection was idle for longest, so nothing of a session survives.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

from tests.servers.proxy import Proxy, at_once


class Pooler(Proxy):
    """See `Proxy`; what is between is no cable but a pooler."""

    def _accept(self) -> None:
        self._idle: SimpleQueue[socket.socket] = SimpleQueue()
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                at_once(near)
                with self._lock:
                    self._open.add(near)
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with suppress(OSError, EOFError):
            self._log_in(near)
            while True:
                message = _message(near)
                if message[:1] == b"X":
                    return
                far = self._idle.get()
                self._transaction(near, far, message)
                self._idle.put(far)

    def _log_in(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._target))
        at_once(far)
        with self._lock:
            self._open.add(far)
        start = _startup(near)
        while start[4:8] in {(80877103).to_bytes(4), (80877104).to_bytes(4)}:  # TLS, GSS
            near.sendall(b"N")
            start = _startup(near)
        far.sendall(start)
        while (message := _message(far))[:1] != b"Z":
            near.sendall(message)
            asked = message[:1] == b"R" and int.from_bytes(message[5:9]) not in {0, 12}
            if asked:
                far.sendall(_message(near))
        near.sendall(message)
        self._idle.put(far)

    def _transaction(self, near: socket.socket, far: socket.socket, message: bytes) -> None:
        """Until the server says that it is in no transaction any more."""
        while True:
            far.sendall(message)
            while message[:1] not in {b"Q", b"S"}:
                message = _message(near)
                far.sendall(message)
            while (answer := _message(far))[:1] != b"Z":
                near.sendall(answer)
            near.sendall(answer)
            if answer[5:6] == b"I":
                return
            message = _message(near)


@contextmanager
def pooler(target: int) -> Iterator[Pooler]:
    """A `Pooler` in front of the port ``target``."""
    between = Pooler(target)
    try:
        yield between
    finally:
        between.close()


def _startup(source: socket.socket) -> bytes:
    size = _exactly(source, 4)
    return size + _exactly(source, int.from_bytes(size) - 4)


def _message(source: socket.socket) -> bytes:
    head = _exactly(source, 5)
    return head + _exactly(source, int.from_bytes(head[1:]) - 4)


def _exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = source.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data
