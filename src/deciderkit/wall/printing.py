"""The wall as text: what one would have written down after the storm, and nothing that goes without saying.

First the storm itself - chains, what happens by itself, what is read, who is told - and then, for who
wants it, by what the aggregates are told apart, why they refuse, and what the notes carry. What is
left out is what `deciderkit.wall.parsing` fills in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deciderkit.wall.naming import quoted, slug
from deciderkit.wall.notes import (
    COMPUTED,
    TEXT,
    AggregateNote,
    Field,
    PolicyNote,
    SystemNote,
    ViewNote,
    Wall,
    chains_of,
    default_key,
    default_policy_key,
    default_policy_name,
)

_WIDTH = 100
"""Longer lines go on in the next one, indented, after a comma."""
_LONG = 44
"""What is longer than this sticks out and does not push the arrows of the others to the right."""


def print_wall(wall: Wall) -> str:
    """The wall as text, one note or one chain of notes a line; `parse_wall` gives the wall again.

    >>> from deciderkit.wall.notes import CommandNote, EventNote
    >>> key = Field("door id")
    >>> lock = CommandNote("Lock", (key, Field("code", "number")), ("Locked",))
    >>> door = AggregateNote("Door", "door", key, (lock,), (EventNote("Locked", (key,)),), ("open",))
    >>> print(print_wall(Wall((door,), views=(ViewNote("locked doors", ("Locked",)),))), end="")
    Lock -> [Door] -> Locked
    <BLANKLINE>
    view locked doors: Locked
    <BLANKLINE>
    [Door] refuses: open
    Lock: code (number)
    """
    parts = [
        list(_chains(wall)),
        list(_policies(wall)),
        [_view(each) for each in wall.views],
        [_system(each) for each in wall.systems],
        *([*_about(each), *_messages(each)] for each in wall.aggregates),
    ]
    return "\n".join("".join(f"{_wrapped(line)}\n" for line in part) for part in parts if part)


def _chains(wall: Wall) -> Iterator[str]:
    """The chains of all aggregates, their arrows below one another."""
    rows = [
        (", ".join(chain.commands), f"[{quoted(each.name)}]", ", ".join(chain.events))
        for each in wall.aggregates
        for chain in chains_of(each)
    ]
    wide = [_column(row[0] for row in rows), _column(row[1] for row in rows if row[2])]
    for commands, aggregate, events in rows:
        start = f"{commands:{wide[0]}} -> " if commands else ""
        owner = f"{aggregate:{wide[1]}}" if commands and len(commands) <= _LONG else aggregate
        yield f"{start}{owner} -> {events}" if events else f"{start}{aggregate}"


def _column(cells: Iterable[str]) -> int:
    """How wide a column is; a cell that is very long sticks out."""
    return max((len(each) for each in cells if len(each) <= _LONG), default=0)


def _policies(wall: Wall) -> Iterator[str]:
    taken = [each.name for each in wall.aggregates]
    for policy in wall.policies:
        default = (default_policy_name(policy, taken), default_policy_key(policy, wall))
        yield ", ".join(_policy(policy, *default))
        taken.append(policy.name)


def _policy(policy: PolicyNote, name: str, key: str) -> Iterator[str]:
    at = (
        f" at {policy.due if policy.due == COMPUTED else f'its {policy.due}'}" if policy.due else ""
    )
    yield f"whenever {policy.whenever}: {_any_of(policy.then)}{at}"
    yield f"until {_any_of(policy.until)}"
    if policy.unless:
        yield f"unless {_any_of(policy.unless)}"
    if policy.key != key:
        yield f"by {policy.key}"
    if policy.name != name:
        yield f"called {quoted(policy.name)}"


def _any_of(notes: Iterable[str]) -> str:
    return " or ".join(notes)


def _view(view: ViewNote) -> str:
    by = f" by {view.key}" if view.key else ""
    return f"view {quoted(view.name, ('by',))}{by}: {', '.join(view.takes)}"


def _system(system: SystemNote) -> str:
    return f"system {quoted(system.name)}: {', '.join(system.hears)}"


def _about(aggregate: AggregateNote) -> Iterator[str]:
    name = f"[{quoted(aggregate.name)}]"
    said = [*_told_apart_by(aggregate), *_streams(aggregate)]
    if said:
        yield f"{name} {', '.join(said)}"
    if aggregate.refuses:
        yield f"{name} refuses: {', '.join(map(quoted, aggregate.refuses))}"


def _told_apart_by(aggregate: AggregateNote) -> Iterator[str]:
    if aggregate.key is None:
        yield f"by {COMPUTED}"
    elif aggregate.key != default_key(aggregate.name):
        yield f"by {_field(aggregate.key)}"


def _streams(aggregate: AggregateNote) -> Iterator[str]:
    if aggregate.category != slug(aggregate.name):
        yield f"streams {quoted(aggregate.category)}"


def _messages(aggregate: AggregateNote) -> Iterator[str]:
    """Who carries what, beside the key; those that carry the same share a line."""
    carriers: dict[tuple[Field, ...], list[str]] = {}
    for note in aggregate.messages:
        fields = note.fields[1:] if note.fields[:1] == (aggregate.key,) else note.fields
        carriers.setdefault(fields, []).append(note.name)
    for fields, names in carriers.items():
        if fields:
            yield f"{', '.join(names)}: {', '.join(map(_field, fields))}"


def _field(field: Field) -> str:
    return field.name if field.type == TEXT else f"{field.name} ({field.type})"


_PART = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+(?:, |$)')


def _wrapped(line: str) -> str:
    lines = [""]
    for part in _PART.findall(line):
        if lines[-1].strip() and len(lines[-1]) + len(part.rstrip()) > _WIDTH:
            lines.append("    ")
        lines[-1] += part
    return "\n".join(each.rstrip() for each in lines)
