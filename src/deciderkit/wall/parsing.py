"""A text read into a wall: its lines put together, what goes without saying filled in, all of it checked.

A policy that does not say until when lasts until its command has led to something; one that has no
name is called after its command.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from deciderkit.ids import is_id
from deciderkit.ids import slug as policy_slug
from deciderkit.wall.gathering import gathered, known, of_kind
from deciderkit.wall.lines import Hangs, statement_of
from deciderkit.wall.notes import (
    COMPUTED,
    OWN,
    PolicyNote,
    SystemNote,
    ViewNote,
    Wall,
    default_policy_key,
    default_policy_name,
    key_fields,
)
from deciderkit.wall.tokens import WallError, lines_of, named


def parse_wall(text: str) -> Result[Wall, WallError]:
    """The wall that ``text`` tells, or the first line that cannot be understood.

    >>> wall = parse_wall("Lock: code (number) -> [Door] -> Locked").unwrap()
    >>> wall.aggregates[0].commands[0].fields
    (Field(name='door id', type='text'), Field(name='code', type='number'))
    >>> print(parse_wall("Lock -> [Door] -> Locked\\nview doors: Loked").failure())
    line 2: no chain leads to 'Loked': expected 'Locked'
    """
    try:
        statements = [statement_of(line) for line in lines_of(text)]
        wall = Wall(gathered(statements))
        for hanging in of_kind(statements, Hangs):
            wall = _hung(wall, hanging)
        return Success(wall)
    except WallError as error:
        return Failure(error)


def _hung(wall: Wall, hanging: Hangs) -> Wall:
    """The wall with one more policy, view or system."""
    line = hanging.line
    match hanging.note:
        case PolicyNote() as policy:
            added = _named(_until_done(line, wall, policy), wall)
            _check_events(line, wall, added.hears)
            added = _keyed(added, wall)
            _check_policy(line, wall, added)
            longer = replace(wall, policies=(*wall.policies, added))
        case ViewNote() as view:
            _check_events(line, wall, view.takes)
            _check_field(line, wall, view.key, view.takes)
            longer = replace(wall, views=(*wall.views, view))
        case SystemNote() as system:
            _check_events(line, wall, system.hears)
            _check_told(line, wall, system)
            longer = replace(wall, systems=(*wall.systems, system))
        case _:
            assert_never(hanging.note)
    for name in longer.names:
        if longer.names.count(name) > 1:
            raise WallError(line, f"two notes are called {named(name)}", "a name for each")
    return longer


def _until_done(line: int, wall: Wall, policy: PolicyNote) -> PolicyNote:
    for command in policy.then:
        known(line, command, wall.commands, "no chain takes the command")
    if policy.until:
        return policy
    led_to = [event for each in policy.then for event in wall.leads_to(each)]
    if not led_to:
        problem = f"{named(policy.then[0])} leads to nothing that would end this policy"
        raise WallError(line, problem, "', until ...' behind it")
    return replace(policy, until=tuple(dict.fromkeys(led_to)))


def _named(policy: PolicyNote, wall: Wall) -> PolicyNote:
    if policy.name:
        return policy
    return replace(
        policy, name=default_policy_name(policy, Wall(wall.aggregates, wall.policies).names)
    )


def _keyed(policy: PolicyNote, wall: Wall) -> PolicyNote:
    return policy if policy.key else replace(policy, key=default_policy_key(policy, wall))


def _check_policy(line: int, wall: Wall, policy: PolicyNote) -> None:
    if policy.key != OWN:
        _check_field(line, wall, policy.key, policy.hears)
    _check_field(line, wall, policy.due, (policy.whenever,))
    slug = policy_slug(policy.name)
    if not is_id(slug):
        problem = f"a policy called {named(policy.name)}"
        raise WallError(line, problem, "a name with letters or digits: ', called ...'")
    for other in wall.policies:
        if policy_slug(other.name) == slug:
            problem = f"{named(policy.name)} and {named(other.name)} look the same in a log"
            raise WallError(line, problem, "another name for one of them")


def _check_told(line: int, wall: Wall, system: SystemNote) -> None:
    for other in wall.systems:
        for event in system.hears:
            if event in other.hears:
                problem = f"{named(event)} is told to {named(other.name)} already"
                raise WallError(line, problem, "one system for it, which may tell the other")


def _check_events(line: int, wall: Wall, events: Iterable[str]) -> None:
    for event in events:
        known(line, event, wall.events, "no chain leads to")


def _check_field(line: int, wall: Wall, name: str, events: Iterable[str]) -> None:
    if name in ("", COMPUTED):
        return
    for event in events:
        fields = [each.name for each in wall.fields[event]]
        for each in key_fields(name, fields):
            known(line, each, fields, f"{named(event)} has no field")
