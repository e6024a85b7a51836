"""The store on a server is held to the contract of all stores, and stands beside the model, with its connections cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from deciderkit.shell import EventStore, open_store
from deciderkit.shell.stores.postgres.doors import create_store
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from deciderkit.testing.postgres import PostgresServer
from deciderkit.testing.store_contract import DurableStoreContract, codec
from deciderkit.testing.store_model import StoreModel
from tests.servers.proxy import Proxy, proxy


class TestPostgresEventStore(DurableStoreContract):
    @pytest.fixture
    def handles(self) -> Iterator[ExitStack]:
        with ExitStack() as stack:
            yield stack

    @pytest.fixture
    def reopened(self, server_log: str, handles: ExitStack) -> Callable[[], EventStore]:
        return lambda: handles.enter_context(open_store(server_log, codec))

    @pytest.fixture
    def store(self, reopened: Callable[[], EventStore]) -> EventStore:
        return reopened()


_numbers = count(1)


class PostgresModel(StoreModel):
    """On a server a fault during an append is a connection that is cut after so many bytes."""

    server: PostgresServer
    proxy: Proxy

    def opened(self) -> EventStore:
        self.handles = ExitStack()
        self.url = f"{self.proxy.through(self.server.url())}?schema=model_{next(_numbers)}"
        create_store(self.url)
        return self._open(self.url)

    def reopened(self) -> EventStore:
        assert isinstance(self.store, PostgresEventStore)
        self.store.close()
        return self._open(self.url)

    def _open(self, url: str) -> EventStore:
        return self.handles.enter_context(open_store(url, codec))

    @contextmanager
    def failing(self, moment: int) -> Iterator[None]:
        self.proxy.cut_after(2 * moment)
        yield
        self.proxy.cut_after(None)

    def teardown(self) -> None:
        if hasattr(self, "handles"):
            self.handles.close()


@pytest.mark.parametrize("model", [PostgresModel], ids=["cut at any byte"])
def test_what_it_holds_is_what_a_list_holds_wherever_it_is_cut(
    server: PostgresServer, model: type[PostgresModel]
) -> None:
    with proxy(server.port) as between:
        model.server, model.proxy = server, between
        case = model.TestCase()
        model.TestCase.settings = settings(
            stateful_step_count=25,
            max_examples=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        case.runTest()
