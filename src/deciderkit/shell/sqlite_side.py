"""What stands beside the log in the same file: parked to-dos and saved views. None of it is the truth."""

from __future__ import annotations

from hashlib import blake2b

from returns.io import IOResult

from deciderkit.shell.event_store import StoreError
from deciderkit.shell.parking import Note, Notes
from deciderkit.shell.saved_views import Saved
from deciderkit.shell.sqlite import SqliteEventStore
from deciderkit.shell.sqlite_rows import text


class SqliteParking:
    """Parked to-dos in the file of ``store``, as `Parking` describes them."""

    def __init__(self, store: SqliteEventStore) -> None:
        self._store = store

    def notes(self) -> IOResult[Notes, StoreError]:
        """See `Parking.notes`."""
        return self._store.guard(self._notes)

    def park(self, note: Note) -> IOResult[None, StoreError]:
        """See `Parking.park`."""
        return self._change(
            "INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?)",
            (note.policy, note.key, note.position, note.reason),
        )

    def unpark(self, policy: str, key: str) -> IOResult[None, StoreError]:
        """See `Parking.unpark`."""
        return self._change("DELETE FROM parked WHERE policy = ? AND key = ?", (policy, key))

    def _notes(self) -> Notes:
        rows = self._store.connection.execute(
            "SELECT policy, key, position, reason FROM parked ORDER BY position, policy"
        )
        return tuple(
            Note(text(policy), text(key), position, text(reason))
            for policy, key, position, reason in rows
        )

    def _change(self, statement: str, values: tuple[object, ...]) -> IOResult[None, StoreError]:
        return self._store.guard(lambda: self._store.change(statement, values))


class SqliteSavedViews:
    """Saved folds in the file of ``store``, as `SavedViews` describes them.

    In the place of its fingerprint a row has its `seal`: what does not fit it is as good as not there.
    """

    def __init__(self, store: SqliteEventStore) -> None:
        self._store = store

    def load(self, name: str, fingerprint: str) -> IOResult[Saved | None, StoreError]:
        """See `SavedViews.load`."""
        return self._store.guard(lambda: self._load(name, fingerprint))

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """See `SavedViews.save`."""
        return self._store.guard(lambda: self._save(name, saved))

    def forget(self) -> IOResult[None, StoreError]:
        """See `SavedViews.forget`."""
        return self._store.guard(lambda: self._store.change("DELETE FROM saved", ()))

    def _load(self, name: str, fingerprint: str) -> Saved | None:
        row = self._store.connection.execute(
            "SELECT position, fingerprint, content FROM saved WHERE name = ?", (name,)
        ).fetchone()
        if row is None or not isinstance(row[2], bytes):
            return None
        saved = Saved(row[0], fingerprint, row[2])
        return saved if row[1] == self._seal(name, saved).encode() else None

    def _save(self, name: str, saved: Saved) -> None:
        self._store.change(
            "INSERT INTO saved VALUES (?, ?, ?, CAST(? AS TEXT)) ON CONFLICT (name) DO UPDATE SET "
            "position = excluded.position, fingerprint = excluded.fingerprint, "
            "content = excluded.content",
            (name, saved.position, self._seal(name, saved), saved.content),
        )

    def _seal(self, name: str, saved: Saved) -> str:
        return seal(name, saved, self._store.reading.checksum(saved.position))


def seal(name: str, saved: Saved, checksum: int) -> str:
    """A digest of ``saved``, its name, and the log up to its position, which ``checksum`` stands for.

    The checksum of an event is chained to all events before it, so what another log led to, or this
    one before somebody rewrote it, has another seal. Like the checksums it is a guard against decay
    and mishaps, not against somebody who wants to forge.
    """
    said = "\0".join((name, str(saved.position), saved.fingerprint, str(checksum), ""))
    return blake2b(said.encode() + saved.content, digest_size=16).hexdigest()
