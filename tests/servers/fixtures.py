"""Real servers for the tests: one for each worker that asks, and an empty log in it for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from deciderkit.shell.stores.postgres.doors import create_store
from deciderkit.testing.postgres import PostgresServer

_numbers = count(1)


@contextmanager
def server_of_its_own(
    settings: dict[str, str] | None = None, network: str = ""
) -> Iterator[PostgresServer]:
    """A server whose data goes with it, so nobody waits for it to end in order.

    It takes connections from the small ``network`` of an address as well, where one is given.
    """
    folder = Path(tempfile.mkdtemp(prefix="deciderkit-server-"))
    folder.chmod(0o755)  # for whom it runs as
    server = PostgresServer(folder / "server", settings)
    try:
        server.start()
        if network:
            with (server.data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {network}/30 scram-sha-256\n")
            server.stop()
            server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """The server of this worker, for tests that leave it running; no power cut will come, so no syncs."""
    with server_of_its_own({"fsync": "off"}) as running:
        yield running


@pytest.fixture(scope="session")
def new_log(server: PostgresServer) -> Callable[[], str]:
    """A function that makes an empty log and gives its address."""

    def made() -> str:
        url = f"{server.url()}?schema=log_{next(_numbers)}"
        create_store(url)
        return url

    return made


@pytest.fixture
def server_log(new_log: Callable[[], str]) -> str:
    """The address of an empty log on the server."""
    return new_log()
