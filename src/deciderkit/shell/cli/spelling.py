"""States and views in a few words, for people; JSON is for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from enum import Enum
from itertools import islice
from typing import Any, Final

from pyrsistent import PMap, PSet, PVector

_ITEMS: Final = 12


def spelled(value: Any, spell: Callable[[Any], str] | None = None) -> str:
    """``value`` in a few words: of what is long only the beginning. ``spell`` says the items.

    >>> spelled(["red", "blue"]), spelled({"red": 3}), spelled([])
    ('red, blue', 'red: 3', 'none')
    """
    if not is_many(value):
        return str(value.value if isinstance(value, Enum) else value)
    said = [*islice(items(value, spell or spelled), _ITEMS)]
    rest = len(value) - len(said)
    return ", ".join([*said, f"... {rest} more"] if rest else said) or "none"


def is_many(value: Any) -> bool:
    """Whether ``value`` is a collection, and no text."""
    kinds = (PMap, PSet, PVector, Mapping, Sequence, Set)
    return isinstance(value, kinds) and not isinstance(value, (str, bytes))


def items(value: Any, spell: Callable[[Any], str]) -> Iterator[str]:
    """Each item of a collection as text; sets in an order that does not depend on hashing."""
    if isinstance(value, (Mapping, PMap)):
        return (f"{spell(key)}: {spell(of)}" for key, of in sorted(value.items(), key=str))
    if isinstance(value, (Set, PSet)):
        return iter(sorted(map(spell, value)))
    return map(spell, value)
