"""What a new package does before anybody has filled it in: the least with which every law holds.

A command leads to the first of its events; one that a policy asks for leads to what ends the policy.
What an event or a command carries is taken from what it comes of, by the names of the fields; where
that does not say it, there is a gap. A wall that cannot be run by any code is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from deciderkit.new.naming import attribute
from deciderkit.plain import shown
from deciderkit.wall.notes import (
    COMPUTED,
    OWN,
    AggregateNote,
    Field,
    PolicyNote,
    ViewNote,
    Wall,
    key_fields,
)
from deciderkit.wall.tokens import WallError, named

_KEYS: Final = ("text", "number", "uuid", "date")
"""The types that a key can have."""

_ONE_OF_KEYS: Final = f"{', '.join(_KEYS[:-1])} or {_KEYS[-1]}"


class Given(Struct, frozen=True):
    """A field of what comes out, and the expression that gives it: None is a gap."""

    field: Field
    by: str | None


class Plan(Struct, frozen=True):
    """For each command the events that it leads to, and for each policy what its command carries."""

    events: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[Given, ...]]


def plan_of(wall: Wall) -> Plan:
    """What the package of ``wall`` does. Raises `WallError` where no code could run."""
    for aggregate in wall.aggregates:
        _check_aggregate(aggregate)
    for view in wall.views:
        _check_view(wall, view)
    events = {command: _chosen(wall, command) for command in wall.commands}
    _check_endless(wall, events)
    asked = {policy.name: _asked(wall, policy, events) for policy in wall.policies}
    return Plan(events, asked)


def _check_aggregate(aggregate: AggregateNote) -> None:
    name = shown(aggregate.name)
    if aggregate.key is None:
        problem = f"{named(aggregate.name)} is told apart by something computed"
        raise WallError(None, problem, f"'[{name}] by ...' with a field")
    if not aggregate.commands or not aggregate.events:
        problem = f"{named(aggregate.name)} takes no command or gives no event"
        raise WallError(None, problem, f"a line 'Command -> [{name}] -> Event'")
    for note in aggregate.messages:
        key = next(each for each in note.fields if each.name == aggregate.key.name)
        if key.type not in _KEYS or key.type != aggregate.key.type:
            problem = f"{named(note.name)} has the key '{key.name}' as {key.type}"
            raise WallError(None, problem, f"the same type everywhere, {_ONE_OF_KEYS}")


def _check_view(wall: Wall, view: ViewNote) -> None:
    who = f"view {named(view.name)}"
    _check_said(who, view.key)
    for event in view.takes:
        for field in wall.fields[event]:
            if field.name == view.key and field.type not in _KEYS:
                problem = f"{who} goes by '{field.name}' of {event}, a {field.type}"
                raise WallError(None, problem, _ONE_OF_KEYS)


def _check_said(who: str, key: str) -> None:
    if key == COMPUTED:
        raise WallError(None, f"{who} goes by something computed", "a field behind 'by' or 'at'")


def _chosen(wall: Wall, command: str) -> tuple[str, ...]:
    """The events that ``command`` leads to for now: the first, or what ends the policies that ask for it."""
    leads_to = wall.leads_to(command)
    asking = [each for each in wall.policies if each.then[0] == command]
    if not asking:
        return leads_to[:1]
    return tuple(dict.fromkeys(_end(wall, policy, leads_to) for policy in asking))


def _end(wall: Wall, policy: PolicyNote, leads_to: tuple[str, ...]) -> str:
    """The event that ends the policy: rather one that sets off no other."""
    ends = [each for each in leads_to if each in (*policy.until, *policy.unless)]
    if not ends:
        led = " or ".join(leads_to) or "nothing"
        problem = (
            f"policy {named(policy.name)}: {policy.then[0]} leads to {led}, which does not end it"
        )
        raise WallError(None, problem, f"'until {leads_to[0] if leads_to else '...'}'")
    sets_off = {each.whenever for each in wall.policies}
    return next((each for each in ends if each not in sets_off), ends[0])


def _check_endless(wall: Wall, events: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a ring of policies that feed one another whatever the code does."""
    follows = {
        policy.name: [
            each.name for each in wall.policies if each.whenever in events[policy.then[0]]
        ]
        for policy in wall.policies
    }
    for start in follows:
        reached, waiting = set[str](), [start]
        while waiting:
            for name in follows[waiting.pop()]:
                if name == start:
                    problem = f"policy {named(start)} sets itself off again, without end"
                    raise WallError(None, problem, "a command that leads to an event that ends it")
                if name not in reached:
                    reached.add(name)
                    waiting.append(name)


def _asked(
    wall: Wall, policy: PolicyNote, events: Mapping[str, tuple[str, ...]]
) -> tuple[Given, ...]:
    who = f"policy {named(policy.name)}"
    _check_said(who, policy.key)
    _check_said(who, policy.due)
    _check_due(wall, policy)
    command = policy.then[0]
    fields = tuple(_carried(wall, policy, field) for field in wall.fields[command])
    if policy.key != OWN:
        _check_carried(wall, policy, fields, events[command])
    return fields


def _check_due(wall: Wall, policy: PolicyNote) -> None:
    due = [each for each in wall.fields[policy.whenever] if each.name == policy.due]
    if due and due[0].type != "datetime":
        problem = f"policy {named(policy.name)} is due at a {due[0].type}"
        raise WallError(None, problem, f"'{policy.whenever}: {policy.due} (datetime)'")


def _carried(wall: Wall, policy: PolicyNote, field: Field) -> Given:
    """Where the command's ``field`` comes from: the event's field of that name, or the event's own key."""
    event = {each.name: each for each in wall.fields[policy.whenever]}
    asked_key, own_key = wall.commands[policy.then[0]].key, wall.events[policy.whenever].key
    if policy.key == OWN and field == asked_key and own_key is not None:
        return Given(field, _converted(policy, own_key, field))
    if event.get(field.name) == field:
        return Given(field, f"event.{attribute(field.name)}")
    return Given(field, None)


def _converted(policy: PolicyNote, from_field: Field, to_field: Field) -> str:
    said = f"event.{attribute(from_field.name)}"
    if from_field.type == to_field.type:
        return said
    if to_field.type == "text":
        return f"str({said})"
    problem = (
        f"policy {named(policy.name)}: '{from_field.name}' ({from_field.type}) cannot be the "
        f"'{to_field.name}' ({to_field.type}) of {policy.then[0]}"
    )
    raise WallError(None, problem, f"'{policy.whenever}: {to_field.name} ({to_field.type})'")


def _check_carried(
    wall: Wall, policy: PolicyNote, fields: tuple[Given, ...], events: tuple[str, ...]
) -> None:
    """Refuse a policy whose command and its event do not carry on what the policy goes by."""
    asked = {field.name: field for field in wall.fields[policy.whenever]}
    ends = [each for each in events if each in (*policy.until, *policy.unless)]
    by = key_fields(policy.key, asked)
    for name in by:
        given = any(each.field == asked[name] and each.by for each in fields)
        lacking = [] if given else [policy.then[0]]
        lacking += [each for each in ends if asked[name] not in wall.fields[each]]
        if lacking:
            problem = f"policy {named(policy.name)} goes by '{name}', {_otherwise(wall, lacking[0], name)}"
            wanted = f"'{lacking[0]}: {name} ({asked[name].type})' or 'by (own)'"
            raise WallError(None, problem, wanted)
        if len(by) == 1 and asked[name].type not in _KEYS:
            problem = f"policy {named(policy.name)} goes by '{name}', a {asked[name].type}"
            raise WallError(None, problem, f"{_ONE_OF_KEYS}, or 'by (own)'")


def _otherwise(wall: Wall, message: str, name: str) -> str:
    """How ``message`` fails to carry the field that is called ``name``."""
    types = [each.type for each in wall.fields[message] if each.name == name]
    return f"which is a {types[0]} in {message}" if types else f"which {message} has not"
