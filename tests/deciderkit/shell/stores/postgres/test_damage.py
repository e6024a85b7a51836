"""What somebody changed in the tables, past all that keeps him from it, is found and told with its place."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import psycopg
import pytest
from returns.result import Failure

from deciderkit.log.errors import CorruptEvent
from deciderkit.shell import Dispatcher, EventStore, Saved, open_store, verify_log, whole_log
from deciderkit.shell.stores.postgres.address import address_of
from deciderkit.testing.postgres import PostgresServer
from tests.deciderkit.bank import bank, whole_bank
from tests.faults.harness import CODEC, deposited, overdraw

Change = Callable[[str], None]

CHANGES = {
    "data": ("UPDATE events SET data = replace(data, '9', '8') WHERE position = 5", 5),
    "checksum": ("UPDATE events SET checksum = checksum + 1 WHERE position = 5", 5),
    "kind": (
        "UPDATE events SET kind = (SELECT id FROM kinds WHERE type = 'FeeCharged') WHERE position = 4",
        4,
    ),
    "unknown kind": ("UPDATE events SET kind = 7 WHERE position = 4", 4),
    "name of a kind": ("UPDATE kinds SET type = 'Other' WHERE type = 'Withdrawn'", 1),
    "missing": ("DELETE FROM events WHERE position = 5", 5),
    "the first is missing": ("DELETE FROM events WHERE position = 1", 1),
    "the last is missing": ("DELETE FROM events WHERE position = 9", 9),
    "moved": ("UPDATE events SET position = 99 WHERE position = 9", 9),
    "exchanged": (
        "UPDATE events e SET data = o.data, kind = o.kind, checksum = o.checksum FROM events o "
        "WHERE e.position + o.position = 5 + 8 AND e.position IN (5, 8)",
        5,
    ),
    "command id": ("UPDATE commits SET command_id = 'c9' WHERE first = 4", 4),
    "time": ("UPDATE commits SET recorded_at = '2027-01-01T00:00:00+00:00' WHERE first = 4", 4),
    "tally": ("UPDATE commits SET tally = replace(tally, '1', '2') WHERE first = 4", 4),
    "no tally": ("UPDATE commits SET tally = '', done = NULL WHERE first = 4", 4),
    "found by another tally": ("UPDATE commits SET done = 9 WHERE first = 4", 4),
    "version": ("UPDATE commits SET version = 77 WHERE first = 4", 4),
    "size": ("UPDATE commits SET size = 3 WHERE first = 4", 4),
    "stream": ("UPDATE streams SET name = 'account-9' WHERE name = 'account-2'", 4),
    "link": ("UPDATE commits SET link = 'aaaa' WHERE first = 4", 4),
    "no link": ("UPDATE commits SET link = '' WHERE first = 1", 1),
    "a commit is missing": ("DELETE FROM commits WHERE first = 4", 4),
    "a commit too many": (
        "INSERT INTO commits VALUES (10, 2, 1, 99, 'c', 'now', NULL, '', 'x')",
        10,
    ),
}


@pytest.fixture
def log(server_log: str) -> str:
    """Nine events in six commits: three withdrawals that overdraw, each with its fee."""
    with open_store(server_log, CODEC) as store:
        for account in (1, 2, 3):
            dispatcher = Dispatcher(bank, store)
            dispatcher.dispatch([overdraw(account, 9)], command_id=f"c{account}").unwrap()
    return server_log


@pytest.fixture
def change(log: str, server: PostgresServer) -> Change:
    """Changes the tables as only a superuser can, who switches the guards off."""
    schema = address_of(log).schema

    def done(statement: str) -> None:
        with psycopg.connect(server.url()) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(f"SET search_path = {schema}")
            assert 0 < admin.execute(statement).rowcount

    return done


def found(store: EventStore) -> int:
    verified = verify_log(store, whole_bank)
    if not isinstance(verified, Failure):
        return 0
    error = verified.failure()
    assert isinstance(error, CorruptEvent), error
    return error.position


def test_a_log_that_nobody_changed_is_whole(log: str) -> None:
    with open_store(log, CODEC) as store:
        assert 0 == found(store)
        assert 9 == store.head().unwrap()


@pytest.mark.parametrize(("statement", "position"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found_where_it_is(
    log: str, change: Change, statement: str, position: int
) -> None:
    change(statement)
    with open_store(log, CODEC) as store:
        assert position == found(store)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_page_that_begins_anywhere_checks_that_it_follows(
    log: str, change: Change, limit: int
) -> None:
    with open_store(log, CODEC) as store:
        pages = [store.read_all(after, limit).unwrap() for after in range(9)]
        assert [tuple(range(after + 1, min(after + limit, 9) + 1)) for after in range(9)] == [
            tuple(each.position for each in page) for page in pages
        ]
        change("UPDATE commits SET link = 'aaaa' WHERE first = 4")
        told = [after for after in range(9) if isinstance(store.read_all(after, limit), Failure)]
        concerned = [
            after for after in range(9) if any(after < first <= after + limit for first in (4, 6))
        ]
        assert concerned == told, "the commit itself, and the one that is linked to it"


def test_a_changed_digit_is_found_wherever_it_is(log: str, change: Change) -> None:
    """In the data of 40 events, each changed by one character and changed back."""
    with open_store(log, CODEC) as store:
        store.append("account-4", 0, [deposited(4, 1_000 + n) for n in range(40)]).unwrap()
        chance = Random(4)
        for position in range(10, 50):
            place = chance.randrange(10, 20)
            data = f"overlay(data placing chr(ascii(substr(data, {place})) # 1) from {place})"
            flip = f"UPDATE events SET data = {data} WHERE position = {position}"
            change(flip)
            assert position == found(store)
            change(flip)
        assert 0 == found(store)


def test_folds_of_a_log_that_was_written_anew_are_not_trusted(log: str, change: Change) -> None:
    with open_store(log, CODEC) as store:
        saved = Saved(9, "v1", b"[]")
        store.save("todos", saved).unwrap()
        assert saved == store.load("todos", "v1").unwrap()
        change("UPDATE saved SET content = 'x'")
        assert store.load("todos", "v1").unwrap() is None
        store.save("todos", saved).unwrap()
        change("UPDATE commits SET link = 'aaaa' WHERE first = 9")
        assert store.load("todos", "v1").unwrap() is None


def test_a_stream_is_checked_by_itself(log: str, change: Change) -> None:
    change("UPDATE events SET data = replace(data, '9', '8') WHERE position = 4")
    with open_store(log, CODEC) as store:
        assert 3 == len(store.read("account-1").unwrap())
        error = store.read("account-2").failure()
        assert isinstance(error, CorruptEvent)
        assert 4 == error.position
        assert 3 == len(list(whole_log(store, after=6)))
