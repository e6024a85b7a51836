"""What a reader of the log has folded, saved now and then, so that opening a long log is quick.

Saved are the to-dos with the views of the whole log, and the state of each stream. How often follows
one rule: at least `STEP` events lie between two savings, and one more for each 16 bytes that the last
one took. So saving costs a constant part of folding, however large a view grows. Views with a key are
not saved: they are folded from their streams when somebody asks.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from pyrsistent import PMap, pmap
from returns.io import IOResult
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.board import Aggregate, Board, BoardState
from deciderkit.policy import ToDo
from deciderkit.shell.event_store import EventStore
from deciderkit.shell.saved_views import STEP, Saved, SavedViews, fingerprint
from deciderkit.value_codec import NotSavable, ValueCodec

T = TypeVar("T")


class _Content(msgspec.Struct, frozen=True):
    """To-dos as policy and position: the rest is read off the log; views as their codec has them."""

    todos: tuple[tuple[str, int], ...]
    views: dict[str, msgspec.Raw]


class SavedReading:
    """The to-dos and views of ``board``, which has none with a key: raises ``ValueError`` else."""

    def __init__(self, board: Board, store: EventStore, saved: SavedViews) -> None:
        for projection in board.projections:
            if projection.is_keyed:
                raise ValueError(
                    f"projection {projection.name!r} has a view for each key: expected a board "
                    "without it, and its view folded from its streams when asked for"
                )
        self._board = board
        self._store = store
        self._saved = saved
        self._next = STEP
        try:
            self._codecs = {each.name: ValueCodec(each.evolve) for each in board.projections}
            self._fingerprint = fingerprint(_folds(board), *_names(board))
        except NotSavable:
            self._fingerprint = ""

    def load(self) -> BoardState:
        """The reading that was saved last; the beginning if there is none that can be used."""
        found = _value(self._saved.load("reading")) if self._fingerprint else None
        if found is None or found.fingerprint != self._fingerprint:
            return BoardState()
        try:
            reading = self._restored(found)
        except (NotSavable, msgspec.MsgspecError, LookupError):
            return BoardState()
        self._plan_next(found)
        return reading

    def keep(self, reading: BoardState) -> None:
        """Save ``reading`` if it is time to. That it cannot be saved is no failure."""
        if reading.position < self._next or not self._fingerprint:
            return
        todos = tuple((todo.policy, todo.position) for todo in reading.todos())
        try:
            views = {
                each.name: msgspec.Raw(self._codecs[each.name].encode(reading.view(each)))
                for each in self._board.projections
                if each.name in reading.views
            }
        except NotSavable:
            self._fingerprint = ""
            return
        content = msgspec.json.encode(_Content(todos, views))
        saved = Saved(reading.position, self._fingerprint, content)
        self._plan_next(saved)
        self._saved.save("reading", saved)

    def _plan_next(self, saved: Saved) -> None:
        self._next = saved.position + STEP + len(saved.content) // 16

    def _restored(self, saved: Saved) -> BoardState:
        content = msgspec.json.decode(saved.content, type=_Content)
        pending: dict[str, PMap[str, ToDo[Any]]]
        pending = {policy.name: pmap() for policy in self._board.policies}
        policies = {policy.name: policy for policy in self._board.policies}
        for name, position in content.todos:
            (asking,) = _value(self._store.read_all(position - 1, 1)) or [None]
            if asking is None:
                raise LookupError(position)
            pending[name] = policies[name].evolve(pending[name], position, asking.event)
        views = {
            name: pmap({"": self._codecs[name].decode(bytes(raw))})
            for name, raw in content.views.items()
        }
        return BoardState(saved.position, pmap(), tuple(pending.values()), pmap(views))


class SavedStates:
    """The states of streams."""

    def __init__(self, saved: SavedViews) -> None:
        self._saved = saved
        self._next: dict[str, int] = {}
        self._ways: dict[str, tuple[ValueCodec[Any], str] | None] = {}

    def load(self, aggregate: Aggregate, stream: str) -> tuple[int, Any]:
        """Version and state that were saved last; those before the first event if there are none."""
        way = self._way(aggregate)
        found = _value(self._saved.load(f"stream:{stream}")) if way else None
        if way and found and found.fingerprint == way[1]:
            try:
                state = way[0].decode(found.content)
            except NotSavable:
                return 0, aggregate.decider.initial
            self._next[stream] = found.position + STEP + len(found.content) // 16
            return found.position, state
        return 0, aggregate.decider.initial

    def keep(self, aggregate: Aggregate, stream: str, version: int, state: Any) -> None:
        """Save ``state`` if it is time to."""
        if version < self._next.get(stream, STEP) or not (way := self._way(aggregate)):
            return
        try:
            content = way[0].encode(state)
        except NotSavable:
            self._ways[aggregate.name] = None
            return
        self._next[stream] = version + STEP + len(content) // 16
        self._saved.save(f"stream:{stream}", Saved(version, way[1], content))

    def _way(self, aggregate: Aggregate) -> tuple[ValueCodec[Any], str] | None:
        if aggregate.name not in self._ways:
            evolve = aggregate.decider.evolve
            try:
                way = ValueCodec(evolve), fingerprint([evolve], aggregate.name)
            except NotSavable:
                way = None
            self._ways[aggregate.name] = way
        return self._ways[aggregate.name]


def _folds(board: Board) -> list[Any]:
    policies = [policy.then for policy in board.policies]
    return [*(projection.evolve for projection in board.projections), *policies]


def _names(board: Board) -> list[str]:
    policies = [
        f"{each.name}:{each.whenever.__name__}:{each.until.__name__}" for each in board.policies
    ]
    return [*(projection.name for projection in board.projections), *policies]


def _value(result: IOResult[T, Any]) -> T | None:
    """The value of a success; a cache that cannot be read is one that is empty."""
    return unsafe_perform_io(result.unwrap()) if is_successful(result) else None
