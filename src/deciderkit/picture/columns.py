"""The data of the replay page while it is made: columns of numbers, and every text once.

What the page's script reads is described here: ``texts`` holds the texts, everything else their numbers;
a *thing* is a stream, a view, the to-dos or a picture, and a *fact* is one label of a thing. Moments count
from 1, and ``changes`` holds for each of them ``sizes`` pairs of a fact and its new text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from deciderkit.picture.facts import Change, Facts
from deciderkit.picture.spelling import Speller
from deciderkit.plain import shown

NONE: Final = -1
"""Stands in the data for a text or a moment that is not there."""

Kind: TypeAlias = Literal["stream", "view", "todo", "picture"]


class Name(NamedTuple):
    """What a thing is called on its board."""

    kind: Kind
    name: str
    key: str = ""


class Thing:
    """A stream, a view, the to-dos or a picture: its number on the page, its value and its facts."""

    def __init__(self, number: int, value: Any, facts: Facts) -> None:
        self.number = number
        self.value = value
        self.facts = facts


class Columns:
    """What the page is told, growing moment by moment."""

    def __init__(self, spell: Speller) -> None:
        self._spell = spell
        self._texts: dict[str, int] = {}
        self._things: list[tuple[str, int, int]] = []
        self._facts: dict[tuple[int, str], int] = {}
        self._steps: tuple[list[int], ...] = ([], [], [], [], [], [], [])
        self._moments: tuple[list[int], ...] = ([], [], [], [])
        self._first: list[int] = []
        self._changes: list[int] = []
        self._sizes: list[int] = []
        self._marks: list[tuple[int, int]] = []

    def text(self, text: str | None) -> int:
        """The number of ``text``, or that there is none."""
        if text is None:
            return NONE
        return self._texts.setdefault(text, len(self._texts))

    def thing(self, name: Name, value: Any) -> Thing:
        """A thing that comes up for the first time."""
        thing = Thing(len(self._things), value, Facts(self._spell))
        self._things.append((name.kind, self.text(shown(name.name)), self.text(shown(name.key))))
        return thing

    def begin(self, thing: Thing, changes: Iterable[Change]) -> None:
        """Say what ``thing`` was before the first moment."""
        self._first += self.changed(thing, changes)

    def changed(self, thing: Thing, changes: Iterable[Change]) -> list[int]:
        """The numbers of ``changes``, to be given to `moment`."""
        facts, texts, number = self._facts, self._texts, thing.number
        numbers: list[int] = []
        for change in changes:
            place, text = (number, change.label), change.text
            numbers.append(facts.setdefault(place, len(facts)))
            numbers.append(NONE if text is None else texts.setdefault(text, len(texts)))
        return numbers

    @property
    def moments(self) -> int:
        """How many moments there are so far."""
        return len(self._sizes)

    def step(self, *numbers: int) -> int:
        """One more decision: command, its words, its key, policy, the moment that woke it, reason, verdict."""
        for column, value in zip(self._steps, numbers, strict=True):
            column.append(value)
        return len(self._steps[0]) - 1

    def moment(self, step: int, name: int, text: int, stream: int, changes: list[int]) -> None:
        """One more moment: of a decision, with the event's name and words, and its stream."""
        steps, names, texts, streams = self._moments
        steps.append(step)
        names.append(name)
        texts.append(text)
        streams.append(stream)
        self._changes += changes
        self._sizes.append(len(changes) // 2)

    def mark(self, name: str) -> None:
        """Give the last moment a name to go to."""
        self._marks.append((len(self._sizes), self.text(name)))

    def data(self) -> dict[str, Any]:
        """All of it, under the names by which the script reads it."""
        facts = [(thing, self.text(label)) for thing, label in self._facts]
        return {
            "things": self._things,
            "facts": facts,
            "steps": self._steps,
            "moments": self._moments,
            "first": self._first,
            "sizes": self._sizes,
            "changes": self._changes,
            "marks": self._marks,
            "texts": list(self._texts),
        }
