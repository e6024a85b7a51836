"""The whole storm as one value: which aggregates there are, what reacts and what is read.

The dispatcher runs a board, replay folds one, a drawing draws one and the laws check one. A second
iteration of the storm - a new aggregate, policy or projection - is a longer tuple and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar, cast

from msgspec import Struct
from pyrsistent import PMap, pmap
from returns.result import Failure, Result, Success

from deciderkit.aggregate import Aggregate, ExternalSystem
from deciderkit.decider import CorruptHistory
from deciderkit.ids import BadKey, key_text
from deciderkit.keyed_fold import KeyedFold, chunks, routes, stored
from deciderkit.policy import Policy, ToDo, Waiting, in_order
from deciderkit.problems import problems
from deciderkit.projection import Projection

V = TypeVar("V")


class BoardState(Struct, frozen=True):
    """What the first ``position`` events of a log lead to: a value, so keep as many as you like.

    ``streams`` holds the aggregates' states and ``views`` the projections' read models, each by name
    and then by key; ``waiting`` holds what each policy has to do, in the board's order.
    """

    position: int = 0
    streams: PMap[str, PMap[str, Any]] = pmap()
    waiting: tuple[Waiting[Any, Any], ...] = ()
    views: PMap[str, PMap[str, Any]] = pmap()

    def state(self, aggregate: Aggregate, key: object) -> Any:
        """The state of the aggregate ``key``; the initial one where it has no events yet."""
        return self.streams.get(aggregate.name, _EMPTY).get(
            key_text(key), aggregate.decider.initial
        )

    def view(self, projection: Projection[V], key: object = "") -> V:
        """The read model of ``projection`` for ``key``, or the one for the whole log."""
        views = self.views.get(projection.name, _EMPTY)
        return cast(V, views.get(key_text(key), projection.initial))

    def todos(self, now: datetime | None = None) -> tuple[ToDo[Any, Any], ...]:
        """What the policies have still to do, in the order in which the log asked for it.

        Where one event asked twice, the policy that stands first on the board comes first. With
        ``now``, an aware time, only what is due by then.
        """
        return in_order(
            chain.from_iterable(each.by_position.values() for each in self.waiting), now
        )


_EMPTY: PMap[str, Any] = pmap()


@dataclass(frozen=True)
class Board:
    """Aggregates, policies, projections and external systems, in the order in which they stand on the wall.

    Raises `ValueError` for a board that cannot run: two notes of one name, a command or an event
    with two owners, a policy or a projection on something that no aggregate gives or takes, a
    decision with events that ``evolve`` does not name; and `TypeError` for a function whose
    annotations do not name its messages.
    """

    aggregates: tuple[Aggregate, ...]
    policies: tuple[Policy[Any, Any], ...] = ()
    projections: tuple[Projection[Any], ...] = ()
    externals: tuple[ExternalSystem, ...] = ()

    def __post_init__(self) -> None:
        for problem in problems(self.aggregates, self.policies, self.projections, self.externals):
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

    @cached_property
    def heard(self) -> frozenset[type]:
        """The event types that change what some policy has to do."""
        return frozenset(chain.from_iterable(policy.heard for policy in self.policies))

    @cached_property
    def delivered(self) -> frozenset[type]:
        """The event types that some external system is told of."""
        return frozenset(chain.from_iterable(each.hears for each in self.externals))

    def fold(
        self,
        events: Iterable[object],
        state: BoardState | None = None,
        command_ids: Iterable[str] | None = None,
    ) -> BoardState:
        """Everything that ``events`` lead to: aggregates, to-dos and views.

        Events of different streams may be interleaved in any way. ``command_ids`` are those under
        which they were recorded: they tell which to-do an event answers. Raises `CorruptHistory`,
        with the index in the log, for an event that no aggregate gives or that cannot follow.
        """
        reached = state or BoardState()
        ids = iter(command_ids) if command_ids is not None else None
        for chunk in chunks(events):
            told = tuple(next(ids) for _ in chunk) if ids is not None else ("",) * len(chunk)
            reached = self._advance(reached, chunk, told)
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
        self, before: BoardState, events: tuple[object, ...], command_ids: tuple[str, ...]
    ) -> BoardState:
        streams = [_fold_of_aggregate(each, before.streams) for each in self.aggregates]
        views = [_fold_of_projection(each, before.views) for each in self.projections]
        by_type = routes([*streams, *views])
        waiting = before.waiting or (Waiting(),) * len(self.policies)
        heard = self.heard
        index = before.position
        try:
            for index, event in enumerate(events, before.position):
                kind = type(event)
                route = by_type.get(kind)
                if route is None:
                    raise CorruptHistory(None, event)
                for changed, held, initial, evolve, key in route:
                    found = key(event)
                    name = found if type(found) is str else key_text(found)
                    current = changed[name] if name in changed else held.get(name, initial)
                    changed[name] = evolve(current, event)
                if kind in heard:
                    told = command_ids[index - before.position]
                    waiting = self.react(waiting, index + 1, event, told)
        except CorruptHistory as error:
            raise CorruptHistory(error.state, error.event, index) from None
        except BadKey as error:  # the loop above is too hot to carry their names along
            owners: tuple[Any, ...] = (*self.aggregates, *self.projections)
            folds = zip(owners, (*streams, *views), strict=True)
            (owner,) = (each for each, fold in folds if fold.changed is changed)
            raise BadKey.of(owner, error.key) from None
        return BoardState(
            before.position + len(events),
            stored(before.streams, streams),
            waiting,
            stored(before.views, views),
        )

    def react(
        self,
        waiting: tuple[Waiting[Any, Any], ...],
        position: int,
        event: object,
        command_id: str = "",
    ) -> tuple[Waiting[Any, Any], ...]:
        """What each policy has still to do after one more event; see `Policy.evolve`."""
        return tuple(
            policy.evolve(todos, position, event, command_id)
            for policy, todos in zip(self.policies, waiting, strict=True)
        )


def _fold_of_aggregate(each: Aggregate, before: PMap[str, PMap[str, Any]]) -> KeyedFold:
    held, decider = before.get(each.name, _EMPTY), each.decider
    return KeyedFold(each.name, each.events, {}, held, decider.initial, decider.evolve, each.key)


def _fold_of_projection(each: Projection[Any], before: PMap[str, PMap[str, Any]]) -> KeyedFold:
    held = before.get(each.name, _EMPTY)
    return KeyedFold(each.name, each.takes, {}, held, each.initial, each.evolve, each.key)
