"""The yellow sticky with the streams that it owns, and the pink one: who outside is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from deciderkit.decider import Decider, Refused
from deciderkit.discovery import types_decided, types_taken
from deciderkit.ids import key_text


@dataclass(frozen=True)
class Aggregate:
    """A decider with the streams that it owns: one for each ``key``, named ``category-key``.

    ``key(message)``, a ``str``, an ``int`` or a ``UUID``, is asked of this aggregate's commands and
    events. ``category`` holds no hyphen, so a stream's name can be taken apart again. ``leads`` says
    which events a command may lead to; a command that it leaves out may lead to any of them.
    """

    name: str
    category: str
    decider: Decider[Any, Any, Any, Any]
    key: Callable[[Any], object]
    leads: Mapping[type, tuple[type, ...]] = field(default_factory=dict)

    @cached_property
    def commands(self) -> tuple[type, ...]:
        """The command types, as the first parameter of ``decide`` is annotated."""
        return types_taken(self.decider.decide, 0)

    @cached_property
    def events(self) -> tuple[type, ...]:
        """The event types, as the second parameter of ``evolve`` is annotated."""
        return tuple(taken for taken in types_taken(self.decider.evolve, 1) if taken is not Refused)

    @cached_property
    def own(self) -> frozenset[type]:
        """The event types once more, to be asked quickly."""
        return frozenset(self.events)

    @cached_property
    def decided(self) -> tuple[type, ...]:
        """The event types that ``decide`` is annotated to give; none where it does not say."""
        return tuple(each for each in types_decided(self.decider.decide) if each is not Refused)

    @cached_property
    def leads_to(self) -> Mapping[type, tuple[type, ...]]:
        """The events that each command may lead to."""
        return {command: tuple(self.leads.get(command, self.events)) for command in self.commands}

    def stream(self, message: object) -> str:
        """The name of the stream that ``message``, a command or an event, belongs to."""
        return f"{self.category}-{key_text(self.key(message), self)}"


@dataclass(frozen=True)
class ExternalSystem:
    """The pink sticky: something outside that is told of each event of the types that it ``hears``.

    It is told before the event is recorded, by the delivery that a dispatcher was given for it.
    """

    name: str
    hears: tuple[type, ...]
