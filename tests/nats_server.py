"""A real NATS server for the tests: on a free port of this machine, with a disk that can be lost."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class NatsServer:
    """A server with its streams in ``folder``; it keeps its port however often it is killed."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", *options: str) -> None:
        self.folder = folder
        self.host = host
        self.port = _free_port() if host == "127.0.0.1" else 4222
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, name: str = "test") -> str:
        """Where the queues of the log ``name`` are."""
        return f"nats://{self.host}:{self.port}/{name}"

    def start(self) -> Self:
        """Start it, and wait until it answers."""
        program = Path(sysconfig.get_path("scripts")) / "nats-server"
        where = ["-a", self.host, "-p", str(self.port), "-js", "-sd", str(self.folder)]
        self._process = subprocess.Popen(
            [program, *where, *self._options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 10
        while True:
            try:
                with socket.create_connection((self.host, self.port), 1) as heard:
                    if heard.recv(4) == b"INFO":
                        return
            except OSError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.01)

    def kill(self) -> None:
        """What ``kill -9`` does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def lose_disk(self) -> None:
        """Kill it, and lose all that it had."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
