"""The log in a file: how it can be read, that it is never changed, and what fails half-way."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import Struct

from deciderkit.log.codec import Codec, EventType
from deciderkit.log.errors import CorruptEvent, NotStorable
from deciderkit.log.pages import Commit
from deciderkit.shell import Conflict
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from deciderkit.testing.store_contract import Noted, claim, codec, noted
from tests.deciderkit.shell.stores.sqlite.files import opened


def test_the_log_can_be_read_with_nothing_but_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT position, stream, version, type, schema, tally, data FROM log"
    )
    told = '{"done":2,"digest":"d2"}'
    assert [
        (1, "a-1", 1, "Noted", 1, told, '{"text":"x"}'),
        (2, "a-1", 2, "Noted", 1, told, '{"text":"y"}'),
        (3, "b-1", 1, "Noted", 1, "", '{"text":"z"}'),
    ] == rows.fetchall()
    connection.close()


@pytest.mark.parametrize("table", ["events", "commits", "streams", "kinds", "untallied"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_log_is_never_changed(path: Path, table: str, change: str) -> None:
    column = {"events": "position", "commits": "first", "untallied": "command_id"}.get(table, "id")
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO untallied VALUES ('old')")
    with pytest.raises(sqlite3.IntegrityError, match="the log is never changed"):
        connection.execute(change.format(table, column, column))
    connection.close()


class Strange(Struct, frozen=True):
    pass


def test_an_event_that_is_not_registered_is_not_stored(path: Path) -> None:
    with opened(path) as store:
        failure = store.append("a-1", 2, [Noted("w"), Strange()]).failure()
        assert isinstance(failure, NotStorable)
        assert ("Strange", 1) == (failure.type, failure.index)
        assert 3 == store.head().unwrap()


def test_an_event_that_nobody_knows_any_more_is_corrupt_and_the_file_stays(path: Path) -> None:
    before = path.read_bytes()
    with opened(path, Codec([EventType("Strange", Strange)])) as store:
        failure = store.read_all().failure()
    said = "unknown type 'Noted': expected one of Strange; a class that was renamed keeps its name in the log, "
    assert CorruptEvent(1, f"{said}EventType('Noted', ...)").args == failure.args
    assert before == path.read_bytes()


def test_a_full_disk_says_no_more_than_that_this_append_was_not_recorded(path: Path) -> None:
    with opened(path) as store:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        store.append("a-1", 2, noted("w")).unwrap()
        failure = store.append("a-1", 3, noted("w" * 50_000), claim("c2", 0, 1)).failure()
        assert str(failure).endswith("no room left on the disk; this append was not recorded")
        assert 4 == store.head().unwrap()
        assert store.tally("c2").unwrap() is None


class Other(Struct, frozen=True):
    """Another kind of event than that of the contract."""


both = Codec([*codec.event_types, EventType("Other", Other)])


def insert_in_vain(store: SqliteEventStore, by_itself: bool) -> None:
    """Write and read an event in a transaction that fails; SQLite may have rolled it back by then."""

    def work() -> None:
        store._insert(Commit(1, 1, 1, "b-1", "c1", "", "", 0), [both.encode(Other())], None)
        assert 1 == len(store.rows.all(0, 1))
        if by_itself:
            store.connection.execute("ROLLBACK")
        raise InterruptedError

    store._transaction(work)


@pytest.mark.parametrize("by_itself", [False, True], ids=["by the store", "by SQLite"])
def test_what_was_rolled_back_is_forgotten(tmp_path: Path, by_itself: bool) -> None:
    with opened(tmp_path / "log", both) as store:
        with pytest.raises(InterruptedError):
            insert_in_vain(store, by_itself)
        store.append("a-1", 0, noted("x")).unwrap()
        store.append("b-1", 0, [Other()]).unwrap()
        read = store.read_all().unwrap()
        assert [("a-1", Noted("x")), ("b-1", Other())] == [(r.stream, r.event) for r in read]


def test_a_store_that_was_closed_is_a_failure_of_its_own_and_no_damage(path: Path) -> None:
    with opened(path) as store:
        pass
    said = f"{path}: this store was closed: expected one that is open"
    for result in (
        store.read_all(),
        store.read("a-1"),
        store.head(),
        store.version("a-1"),
        store.tally("c1"),
        store.append("a-1", 2, noted("w")),
        store.append("a-1", 0, ()),
        store.restore((), 3),
        store.integrity(3),
        store.notes(),
        store.park("call@1", "no line"),
        store.load("todos", "v1"),
    ):
        assert said == str(result.failure())
    store.close()


def test_a_clock_without_a_zone_records_nothing_and_locks_nobody_out(path: Path) -> None:
    with opened(path, clock=lambda: datetime(2026, 7, 1, 12)) as store:
        with pytest.raises(ValueError, match="expected a time with a zone"):
            store.append("a-1", 2, noted("w"))
        with opened(path, busy_seconds=0.05) as other:
            other.append("a-1", 2, noted("w")).unwrap()
        assert 4 == store.head().unwrap()


def test_a_transaction_that_an_interrupt_left_open_is_undone_by_who_writes_next(
    path: Path,
) -> None:
    """A second interrupt may come while the first is being dealt with."""
    with opened(path) as store:
        store.connection.execute("BEGIN IMMEDIATE")
        store.connection.execute("INSERT INTO streams (name) VALUES ('half-done')")
        store.append("a-1", 2, noted("w")).unwrap()
        assert 4 == store.head().unwrap()
        names = store.connection.execute("SELECT name FROM streams ORDER BY id").fetchall()
    assert [(b"a-1",), (b"b-1",)] == names


def test_a_conflict_locks_nobody_out(path: Path) -> None:
    with opened(path) as store, opened(path, busy_seconds=0.05) as other:
        for _ in range(3):
            assert Conflict("a-1", 7, 2) == store.append("a-1", 7, noted("w")).failure()
        other.append("a-1", 2, noted("w")).unwrap()


def test_what_one_stream_holds_is_found_by_its_index(tmp_path: Path) -> None:
    """The work that SQLite does for one stream is the same among few others and among many."""
    steps = []
    with opened(tmp_path / "log") as store:
        for number in range(400):
            store.append(f"a-{number}", 0, noted(*"xyz")).unwrap()
            if number in (10, 399):
                count = [0]

                def step(count: list[int] = count) -> int:
                    count[0] += 1
                    return 0

                store.connection.set_progress_handler(step, 10)
                store.read("a-5").unwrap()
                store.version("a-5").unwrap()
                store.append("a-5", 9, noted("w")).failure()
                store.connection.set_progress_handler(None, 0)
                steps.append(count[0])
    assert steps[1] < 2 * steps[0]
