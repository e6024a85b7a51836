"""Brokers for the tests: the double, and a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from deciderkit.shell.queues.memory import MemoryBroker
from deciderkit.shell.queues.opening import open_broker
from deciderkit.shell.queues.port import Broker
from tests.nats_server import NatsServer

Brokers = Callable[[], Broker]
_names = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with NatsServer(tmp_path_factory.mktemp("nats")) as started:
        yield started


@pytest.fixture
def address(server: NatsServer) -> str:
    """Queues that nobody has used yet."""
    return server.address(f"test{next(_names)}")


@pytest.fixture(params=["memory", "nats"])
def brokers(request: pytest.FixtureRequest) -> Iterator[Brokers]:
    """Makes a connection to one broker; asked again, another one to the same."""
    with ExitStack() as stack:
        if request.param == "memory":
            memory = MemoryBroker()
            yield lambda: memory
        else:
            address = request.getfixturevalue("address")
            yield lambda: stack.enter_context(open_broker(address))


@pytest.fixture
def broker(brokers: Brokers) -> Broker:
    return brokers()
