"""Making a log on a server, and bringing its tables up to date: on request only, in one transaction."""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg import errors, sql

from deciderkit.log.answers import StoreFailure
from deciderkit.shell.stores.postgres import tables
from deciderkit.shell.stores.postgres.address import Address, address_of
from deciderkit.shell.stores.postgres.connections import Connection, told

_is_role = re.compile(r"\A[^\x00-\x1f]{1,63}\Z").search
_UNICODE: Final = (
    "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
)


def create(url: str, writers: tuple[str, ...], readers: tuple[str, ...]) -> int:
    """Make or update the log at ``url``; see `create_store`."""
    address = address_of(url)
    try:
        with psycopg.connect(**address.connection) as connection:
            return _create(connection, address, writers, readers)
    except errors.UndefinedObject as error:
        raise StoreFailure(f"{told(address, error)}: expected a role that exists") from None
    except psycopg.Error as error:
        raise StoreFailure(told(address, error)) from None


def version_at(connection: Connection, schema: str) -> int:
    """The version of the tables in ``schema``, 0 for none."""
    try:
        found = connection.execute(f"SELECT version FROM {schema}.about").fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return 0
    return int(found[0]) if found else 0


def check_version(connection: Connection, address: Address) -> None:
    """Raise `StoreFailure` where the tables are not those that this program reads, with the way out."""
    try:
        version = version_at(connection, address.schema)
    except errors.InsufficientPrivilege:
        raise StoreFailure(
            f"{address.text}: this role may not read it: expected it among the readers or writers "
            "that the log was created for"
        ) from None
    if version == tables.VERSION:
        return
    if version > tables.VERSION:
        raise StoreFailure(
            f"{address.text}: its tables are of version {version}: expected up to {tables.VERSION}, "
            "which this program knows; a newer deciderkit reads it"
        )
    what = f"its tables are of version {version}" if version else "there is no log"
    raise StoreFailure(
        f"{address.text}: {what}: expected one that was made with 'deciderkit store create'"
    )


def _create(
    connection: Connection, address: Address, writers: tuple[str, ...], readers: tuple[str, ...]
) -> int:
    schema = address.schema
    (encoding,) = connection.execute(_UNICODE).fetchone() or ("",)
    if encoding != "UTF8":
        raise StoreFailure(f"{address.text}: its encoding is {encoding}: expected UTF8")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (tables.lock_of(schema),))
    with connection.transaction() as attempt:
        before = version_at(connection, schema)
        if before == 0:
            raise psycopg.Rollback(attempt)
    if before > tables.VERSION:
        check_version(connection, address)
    for number, step in enumerate(tables.MIGRATIONS[before:], start=before + 1):
        for statement in step:
            connection.execute(tables.filled_in(statement, schema))
        connection.execute(f"UPDATE {schema}.about SET version = %s", (number,))
    for role, grant in _grants(writers, readers):
        name = sql.Identifier(role).as_string(connection)
        connection.execute(tables.filled_in(grant, schema).replace("{role}", name))
    return before


def _grants(writers: tuple[str, ...], readers: tuple[str, ...]) -> list[tuple[str, str]]:
    asked = [(role, tables.GRANT_APPEND) for role in writers]
    asked += [(role, tables.GRANT_READ) for role in readers]
    for role, _ in asked:
        if not _is_role(role):
            raise StoreFailure(f"bad role {role[:60]!a}: expected the name of one on the server")
    return asked
