"""The lilac sticky: whenever this event, then that command, until another event.

A policy is a fold from events to the commands that are still to do. So what is outstanding after a
crash is not a checkpoint that can be wrong: it is read off the log like any other state, nothing is
lost and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from msgspec import Struct
from pyrsistent import PMap, pmap

from deciderkit.discovery import types_given

C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)
W = TypeVar("W")


class ToDo(Struct, Generic[C_co], frozen=True):
    """A command that a policy has still to do.

    ``position`` counts events from the start of the log, from 1: it is the event that asked for the
    command, and the order in which to-dos are done. ``key`` names the instance (one rover, one order).
    """

    position: int
    policy: str
    key: str
    command: C_co


@dataclass(frozen=True)
class Policy(Generic[W, C]):
    """Whenever an event of type ``whenever``, then the command ``then(event)``, until ``until``.

    ``key(event)`` says which instance an event speaks of; it is asked of both types. Asked twice
    before it is done, a to-do stands once, at the place of the first asking.

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
    until: type[Any]
    key: Callable[[Any], str]

    @cached_property
    def asks_for(self) -> tuple[type, ...]:
        """The command types that ``then`` is annotated to return."""
        return types_given(self.then)

    def evolve(
        self, pending: PMap[str, ToDo[C]], position: int, event: object
    ) -> PMap[str, ToDo[C]]:
        """The to-dos by key after ``event``, which stands at ``position`` in the log."""
        if isinstance(event, self.until):
            pending = pending.discard(self.key(event))
        if isinstance(event, self.whenever):
            key = self.key(event)
            if key not in pending:
                return pending.set(key, ToDo(position, self.name, key, self.then(event)))
        return pending

    def todos(self, events: Iterable[object]) -> tuple[ToDo[C], ...]:
        """What is still to do after ``events``, first asked first."""
        pending: PMap[str, ToDo[C]] = pmap()
        for position, event in enumerate(events, start=1):
            pending = self.evolve(pending, position, event)
        return tuple(sorted(pending.values(), key=lambda todo: todo.position))
