"""What a wall's notes are called in Python, and the names that a package keeps for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword
from typing import Final

from deciderkit.wall.naming import camel, slug, snake
from deciderkit.wall.notes import AggregateNote, Wall

CLASSES: Final = frozenset(
    [
        "Aggregate",
        "Annotated",
        "Any",
        "Board",
        "BoardLaws",
        "Command",
        "Decider",
        "DeciderLaws",
        "Decision",
        "Decimal",
        "Enum",
        "Event",
        "ExternalSystem",
        "Final",
        "Mapping",
        "Meta",
        "Policy",
        "Projection",
        "PVector",
        "Reason",
        "Refusal",
        "Refused",
        "Stage",
        "State",
        "Struct",
        "TestBoard",
        "TypeAlias",
        "UUID",
    ]
)
"""Classes that a package's own code uses."""

FIELDS: Final = frozenset(["str", "int", "float", "bool", "bytes", "tuple", "frozenset", "dt"])
"""Names of types, which a field of that name would hide."""

_MODULES: Final = (
    *("board", "commands", "events", "policies", "projections", "values", "tests", "wall"),
    *("attrgetter", "deciderkit", "typing", "operator"),
)


def class_of(note: str) -> str:
    """The class of a command, an event or a value type."""
    return camel(note)


def attribute(field: str) -> str:
    """The attribute of a field."""
    return snake(field)


def base_of(aggregate: AggregateNote) -> str:
    """The first part of the names of what an aggregate takes and gives.

    >>> base_of(AggregateNote("mars rover", "rover", None, (), ()))
    'MarsRover'
    """
    return camel(slug(aggregate.name))


def modules_of(wall: Wall) -> dict[str, str]:
    """The module of each aggregate, by the aggregate's name: no two are the same."""
    names = unique((slug(each.name) for each in wall.aggregates), _MODULES)
    return dict(zip((each.name for each in wall.aggregates), names, strict=True))


def functions_of(names: Iterable[str], nameless: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """A name of a function or a value for each of ``names``: no two are the same."""
    listed = list(names)
    return dict(zip(listed, unique((slug(each, nameless) for each in listed), taken), strict=True))


def members_of(texts: Iterable[str], nameless: str = "reason") -> list[str]:
    """The names of an enum's members, from what they say.

    >>> members_of(["not started", "off the grid!", "???", "2 late"])
    ['NOT_STARTED', 'OFF_THE_GRID', 'REASON', 'REASON_2_LATE']
    """
    return unique((slug(each, nameless).upper() for each in texts), taken=())


def unique(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Identifiers like ``names``, each once and none in ``taken``: a number behind it makes the difference."""
    used = set(taken)
    found = []
    for name in names:
        plain = name if name.isidentifier() and not iskeyword(name) else f"{name}_"
        number = 2
        free = plain
        while free in used:
            free, number = f"{plain}_{number}", number + 1
        used.add(free)
        found.append(free)
    return found


_PACKAGE: Final = re.compile(r"[a-z_][a-z0-9_]*")


def is_package_name(name: str) -> bool:
    """Whether a package can be called so: an identifier in lower case."""
    return bool(_PACKAGE.fullmatch(name)) and not iskeyword(name)
