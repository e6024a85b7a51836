"""The wall in the order in which it is read from left to right: what leads to what, as trees of notes.

A scene is commands that share events, the aggregate that takes them, and the events. Each event is
followed by what reacts to it; a policy by the scene of its command. Every note but the aggregate hangs
in one place; where it is needed once more, it says that it hangs elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from deciderkit.picture.stickies import Kind
from deciderkit.wall.notes import AggregateNote, PolicyNote, Wall

DEPTH: Final = 8
"""How many notes stand beside one another at most; what would be wider begins a row of its own."""


class Elsewhere(Struct, frozen=True):
    """A note that hangs in another place: its kind and its name."""

    kind: Kind
    name: str


class Reads(Struct, frozen=True):
    """A view, or an external system, behind an event."""

    kind: Kind
    name: str


class Reacts(Struct, frozen=True):
    """A policy behind an event, and what its commands lead to."""

    policy: PolicyNote
    leads_to: tuple[Scene | Elsewhere, ...]


class Happens(Struct, frozen=True):
    """An event, and what follows from it."""

    name: str
    follows: tuple[Reacts | Reads | Elsewhere, ...]


class Scene(Struct, frozen=True):
    """Commands, their aggregate, and the events that they lead to."""

    commands: tuple[str, ...]
    aggregate: str
    events: tuple[Happens, ...]


class Row(Struct, frozen=True):
    """A scene at the left edge: what somebody asks for, or what ``policy`` does."""

    scene: Scene
    policy: PolicyNote | None = None


class Bare(Struct, frozen=True):
    """A scene before anybody asked what follows from its events."""

    commands: tuple[str, ...]
    aggregate: str
    events: tuple[str, ...]


Following: TypeAlias = tuple[Reacts | Reads | Elsewhere, ...]


def rows_of(wall: Wall) -> tuple[Row, ...]:
    """The rows of the picture: what people ask for in the wall's order, each with what comes of it."""
    return _Reading(wall).rows()


class _Reading:
    """One walk over the wall: which scenes hang already, and which wait for a row of their own."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.bare = _bare_scenes(wall)
        self.of_command = {command: each for each in self.bare for command in each.commands}
        self.asked = {command for policy in wall.policies for command in policy.then}
        self.hung: set[Bare] = set()
        self.waiting: deque[tuple[PolicyNote, Bare]] = deque()

    def rows(self) -> tuple[Row, ...]:
        rows = []
        for bare in (*filter(self._is_asked_by_people, self.bare), *self.bare):
            if bare not in self.hung:
                rows.append(self._row(bare))
            while self.waiting:
                policy, next_bare = self.waiting.popleft()
                if next_bare not in self.hung:
                    rows.append(Row(self._scene(next_bare, 1), policy))
        return tuple(rows)

    def _row(self, bare: Bare) -> Row:
        if self._is_asked_by_people(bare):
            return Row(self._scene(bare, 0))
        policies = [each for each in self.wall.policies if set(bare.commands) & set(each.then)]
        return Row(self._scene(bare, 1), policies[0])

    def _is_asked_by_people(self, bare: Bare) -> bool:
        return not bare.commands or not self.asked.issuperset(bare.commands)

    def _scene(self, bare: Bare, column: int) -> Scene:
        self.hung.add(bare)
        events = tuple(Happens(each, self._following(each, column + 3)) for each in bare.events)
        return Scene(bare.commands, bare.aggregate, events)

    def _following(self, event: str, column: int) -> Following:
        wall = self.wall
        reacts = [self._reacts(each, column) for each in wall.policies if each.whenever == event]
        systems = [(each.name, each.hears) for each in wall.systems]
        views = [(each.name, each.takes) for each in wall.views]
        return (*reacts, *_readers("external", systems, event), *_readers("view", views, event))

    def _reacts(self, policy: PolicyNote, column: int) -> Reacts:
        return Reacts(policy, tuple(self._led_to(policy, each, column + 1) for each in policy.then))

    def _led_to(self, policy: PolicyNote, command: str, column: int) -> Scene | Elsewhere:
        bare = self.of_command[command]
        if bare in self.hung or self._is_asked_by_people(bare):
            return Elsewhere("command", command)
        if column + self._width(bare) > DEPTH:
            self.waiting.append((policy, bare))
            return Elsewhere("command", command)
        return self._scene(bare, column)

    def _width(self, bare: Bare) -> int:
        """Command, aggregate and event; and what follows from an event, if anything does."""
        wall = self.wall
        heard = {each.whenever for each in wall.policies}
        heard.update(*(each.takes for each in wall.views), *(each.hears for each in wall.systems))
        return 3 + (not heard.isdisjoint(bare.events))


def _readers(
    kind: Kind, readers: Iterable[tuple[str, tuple[str, ...]]], event: str
) -> Iterator[Reads | Elsewhere]:
    """The views, or the systems, behind ``event``: each hangs behind the last of its events."""
    for name, events in readers:
        if events[-1] == event:
            yield Reads(kind, name)
        elif event in events:
            yield Elsewhere(kind, name)


def _bare_scenes(wall: Wall) -> tuple[Bare, ...]:
    return tuple(scene for each in wall.aggregates for scene in scenes_of(each))


def scenes_of(aggregate: AggregateNote) -> Iterator[Bare]:
    """The scenes of one aggregate: commands that share events together, events without a command last."""
    leads = {each.name: each.leads_to for each in aggregate.commands}
    left = {each.name: None for each in aggregate.events}
    for commands in _groups(leads):
        events = dict.fromkeys(event for each in commands for event in leads[each])
        yield Bare(commands, aggregate.name, tuple(events))
        left = {event: None for event in left if event not in events}
    if left:
        yield Bare((), aggregate.name, tuple(left))


def _groups(leads: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Commands that have an event in common, by themselves or over others, in their order."""
    groups: list[set[str]] = []
    for command, events in leads.items():
        near = [each for each in groups if any(set(leads[other]) & set(events) for other in each)]
        groups = [each for each in groups if each not in near] + [set().union(*near, {command})]
    in_order = [tuple(each for each in leads if each in group) for group in groups]
    return sorted(in_order, key=lambda group: list(leads).index(group[0]))
