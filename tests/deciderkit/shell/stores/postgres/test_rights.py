"""Least rights: who may append cannot change or delete, and who may read cannot append."""

from __future__ import annotations

from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from returns.pipeline import is_successful

from deciderkit.shell import Dispatcher, Saved, StoreFailure, create_store, open_store, verify_log
from deciderkit.shell.stores.postgres.address import address_of
from deciderkit.testing.postgres import PostgresServer
from tests.deciderkit.bank import bank, whole_bank
from tests.faults.harness import CODEC, deposited, overdraw

_numbers = count(1)
CHANGES = (
    "UPDATE {schema}.events SET data = '{}'",
    "DELETE FROM {schema}.events",
    "DELETE FROM {schema}.commits WHERE first = 1",
    "TRUNCATE {schema}.events",
    "UPDATE {schema}.streams SET name = 'other-1'",
    "UPDATE {schema}.kinds SET type = 'Other'",
    "DROP TABLE {schema}.events",
    "ALTER TABLE {schema}.events DISABLE TRIGGER ALL",
)
WRITES = (
    "INSERT INTO {schema}.events VALUES (99, 1, 1, '{}')",
    "INSERT INTO {schema}.kinds VALUES (99, 'Other', 1)",
    "INSERT INTO {schema}.parked VALUES (99, 'x@1', 'because')",
    "CREATE TABLE {schema}.mine (id int)",
    "UPDATE {schema}.about SET version = 2",
    "SELECT {schema}.restore(2, 'a-1', 1, 'c', 'now', NULL, '', true, '{1}', '{1}', '{}')",
)


@pytest.fixture
def url(server_log: str, server: PostgresServer) -> str:
    """A log that two roles may use: ``app``, which appends, and ``auditor``, which reads."""
    number = next(_numbers)
    with psycopg.connect(server.url(), autocommit=True) as admin:
        for role in (f"app{number}", f"auditor{number}"):
            admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'pw'")
    create_store(server_log, writers=[f"app{number}"], readers=[f"auditor{number}"])
    with open_store(server_log, CODEC) as store:
        Dispatcher(bank, store).dispatch([overdraw(1)]).unwrap()
    return server_log


def as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}{_last()}:pw@{place}"))


def _last() -> int:
    """The number of the roles that were made last."""
    return int(repr(_numbers)[6:-1]) - 1


def test_who_may_append_does_all_that_a_dispatcher_does(url: str) -> None:
    with open_store(as_role(url, "app"), CODEC) as store:
        report = Dispatcher(bank, store).dispatch([overdraw(2)] * 3, command_id="c1").unwrap()
        assert 3 == report.carried_out
        store.park("charge-fee@1", "no money").unwrap()
        store.let_go(["charge-fee@1"]).unwrap()
        store.settled(["charge-fee@1"]).unwrap()
        store.save("todos", Saved(1, "v1", b"[]")).unwrap()
        assert Saved(1, "v1", b"[]") == store.load("todos", "v1").unwrap()
        verify_log(store, whole_bank).unwrap()


@pytest.mark.parametrize("statement", [*CHANGES, *WRITES])
def test_who_may_append_can_do_nothing_but_through_the_functions(url: str, statement: str) -> None:
    refused(as_role(url, "app"), statement)


@pytest.mark.parametrize("statement", CHANGES[:6])
def test_even_the_owner_is_kept_from_changing_the_log_by_mistake(url: str, statement: str) -> None:
    refused(url, statement, "the log is never changed")


@pytest.mark.parametrize("statement", [*CHANGES, *WRITES])
def test_who_may_read_can_only_read(url: str, statement: str) -> None:
    refused(as_role(url, "auditor"), statement)


def test_who_may_read_reads_and_is_told_that_it_may_not_append(url: str) -> None:
    with open_store(as_role(url, "auditor"), CODEC) as store:
        verify_log(store, whole_bank).unwrap()
        failure = store.append("account-1", 3, [deposited(1)]).failure()
        assert "permission denied" in str(failure)
        assert "permission denied" in str(store.park("x@1", "because").failure())
        assert is_successful(store.head())


def test_who_may_do_nothing_is_told_so(url: str, server: PostgresServer) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE stranger{_last()} LOGIN PASSWORD 'pw'")
    with (
        pytest.raises(StoreFailure, match="may not read it: expected it among"),
        open_store(as_role(url, "stranger"), CODEC),
    ):
        pass


def test_a_function_of_somebody_elses_is_not_run_with_the_rights_of_the_owner(
    url: str, server: PostgresServer
) -> None:
    """A writer with a schema of its own puts an operator in the way; the functions do not see it."""
    role = f"app{_last()}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {role} AUTHORIZATION {role}")
    with psycopg.connect(as_role(url, "app").partition("?")[0], autocommit=True) as writer:
        writer.execute(f"SET search_path = {role}, pg_catalog")
        writer.execute(
            f"CREATE FUNCTION {role}.evil(text, text) RETURNS boolean LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'run as %', current_user; END $$"
        )
        writer.execute(
            f"CREATE OPERATOR {role}.= (FUNCTION = {role}.evil, LEFTARG = text, RIGHTARG = text)"
        )
        asked = "('account-9', 0, 'c9', 0, 1, '', '2026', '{}', '{}', '')"
        said = writer.execute(f"SELECT {address_of(url).schema}.append{asked}").fetchone()
        assert "recorded" in str(said)
        with pytest.raises(psycopg.Error, match="run as"):
            writer.execute("SELECT 'a'::text = 'b'::text")


def test_a_role_that_is_not_there_is_told(url: str) -> None:
    with pytest.raises(StoreFailure, match="expected a role that exists"):
        create_store(url, writers=["nobody-knows; DROP"])


def refused(url: str, statement: str, said: str = "") -> None:
    filled = statement.replace("{schema}", address_of(url).schema)
    with psycopg.connect(url.partition("?")[0], autocommit=True) as connection:
        with pytest.raises(psycopg.Error) as raised:
            connection.execute(filled)
        words = (said,) if said else ("permission denied", "must be owner")
        assert any(each in str(raised.value) for each in words), str(raised.value)
        (size,) = connection.execute(
            f"SELECT count(*) FROM {address_of(url).schema}.log"
        ).fetchone() or (0,)
        assert 3 == size
