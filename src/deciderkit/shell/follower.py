"""Follows the log with policies and projections, and goes on where one event is poison to a view.

A view that cannot take an event stays as it was before it and is named with the reason; every other
view, of another projection or another key, goes on. Once the fold is mended, reading the log again
brings the view up to date in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import Struct

from deciderkit.board import Board, BoardState
from deciderkit.projection import Projection


class UnreadView(Struct, frozen=True):
    """A view that stands still before the event at ``position``, which it cannot take."""

    projection: str
    key: str
    position: int
    reason: str


class Follower:
    """Reads events into the to-dos and views of ``board``."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._without: dict[tuple[str, ...], Board] = {}
        self._unread: dict[tuple[str, str], UnreadView] = {}

    @property
    def unread(self) -> tuple[UnreadView, ...]:
        """The views that an event stopped, in the order of the log."""
        return tuple(self._unread.values())

    def follow(self, events: Sequence[Any], reading: BoardState) -> BoardState:
        """What ``reading`` becomes by ``events``."""
        if not self._unread:
            try:
                return self._board.follow(events, reading)
            except Exception:  # whatever a fold raises: the careful way finds the one that did
                pass
        for event in events:
            reading = self._careful(event, reading)
        return reading

    def _careful(self, event: Any, reading: BoardState) -> BoardState:
        stopped = tuple(
            each.name
            for each in self._board.projections
            if type(event) in each.takes and self._stops(each, event, reading)
        )
        if stopped not in self._without:
            going_on = tuple(each for each in self._board.projections if each.name not in stopped)
            self._without[stopped] = replace(self._board, projections=going_on)
        return self._without[stopped].follow([event], reading)

    def _stops(self, projection: Projection[Any], event: Any, reading: BoardState) -> bool:
        """Whether the view that ``event`` speaks of stands still, from now on at the latest."""
        key = "?"
        try:
            key = projection.key(event)
            if (projection.name, key) in self._unread:
                return True
            projection.evolve(reading.view(projection, key), event)
        except Exception as error:  # see above
            reason = f"{type(error).__name__}: {error}"
            where = UnreadView(projection.name, key, reading.position + 1, reason)
            self._unread[projection.name, key] = where
            return True
        return False
