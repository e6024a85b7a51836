"""The whole storm as one value: which aggregates there are, what reacts and what is read.

The dispatcher runs a board, replay folds one, a drawing draws one and the laws check one. A second
iteration of the storm - a new aggregate, policy or projection - is a longer tuple and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from msgspec import Struct
from pyrsistent import PMap, pmap
from returns.result import Failure, Result, Success

from deciderkit.decider import CorruptHistory, Decider, Refused
from deciderkit.discovery import types_taken
from deciderkit.keyed_fold import KeyedFold, chunks, routes, stored
from deciderkit.policy import Policy, ToDo
from deciderkit.projection import Projection

S = TypeVar("S")
V = TypeVar("V")


@dataclass(frozen=True)
class Aggregate:
    """A decider with the streams that it owns: one for each ``key``, named ``category-key``.

    ``key(message)`` is asked of this aggregate's commands and events. ``category`` holds no hyphen,
    so a stream's name can be taken apart again.
    """

    name: str
    category: str
    decider: Decider[Any, Any, Any, Any]
    key: Callable[[Any], str]

    @cached_property
    def commands(self) -> tuple[type, ...]:
        """The command types, as the first parameter of ``decide`` is annotated."""
        return types_taken(self.decider.decide, 0)

    @cached_property
    def events(self) -> tuple[type, ...]:
        """The event types, as the second parameter of ``evolve`` is annotated."""
        return tuple(taken for taken in types_taken(self.decider.evolve, 1) if taken is not Refused)

    def stream(self, message: object) -> str:
        """The name of the stream that ``message``, a command or an event, belongs to."""
        return f"{self.category}-{self.key(message)}"


class BoardState(Struct, frozen=True):
    """What the first ``position`` events of a log lead to: a value, so keep as many as you like.

    ``streams`` holds the aggregates' states and ``views`` the projections' read models, each by name
    and then by key; ``pending`` holds the to-dos by key, a map for each policy in the board's order.
    """

    position: int = 0
    streams: PMap[str, PMap[str, Any]] = pmap()
    pending: tuple[PMap[str, ToDo[Any]], ...] = ()
    views: PMap[str, PMap[str, Any]] = pmap()

    def state(self, aggregate: Aggregate, key: str) -> Any:
        """The state of the aggregate ``key``; the initial one where it has no events yet."""
        return self.streams.get(aggregate.name, _EMPTY).get(key, aggregate.decider.initial)

    def view(self, projection: Projection[V], key: str = "") -> V:
        """The read model of ``projection`` for ``key``, or the one for the whole log."""
        return cast(V, self.views.get(projection.name, _EMPTY).get(key, projection.initial))

    def todos(self) -> tuple[ToDo[Any], ...]:
        """What the policies have still to do, in the order in which the log asked for it.

        Where one event asked twice, the policy that stands first on the board comes first.
        """
        waiting = (todo for by_key in self.pending for todo in by_key.values())
        return tuple(sorted(waiting, key=lambda todo: todo.position))

    def has_pending(self, todo: ToDo[Any]) -> bool:
        """Whether ``todo`` is still to be done."""
        return any(by_key.get(todo.key) == todo for by_key in self.pending)


_EMPTY: PMap[str, Any] = pmap()


@dataclass(frozen=True)
class Board:
    """Aggregates, policies and projections, in the order in which they stand on the wall.

    Raises `ValueError` for a board that cannot run: two notes of one name, a command or an event
    with two owners, a policy or a projection on something that no aggregate gives or takes; and
    `TypeError` for a function whose annotations do not name its messages.
    """

    aggregates: tuple[Aggregate, ...]
    policies: tuple[Policy[Any, Any], ...] = ()
    projections: tuple[Projection[Any], ...] = ()

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise ValueError(f"this board cannot run: {problem}")

    @property
    def commands(self) -> tuple[type, ...]:
        """Every command on the board."""
        return tuple(command for aggregate in self.aggregates for command in aggregate.commands)

    @property
    def events(self) -> tuple[type, ...]:
        """Every event on the board."""
        return tuple(event for aggregate in self.aggregates for event in aggregate.events)

    @cached_property
    def takers(self) -> Mapping[type, Aggregate]:
        """The aggregate that takes each type of command."""
        return {command: each for each in self.aggregates for command in each.commands}

    @cached_property
    def givers(self) -> Mapping[type, Aggregate]:
        """The aggregate that gives each type of event."""
        return {event: each for each in self.aggregates for event in each.events}

    @cached_property
    def triggers(self) -> frozenset[type]:
        """The event types that some policy waits for."""
        return frozenset(policy.whenever for policy in self.policies)

    def fold(self, events: Iterable[object], state: BoardState | None = None) -> BoardState:
        """Everything that ``events`` lead to: aggregates, to-dos and views.

        Events of different streams may be interleaved in any way. Raises `CorruptHistory`, with the
        index in the log, for an event that no aggregate gives or that cannot follow.
        """
        reached = state or BoardState()
        for chunk in chunks(events):
            reached = self._advance(reached, chunk, self.aggregates)
        return reached

    def follow(self, events: Iterable[object], state: BoardState | None = None) -> BoardState:
        """What a reader of the log makes of ``events``: to-dos and views, and no aggregates.

        This is all that a dispatcher keeps of streams that it does not write to.
        """
        reached = state or BoardState()
        for chunk in chunks(events):
            reached = self._advance(reached, chunk, ())
        return reached

    def replay(
        self, events: Iterable[object], state: BoardState | None = None
    ) -> Result[BoardState, CorruptHistory]:
        """`fold` as a ``Result``: the state of the whole board, or the first corrupt event."""
        try:
            return Success(self.fold(events, state))
        except CorruptHistory as error:
            return Failure(error)

    def _advance(
        self, before: BoardState, events: tuple[object, ...], aggregates: tuple[Aggregate, ...]
    ) -> BoardState:
        streams = [_fold_of_aggregate(each, before.streams) for each in aggregates]
        views = [_fold_of_projection(each, before.views) for each in self.projections]
        by_type = routes([*streams, *views])
        pending = list(before.pending or (_EMPTY,) * len(self.policies))
        unknown = None if aggregates else ()
        index = before.position
        try:
            for index, event in enumerate(events, before.position):
                kind = type(event)
                route = by_type.get(kind, unknown)
                if route is None:
                    raise CorruptHistory(None, event)
                for changed, held, initial, evolve, key in route:
                    name = key(event)
                    current = changed[name] if name in changed else held.get(name, initial)
                    changed[name] = evolve(current, event)
                if kind in self.heard:
                    pending = [
                        policy.evolve(todos, index + 1, event)
                        for policy, todos in zip(self.policies, pending, strict=True)
                    ]
        except CorruptHistory as error:
            raise CorruptHistory(error.state, error.event, index) from None
        return BoardState(
            before.position + len(events),
            stored(before.streams, streams),
            tuple(pending),
            stored(before.views, views),
        )

    @cached_property
    def heard(self) -> frozenset[type]:
        """The event types that change what some policy has to do."""
        return self.triggers | {policy.until for policy in self.policies}


def _fold_of_aggregate(each: Aggregate, before: PMap[str, PMap[str, Any]]) -> KeyedFold:
    held, decider = before.get(each.name, _EMPTY), each.decider
    return KeyedFold(each.name, each.events, {}, held, decider.initial, decider.evolve, each.key)


def _fold_of_projection(each: Projection[Any], before: PMap[str, PMap[str, Any]]) -> KeyedFold:
    held = before.get(each.name, _EMPTY)
    return KeyedFold(each.name, each.takes, {}, held, each.initial, each.evolve, each.key)


def _problems(board: Board) -> Iterator[str]:
    """What keeps ``board`` from running, each as a sentence."""
    names = [
        *(each.name for each in board.aggregates),
        *(each.name for each in board.policies),
        *(each.name for each in board.projections),
    ]
    for name in _twice(names):
        yield f"two notes are called {name!r}: expected a name for each"
    for category in _twice([each.category for each in board.aggregates]):
        yield f"two aggregates own the streams of {category!r}: expected a category for each"
    for aggregate in board.aggregates:
        category = aggregate.category
        if not category or "-" in category:
            yield f"{aggregate.name}: category {category!r}: expected a word without a hyphen"
    for message in _twice([*board.commands, *board.events]):
        yield f"{message.__name__} has two owners: expected one aggregate for each message"
    for policy in board.policies:
        for heard in (policy.whenever, policy.until):
            if heard not in board.events:
                yield f"policy {policy.name!r} waits for {heard.__name__}, which no aggregate gives"
        for asked in policy.asks_for:
            if asked not in board.commands:
                yield f"policy {policy.name!r} asks for {asked.__name__}, which no aggregate takes"
    for projection in board.projections:
        for taken in projection.takes:
            if taken not in board.events:
                yield (
                    f"projection {projection.name!r} takes {taken.__name__}, "
                    "which no aggregate gives"
                )


def _twice(items: list[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]
