"""The lilac sticky: whenever this event, then that command, until another event.

A policy is a fold from events to what is still to do. So what is outstanding after a crash is not a
checkpoint that can be wrong: it is read off the log like any other state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from msgspec import Struct
from pyrsistent import PDeque, PMap, pdeque, pmap

from deciderkit.discovery import types_given
from deciderkit.ids import BadKey, key_text, slug, todo_id, todo_of

C = TypeVar("C")
W = TypeVar("W")


class ToDo(Struct, Generic[W, C], frozen=True):
    """One asking of a policy: the ``event`` that stands at ``position`` in the log asks for a command.

    ``position`` counts from 1; to-dos are done in its order. ``key`` names the instance (one rover,
    one order); it is None where the policy's ``key`` gives none for the event.
    """

    policy: Policy[W, C]
    position: int
    key: str | None
    event: W

    @property
    def id(self) -> str:
        """The id under which it is done, so that a log can refuse to do it twice."""
        return todo_id(self.policy.slug, self.position)

    @property
    def command(self) -> C:
        """What is to be done: ``then(event)``, which raises what ``then`` raises.

        Raises `BadKey` where the to-do has no key: nobody can tell whether it is still to be done.
        """
        if self.key is None:
            self.policy.key_of(self.event)
        return self.policy.then(self.event)

    @property
    def due(self) -> datetime | None:
        """When it is to be done: an aware time, or None for at once.

        Raises ``ValueError`` for a time without a zone, and what ``due`` raises.
        """
        if self.policy.due is None:
            return None
        due = self.policy.due(self.event)
        if not isinstance(due, datetime) or due.tzinfo is None:
            expected = "expected a datetime with a time zone"
            raise ValueError(f"policy {self.policy.name!r} is due at {due}: {expected}")
        return due

    def __repr__(self) -> str:
        return (
            f"ToDo(policy={self.policy.name!r}, position={self.position}, "
            f"key={self.key!r}, event={self.event!r})"
        )


class Waiting(Struct, Generic[W, C], frozen=True):
    """What one policy has still to do: each to-do by its position, and the positions of each key in order.

    A position that is off may still stand in its queue; it is passed over when its turn comes, so
    the oldest of a key is found without a walk.
    """

    by_position: PMap[int, ToDo[W, C]] = pmap()
    queues: PMap[str | None, PDeque[int]] = pmap()

    def __len__(self) -> int:
        return len(self.by_position)

    def plus(self, todo: ToDo[W, C]) -> Waiting[W, C]:
        """One more, asked for last."""
        queue = self.queues.get(todo.key)
        following = pdeque((todo.position,)) if queue is None else queue.append(todo.position)
        return Waiting(
            self.by_position.set(todo.position, todo), self.queues.set(todo.key, following)
        )

    def without(self, position: int) -> Waiting[W, C]:
        """The to-do at ``position`` is off; nothing changes where it is off already."""
        todo = self.by_position.get(position)
        if todo is None:
            return self
        left = self.by_position.remove(position)
        queue = self.queues[todo.key]
        while queue and queue.left not in left:
            queue = queue.popleft()
        queues = self.queues.set(todo.key, queue) if queue else self.queues.remove(todo.key)
        return Waiting(left, queues)

    def without_oldest(self, key: str) -> Waiting[W, C]:
        """The oldest of ``key`` is off."""
        queue = self.queues.get(key)
        return self if queue is None else self.without(queue.left)

    def without_all(self, key: str) -> Waiting[W, C]:
        """All of ``key`` are off."""
        left = self.by_position
        for position in self.queues.get(key, ()):
            left = left.discard(position)
        return Waiting(left, self.queues.discard(key))


@dataclass(frozen=True)
class Policy(Generic[W, C]):
    """Whenever an event of type ``whenever``, then the command ``then(event)``, until ``until``.

    Each asking is one to-do. An event of a type in ``until`` takes off the one that it answers: in a
    log that is the one under whose id it was recorded, else the oldest of its key. An event of a type
    in ``unless`` makes all of its key needless. ``key(event)`` says which instance an event speaks
    of; it is asked of all these types. ``due(event)``, an aware time, makes a to-do wait until then.

    The name stands in the log as part of the to-dos' ids; a policy that was renamed keeps its old
    names in ``formerly``.

    >>> class Rang(Struct, frozen=True):
    ...     door: str
    >>> class Answered(Struct, frozen=True):
    ...     door: str
    >>> def answer(event: Rang) -> str:
    ...     return f"answer the {event.door} door"
    >>> doorman = Policy("doorman", whenever=Rang, then=answer, until=Answered, key=lambda e: e.door)
    >>> [todo.command for todo in doorman.todos([Rang("front"), Rang("back"), Answered("front")])]
    ['answer the back door']
    """

    name: str
    whenever: type[W]
    then: Callable[[W], C]
    until: type[Any] | tuple[type[Any], ...]
    key: Callable[[Any], object]
    unless: type[Any] | tuple[type[Any], ...] = ()
    formerly: tuple[str, ...] = ()
    due: Callable[[W], datetime] | None = None

    @cached_property
    def asks_for(self) -> tuple[type, ...]:
        """The command types that ``then`` is annotated to return."""
        return types_given(self.then)

    @cached_property
    def slug(self) -> str:
        """The name as it stands in the ids of its to-dos."""
        return slug(self.name)

    @cached_property
    def slugs(self) -> frozenset[str]:
        """All that its to-dos were ever called."""
        return frozenset(map(slug, (self.name, *self.formerly)))

    @cached_property
    def answers(self) -> tuple[type, ...]:
        """The event types in ``until``."""
        return self.until if isinstance(self.until, tuple) else (self.until,)

    @cached_property
    def excuses(self) -> tuple[type, ...]:
        """The event types in ``unless``."""
        return self.unless if isinstance(self.unless, tuple) else (self.unless,)

    @cached_property
    def heard(self) -> frozenset[type]:
        """The event types that change what there is to do."""
        return frozenset((self.whenever, *self.answers, *self.excuses))

    def evolve(
        self, waiting: Waiting[W, C], position: int, event: object, command_id: str = ""
    ) -> Waiting[W, C]:
        """What is still to do after ``event``, which stands at ``position``, recorded under ``command_id``.

        An event first ends and then asks.
        """
        kind = type(event)
        if kind in self.answers:
            waiting = self._answered(waiting, event, command_id)
        if kind in self.excuses and (key := self._key(event)) is not None:
            waiting = waiting.without_all(key)
        if isinstance(event, self.whenever) and kind is self.whenever:
            waiting = waiting.plus(ToDo(self, position, self._key(event), event))
        return waiting

    def todos(
        self, events: Iterable[object], now: datetime | None = None
    ) -> tuple[ToDo[W, C], ...]:
        """What is still to do after ``events``, first asked first; with ``now``, only what is due then."""
        waiting: Waiting[W, C] = Waiting()
        for position, event in enumerate(events, start=1):
            waiting = self.evolve(waiting, position, event)
        return in_order(waiting.by_position.values(), now)

    def key_of(self, event: object) -> str:
        """The key of ``event`` as a text. Raises `BadKey`."""
        try:
            return key_text(self.key(event), self)
        except BadKey:
            raise
        except Exception as error:  # somebody's function
            raise BadKey.of(self, error) from error

    def _answered(self, waiting: Waiting[W, C], event: object, command_id: str) -> Waiting[W, C]:
        told = todo_of(command_id)
        if told and told[0] in self.slugs:
            return waiting.without(told[1])
        key = self._key(event)
        return waiting if key is None else waiting.without_oldest(key)

    def _key(self, event: object) -> str | None:
        try:
            return self.key_of(event)
        except BadKey:  # it stops no fold: who is to do the to-do is told
            return None


def in_order(
    todos: Iterable[ToDo[Any, Any]], now: datetime | None = None
) -> tuple[ToDo[Any, Any], ...]:
    """``todos`` in the order in which the log asked for them; with ``now``, only those that are due."""
    waiting = sorted(todos, key=lambda todo: todo.position)
    return tuple(each for each in waiting if now is None or is_due(each, now))


def is_due(todo: ToDo[Any, Any], now: datetime) -> bool:
    """Whether ``todo`` is to be done by ``now``; one whose time cannot be told is, to say so."""
    try:
        due = todo.due
        return due is None or due <= now
    except Exception:  # somebody's function
        return True
