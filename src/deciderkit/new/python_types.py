"""The types of a wall in Python: how they are annotated, a value to begin with, and how tests draw them.

What an event carries is never changed, so a list becomes a tuple and a set a frozen one. A message
takes a ``datetime`` only with its zone and a ``time`` only without one, since Python cannot compare
the two kinds, and what was recorded once is there for good. Modules are
imported by their name, or a field called ``date`` would hide the type of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from deciderkit.new.layout import imports
from deciderkit.new.naming import class_of
from deciderkit.wall.field_types import PLAIN, UUID, Type


class Plain(Struct, frozen=True):
    """A type that everybody has: its annotation, a value, and a strategy for more of them.

    ``bound`` is what else a message asks of a value, in msgspec's words.
    """

    annotation: str
    value: str
    strategy: str
    bound: str = ""


_PLAIN: Final[Mapping[str, Plain]] = {
    "text": Plain("str", '""', "st.text(max_size=3)"),
    "number": Plain("int", "0", "st.integers(-100, 100)"),
    "decimal": Plain("Decimal", "Decimal(0)", "st.decimals(-100, 100, places=2)"),
    "float": Plain("float", "0.0", "st.floats(-100, 100)"),
    "yes/no": Plain("bool", "False", "st.booleans()"),
    "date": Plain("dt.date", "dt.date(2000, 1, 1)", "st.dates()"),
    "time": Plain("dt.time", "dt.time()", "st.times()", "Meta(tz=False)"),
    "datetime": Plain(
        "dt.datetime",
        "dt.datetime(2000, 1, 1, tzinfo=dt.UTC)",
        "st.datetimes(timezones=st.just(dt.UTC))",
        "Meta(tz=True)",
    ),
    "duration": Plain("dt.timedelta", "dt.timedelta()", "st.timedeltas()"),
    "uuid": Plain("UUID", "UUID(int=0)", "st.uuids()"),
    "bytes": Plain("bytes", 'b""', "st.binary(max_size=3)"),
    "nothing": Plain("None", "None", "st.none()"),
}

_IMPORTS: Final[Mapping[str, str]] = {
    "Decimal": "from decimal import Decimal",
    "dt": "import datetime as dt",
    "UUID": "from uuid import UUID",
    "Mapping": "from collections.abc import Mapping",
}


def annotation(found: Type, bound: bool = False) -> str:
    """A type as it stands behind a field; ``bound`` for a message, which takes nothing else.

    >>> from deciderkit.wall.fields import read_type
    >>> annotation(read_type("list of (Point or nothing)"))
    'tuple[Point | None, ...]'
    >>> annotation(read_type("datetime")), annotation(read_type("datetime"), bound=True)
    ('dt.datetime', 'Annotated[dt.datetime, Meta(tz=True)]')
    """
    inner = [annotation(each, bound) for each in found.of]
    match found.word:
        case "or":
            return " | ".join(inner)
        case "list":
            return f"tuple[{inner[0]}, ...]"
        case "set":
            return f"frozenset[{inner[0]}]"
        case "map":
            return f"Mapping[{inner[0]}, {inner[1]}]"
        case word if word in _PLAIN:
            plain = _PLAIN[word]
            whole = f"Annotated[{plain.annotation}, {plain.bound}]"
            return whole if bound and plain.bound else plain.annotation
        case word:
            return class_of(word)


def value(found: Type) -> str:
    """A value to stand where nobody has said yet what should.

    >>> from deciderkit.wall.fields import read_type
    >>> value(read_type("text or nothing")), value(read_type("Point")), value(read_type("set of text"))
    ('None', 'Point("")', 'frozenset()')
    """
    match found.word:
        case "or":
            return value(found.of[-1 if found.of[-1].word == "nothing" else 0])
        case "list":
            return "()"
        case "set":
            return "frozenset()"
        case "map":
            return "{}"
        case word if word in _PLAIN:
            return _PLAIN[word].value
        case word:
            return f'{class_of(word)}("")'


def strategy(found: Type) -> str:
    """How tests draw values of a type.

    >>> from deciderkit.wall.fields import read_type
    >>> strategy(read_type("list of (number or nothing)"))
    'st.lists(st.one_of(st.integers(-100, 100), st.none()), max_size=2).map(tuple)'
    """
    inner = [strategy(each) for each in found.of]
    match found.word:
        case "or":
            return f"st.one_of({', '.join(inner)})"
        case "list":
            return f"st.lists({inner[0]}, max_size=2).map(tuple)"
        case "set":
            return f"st.frozensets({inner[0]}, max_size=2)"
        case "map":
            return f"st.dictionaries({inner[0]}, {inner[1]}, max_size=2)"
        case word if word in _PLAIN:
            return _PLAIN[word].strategy
        case word:
            return f"st.builds({class_of(word)}, st.text(max_size=3))"


def parts(types: Iterable[Type]) -> Iterator[Type]:
    """All types that ``types`` are made of, themselves among them."""
    for found in types:
        yield found
        yield from parts(found.of)


def plain_imports(codes: Iterable[str]) -> list[str]:
    """The lines that import what annotations, values and strategies name.

    >>> plain_imports(["Decimal | None", 'Point("")'])
    ['from decimal import Decimal']
    """
    named = _names_in(codes)
    return [line for name, line in _IMPORTS.items() if name in named]


def value_imports(codes: Iterable[str], types: Iterable[Type], package: str) -> list[str]:
    """The line that imports the domain's types that ``codes``, made of ``types``, name."""
    named = _names_in(codes)
    names = [class_of(word) for word in domain_types(types) if class_of(word) in named]
    return [imports(f"{package}.values", names)] if names else []


def _names_in(codes: Iterable[str]) -> set[str]:
    return {name for code in codes for name in re.findall(r"\w+", code)}


_BUILT: Final = frozenset({*PLAIN.values(), UUID, "or", "list", "set", "map"})


def domain_types(types: Iterable[Type]) -> list[str]:
    """The words for types of the domain in ``types``, each once, in their order."""
    return list(dict.fromkeys(each.word for each in parts(types) if each.word not in _BUILT))
