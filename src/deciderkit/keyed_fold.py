"""Folds that keep one value for each key, advanced together over a chunk of events.

Inside a chunk what changed is held in a dict, between chunks in a persistent map: a long log costs a
dict's look-up an event, and every state between two chunks can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from pyrsistent import PMap

T = TypeVar("T")

CHUNK: Final = 4096


class KeyedFold(NamedTuple):
    """One keyed fold on its way through a chunk: what it held before, and what changed since."""

    name: str
    takes: tuple[type, ...]
    changed: dict[str, Any]
    held: PMap[str, Any]
    initial: Any
    evolve: Callable[[Any, Any], Any]
    key: Callable[[Any], object]


def routes(folds: list[KeyedFold]) -> dict[type, list[tuple[Any, ...]]]:
    """For each type of event the folds that take it, less the fields that the loop does not need."""
    by_type: dict[type, list[tuple[Any, ...]]] = {}
    for fold in folds:
        for taken in fold.takes:
            by_type.setdefault(taken, []).append(fold[2:])
    return by_type


def stored(before: PMap[str, PMap[str, Any]], folds: list[KeyedFold]) -> PMap[str, PMap[str, Any]]:
    """``before`` and what the folds changed."""
    changed = {fold.name: fold.held.update(fold.changed) for fold in folds if fold.changed}
    return before.update(changed) if changed else before


def chunks(events: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """``events`` in pieces, so that a log of any length is folded in bounded memory."""
    rest = iter(events)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk
