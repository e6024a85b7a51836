"""What each line of the wall says, by itself: its grammar, and nothing of the other lines.

Turn Left, Move -> [Mars Rover] -> Mars Rover Moved, Obstacle Found      a chain
whenever Obstacle Found: Turn Off, until Turned Off, unless Repaired     a policy
view path by rover id: Mars Rover Started, Mars Rover Moved              a view
system Mail: Obstacle Notified                                           an external system
[Mars Rover] by rover id, streams rover                                  what tells it apart
[Mars Rover] refuses: not started, turned off                            its reasons
Mars Rover Moved: point (Point), direction (Direction)                   what a note carries
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from deciderkit.wall.fields import take_field, take_field_name, take_fields
from deciderkit.wall.naming import camel, is_class_name, spelled
from deciderkit.wall.notes import COMPUTED, OWN, Field, PolicyNote, SystemNote, ViewNote
from deciderkit.wall.tokens import Cursor, Line, named, several


class Carries(Struct, frozen=True):
    """Notes, and the fields that each of them carries."""

    line: int
    names: tuple[str, ...]
    fields: tuple[Field, ...]


class Leads(Struct, frozen=True):
    """Commands, the aggregate that takes them, and the events that they lead to."""

    line: int
    commands: tuple[str, ...]
    aggregate: str
    events: tuple[str, ...]
    carried: tuple[Carries, ...] = ()


class About(Struct, frozen=True):
    """By what an aggregate is told apart, and what its streams are called; None where it is not said."""

    line: int
    aggregate: str
    key: Field | None
    category: str | None


class Refuses(Struct, frozen=True):
    """Why an aggregate refuses."""

    line: int
    aggregate: str
    reasons: tuple[str, ...]


class Hangs(Struct, frozen=True):
    """A policy, a view or a system, as its line says it: a policy without a name has the empty one."""

    line: int
    note: PolicyNote | ViewNote | SystemNote


Statement: TypeAlias = Carries | Leads | About | Refuses | Hangs

_KEYWORDS: Final = frozenset({"at", "or"})
"""The words at which a note of a policy ends; on the wall a note begins each word with a capital."""

FORMS: Final = (
    "'Command -> [Aggregate] -> Event', 'whenever Event: Command, until Event', "
    "'view name: Event', 'system name: Event' or 'Note: field, field'"
)


def statement_of(line: Line) -> Statement:
    """What ``line`` says. Raises `WallError`."""
    cursor = Cursor(line)
    said = _form(cursor)(cursor)
    if not cursor.at_end:
        goes_on = ", not indented: an indented one goes on with the one above"
        wanted = "a new line" + goes_on * ("\n" in line.text)
        raise cursor.error(f"{cursor.found} after the end of what the line says", wanted)
    return said


def _form(cursor: Cursor) -> Callable[[Cursor], Statement]:
    if cursor.has("->"):
        return _leads
    for sign, form in (("[", _aggregate), ("whenever", _policy), ("view", _view)):
        if cursor.takes(sign):
            return form
    if cursor.takes("system"):
        return _system
    if cursor.has(":"):
        return _carries
    raise cursor.error(f"{cursor.found} begins no line that the wall knows", FORMS)


def _leads(cursor: Cursor) -> Leads:
    commands = Carries(cursor.number, (), ())
    if not cursor.sees("["):
        commands = _notes(cursor, "a command")
        cursor.take("->", "the commands")
    cursor.take("[", "the arrow")
    aggregate = cursor.name("an aggregate")
    cursor.take("]", "the aggregate")
    events = Carries(cursor.number, (), ())
    if cursor.takes("->"):
        events = _notes(cursor, "an event")
    carried = tuple(each for each in (commands, events) if each.fields)
    return Leads(cursor.number, commands.names, aggregate, events.names, carried)


def _notes(cursor: Cursor, of: str) -> Carries:
    """Notes on one side of a chain; a single one may say what it carries."""
    names = several(cursor, lambda: _note(cursor, of))
    if not cursor.takes(":"):
        return Carries(cursor.number, names, ())
    if len(names) > 1:
        problem = f"fields behind {len(names)} notes of a chain"
        raise cursor.error(problem, f"a line of its own for them: '{names[-1]}: field, field'")
    return Carries(cursor.number, names, take_fields(cursor))


def _carries(cursor: Cursor) -> Carries:
    names = several(cursor, lambda: _note(cursor, "a note"))
    cursor.take(":", "the note")
    return Carries(cursor.number, names, take_fields(cursor))


def _aggregate(cursor: Cursor) -> About | Refuses:
    name = cursor.name("an aggregate")
    cursor.take("]", "the aggregate")
    if cursor.takes("refuses"):
        cursor.take(":", "'refuses'")
        reasons = several(cursor, lambda: cursor.name("a reason"))
        return Refuses(cursor.number, name, reasons)
    key = category = None
    if cursor.takes("by"):
        key = Field(COMPUTED) if cursor.takes(COMPUTED) else take_field(cursor)
        cursor.takes(",")
    if cursor.takes("streams"):
        category = cursor.name("the name of its streams")
    elif key is None:
        raise cursor.error(f"{cursor.found} after the aggregate", "'by', 'streams' or 'refuses:'")
    return About(cursor.number, name, key, category)


def _policy(cursor: Cursor) -> Hangs:
    whenever = _note(cursor, "an event", _KEYWORDS)
    cursor.take(":", "the event")
    then = _any_of(cursor, "a command")
    due = key = name = ""
    if cursor.takes("at"):
        due = _key(cursor, "its")
    until: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    while cursor.takes(","):
        if cursor.takes("until"):
            until = _any_of(cursor, "an event")
        elif cursor.takes("unless"):
            unless = _any_of(cursor, "an event")
        elif cursor.takes("by"):
            key = OWN if cursor.takes(OWN) else _key(cursor)
        elif cursor.takes("called"):
            name = cursor.name("a name")
        else:
            raise cursor.error(
                f"{cursor.found} in a policy", "'until', 'unless', 'by' or 'called' after a comma"
            )
    return Hangs(cursor.number, PolicyNote(name, whenever, then, until, unless, key, due))


def _view(cursor: Cursor) -> Hangs:
    name = cursor.name("a view", ("by",))
    key = _key(cursor) if cursor.takes("by") else ""
    cursor.take(":", "the view")
    return Hangs(cursor.number, ViewNote(name, _events(cursor), key))


def _system(cursor: Cursor) -> Hangs:
    name = cursor.name("an external system")
    cursor.take(":", "the system")
    return Hangs(cursor.number, SystemNote(name, _events(cursor)))


def _events(cursor: Cursor) -> tuple[str, ...]:
    return several(cursor, lambda: _note(cursor, "an event"))


def _any_of(cursor: Cursor, of: str) -> tuple[str, ...]:
    return several(cursor, lambda: _note(cursor, of, _KEYWORDS), "or")


def _note(cursor: Cursor, of: str, stops: frozenset[str] = frozenset()) -> str:
    said = cursor.name(of, stops)
    name = camel(said)
    if not is_class_name(name):
        raise cursor.error(
            f"{named(said)} cannot name a note", "letters and digits, a letter first"
        )
    return spelled(name)


def _key(cursor: Cursor, filler: str = "") -> str:
    if cursor.takes(COMPUTED):
        return COMPUTED
    cursor.takes(filler)
    return take_field_name(cursor)
