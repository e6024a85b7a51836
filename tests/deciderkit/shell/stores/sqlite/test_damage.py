"""A log that was changed behind its back: whatever it is, it is named, with the place."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, cast

import pytest

from deciderkit import Aggregate, Board, Decider, Refused
from deciderkit.log.errors import CorruptEvent
from deciderkit.shell import Saved, verify_log
from deciderkit.shell.stores.sqlite import upkeep
from deciderkit.testing.store_contract import Measured, Noted, codec, noted
from tests.deciderkit.shell.stores.sqlite.files import damage, opened
from tests.faults.bit_flips import pages_of


def decide(command: str, state: int) -> tuple[Noted]:
    return (Noted(command),)


def evolve(state: int, event: Noted | Measured | Refused[str, str]) -> int:
    return state + 1


def key(message: Any) -> str:
    return {"z": "b-1"}.get(message.text, "a-1")


class Noting(Aggregate):
    """Its streams have two names, so that a log of the contract can be audited."""

    def stream(self, message: object) -> str:
        return key(message)


noter = Decider[str, Any, int, str](0, decide, evolve, lambda state: False)
board = Board((Noting("Noting", "a", noter, key),))

FLIPS = {
    "data": 'UPDATE events SET data = \'{"text":"X"}\' WHERE position = 2',
    "checksum": "UPDATE events SET checksum = checksum + 1 WHERE position = 2",
    "kind": "UPDATE events SET kind = 9 WHERE position = 2",
    "a deleted event": "DELETE FROM events WHERE position = 2",
    "a moved event": "UPDATE events SET position = 9 WHERE position = 2",
}
COMMITS = {
    "stream": "UPDATE streams SET name = 'c-1' WHERE name = 'a-1'",
    "type": "UPDATE kinds SET type = 'noted'",
    "schema": "UPDATE kinds SET schema = 2",
    "version": "UPDATE commits SET version = 2 WHERE first = 1",
    "size": "UPDATE commits SET size = 3 WHERE first = 1",
    "command id": "UPDATE commits SET command_id = 'c9' WHERE first = 1",
    "time": "UPDATE commits SET recorded_at = '1970' WHERE first = 1",
    "tally": "UPDATE commits SET tally = '{\"done\":3}' WHERE first = 1",
    "a lost tally": "UPDATE commits SET tally = '' WHERE first = 1",
    "a tally that is none": "UPDATE commits SET tally = '[' WHERE first = 1",
    "a NUL": "UPDATE commits SET recorded_at = recorded_at || char(0) WHERE first = 1",
    "link": "UPDATE commits SET chained_to = 7 WHERE first = 1",
    "a deleted commit": "DELETE FROM commits WHERE first = 1",
    "a name that is no text": "UPDATE streams SET name = CAST(x'ff' AS TEXT) WHERE name = 'a-1'",
}


@pytest.mark.parametrize(
    ("statement", "position"),
    [*((each, 2) for each in FLIPS.values()), *((each, 1) for each in COMMITS.values())],
    ids=[*FLIPS, *COMMITS],
)
def test_damage_is_named_with_its_position_by_reading_alone(
    path: Path, statement: str, position: int
) -> None:
    damage(path, statement)
    with opened(path) as store:
        failures = [store.read_all().failure(), verify_log(store, board).failure()]
    for failure in failures:
        assert isinstance(failure, CorruptEvent)
        assert position == failure.position


@pytest.mark.parametrize(
    ("statement", "position", "reason"),
    [
        (FLIPS["kind"], 2, "unknown kind 9: expected one that is stored"),
        (
            "UPDATE commits SET recorded_at = recorded_at || char(0) WHERE first = 3",
            3,
            "stands in a commit that cannot be read",
        ),
    ],
    ids=["kind", "a later commit"],
)
def test_damage_is_named_with_its_reason(
    path: Path, statement: str, position: int, reason: str
) -> None:
    damage(path, statement)
    with opened(path) as store:
        for read in (store.read_all(), store.read_all(after=position - 1)):
            failure = read.failure()
            assert isinstance(failure, CorruptEvent)
            assert (position, reason) == (failure.position, failure.reason)


@pytest.mark.parametrize("after", [0, 1])
def test_a_page_that_cannot_be_read_is_named_by_its_first_event(tmp_path: Path, after: int) -> None:
    """Each way of reading gives what stands before it, and no more is asked of SQLite."""
    path = tmp_path / "log"
    with opened(path) as store:
        store.append("a-1", 0, noted(*map(str, range(200)))).unwrap()
        (root,) = store.connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'events'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    _, first, second, *_ = pages_of(content, root, 1024)
    before = int.from_bytes(content[(first - 1) * 1024 + 3 :][:2], "big")
    content[(second - 1) * 1024] = 0
    path.write_bytes(content)
    damaged = (before + 1, "database disk image is malformed")
    with opened(path) as store:
        for read in (store.read_all(after), store.read("a-1", after), store.read_all(before)):
            failure = read.failure()
            assert isinstance(failure, CorruptEvent)
            assert damaged == (failure.position, failure.reason)
        assert before - after == len(store.read_all(after, before - after).unwrap())


@pytest.mark.parametrize("after", [0, 1])
def test_a_page_of_commits_that_cannot_be_read_is_named_by_the_first_event_asked_for(
    path: Path, after: int
) -> None:
    with opened(path) as store:
        (root,) = store.connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'commits'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * 1024] = 0
    path.write_bytes(content)
    with opened(path) as store:
        failure = store.read_all(after).failure()
    assert isinstance(failure, CorruptEvent)
    assert (after + 1, "database disk image is malformed") == (failure.position, failure.reason)


def test_control_what_was_not_damaged_is_whole(path: Path) -> None:
    damage(path)
    with opened(path) as store:
        assert 3 == verify_log(store, board).unwrap().position


NOT_FOUND = "its tally is not the one that it is found by"
NOT_THERE = "a commit tells of events that are not there"
UNREAD = {
    "a tally under another number": ("UPDATE commits SET done = 9 WHERE first = 1", 1, NOT_FOUND),
    "a number without a tally": ("UPDATE commits SET done = 9 WHERE first = 3", 3, NOT_FOUND),
    "a commit of nothing": (
        "INSERT INTO commits VALUES (9, 1, 1, 7, 'c9', '', NULL, '', 0)",
        4,
        NOT_THERE,
    ),
    "an empty commit": (
        "INSERT INTO commits VALUES (-5, 1, 1, 7, 'c9', '', NULL, '', 0)",
        4,
        NOT_THERE,
    ),
}


@pytest.mark.parametrize(("statement", "position", "reason"), UNREAD.values(), ids=UNREAD)
def test_what_reading_does_not_see_is_found_when_the_log_is_verified(
    path: Path, statement: str, position: int, reason: str
) -> None:
    damage(path, statement)
    with opened(path) as store:
        assert 3 == len(store.read_all().unwrap())
        failure = verify_log(store, board).failure()
    assert isinstance(failure, CorruptEvent)
    assert (position, reason) == (failure.position, failure.reason)


def test_a_tally_that_is_none_is_named_to_whoever_asks_for_it(path: Path) -> None:
    damage(path, "UPDATE commits SET tally = '[' WHERE first = 1")
    with opened(path) as store:
        failure = store.tally("c1").failure()
    assert isinstance(failure, CorruptEvent)
    assert 1 == failure.position
    assert failure.reason.startswith("its tally: ")


def test_damage_that_sqlite_itself_comes_upon_stands_after_what_was_read() -> None:
    class Damaged:
        def execute(self, *_: object) -> None:
            raise sqlite3.DatabaseError("torn\npage")

    with pytest.raises(CorruptEvent) as caught:
        upkeep.check(cast(sqlite3.Connection, Damaged()), codec, 3)
    assert (4, r"torn\npage") == (caught.value.position, caught.value.reason)


def flip(path: Path, find: bytes, at: int, bit: int = 1) -> None:
    """Flip one bit in the file itself, where ``find`` stands."""
    content = bytearray(path.read_bytes())
    place = content.index(find) + at
    content[place] ^= bit
    path.write_bytes(content)


def as_blob(path: Path, find: bytes, before: bytes = b"") -> None:
    """Change the type of a text in the file itself: it is another value, and reads as before.

    ``before`` is what its row holds next: a short text may stand in an id made by chance as well.
    """
    content = bytearray(path.read_bytes())
    place = content.index(find + before)
    header = content.rindex(bytes([2 * len(find) + 13]), 0, place)
    content[header] = 2 * len(find) + 12
    path.write_bytes(content)


def test_a_text_that_was_made_a_blob_is_found_when_the_log_is_verified(path: Path) -> None:
    as_blob(path, b'{"text":"y"}')
    with opened(path) as store:
        failure = verify_log(store, board).failure()
    assert isinstance(failure, CorruptEvent)
    assert (2, "its data is no text") == (failure.position, failure.reason)


def test_an_id_that_was_made_a_blob_is_found_when_the_log_is_verified(path: Path) -> None:
    """SQLite says only of the database as a whole that something is wrong with it."""
    connection = sqlite3.connect(path)
    select = "SELECT command_id, recorded_at FROM commits WHERE first = 1"
    name, at = connection.execute(select).fetchone()
    connection.close()
    as_blob(path, name.encode(), before=at.encode())
    with opened(path) as store:
        failure = verify_log(store, board).failure()
    assert isinstance(failure, CorruptEvent)
    assert (1, "its command id, its time or its tally is no text") == (
        failure.position,
        failure.reason,
    )


def test_a_commit_behind_the_end_is_found_though_the_sum_is_right(path: Path) -> None:
    damage(
        path,
        "INSERT INTO commits VALUES (9, 1, 1, 7, 'c9', '', NULL, '', 0)",
        "INSERT INTO commits VALUES (-5, -1, 1, 8, 'c9', '', NULL, '', 0)",
    )
    with opened(path) as store:
        failure = verify_log(store, board).failure()
    assert isinstance(failure, CorruptEvent)
    assert 4 == failure.position


def test_the_integrity_of_the_file_itself_is_looked_at(path: Path) -> None:
    """An index that misses a row is seen by nobody who reads the table."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    (index,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'tallies'"
    ).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    page = (index - 1) * size
    assert 10 == content[page]
    content[page + 3 : page + 5] = b"\0\0"  # no cells
    path.write_bytes(content)
    with opened(path) as store:
        failure = verify_log(store, board).failure()
    assert isinstance(failure, CorruptEvent)
    assert 4 == failure.position


def test_a_second_commit_is_chained_to_the_first(path: Path) -> None:
    damage(path, "UPDATE commits SET chained_to = 7 WHERE first = 3")
    with opened(path) as store:
        for result in (store.read_all(), store.read_all(after=2), store.read("b-1")):
            failure = result.failure()
            assert isinstance(failure, CorruptEvent)
            assert 3 == failure.position


def test_a_commit_that_was_written_again_elsewhere_does_not_fit_what_stands_before_it(
    tmp_path: Path,
) -> None:
    """Its own checksums are right: only the link between the commits tells."""
    for name, text in (("one", "x"), ("two", "other")):
        with opened(tmp_path / name) as store:
            store.append("a-1", 0, noted(text)).unwrap()
            store.append("b-1", 0, noted("z")).unwrap()
    connection = sqlite3.connect(tmp_path / "two")
    first = connection.execute("SELECT data, checksum FROM events WHERE position = 1").fetchone()
    commit = connection.execute(
        "SELECT command_id, recorded_at, chained_to FROM commits WHERE first = 1"
    ).fetchone()
    connection.close()
    damage(
        tmp_path / "one",
        f"UPDATE events SET data = '{first[0]}', checksum = {first[1]} WHERE position = 1",
        f"UPDATE commits SET command_id = '{commit[0]}', recorded_at = '{commit[1]}', "
        f"chained_to = {commit[2]} WHERE first = 1",
    )
    with opened(tmp_path / "one") as store:
        failure = store.read_all().failure()
    assert isinstance(failure, CorruptEvent)
    assert (3 - 1, "is not chained to the event before it") == (failure.position, failure.reason)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER events_UPDATE",
        "DROP VIEW log",
        "DROP INDEX tallies",
        "CREATE TABLE more (x)",
        "CREATE TRIGGER eats AFTER INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
        "ALTER TABLE parked ADD COLUMN more TEXT",
    ],
)
def test_tables_that_are_not_as_written_are_found_when_the_log_is_opened(
    path: Path, statement: str
) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    with pytest.raises(CorruptEvent, match="its tables are damaged: not as written: ") as caught:
        opened(path)
    assert 1 == caught.value.position


@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE parked", "ALTER TABLE parked RENAME COLUMN reason TO why"],
    ids=["table", "column"],
)
def test_tables_that_are_changed_while_the_log_is_open_are_damage(
    path: Path, statement: str
) -> None:
    with opened(path) as store:
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.close()
        failure = store.notes().failure()
    assert isinstance(failure, CorruptEvent)
    assert f"{path}: no such " in failure.reason


@pytest.mark.parametrize(
    "find",
    [
        b"CREATE TABLE events (",
        b"CREATE UNIQUE INDEX tallies",
        b"CREATE VIEW log",
        b"CREATE TRIGGER",
    ],
)
@pytest.mark.parametrize("at", [0, 3, 9, 15])
def test_a_flipped_byte_in_the_text_of_the_schema_is_a_corrupt_log(
    path: Path, find: bytes, at: int
) -> None:
    for bit in (1, 4, 32, 128):
        whole = path.read_bytes()
        flip(path, find, at, bit)
        with pytest.raises(CorruptEvent) as caught:
            opened(path).close()
        assert "\n" not in str(caught.value)
        path.write_bytes(whole)


def test_a_saved_fold_that_was_changed_is_not_believed(path: Path) -> None:
    saved = Saved(3, "v1", b'{"x":1}')
    with opened(path) as store:
        store.save("todos", saved).unwrap()
        assert saved == store.load("todos", "v1").unwrap()
    for statement in (
        "UPDATE saved SET content = '{\"x\":2}'",
        "UPDATE saved SET position = 2",
        "UPDATE saved SET name = 'view:x'",
        "UPDATE saved SET seal = 'x'",
    ):
        whole = path.read_bytes()
        damage(path, statement)
        with opened(path) as store:
            assert store.load("todos", "v1").unwrap() is None
            assert store.load("view:x", "v1").unwrap() is None
        path.write_bytes(whole)


def test_a_saved_fold_of_another_log_is_not_believed(tmp_path: Path) -> None:
    """Two logs of one length, of which one stands where the other's fold was saved."""
    saved = Saved(1, "v1", b"[1]")
    for name in ("one", "two"):
        with opened(tmp_path / name) as store:
            store.append("a-1", 0, noted(name)).unwrap()
    with opened(tmp_path / "one") as store:
        store.save("todos", saved).unwrap()
    connection = sqlite3.connect(tmp_path / "one")
    row = connection.execute("SELECT * FROM saved").fetchone()
    connection.close()
    other = sqlite3.connect(tmp_path / "two")
    other.execute("INSERT INTO saved VALUES (?, ?, ?, ?)", row)
    other.commit()
    other.close()
    with opened(tmp_path / "two") as store:
        assert store.load("todos", "v1").unwrap() is None
    with opened(tmp_path / "one") as store:
        assert saved == store.load("todos", "v1").unwrap()
