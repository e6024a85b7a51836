"""Why a kata is wrong: in itself, or because of what it was asked before, or by chance.

A wrong answer is asked for again, alone in fresh processes, and behind the same questions as before.
What comes each time tells the three apart: rules can be read in the example of a kata that is wrong
in itself, and in no example of one that remembers or that throws dice.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.question import Came, Question

TIMES: Final = 5
"""How often the same is asked again; a hang, which takes long, is asked for once."""

SEARCHED: Final = 40
"""How many processes the search for the question that is remembered may take."""


class Fault(Enum):
    """What a wrong answer comes of."""

    ITSELF = "itself"
    MEMORY = "memory"
    CHANCE = "chance"


class Diagnosis(NamedTuple):
    """Why, and what has to be asked before; ``alone`` is what comes where nothing is."""

    fault: Fault
    alone: Came
    before: tuple[Question, ...] = ()


def diagnose(kata: Kata, question: Question, came: Came) -> Diagnosis:
    """Why ``came`` came of ``question``."""
    times = 1 if came.ended == "hung" else TIMES
    alone = [kata.alone([question]) for _ in range(times)]
    if not all(_same(alone[0], each) for each in alone):
        return Diagnosis(Fault.CHANCE, next(each for each in alone if not _same(came, each)))
    if _same(came, alone[0]):
        return Diagnosis(Fault.ITSELF, alone[0])
    before = kata.before(question)
    if not all(_comes(kata, before, question, came) for _ in range(times)):
        return Diagnosis(Fault.CHANCE, alone[0])
    return Diagnosis(Fault.MEMORY, alone[0], tuple(_fewest(kata, before, question, came)))


def _same(left: Came, right: Came) -> bool:
    return (left.ended, left.text) == (right.ended, right.text)


def _comes(kata: Kata, before: list[Question], question: Question, came: Came) -> bool:
    return _same(came, kata.alone([*before, question]))


def _fewest(kata: Kata, before: list[Question], question: Question, came: Came) -> list[Question]:
    """Few of ``before`` that are enough: often one is, and else pieces are left out where they can be."""
    for one in before[: -SEARCHED // 2 : -1]:
        if _comes(kata, [one], question, came):
            return [one]
    size, at = len(before) // 2, 0
    for _ in range(SEARCHED):
        fewer = before[:at] + before[at + size :]
        if size and _comes(kata, fewer, question, came):
            before = fewer
        else:
            at += size
        if at >= len(before):
            size, at = size // 2, 0
    return before
