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
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import EventStore
from deciderkit.shell.fingerprint import fingerprint
from deciderkit.shell.saved_views import STEP, Saved, SavedViews
from deciderkit.log.value_codec import NotSavable, ValueCodec

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
            self._fingerprint = fingerprint(*_folds(board))
        except NotSavable:
            self._fingerprint = ""

    def load(self) -> BoardState:
        """The reading that was saved last; the beginning if there is none that can be used."""
        if not self._fingerprint:
            return BoardState()
        found = _value(self._saved.load("reading", self._fingerprint))
        if found is None:
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


class _StateAt(msgspec.Struct, frozen=True):
    """The state of a stream after ``version`` events of it."""

    version: int
    state: msgspec.Raw


class SavedStates:
    """The states of streams."""

    def __init__(self, saved: SavedViews) -> None:
        self._saved = saved
        self._next: dict[str, int] = {}
        self._begun: set[str] = set()
        self._ways: dict[str, tuple[ValueCodec[Any], str] | None] = {}

    def load(self, aggregate: Aggregate, stream: str) -> tuple[int, Any]:
        """Version and state that were saved last; those before the first event if there are none."""
        beginning = (0, aggregate.decider.initial)
        if not (way := self._way(aggregate)):
            return beginning
        codec, fingerprint = way
        found = _value(self._saved.load(f"stream:{stream}", fingerprint))
        if found is None:
            return beginning
        try:
            at = msgspec.json.decode(found.content, type=_StateAt)
            state = codec.decode(bytes(at.state))
        except (NotSavable, msgspec.MsgspecError):
            return beginning
        self._begun.add(stream)
        self._plan_next(stream, at.version, found)
        return at.version, state

    def distrust(self, stream: str) -> bool:
        """Whether ``stream`` was begun where it was saved; it is read from its beginning from now on."""
        begun = stream in self._begun
        self._begun.discard(stream)
        self._next.pop(stream, None)
        return begun

    def keep(self, aggregate: Aggregate, last: Recorded[Any], state: Any) -> None:
        """Save ``state``, which ``last`` led to, if it is time to."""
        stream = last.stream
        if last.version < self._next.get(stream, STEP) or not (way := self._way(aggregate)):
            return
        codec, fingerprint = way
        try:
            at = _StateAt(last.version, msgspec.Raw(codec.encode(state)))
        except NotSavable:
            self._ways[aggregate.name] = None
            return
        saved = Saved(last.position, fingerprint, msgspec.json.encode(at))
        self._plan_next(stream, last.version, saved)
        self._saved.save(f"stream:{stream}", saved)

    def _plan_next(self, stream: str, version: int, saved: Saved) -> None:
        self._next[stream] = version + STEP + len(saved.content) // 16

    def _way(self, aggregate: Aggregate) -> tuple[ValueCodec[Any], str] | None:
        if aggregate.name not in self._ways:
            name, decider = aggregate.name, aggregate.decider
            try:
                made_by = fingerprint(name, decider.initial, decider.evolve, aggregate.key)
                way = ValueCodec(decider.evolve), made_by
            except NotSavable:
                way = None
            self._ways[aggregate.name] = way
        return self._ways[aggregate.name]


def _folds(board: Board) -> list[Any]:
    """All that the to-dos and views of ``board`` depend on."""
    return [
        *((each.name, each.initial, each.evolve, each.key) for each in board.projections),
        *((each.name, each.whenever, each.then, each.until, each.key) for each in board.policies),
    ]


def _value(result: IOResult[T, Any]) -> T | None:
    """The value of a success; a cache that cannot be read is one that is empty."""
    return unsafe_perform_io(result.unwrap()) if is_successful(result) else None
