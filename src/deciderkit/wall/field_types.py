"""The types of fields, in words that stand on a wall: ``text``, ``list of number``, ``Point or nothing``.

A word that is none of these names a value type of the domain. Annotations are read into such words,
and a package is written from them; an annotation that says nothing becomes ``Anything``.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NewType, Union, get_args, get_origin

from msgspec import Struct

from deciderkit.wall.naming import camel, is_class_name, spelled

PLAIN: Final[Mapping[type, str]] = {
    str: "text",
    int: "number",
    Decimal: "decimal",
    float: "float",
    bool: "yes/no",
    date: "date",
    time: "time",
    datetime: "datetime",
    timedelta: "duration",
    bytes: "bytes",
    types.NoneType: "nothing",
}
"""The types that everybody has, and what the wall calls them."""

UUID: Final = "uuid"
"""So does the wall call ids from the module ``uuid``, which the core does not import."""

SYNONYMS: Final[Mapping[str, str]] = {
    **{word: word for word in (*PLAIN.values(), UUID)},
    **{"str": "text", "string": "text", "int": "number", "integer": "number", "none": "nothing"},
    **{"bool": "yes/no", "boolean": "yes/no", "timedelta": "duration", "money": "decimal"},
}
"""The words that the wall takes for each of them."""


class Type(Struct, frozen=True):
    """A type in words: a plain one, one of the domain, or ``list``, ``set``, ``map`` or ``or`` of others."""

    word: str
    of: tuple[Type, ...] = ()

    def __str__(self) -> str:
        match self.word, self.of:
            case "or", members:
                return " or ".join(map(str, members))
            case "map", (key, value):
                return f"map of {_nested(key)} to {_nested(value)}"
            case "list" | "set", (item,):
                return f"{self.word} of {_nested(item)}"
            case _:
                return self.word


def _nested(inner: Type) -> str:
    return f"({inner})" if inner.word in ("or", "map") else str(inner)


NOTHING: Final = Type("nothing")
ANYTHING: Final = Type("Anything")


def either(members: Iterable[Type]) -> Type:
    """One of several types, each named once, ``nothing`` last.

    >>> str(either([NOTHING, Type("text"), Type("or", (Type("number"), Type("text")))]))
    'text or number or nothing'
    """
    flat = [part for each in members for part in (each.of if each.word == "or" else (each,))]
    kept = [each for each in dict.fromkeys(flat) if each != NOTHING]
    kept += [NOTHING] if NOTHING in flat else []
    return Type("or", tuple(kept)) if len(kept) > 1 else kept[0]


def domain_type(words: str) -> Type | None:
    """The value type that ``words`` name, or None if they can name none.

    >>> domain_type("parcel size")
    Type(word='Parcel Size', of=())
    """
    name = camel(words)
    return Type(spelled(name)) if is_class_name(name) else None


def type_of(annotation: Any) -> Type:
    """An annotation in words.

    >>> str(type_of(tuple[int, ...])), str(type_of(dict[str, Decimal | None]))
    ('list of number', 'map of text to (decimal or nothing)')
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and annotation in PLAIN:
        return Type(PLAIN[annotation])
    if annotation is None:
        return NOTHING
    if hasattr(annotation, "__value__"):  # an alias by Python 3.12's `type` statement
        return type_of(annotation.__value__)
    if isinstance(annotation, NewType):
        return type_of(annotation.__supertype__)
    if origin is Annotated:
        return type_of(args[0])
    if origin is Literal:
        return either(type_of(type(value)) for value in args)
    if origin in (Union, types.UnionType):
        return either(map(type_of, args))
    return _container(origin, args) or _of_the_domain(origin or annotation)


def _container(origin: Any, args: tuple[Any, ...]) -> Type | None:
    if not isinstance(origin, type):
        return None
    if issubclass(origin, Mapping) and len(args) == 2:
        return Type("map", (type_of(args[0]), type_of(args[1])))
    if issubclass(origin, Set) and len(args) == 1:
        return Type("set", (type_of(args[0]),))
    if origin is tuple and args[1:] == (Ellipsis,):
        return Type("list", (type_of(args[0]),))
    if issubclass(origin, Sequence) and origin is not tuple and len(args) == 1:
        return Type("list", (type_of(args[0]),))
    return None


_SAY_NOTHING: Final = ("builtins", "collections", "collections.abc", "typing")


def _of_the_domain(annotation: Any) -> Type:
    if not isinstance(annotation, type) or annotation.__module__ in _SAY_NOTHING:
        return ANYTHING
    if (annotation.__module__, annotation.__name__) == ("uuid", "UUID"):
        return Type(UUID)
    return domain_type(spelled(annotation.__name__)) or ANYTHING
