"""Any value of any domain in a few characters, for logs and pages: much like JSON, and never an error.

A person who looks at a log wants `2,1` and not `Point(x=2, y=1)`. So a type says how it is spelled by
its own ``__str__``, or a `Spelling` says it for the type; what nobody says is spelled after its shape.
The cost is bounded: of a long list, a large map or a deep nest only the beginning is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeAlias, cast

from msgspec import Struct
from pyrsistent import PMap, PSet, PVector

from deciderkit.plain import shown

Spelling: TypeAlias = Mapping[type, Callable[[Any], str]]
"""How the values of some types are spelled, said for them from outside."""

AS_IT_IS: Final[Spelling] = {}
"""Nothing said from outside: each type speaks for itself."""

LONGEST: Final = 160
_ITEMS: Final = 6
_MEMBERS: Final = 50
_DEPTH: Final = 4
_WORD: Final = re.compile(r"(?!(?:none|true|false)\Z)[A-Za-z][A-Za-z0-9._-]*")


def short(value: object, spelling: Spelling = AS_IT_IS) -> str:
    """``value`` on one line, at most about 160 characters long, whatever it is.

    >>> from decimal import Decimal
    >>> from pyrsistent import pmap
    >>> short({"price": Decimal("9.50"), "tags": ["a", "b c"], "left": None, "x": pmap({1: True})})
    '{left: none, price: 9.50, tags: [a, "b c"], x: {1: true}}'
    >>> short([1, 2, 3, 4, 5, 6, 7, 8])
    '[1, 2, 3, 4, 5, 6, ... 2 more]'
    """
    return Speller(spelling)(value)


def parts_of(kind: type) -> tuple[str, ...] | None:
    """The names of the fields of a struct, a dataclass or a named tuple; None for any other type."""
    if issubclass(kind, Struct):
        return kind.__struct_fields__
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return tuple(kind._fields)
    return None


class Speller:
    """`short` for many values: what was found out about a type is found out once."""

    def __init__(self, spelling: Spelling = AS_IT_IS) -> None:
        self._spelling = spelling
        self._ways: dict[type, Callable[[Any, int], str]] = {}

    def __call__(self, value: Any, depth: int = 0) -> str:
        """``value`` in short."""
        kind = type(value)
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._way(kind)
        try:
            text = way(value, depth)
        except Exception:  # whatever a domain's `__str__` or property raises, a picture goes on
            return f"<{shown(kind.__name__)}>"
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."

    def speaks_for_itself(self, kind: type) -> bool:
        """Whether a value of ``kind`` is said as one piece: its type or somebody says how."""
        own = cast(Any, kind).__str__ is not object.__str__
        return kind in self._spelling or (own and not issubclass(kind, (PMap, PSet, PVector)))

    def _way(self, kind: type) -> Callable[[Any, int], str]:
        said = self._spelling.get(kind)
        if said is not None:
            return lambda value, depth: shown(said(value))
        if issubclass(kind, Enum):
            return _member
        for base, way in self._known():
            if issubclass(kind, base):
                return way
        if self.speaks_for_itself(kind):
            return lambda value, depth: shown(str(value))
        names = parts_of(kind)
        if names is not None:
            return lambda value, depth: self._record(kind.__name__, names, value, depth)
        return self._shape(kind)

    def _known(self) -> tuple[tuple[type, Callable[[Any, int], str]], ...]:
        return (
            (str, lambda value, depth: _text(value)),
            (bool, lambda value, depth: "true" if value else "false"),
            (type(None), lambda value, depth: "none"),
            (date, lambda value, depth: value.isoformat().replace("+00:00", "Z")),
            (time, lambda value, depth: value.isoformat()),
            (type, lambda value, depth: shown(value.__name__)),
        )

    def _shape(self, kind: type) -> Callable[[Any, int], str]:
        if issubclass(kind, (Mapping, PMap)):
            return self._mapping
        if issubclass(kind, (Set, PSet)):
            return self._members
        if issubclass(kind, (PVector, Sequence)) and not issubclass(kind, (bytes, bytearray)):
            return self._items
        return lambda value, depth: shown(str(value))

    def _record(self, name: str, names: Iterable[str], value: Any, depth: int) -> str:
        if depth >= _DEPTH:
            return f"{name} {{...}}"
        said = ", ".join(f"{each}: {self(getattr(value, each), depth + 1)}" for each in names)
        return f"{name} {{{said}}}" if said else name

    def _mapping(self, value: Any, depth: int) -> str:
        if depth >= _DEPTH or len(value) > _MEMBERS:
            return f"{{{len(value):,} entries}}"
        pairs = [f"{self(key, depth + 1)}: {self(of, depth + 1)}" for key, of in value.items()]
        return f"{{{', '.join(sorted(pairs))}}}"

    def _members(self, value: Any, depth: int) -> str:
        if depth >= _DEPTH or len(value) > _MEMBERS:
            return f"{{{len(value):,} members}}"
        return f"{{{', '.join(sorted(self(each, depth + 1) for each in value))}}}"

    def _items(self, value: Any, depth: int) -> str:
        if depth >= _DEPTH:
            return f"[{len(value):,} items]"
        said = [self(each, depth + 1) for each in islice(value, _ITEMS)]
        if len(value) > _ITEMS:
            said.append(f"... {len(value) - _ITEMS:,} more")
        return f"[{', '.join(said)}]"


def _member(value: Any, depth: int) -> str:
    """A member of an enum: its value where that is a text; by the names that are quick to look up."""
    return shown(value._value_ if isinstance(value._value_, str) else value._name_)


def _text(value: str) -> str:
    if _WORD.fullmatch(value):
        return shown(value)
    quoted = shown(value).replace('"', r"\"")
    return f'"{quoted}"'
