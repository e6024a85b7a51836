"""What stands beside the log in the same file: parked to-dos and saved views. None of it is the truth."""

from __future__ import annotations

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
    """Saved folds in the file of ``store``, as `SavedViews` describes them."""

    def __init__(self, store: SqliteEventStore) -> None:
        self._store = store

    def load(self, name: str) -> IOResult[Saved | None, StoreError]:
        """See `SavedViews.load`."""
        return self._store.guard(lambda: self._load(name))

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """See `SavedViews.save`."""
        return self._change(
            "INSERT INTO saved VALUES (?, ?, ?, CAST(? AS TEXT)) ON CONFLICT (name) DO UPDATE SET "
            "position = excluded.position, fingerprint = excluded.fingerprint, "
            "content = excluded.content",
            (name, saved.position, saved.fingerprint, saved.content),
        )

    def forget(self) -> IOResult[None, StoreError]:
        """See `SavedViews.forget`."""
        return self._change("DELETE FROM saved", ())

    def _load(self, name: str) -> Saved | None:
        row = self._store.connection.execute(
            "SELECT position, fingerprint, content FROM saved WHERE name = ?", (name,)
        ).fetchone()
        return Saved(row[0], text(row[1]), row[2]) if row else None

    def _change(self, statement: str, values: tuple[object, ...]) -> IOResult[None, StoreError]:
        return self._store.guard(lambda: self._store.change(statement, values))
