"""What a note carries, as its line says it: fields, and their types in words.

point (Point), steps (list of number), obstacle (Point or nothing)
"""

from __future__ import annotations

from deciderkit.wall.field_types import SYNONYMS, Type, domain_type, either
from deciderkit.wall.naming import snake, spelled_field
from deciderkit.wall.notes import Field
from deciderkit.wall.tokens import Cursor, Line, named, several


def take_fields(cursor: Cursor) -> tuple[Field, ...]:
    """The fields behind the colon of a note."""
    fields = several(cursor, lambda: take_field(cursor))
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise cursor.error(f"two fields are called {named(name)}", "a name for each")
    return fields


def take_field(cursor: Cursor) -> Field:
    """One field; without a type it is text."""
    name = take_field_name(cursor)
    if not cursor.takes("("):
        return Field(name)
    found = _type(cursor)
    cursor.take(")", "the type")
    return Field(name, str(found))


def take_field_name(cursor: Cursor) -> str:
    """The name of a field, in lower case."""
    said = cursor.name("a field")
    name = snake(said)
    if not name.isidentifier() or name.startswith("_"):
        raise cursor.error(
            f"{named(said)} cannot name a field", "letters and digits, a letter first"
        )
    return spelled_field(name)


def read_type(text: str) -> Type:
    """The type that the words of a field say, as they stand on a wall.

    >>> str(read_type("list of (int or none)"))
    'list of (number or nothing)'
    """
    return _type(Cursor(Line(1, text)))


def _type(cursor: Cursor) -> Type:
    return either(several(cursor, lambda: _member(cursor), "or"))


def _member(cursor: Cursor) -> Type:
    if cursor.takes("("):
        inner = _type(cursor)
        cursor.take(")", "the type")
        return inner
    for word in ("list", "set"):
        if cursor.takes(word):
            cursor.take("of", f"'{word}'")
            return Type(word, (_member(cursor),))
    if cursor.takes("map"):
        cursor.take("of", "'map'")
        key = _member(cursor)
        cursor.take("to", "the type of its keys")
        return Type("map", (key, _member(cursor)))
    return _named(cursor)


def _named(cursor: Cursor) -> Type:
    said = cursor.name("a type", ("or", "to"))
    if said in SYNONYMS:
        return Type(SYNONYMS[said])
    found = domain_type(said)
    if found is None:
        raise cursor.error(f"{named(said)} cannot name a type", "text, number, date or a name")
    return found
