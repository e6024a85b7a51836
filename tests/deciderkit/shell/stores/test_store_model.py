"""The stores of the kit beside a plain list, with faults; and bad stores that the model catches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from deciderkit.shell import EventStore, MemoryEventStore, open_store
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from deciderkit.testing.store_contract import codec
from deciderkit.testing.store_model import StoreModel
from tests.mutants.stores import STORES, StoreMutant

STEPS = settings(stateful_step_count=30, max_examples=max(20, settings().max_examples // 4))


class MemoryModel(StoreModel):
    """In memory a fault during an append is a clock that fails."""

    def opened(self) -> EventStore:
        self.broken = False
        return MemoryEventStore(codec, self.clock)

    def clock(self) -> datetime:
        if self.broken:
            raise OSError("the clock stands still")
        return datetime.now(UTC)

    @contextmanager
    def failing(self, moment: int) -> Iterator[None]:
        self.broken = True
        yield
        self.broken = False


class SqliteModel(StoreModel):
    """In SQLite a fault during an append is an interruption after so many steps of its machine."""

    def opened(self) -> EventStore:
        self.handles = ExitStack()
        self.folder = Path(self.handles.enter_context(TemporaryDirectory()))
        return self._open()

    def reopened(self) -> EventStore:
        assert isinstance(self.store, SqliteEventStore)
        self.store.close()
        return self._open()

    def _open(self) -> EventStore:
        return self.handles.enter_context(open_store(self.folder / "log", codec))

    @contextmanager
    def failing(self, moment: int) -> Iterator[None]:
        assert isinstance(self.store, SqliteEventStore)
        self.store.connection.set_progress_handler(lambda: 1, moment)
        yield
        self.store.connection.set_progress_handler(None, 0)

    def teardown(self) -> None:
        if hasattr(self, "handles"):
            self.handles.close()


TestMemoryModel = MemoryModel.TestCase
TestMemoryModel.settings = STEPS
TestSqliteModel = SqliteModel.TestCase
TestSqliteModel.settings = STEPS


def test_an_interruption_does_reach_into_the_append(tmp_path: Path) -> None:
    """The control of the fault: early it prevents the append, and late it comes too late."""
    came: list[bool] = []
    for moment in (1, 10_000):
        with open_store(tmp_path / f"log{moment}", codec) as store:
            assert isinstance(store, SqliteEventStore)
            store.connection.set_progress_handler(lambda: 1, moment)
            store.append("a-1", 0, ())
            try:
                store.connection.execute("SELECT count(*) FROM events").fetchone()
                came.append(True)
            except sqlite3.OperationalError:
                came.append(False)
    assert [False, True] == came


@pytest.mark.parametrize("mutant", STORES, ids=lambda mutant: mutant.wrong)
def test_control_a_bad_store_is_caught(mutant: StoreMutant) -> None:
    assert mutant.killed() is not None
