"""The wall as data: what hangs on it, and nothing of how it is run.

It is what a board is read into, what a text is parsed into, what a picture is drawn from and what a
package is made of. Names of commands, events and types are spelled as people spell them (``Turn
Left``), fields in lower case (``rover id``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from deciderkit.wall.naming import slug

OWN: Final = "(own)"
"""Stands for the key of a policy whose events go each by what its own aggregate goes by."""

COMPUTED: Final = "(computed)"
"""Stands for a key or a time that is no field of the event: a function of its own works it out."""

TEXT: Final = "text"
"""The type of a field that says no other."""


class Field(Struct, frozen=True, order=True):
    """One field of a message, and its type in words: see `deciderkit.wall.field_types`."""

    name: str
    type: str = TEXT


class CommandNote(Struct, frozen=True):
    """The blue sticky: what it carries, and the events that it may lead to."""

    name: str
    fields: tuple[Field, ...]
    leads_to: tuple[str, ...]


class EventNote(Struct, frozen=True):
    """The orange sticky, and what it carries."""

    name: str
    fields: tuple[Field, ...]


class AggregateNote(Struct, frozen=True):
    """The yellow sticky with its commands and events.

    ``key`` is the field by which one is told from another, or None where a function works it out;
    its streams are called ``category`` and the key. ``refuses`` holds its reasons, in words.
    """

    name: str
    category: str
    key: Field | None
    commands: tuple[CommandNote, ...]
    events: tuple[EventNote, ...]
    refuses: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[CommandNote | EventNote, ...]:
        """Its commands, then its events."""
        return (*self.commands, *self.events)


class PolicyNote(Struct, frozen=True):
    """The lilac sticky: whenever this event, then one of those commands, until one of those events.

    ``unless`` names the events that make it needless. ``key`` is the field of all its events that tells
    one case from another, or several with ``and`` between them, or `OWN` where each event goes by what its own aggregate goes by. ``due`` is
    the field of ``whenever`` that says when.
    """

    name: str
    whenever: str
    then: tuple[str, ...]
    until: tuple[str, ...]
    unless: tuple[str, ...] = ()
    key: str = OWN
    due: str = ""

    @property
    def hears(self) -> tuple[str, ...]:
        """The events that change what there is to do."""
        return tuple(dict.fromkeys((self.whenever, *self.until, *self.unless)))


class ViewNote(Struct, frozen=True):
    """The green sticky: a read model of the events that it takes; one for each ``key`` if there is one."""

    name: str
    takes: tuple[str, ...]
    key: str = ""


class SystemNote(Struct, frozen=True):
    """The pink sticky: an external system, and the events that it is told of."""

    name: str
    hears: tuple[str, ...]


class Wall(Struct, frozen=True):
    """All that hangs on the wall, in its order."""

    aggregates: tuple[AggregateNote, ...] = ()
    policies: tuple[PolicyNote, ...] = ()
    views: tuple[ViewNote, ...] = ()
    systems: tuple[SystemNote, ...] = ()

    @property
    def commands(self) -> dict[str, AggregateNote]:
        """The aggregate that takes each command, by the command's name."""
        return {note.name: each for each in self.aggregates for note in each.commands}

    @property
    def events(self) -> dict[str, AggregateNote]:
        """The aggregate that gives each event, by the event's name."""
        return {note.name: each for each in self.aggregates for note in each.events}

    def leads_to(self, command: str) -> tuple[str, ...]:
        """The events that ``command``, a name, may lead to."""
        notes = self.commands[command].commands
        return next(note.leads_to for note in notes if note.name == command)

    @property
    def fields(self) -> dict[str, tuple[Field, ...]]:
        """What each command and each event carries, by its name."""
        return {note.name: note.fields for each in self.aggregates for note in each.messages}

    @property
    def names(self) -> list[str]:
        """What everything that has a name of its own is called: a board wants them all different."""
        return [
            *(each.name for each in self.aggregates),
            *(each.name for each in self.policies),
            *(each.name for each in self.views),
            *(each.name for each in self.systems),
        ]


class Chain(Struct, frozen=True):
    """Commands that lead to the same events: one line of the wall."""

    commands: tuple[str, ...]
    events: tuple[str, ...]


def chains_of(aggregate: AggregateNote) -> tuple[Chain, ...]:
    """The aggregate's commands and events as chains, in the order of its commands.

    Neighbours that lead to the same events share a chain; events that no command leads to come last.
    """
    chains: list[Chain] = []
    for command in aggregate.commands:
        if chains and chains[-1].events == command.leads_to:
            chains[-1] = Chain((*chains[-1].commands, command.name), command.leads_to)
        else:
            chains.append(Chain((command.name,), command.leads_to))
    led_to = {event for chain in chains for event in chain.events}
    rest = tuple(event.name for event in aggregate.events if event.name not in led_to)
    return (*chains, Chain((), rest)) if rest else tuple(chains)


def in_order(
    commands: Iterable[CommandNote], events: Mapping[str, tuple[Field, ...]]
) -> tuple[EventNote, ...]:
    """The events in the order in which the wall names them: as the commands lead to them, then the rest."""
    names = [event for command in commands for event in command.leads_to]
    return tuple(EventNote(name, events[name]) for name in dict.fromkeys([*names, *events]))


def default_key(aggregate: str) -> Field:
    """What an aggregate is told apart by where nobody said it.

    >>> default_key("Mars Rover")
    Field(name='mars rover id', type='text')
    """
    return Field(f"{' '.join(slug(aggregate).split('_'))} id")


def key_fields(key: str, fields: Iterable[str]) -> tuple[str, ...]:
    """The fields that ``key`` names: one of ``fields``, or several with ``and`` between them.

    >>> key_fields("copy and member", ["copy", "member"]), key_fields("copy", ["copy"])
    (('copy', 'member'), ('copy',))
    """
    return (key,) if key in fields else tuple(key.split(" and "))


def default_policy_name(policy: PolicyNote, taken: Iterable[str]) -> str:
    """What a policy is called where nobody said it: after its command, and its event if need be.

    >>> turn_off = PolicyNote("", "Obstacle Found", ("Turn Off",), ())
    >>> default_policy_name(turn_off, []), default_policy_name(turn_off, ["turn off"])
    ('turn off', 'turn off after obstacle found')
    """
    name = " or ".join(policy.then).lower()
    return name if name not in taken else f"{name} after {policy.whenever.lower()}"


def default_policy_key(policy: PolicyNote, wall: Wall) -> str:
    """What a policy goes by where nobody said it.

    That is what the aggregate of its command goes by, if all of its events have such a field; else
    each event goes by its own aggregate's key.
    """
    keys = [wall.events[each].key for each in policy.hears]
    asked = wall.commands[policy.then[0]].key
    names = {key.name if key else COMPUTED for key in keys}
    shared = [{field.name for field in wall.fields[each]} for each in policy.hears]
    if asked is not None and all(asked.name in fields for fields in shared):
        return asked.name
    if len(names) == 1 or COMPUTED in names:
        return names.pop() if len(names) == 1 else COMPUTED
    return OWN
