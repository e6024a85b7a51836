"""Opening a log on a server, and making one: what is refused, in which words, and that no password is among them."""

from __future__ import annotations

import builtins
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from deciderkit.shell import EventStore, MemoryEventStore, StoreFailure, create_store, open_store
from deciderkit.shell.stores.postgres import tables
from deciderkit.shell.stores.postgres.address import address_of
from deciderkit.testing.postgres import PostgresServer
from deciderkit.testing.store_contract import codec, events, noted

SECRET = "s3cret"


def refused(url: str) -> str:
    with pytest.raises(StoreFailure) as raised, open_store(url, codec):
        pass
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_the_same_lines_work_on_a_file_and_on_a_server(server_log: str, tmp_path: Path) -> None:
    def told(store: EventStore) -> list[Any]:
        store.append("a-1", 0, noted("x", "y")).unwrap()
        return [events(store.read("a-1").unwrap()), store.head().unwrap()]

    logs: list[list[Any]] = []
    for where in (":memory:", str(tmp_path / "log"), server_log):
        with open_store(where, codec) as store:
            logs.append(told(store))
    assert logs[0] == logs[1] == logs[2]
    with open_store(":memory:", codec) as store:
        assert isinstance(store, MemoryEventStore)


def test_a_database_without_a_log_says_how_one_is_made(server: PostgresServer) -> None:
    said = refused(f"{server.url()}?schema=nobody_made_it")
    place = f"postgresql://postgres@127.0.0.1:{server.port}/postgres?schema=nobody_made_it"
    assert (
        f"{place}: there is no log: expected one that was made with 'deciderkit store create'"
        == said
    )


def test_making_is_asked_for_and_says_what_was_there_before(server: PostgresServer) -> None:
    url = f"{server.url()}?schema=made_twice"
    assert [0, 1, 1] == [create_store(url) for _ in range(3)]
    with open_store(url, codec) as store:
        store.append("a-1", 0, noted("x")).unwrap()
    assert 1 == create_store(url)
    with open_store(url, codec) as store:
        assert 1 == store.head().unwrap()


def test_several_that_make_one_at_once_make_one(server: PostgresServer) -> None:
    url = f"{server.url()}?schema=made_at_once"
    with ThreadPoolExecutor(4) as pool:
        before = list(pool.map(create_store, [url] * 4))
    assert [0, 1, 1, 1] == sorted(before)


def test_what_cannot_be_made_as_a_whole_is_not_made_at_all(server: PostgresServer) -> None:
    url = f"{server.url()}?schema=half_made"
    steps = [(*tables.MIGRATIONS[0], "SELECT 1 / 0")]
    with patch.object(tables, "MIGRATIONS", steps), pytest.raises(StoreFailure, match="by zero"):
        create_store(url)
    assert "there is no log" in refused(url)
    assert 0 == create_store(url)


def test_a_newer_log_is_refused_by_both(server_log: str, server: PostgresServer) -> None:
    schema = address_of(server_log).schema
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"UPDATE {schema}.about SET version = 7")
    assert "version 7: expected up to 1" in refused(server_log)
    with pytest.raises(StoreFailure, match="version 7: expected up to 1"):
        create_store(server_log)


def test_an_older_log_is_brought_up_to_date_on_request(
    server_log: str, server: PostgresServer
) -> None:
    schema = address_of(server_log).schema
    steps = (*tables.MIGRATIONS, ("CREATE TABLE {schema}.of_tomorrow (id int)",))
    with patch.object(tables, "MIGRATIONS", steps), patch.object(tables, "VERSION", 2):
        assert "of version 1: expected one that was made" in refused(server_log)
        assert [1, 2] == [create_store(server_log) for _ in range(2)]
        with open_store(server_log, codec) as store:
            assert 0 == store.head().unwrap()
    with psycopg.connect(server.url()) as admin:
        admin.execute(f"SELECT id FROM {schema}.of_tomorrow")


def test_two_logs_in_one_database_know_nothing_of_each_other(new_log: Callable[[], str]) -> None:
    with open_store(new_log(), codec) as one, open_store(new_log(), codec) as other:
        one.append("a-1", 0, noted("x")).unwrap()
        one.park("call@1", "no line").unwrap()
        assert 0 == other.head().unwrap()
        assert () == other.notes().unwrap()


def test_a_wrong_password_is_told_without_any(server: PostgresServer) -> None:
    url = server.url().replace(server.url().split(":")[2].split("@")[0], SECRET)
    assert "password authentication failed" in refused(url)


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        said = refused(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/mars")
    assert said.startswith(f"postgresql://ann@127.0.0.1:{port}/mars: ")
    assert "refused" in said


def test_an_encrypted_connection_is_asked_for_as_everywhere(server_log: str) -> None:
    assert "SSL" in refused(f"{server_log}&sslmode=require")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://h/db?schema=Mars", "bad schema 'Mars'"),
        ("postgresql://h/db?schema=a;drop", "bad schema"),
        ("postgresql://h/db?schema=pg_log", "bad schema"),
        ("postgresql://h/db?schema=", "bad schema"),
        (f"postgresql://h/db?schema={'a' * 49}", "bad schema"),
        ("postgresql://h/db?prepare=maybe", "bad prepare"),
        (f"postgresql://ann:{SECRET}@h/db?colour=red", "no address of a server"),
        (f"postgresql://ann:{SECRET}@[::1/db", "no address of a server"),
        ("postgresql://h:port/db", "port"),
    ],
)
def test_what_is_no_address_is_refused(url: str, said: str) -> None:
    assert said in refused(url)


def test_a_database_with_another_encoding_is_refused(server: PostgresServer) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0")
    with pytest.raises(StoreFailure, match="encoding is LATIN1: expected UTF8"):
        create_store(server.url("latin"))


def test_a_file_is_not_made_on_request() -> None:
    with pytest.raises(StoreFailure, match=r"'mars.db' is no server"):
        create_store("mars.db")


def test_without_the_extra_it_says_which() -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("deciderkit.shell.stores.postgres"):
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *rest)

    with patch.object(builtins, "__import__", without):
        assert "pip install 'mars-rover-decider[postgres]'" in refused("postgresql://h/db")
        with pytest.raises(StoreFailure, match="needs an extra"):
            create_store("postgresql://h/db")
