"""A network in between that can be bad: it cuts connections, at any byte, and it can swallow all that is sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Hands on what is sent between a free port of this machine and ``target``, another one."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._left: int | None = None
        self.swallows = False
        self.refuses = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    def through(self, url: str) -> str:
        """``url`` with this proxy in the place of the server."""
        parts = urlsplit(url)
        at = parts.netloc.rpartition(":")[0]
        return urlunsplit(parts._replace(netloc=f"{at}:{self.port}"))

    def cut(self) -> None:
        """Cut all connections."""
        with self._lock:
            doomed, self._open = self._open, set()
        for each in doomed:
            _close(each)

    def cut_after(self, size: int | None) -> None:
        """Cut all connections once ``size`` more bytes have gone by, in whatever direction."""
        self._left = size

    def close(self) -> None:
        """Cut all, and take no more."""
        self.refuses = True
        _close(self._listening)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.refuses:
                    _close(near)
                    continue
                far = socket.create_connection(("127.0.0.1", self._target))
                for each in (near, far):
                    at_once(each)
                with self._lock:
                    self._open |= {near, far}
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self.swallows:
                    continue
                left = self._left
                if left is not None:
                    self._left = left - len(data)
                    if left < len(data):
                        self._left = None
                        target.sendall(data[:left])
                        self.cut()
                        return
                target.sendall(data)
        _close(source)
        _close(target)


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """A `Proxy` to the port ``target``."""
    between = Proxy(target)
    try:
        yield between
    finally:
        between.close()


def at_once(each: socket.socket) -> None:
    """Send small messages as they are, without waiting for more."""
    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
