"""What a value looks like, all the way down, as a value that nobody can change.

Two snapshots of one object that differ prove that somebody changed it in between, also where ``==``
of the object does not look or the change was made to both sides. Sets and mappings have no order
here, so that snapshots taken under different hash seeds can be compared.
"""

from __future__ import annotations

import copyreg
from collections.abc import Hashable, Mapping, Sequence, Set
from datetime import datetime
from datetime import time as clock_time
from enum import Enum
from functools import cache, cached_property
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

_ATOMS = frozenset({bool, int, str, bytes, type(None), type(...), type(NotImplemented)})
_NAMED = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType)


def snapshot(value: object) -> Hashable:
    """``value`` as it is now: equal to a later snapshot as long as nothing in it has changed.

    What cannot be looked into (a generator, a lock) counts as never changing. A time looks as its
    clock does, with its offset from UTC: ``fold`` and the name of the zone are ways to find the offset.

    >>> basket = {"apples": [1, 2]}
    >>> before = snapshot(basket)
    >>> before == snapshot({"apples": [1, 2]})
    True
    >>> basket["apples"].append(3)
    >>> before == snapshot(basket)
    False
    """
    return _seen(value, ())


def _seen(value: Any, above: tuple[int, ...]) -> Hashable:
    kind: Any = type(value)
    if kind in _ATOMS:
        return kind.__name__, value
    if kind in (float, complex):
        return kind.__name__, repr(value)
    if isinstance(value, datetime | clock_time):
        return _name(kind), value.isoformat()
    if isinstance(value, Enum):
        return _name(kind), value.name
    if isinstance(value, _NAMED):
        return _name(kind), _name(value)
    if id(value) in above:
        return "cycle", len(above) - above.index(id(value))
    return _name(kind), _content(value, (*above, id(value)))


def _content(value: Any, above: tuple[int, ...]) -> Hashable:
    """What a container holds, whatever it is built of; of anything else, its attributes."""
    extra = _all_seen(getattr(value, "__dict__", {}), value, above)
    if isinstance(value, Mapping):
        items = ((_seen(key, above), _seen(each, above)) for key, each in value.items())
        return frozenset(items), extra
    if isinstance(value, Set):
        return frozenset(_seen(each, above) for each in value), extra
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview):
        return tuple(_seen(each, above) for each in value), extra
    kind: Any = type(value)
    names = _slots(kind)
    slots = {name: getattr(value, name) for name in names if hasattr(value, name)}
    return (_all_seen(slots, value, above) + extra) or _reduced(value, above)


def _all_seen(
    attributes: dict[str, Any], value: Any, above: tuple[int, ...]
) -> tuple[Hashable, ...]:
    """Attributes by name, less what a ``cached_property`` only remembers."""
    kind: Any = type(value)
    return tuple(
        (name, _seen(attributes[name], above))
        for name in sorted(attributes)
        if not _is_cache(kind, name)
    )


@cache
def _slots(kind: type) -> tuple[str, ...]:
    fields: tuple[str, ...] = getattr(kind, "__struct_fields__", ())
    declared = tuple(copyreg._slotnames(kind))  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(fields + declared))


@cache
def _is_cache(kind: type, name: str) -> bool:
    return isinstance(getattr(kind, name, None), cached_property)


def _reduced(value: Any, above: tuple[int, ...]) -> Hashable:
    """What pickle would keep of a value without attributes of its own: a date, a decimal, a deque."""
    try:
        _, *parts = value.__reduce_ex__(4)
    except TypeError:
        return "opaque"
    plain = [list(part) if hasattr(part, "__next__") else part for part in parts]
    return tuple(_seen(part, above) for part in plain)


@cache
def _name(named: Any) -> str:
    module = getattr(named, "__module__", "")
    return f"{module}.{getattr(named, '__qualname__', getattr(named, '__name__', ''))}"
