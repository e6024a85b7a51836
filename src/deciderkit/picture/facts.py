"""A value taken apart into facts, and what became of them: the difference that a page shows.

A state is a fact for each of its fields, a map one for each entry, a list its length and its last items.
Only what a new value has in other words than the one before is a change. Looking at a value costs the
same however much it holds: of a long list the last items are looked at, of a large map the number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from operator import attrgetter
from typing import Any, Final, NamedTuple

from msgspec import Struct
from pyrsistent import PMap, PSet, PVector

from deciderkit.picture.spelling import Speller, parts_of
from deciderkit.plain import shown

LAST: Final = 8
"""How many items of a list are facts: its last ones."""

MOST: Final = 64
"""How many entries a map or a set may have to be shown one by one."""

SHAPE: Final = ""
"""The label of what a value is as a whole: its type, or all of it."""

LENGTH: Final = "#"
"""The label of the length of a list; its last items are facts whose labels are their index modulo `LAST`."""


class Change(Struct, frozen=True, gc=False):
    """The fact ``label`` is now said as ``text``; None says that there is no such fact any more."""

    label: str
    text: str | None


class Facts:
    """The facts of one thing on its way through a history: give it each value in turn.

    >>> from pyrsistent import pvector
    >>> facts = Facts(Speller())
    >>> facts.become(pvector(["a", "b"]))
    [Change(label='#', text='2'), Change(label='0', text='a'), Change(label='1', text='b')]
    >>> facts.become(pvector(["a", "b", "c"]))
    [Change(label='#', text='3'), Change(label='2', text='c')]
    """

    def __init__(self, spell: Speller) -> None:
        self._spell = spell
        self._values: dict[str, Any] = {}
        self._texts: dict[str, str] = {}
        self._ways: dict[type, Callable[[Any], dict[str, Any]]] = {}
        self._labels: dict[Any, str] = {}

    def become(self, value: Any) -> list[Change]:
        """What is new about ``value``, in an order that no hash seed changes."""
        changes: list[Change] = []
        texts, before = self._texts, self._values
        values = self._parts(value)
        for label, part in values.items():
            if label in before and before[label] is part:
                continue
            text = self._spell(part)
            if texts.get(label) != text:
                texts[label] = text
                changes.append(Change(label, text))
        if len(texts) > len(values):
            for label in [each for each in texts if each not in values]:
                del texts[label]
                changes.append(Change(label, None))
        self._values = values
        if len(changes) > 1 and isinstance(value, _UNORDERED):
            changes.sort(key=lambda change: change.label)
        return changes

    def _parts(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._way(kind)
        return way(value)

    def _way(self, kind: type) -> Callable[[Any], dict[str, Any]]:
        if self._spell.speaks_for_itself(kind) or issubclass(kind, (str, bytes)):
            return _whole
        names = parts_of(kind)
        if names is not None:
            return _record(kind, names)
        if issubclass(kind, _MAPS):
            return self._entries
        if issubclass(kind, _SETS):
            return self._members
        return _last if issubclass(kind, _LISTS) else _whole

    def _entries(self, value: Mapping[Any, Any]) -> dict[str, Any]:
        count: dict[str, Any] = {SHAPE: _Count(len(value), ("entry", "entries"))}
        if len(value) > MOST:
            return count
        return count | {self._label(key): part for key, part in value.items()}

    def _members(self, value: Set[Any]) -> dict[str, Any]:
        count: dict[str, Any] = {SHAPE: _Count(len(value), ("member", "members"))}
        if len(value) > MOST:
            return count
        return count | {self._label(member): _MEMBER for member in value}

    def _label(self, key: Any) -> str:
        label = self._labels.get(key)
        if label is None:
            label = shown(key) if isinstance(key, str) else self._spell(key)
            self._labels[key] = label
        return label


def _record(kind: type, names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    labels = (SHAPE, *names)
    get = attrgetter(*names) if len(names) > 1 else None

    def parts(value: Any) -> dict[str, Any]:
        try:
            if get is not None:
                return dict(zip(labels, (kind, *get(value)), strict=True))
        except AttributeError:  # a field that was never set
            pass
        return {SHAPE: kind} | {name: getattr(value, name, None) for name in names}

    return parts


def _whole(value: Any) -> dict[str, Any]:
    return {SHAPE: value}


def _last(value: Sequence[Any]) -> dict[str, Any]:
    length = len(value)
    last = range(max(0, length - LAST), length)
    return {LENGTH: length} | {_SLOTS[index % LAST]: value[index] for index in last}


class _Count(NamedTuple):
    """How much a map or a set holds."""

    number: int
    of: tuple[str, str]

    def __str__(self) -> str:
        return f"{self.number:,} {self.of[self.number != 1]}"


class _Member(NamedTuple):
    """That something is in a set: it says nothing more."""

    def __str__(self) -> str:
        return ""


_MEMBER: Final = _Member()
_SLOTS: Final = tuple(str(slot) for slot in range(LAST))
_MAPS: Final = (Mapping, PMap)
_SETS: Final = (Set, PSet)
_LISTS: Final = (PVector, Sequence)
_UNORDERED: Final = (*_MAPS, *_SETS)
