"""The read models, each folded by itself from where it stands, when somebody asks for it.

A view that cannot take an event stays as it was before it and is named with the reason; every other
view, of another projection or another key, goes on.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from pyrsistent import PMap

from deciderkit.board import Board
from deciderkit.ids import key_text
from deciderkit.log.answers import value
from deciderkit.log.port import EventStore
from deciderkit.projection import Projection
from deciderkit.read_models import UnreadView, Views, after
from deciderkit.shell.saved import SavedView

V = TypeVar("V")


class Viewing:
    """Folds the projections of ``board`` over the log in ``store``."""

    def __init__(self, board: Board, store: EventStore, version: str) -> None:
        self._board = board
        self._store = store
        self._version = version
        self._views: dict[str, Views] = {}
        self._saved: dict[str, SavedView] = {}

    def view(self, projection: Projection[V], key: object) -> V:
        """The view of ``projection`` for ``key``, up to the end of the log.

        Raises ``LookupError`` for a projection that does not stand on the board.
        """
        return cast(V, self._current(projection).by_key.get(key_text(key), projection.initial))

    def views(self, projection: Projection[V]) -> PMap[str, V]:
        """All views of ``projection`` by their key, up to the end of the log."""
        return self._current(projection).by_key

    def unread(self) -> tuple[UnreadView, ...]:
        """The views that an event stopped, in the order of the log."""
        found = [
            each
            for projection in self._board.projections
            for each in self._current(projection).unread.values()
        ]
        return tuple(sorted(found, key=lambda each: each.position))

    def _current(self, projection: Projection[Any]) -> Views:
        if projection not in self._board.projections:
            raise LookupError(
                f"no projection {projection.name!r} on this board: expected one of it"
            )
        name = projection.name
        if name not in self._views:
            self._saved[name] = SavedView(projection, self._store, self._version)
            position, by_key = self._saved[name].load()
            self._views[name] = Views(position, by_key)
        views = self._views[name]
        while page := value(self._store.read_all(views.position)):
            views = self._views[name] = after(projection, page, views)
        if not views.unread:
            self._saved[name].keep(views.position, views.by_key)
        return views
