"""The aggregates of a wall put together from the lines that speak of them, and checked.

What is left open is filled in as people mean it: an aggregate is told apart by its own id, its streams
are called after it, and each of its notes carries at least that id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from deciderkit.ids import is_category
from deciderkit.wall.lines import About, Carries, Leads, Refuses, Statement
from deciderkit.wall.naming import slug
from deciderkit.wall.notes import (
    COMPUTED,
    AggregateNote,
    CommandNote,
    Field,
    default_key,
    in_order,
)
from deciderkit.wall.tokens import WallError, named

S = TypeVar("S", bound=Statement)


def gathered(statements: Iterable[Statement]) -> tuple[AggregateNote, ...]:
    """The aggregates that ``statements`` tell of, in the order of their chains. Raises `WallError`."""
    said = tuple(statements)
    chains = of_kind(said, Leads)
    names = tuple(dict.fromkeys(each.aggregate for each in chains))
    about = _by_name(of_kind(said, About), names, "what it is told apart by")
    refuses = _by_name(of_kind(said, Refuses), names, "why it refuses")
    owners = _owners(chains)
    inline = [carries for chain in chains for carries in chain.carried]
    fields = _fields([*inline, *of_kind(said, Carries)], owners)
    notes = []
    for name in names:
        own = [each for each in chains if each.aggregate == name]
        why = refuses[name].reasons if name in refuses else ()
        notes.append(_aggregate(name, own, about.get(name), fields, why))
    _check_categories(notes, about)
    return tuple(notes)


def of_kind(statements: Iterable[Statement], kind: type[S]) -> list[S]:
    """The statements of one kind."""
    return [each for each in statements if isinstance(each, kind)]


def known(line: int, name: str, names: Iterable[str], problem: str) -> None:
    """Raise the `WallError` of a ``name`` that is none of ``names``, with what was perhaps meant."""
    there = list(names)
    if name not in there:
        near = get_close_matches(name, there, n=3, cutoff=0.6)
        expected = " or ".join(map(named, near)) or _some(there)
        raise WallError(line, f"{problem} {named(name)}", expected)


def _some(names: list[str]) -> str:
    listed = ", ".join(map(named, names[:5]))
    return f"{listed} or another" if len(names) > 5 else listed or "a chain first"


def _by_name(said: Iterable[S], names: Iterable[str], what: str) -> dict[str, S]:
    found: dict[str, S] = {}
    for each in said:
        assert isinstance(each, (About, Refuses))
        known(each.line, each.aggregate, names, "no chain has an aggregate")
        if each.aggregate in found:
            problem = f"{named(each.aggregate)} says {what} a second time"
            raise WallError(each.line, problem, "one line for it")
        found[each.aggregate] = each
    return found


def _owners(chains: Iterable[Leads]) -> dict[str, tuple[str, str]]:
    """What each note is, a command or an event, and of which aggregate: it can be one thing only."""
    owners: dict[str, tuple[str, str]] = {}
    for chain in chains:
        for kind, names in (("a command", chain.commands), ("an event", chain.events)):
            for name in names:
                first = owners.setdefault(name, (kind, chain.aggregate))
                if first != (kind, chain.aggregate):
                    was = f"{first[0]} of {named(first[1])}"
                    problem = f"{named(name)} is {was}, and here {kind} of {named(chain.aggregate)}"
                    raise WallError(chain.line, problem, "a name for each")
    return owners


def _fields(said: Iterable[Carries], owners: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    fields: dict[str, tuple[Field, ...]] = {}
    for each in said:
        for name in each.names:
            known(each.line, name, owners, "no chain has the note")
            if name in fields:
                problem = f"{named(name)} says what it carries a second time"
                raise WallError(each.line, problem, "one line for it")
            fields[name] = each.fields
    return fields


def _aggregate(
    name: str,
    chains: list[Leads],
    about: About | None,
    fields: Mapping[str, tuple[Field, ...]],
    refuses: tuple[str, ...],
) -> AggregateNote:
    key = _key(name, about)
    leads: dict[str, tuple[str, ...]] = {}
    for chain in chains:
        for command in chain.commands:
            both = (*leads.get(command, ()), *chain.events)
            leads[command] = tuple(dict.fromkeys(both))

    def carried(note: str) -> tuple[Field, ...]:
        return _with_key(fields.get(note, ()), key)

    commands = tuple(CommandNote(each, carried(each), events) for each, events in leads.items())
    events = {event: carried(event) for chain in chains for event in chain.events}
    category = (about.category if about else None) or slug(name)
    return AggregateNote(name, category, key, commands, in_order(commands, events), refuses)


def _key(name: str, about: About | None) -> Field | None:
    if about is None or about.key is None:
        return default_key(name)
    return None if about.key.name == COMPUTED else about.key


def _with_key(fields: tuple[Field, ...], key: Field | None) -> tuple[Field, ...]:
    if key is None or any(each.name == key.name for each in fields):
        return fields
    return (key, *fields)


def _check_categories(notes: list[AggregateNote], about: Mapping[str, About]) -> None:
    taken: dict[str, str] = {}
    for note in notes:
        line = about[note.name].line if note.name in about else None
        if not is_category(note.category):
            problem = f"streams called {named(note.category)}"
            raise WallError(line, problem, "a word of A-Z a-z 0-9 . _ with a letter or digit first")
        first = taken.setdefault(note.category, note.name)
        if first != note.name:
            problem = f"{named(first)} and {named(note.name)} have streams of one name"
            raise WallError(line, problem, f"'[{note.name}] streams ...' with another word")
