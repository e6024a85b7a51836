"""The green sticky: a read model as a fold over events.

A projection sees events only, never an aggregate, so it can be thrown away and folded again, by
anyone who has the log, into the very same view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from msgspec import UNSET, UnsetType

from deciderkit.discovery import types_taken

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


def _one_view(event: object) -> str:
    return ""


@dataclass(frozen=True)
class Projection(Generic[V_co]):
    """A view: where it begins and how an event changes it.

    The event types that it takes are those that the second parameter of ``evolve`` is annotated
    with; all others leave it alone. With ``key`` there is one view for each key that an event names
    (one path per rover); without, one for the whole log.

    >>> from msgspec import Struct
    >>> class Counted(Struct, frozen=True):
    ...     by: int
    >>> def add(total: int, event: Counted) -> int:
    ...     return total + event.by
    >>> Projection("total", 0, add).fold([Counted(2), "something else", Counted(3)])
    5
    """

    name: str
    initial: V_co
    evolve: Callable[[V_co, Any], V_co]
    key: Callable[[Any], object] = _one_view

    @cached_property
    def takes(self) -> tuple[type, ...]:
        """The event types that change this view."""
        return types_taken(self.evolve, 1)

    @property
    def is_keyed(self) -> bool:
        """Whether there is one view for each key, and not one for the whole log."""
        return self.key is not _one_view

    def fold(self: Projection[V], events: Iterable[object], view: V | UnsetType = UNSET) -> V:
        """The view after ``events``, whatever their key, from ``view`` (by default the initial one)."""
        takes, evolve = self.takes, self.evolve
        reached = self.initial if isinstance(view, UnsetType) else view
        for event in events:
            if isinstance(event, takes):
                reached = evolve(reached, event)
        return reached
