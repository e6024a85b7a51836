"""Folds kept as they stood, so that a long log opens quickly: to-dos, states of streams, views.

How often follows one rule: at least `STEP` events lie between two savings of a thing, and one more for
each 16 bytes that the last one took, so saving costs a constant part of folding however large a thing
grows. What is kept carries the version of the program that made it, and is used by no other. What
cannot be kept is folded each time, and a cache that fails is one that is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from pyrsistent import PMap, pmap
from returns.result import Success

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.log.answers import Saved
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import NotSavable, ValueCodec
from deciderkit.policy import Waiting
from deciderkit.projection import Projection

T = TypeVar("T")

STEP: Final = 25_000
NEVER: Final = 2**63


@cache
def version_of(*packages: str) -> str:
    """A digest of all the sources of ``packages``, as they are when it is asked first.

    A program asks when it starts, and names every package that its folds come from: what was folded
    by other sources is then not taken for its own. Raises ``ModuleNotFoundError``.

    >>> version_of("deciderkit") == version_of("deciderkit")
    True
    """
    digest = blake2b(digest_size=16)
    for package in packages:
        for name, source in _sources(package):
            digest.update(f"{package}/{name}/{len(source)}\n".encode() + source)
    return digest.hexdigest()


def _sources(package: str) -> list[tuple[str, bytes]]:
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"no package {package!r}: expected one that is installed")
    roots = [Path(each) for each in spec.submodule_search_locations or ()]
    files = [
        (file.relative_to(root).as_posix(), file) for root in roots for file in root.rglob("*.py")
    ]
    if not roots and spec.origin:
        files = [(Path(spec.origin).name, Path(spec.origin))]
    return [(name, file.read_bytes()) for name, file in sorted(files)]


class _Place:
    """Where one thing is kept, and when it is due to be kept again."""

    def __init__(self, store: EventStore, name: str, version: str) -> None:
        self._store = store
        self._name = name
        self._version = version
        self.due = STEP if version else NEVER

    def load(self, read: Callable[[Saved], tuple[int, T]]) -> tuple[int, T] | None:
        """What ``read`` makes of what was kept last, with the count of its events, if it can be used."""
        loaded = self._store.load(self._name, self._version) if self._version else None
        saved = loaded.unwrap() if isinstance(loaded, Success) else None
        if saved is None:
            return None
        try:
            count, found = read(saved)
        except (NotSavable, msgspec.MsgspecError, LookupError, ValueError):
            return None
        self._kept(count, saved.content)
        return count, found

    def keep(self, position: int, content: bytes, count: int) -> None:
        """Keep ``content`` as it stands at ``position``, after ``count`` events of its own."""
        self._store.save(self._name, Saved(position, self._version, content))
        self._kept(count, content)

    def _kept(self, count: int, content: bytes) -> None:
        self.due = count + STEP + len(content) // 16


class SavedToDos:
    """What the policies of ``board`` have to do: as policy and position, the rest is read off the log.

    A process whose board has only some of the policies keeps their to-dos in a place of their own: they
    are not all that there is to do.
    """

    def __init__(self, board: Board, store: EventStore, version: str) -> None:
        self._policies = {policy.name: policy for policy in board.policies}
        self._store = store
        name = ",".join(policy.slug for policy in board.policies)
        self._place = _Place(store, f"todos:{name}", version)

    def load(self) -> tuple[int, tuple[Waiting[Any, Any], ...]]:
        """Position and to-dos that were kept last; those before the first event if there are none."""
        return self._place.load(self._read) or (0, (Waiting(),) * len(self._policies))

    def _read(self, saved: Saved) -> tuple[int, tuple[Waiting[Any, Any], ...]]:
        waiting: dict[str, Waiting[Any, Any]] = {name: Waiting() for name in self._policies}
        for name, position in msgspec.json.decode(saved.content, type=list[tuple[str, int]]):
            (asking,) = self._store.read_all(position - 1, 1).value_or(())
            waiting[name] = self._policies[name].evolve(waiting[name], position, asking.event)
        return saved.position, tuple(waiting.values())

    def keep(self, position: int, waiting: tuple[Waiting[Any, Any], ...]) -> None:
        """Keep them if it is time to."""
        if position >= self._place.due:
            todos = [
                (todo.policy.name, todo.position)
                for each in waiting
                for _, todo in sorted(each.by_position.items())
            ]
            self._place.keep(position, msgspec.json.encode(todos), position)


class _StateAt(msgspec.Struct, frozen=True):
    """The state of a stream after ``version`` events of it."""

    version: int
    state: msgspec.Raw


def _state(codec: ValueCodec[Any], saved: Saved) -> tuple[int, Any]:
    at = msgspec.json.decode(saved.content, type=_StateAt)
    return at.version, codec.decode(bytes(at.state))


class SavedStates:
    """The states of streams, each by itself."""

    def __init__(self, store: EventStore, version: str) -> None:
        self._store = store
        self._version = version
        self._places: dict[str, _Place] = {}
        self._begun: set[str] = set()
        self._codecs: dict[str, ValueCodec[Any] | None] = {}
        self.soonest = STEP if version else NEVER
        """No stream is saved before it has so many events."""

    def load(self, aggregate: Aggregate, stream: str) -> tuple[int, Any]:
        """Version and state that were kept last; those before the first event if there are none."""
        codec = self._codec(aggregate) if self._version else None
        begun = self._place(stream).load(partial(_state, codec)) if codec else None
        if begun is None:
            return 0, aggregate.decider.initial
        self._begun.add(stream)
        return begun

    def distrust(self, stream: str) -> bool:
        """Whether ``stream`` was begun where it was kept; it is read from its beginning from now on."""
        begun = stream in self._begun
        self._begun.discard(stream)
        self._places.pop(stream, None)
        return begun

    def keep(self, aggregate: Aggregate, last: Recorded[Any], state: Any) -> None:
        """Keep ``state``, which ``last`` led to, if it is time to."""
        place, codec = self._place(last.stream), self._codec(aggregate)
        if codec is None or last.version < place.due:
            return
        try:
            at = _StateAt(last.version, msgspec.Raw(codec.encode(state)))
        except NotSavable:
            self._codecs[aggregate.name] = None
            return
        place.keep(last.position, msgspec.json.encode(at), last.version)

    def _place(self, stream: str) -> _Place:
        if stream not in self._places:
            self._places[stream] = _Place(self._store, f"stream:{stream}", self._version)
        return self._places[stream]

    def _codec(self, aggregate: Aggregate) -> ValueCodec[Any] | None:
        if aggregate.name not in self._codecs:
            self._codecs[aggregate.name] = ValueCodec.of(aggregate.decider.evolve)
        return self._codecs[aggregate.name]


class SavedView:
    """The views of one projection, all its keys together."""

    def __init__(self, projection: Projection[Any], store: EventStore, version: str) -> None:
        self._place = _Place(store, f"view:{projection.name}", version)
        self._codec = ValueCodec.of(projection.evolve) if version else None

    def load(self) -> tuple[int, PMap[str, Any]]:
        """Position and views that were kept last; those before the first event if there are none."""
        return (self._place.load(self._read) if self._codec else None) or (0, pmap())

    def _read(self, saved: Saved) -> tuple[int, PMap[str, Any]]:
        assert self._codec is not None
        kept = msgspec.json.decode(saved.content, type=dict[str, msgspec.Raw])
        views = {key: self._codec.decode(bytes(raw)) for key, raw in kept.items()}
        return saved.position, pmap(views)

    def keep(self, position: int, views: PMap[str, Any]) -> None:
        """Keep them if it is time to."""
        if self._codec is None or position < self._place.due:
            return
        try:
            kept = {key: msgspec.Raw(self._codec.encode(view)) for key, view in views.items()}
        except NotSavable:
            self._codec = None
            return
        self._place.keep(position, msgspec.json.encode(kept, order="sorted"), position)
