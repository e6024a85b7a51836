"""What the rows of an embedded log are: commits, and the kinds of events in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from deciderkit.log.chain import head_sum, kind_sum
from deciderkit.log.codec import WRONG_DATA, Codec, CorruptEvent

Row: TypeAlias = tuple[int, int, bytes, int]
"""Position, kind, data and checksum of an event."""

COMMIT_COLUMNS = (
    "SELECT first, size, version, streams.name, command_id, recorded_at, chained_to "
    "FROM commits JOIN streams ON streams.id = commits.stream "
)


class Commit(NamedTuple):
    """What the events share that were recorded together."""

    first: int
    size: int
    version: int
    stream: str
    command_id: str
    recorded_at: str
    chained_to: int

    @staticmethod
    def of(row: tuple[Any, ...]) -> Commit:
        """The commit in a row of `COMMIT_COLUMNS`. Raises ``TypeError`` for one that was not written."""
        first, size, version, stream, command_id, recorded_at, chained_to = row
        if not all(isinstance(each, int) for each in (first, size, version, chained_to)):
            raise TypeError
        if any(b"\0" in each for each in (stream, command_id, recorded_at)):
            raise TypeError
        return Commit(
            first, size, version, text(stream), text(command_id), text(recorded_at), chained_to
        )

    def seed(self) -> int:
        """What the checksum of the first event starts from."""
        place = (self.first, self.size, self.version)
        return head_sum(self.chained_to, place, self.stream, self.command_id, self.recorded_at)


def text(stored: bytes) -> str:
    """A text of the file; bytes that are no text survive, to fail their checksum."""
    return stored.decode(errors="surrogateescape")


class Kinds:
    """The types of events in one file: what each adds to a checksum, and how it is decoded."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec) -> None:
        self._connection = connection
        self._codec = codec
        self._known: dict[int, tuple[int, Callable[[bytes], Any]]] = {}
        self._ids: dict[tuple[str, int], tuple[int, int]] = {}

    def known(self, position: int, kind: int) -> tuple[int, Callable[[bytes], Any]]:
        """Checksum part and decoder of ``kind``, which the event at ``position`` is of."""
        if kind not in self._known:
            row = self._connection.execute(
                "SELECT type, schema FROM kinds WHERE id = ?", (kind,)
            ).fetchone()
            if row is None:
                raise CorruptEvent(position, f"unknown kind {kind}: expected one that is stored")
            name, schema = text(row[0]), row[1]
            self._known[kind] = kind_sum(name, schema), self._decoder(name, schema)
        return self._known[kind]

    def of(self, name: str, schema: int) -> tuple[int, int]:
        """Id and checksum part for an event to be written; asked inside a transaction."""
        found = self._ids.get((name, schema))
        if found is None:
            self._connection.execute(
                "INSERT OR IGNORE INTO kinds (type, schema) VALUES (?, ?)", (name, schema)
            )
            row = self._connection.execute(
                "SELECT id FROM kinds WHERE type = ? AND schema = ?", (name, schema)
            ).fetchone()
            found = self._ids[name, schema] = row[0], kind_sum(name, schema)
        return found

    def forget(self) -> None:
        """Take back what a transaction that failed has added."""
        self._ids.clear()
        self._known.clear()

    def _decoder(self, name: str, schema: int) -> Callable[[bytes], Any]:
        try:
            return self._codec.decoder(name, schema)
        except WRONG_DATA as error:
            reason = str(error)

            def refuse(data: bytes) -> Any:
                raise ValueError(reason)

            return refuse
