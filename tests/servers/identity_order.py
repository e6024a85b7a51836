"""A known-bad store: the server numbers its rows as they are inserted, and shows them when they are committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from returns.result import Failure, Result, Success

from deciderkit.log.pages import Page
from deciderkit.log.recorded import Recorded
from deciderkit.shell import Conflict
from deciderkit.testing.store_contract import Noted


class IdentityOrder:
    """The store on one table; several at once are not held apart."""

    def __init__(self, url: str, table: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._table = table

    @staticmethod
    def made(url: str, table: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(
                f"CREATE TABLE {table} (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                "stream text, version bigint, data text, UNIQUE (stream, version))"
            )

    def append(
        self, stream: str, expected_version: int, events: Sequence[Noted]
    ) -> Result[Page, Any]:
        asked = f"SELECT coalesce(max(version), 0) FROM {self._table} WHERE stream = %s"
        insert = f"INSERT INTO {self._table} (stream, version, data) VALUES (%s, %s, %s) RETURNING position"
        page: list[Recorded[Any]] = []
        try:
            with self._connection.transaction():
                (version,) = self._connection.execute(asked, (stream,)).fetchone() or (0,)
                if version != expected_version:
                    return Failure(Conflict(stream, expected_version, version))
                for place, event in enumerate(events, expected_version + 1):
                    row = self._connection.execute(insert, (stream, place, event.text)).fetchone()
                    assert row is not None
                    page.append(Recorded(row[0], stream, place, event, "c", "2026"))
        except psycopg.errors.UniqueViolation:
            return Failure(Conflict(stream, expected_version, expected_version))
        return Success(tuple(page))

    def read_all(self, after: int = 0, limit: int = 1_000) -> Result[Page, Any]:
        rows = self._connection.execute(
            f"SELECT position, stream, version, data FROM {self._table} WHERE position > %s "
            "ORDER BY position LIMIT %s",
            (after, limit),
        )
        return Success(
            tuple(
                Recorded(position, stream, version, Noted(data), "c", "2026")
                for position, stream, version, data in rows
            )
        )

    def __enter__(self) -> IdentityOrder:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
