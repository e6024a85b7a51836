"""The follower law: every store of the kit holds it, a foreign one is held to it, and stores without a lock are caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid5

import psycopg
import pytest
from returns.result import Failure, Result, Success

from deciderkit.log.pages import Page
from deciderkit.log.recorded import Recorded
from deciderkit.shell import Conflict, MemoryEventStore, StoreFailure, open_store
from deciderkit.testing.follower import Followed, FollowerLaw, Opened, check_follower
from deciderkit.testing.postgres import PostgresServer
from deciderkit.testing.store_contract import Noted, codec
from tests.servers.identity_order import IdentityOrder

_numbers = count(1)


class TestMemoryIsFollowed(FollowerLaw):
    @pytest.fixture
    def opened(self) -> Opened:
        store = MemoryEventStore(codec)
        return lambda: nullcontext(store)


class TestSqliteIsFollowed(FollowerLaw):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Opened:
        return lambda: open_store(tmp_path / "log", codec, busy_seconds=60)


class TestPostgresIsFollowed(FollowerLaw):
    appends = 150

    @pytest.fixture
    def opened(self, server_log: str) -> Opened:
        return lambda: open_store(server_log, codec)


class Peer:
    """The recorder of ``eventsourcing`` as a store to follow: a stream's name becomes a UUID and back."""

    def __init__(self, recorder: Any, names: dict[Any, str]) -> None:
        self._recorder = recorder
        self._names = names

    def append(
        self, stream: str, expected_version: int, events: Sequence[Noted]
    ) -> Result[Page, Any]:
        from eventsourcing.persistence import IntegrityError, StoredEvent  # noqa: PLC0415

        rover = uuid5(NAMESPACE_OID, stream)
        self._names[rover] = stream
        head = self._recorder.select_events(rover, desc=True, limit=1)
        version = head[0].originator_version if head else 0
        if version != expected_version:
            return Failure(Conflict(stream, expected_version, version))
        stored = [
            StoredEvent(rover, place, "Noted", event.text.encode())
            for place, event in enumerate(events, expected_version + 1)
        ]
        try:
            positions = self._recorder.insert_events(stored)
        except IntegrityError:
            return Failure(Conflict(stream, expected_version, expected_version))
        return Success(
            tuple(
                Recorded(position, stream, place, event, "c", "2026")
                for position, (place, event) in zip(
                    positions, enumerate(events, expected_version + 1), strict=True
                )
            )
        )

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, Any]:
        found = self._recorder.select_notifications(after + 1, limit)
        return Success(
            tuple(
                Recorded(
                    each.id,
                    self._names[each.originator_id],
                    each.originator_version,
                    Noted(each.state.decode()),
                    "c",
                    "2026",
                )
                for each in found
            )
        )


def slowed(server: PostgresServer, table: str) -> None:
    """Let each insert into ``table`` take a moment of its own length, so that those at once pass each other."""
    with psycopg.connect(server.url()) as connection:
        connection.execute(
            f"CREATE FUNCTION {table}_slowly() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_sleep(random() * 0.003); RETURN NULL; END'"
        )
        connection.execute(
            f"CREATE TRIGGER slowly AFTER INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_slowly()"
        )


@pytest.fixture
def peer(server: PostgresServer) -> Callable[..., Opened]:
    """Recorders of ``eventsourcing`` on one table, in its default mode or in another."""
    from eventsourcing.postgres import (  # noqa: PLC0415
        PostgresApplicationRecorder,
        PostgresDatastore,
    )

    parts: Any = urlsplit(server.url())
    place = (parts.path[1:], parts.hostname, parts.port, parts.username, parts.password)

    def made(**mode: Any) -> Opened:
        table, names = f"peer_{next(_numbers)}", dict[Any, str]()

        @contextmanager
        def opened() -> Iterator[Followed]:
            with PostgresDatastore(*place, **mode) as datastore:
                yield Peer(PostgresApplicationRecorder(datastore, events_table_name=table), names)

        with PostgresDatastore(*place, **mode) as datastore:
            PostgresApplicationRecorder(datastore, events_table_name=table).create_table()
        slowed(server, table)
        return opened

    return made


class TestAForeignStoreIsFollowed(FollowerLaw):
    """The recorder of ``eventsourcing`` with its defaults, behind an adapter of its own."""

    appends = 20

    @pytest.fixture
    def opened(self, peer: Callable[..., Opened]) -> Opened:
        return peer()


def caught(made: Callable[[], Opened]) -> str:
    """What the law says of a store that is wrong by chance, in the first of many tries in which it is seen."""
    for _ in range(20):
        try:
            check_follower(made(), writers=4, appends=20)
        except AssertionError as error:
            return str(error)
    return "nothing"


def test_control_a_store_in_the_order_of_identities_is_caught(server: PostgresServer) -> None:
    def made() -> Opened:
        table = f"identity_order_{next(_numbers)}"
        IdentityOrder.made(server.url(), table)
        slowed(server, table)
        return lambda: IdentityOrder(server.url(), table)

    assert "a follower missed" in caught(made)


def test_control_a_foreign_store_without_its_lock_is_caught(peer: Callable[..., Opened]) -> None:
    """One mode of the peer leaves out the lock of its default, for speed."""
    assert "a follower missed" in caught(lambda: peer(enable_db_functions=True))


class Forgetful(MemoryEventStore):
    """A known-bad store: now and then a follower is shown again what it saw last."""

    reads = 0

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, Any]:
        self.reads += 1
        return super().read_all(after - (self.reads % 5 == 0), limit)


def opened_by(store: Followed) -> Callable[[], AbstractContextManager[Followed]]:
    return lambda: nullcontext(store)


def test_control_a_store_that_shows_an_event_again_is_caught() -> None:
    with pytest.raises(AssertionError, match="saw an event twice"):
        check_follower(opened_by(Forgetful(codec)), writers=2, appends=40)


class Unwilling(MemoryEventStore):
    def append(self, *how: Any, **more: Any) -> Result[Page, Any]:
        return Failure(StoreFailure("no room"))


def test_control_a_store_that_fails_is_no_store_without_misses() -> None:
    with pytest.raises(AssertionError, match="an append failed: no room"):
        check_follower(opened_by(Unwilling(codec)), writers=1, appends=10)
