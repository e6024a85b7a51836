"""Whether recorded events are a log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deciderkit import Refused
from deciderkit.log.audit import Audit
from deciderkit.log.errors import CannotFollow, CorruptEvent
from deciderkit.log.recorded import Recorded
from tests.deciderkit.turnstile import (
    CoinTaken,
    Command,
    Event,
    Jammed,
    Locked,
    MechanicCalled,
    PersonPassed,
    Reason,
    State,
    Unlocked,
    board,
    mechanics,
    turnstile,
    turnstiles,
)


def recorded(position: int, stream: str, version: int, event: Any) -> Recorded[Any]:
    return Recorded(position, stream, version, event, "c1", "2026")


LOG = [
    recorded(1, "turnstile-north", 1, CoinTaken("north", 2)),
    recorded(2, "turnstile-south", 1, Jammed("south")),
    recorded(3, "turnstile-north", 2, Unlocked("north")),
    recorded(4, "mechanic-south", 1, MechanicCalled("south")),
    recorded(5, "turnstile-north", 3, PersonPassed("north")),
]


def test_a_log_passes_and_its_streams_are_where_they_lead_to() -> None:
    audit = Audit(board)
    for each in LOG:
        audit.take(each)
    assert 5 == audit.position
    assert (turnstiles, 3, Locked()) == audit.streams["turnstile-north"]


@pytest.mark.parametrize(
    ("next_one", "reason"),
    [
        (recorded(5, "turnstile-north", 4, PersonPassed("north")), "position 5 stands twice"),
        (recorded(3, "turnstile-north", 4, PersonPassed("north")), "position 3 is out of order"),
        (recorded(8, "turnstile-north", 4, PersonPassed("north")), "position 8 leaves a gap"),
        (recorded(6, "turnstile-west", 1, Jammed("north")), "does not belong in 'turnstile-west'"),
        (recorded(6, "turnstile-north", 4, "Flew"), "str does not belong in"),
        (recorded(6, "turnstile-north", 9, Jammed("north")), "version 9 of turnstile-north"),
        (recorded(6, "turnstile-north", 3, Jammed("north")), "expected 4"),
        (recorded(6, "turnstile-north", 4, PersonPassed("north")), "cannot follow Locked"),
        (
            recorded(6, f"turnstile-{'n' * 300}", 1, PersonPassed("n" * 300)),
            r"nnn\.\.\. cannot follow",
        ),
    ],
)
def test_an_event_that_cannot_stand_where_it_stands_is_named(
    next_one: Recorded[Any], reason: str
) -> None:
    audit = Audit(board)
    for each in LOG:
        audit.take(each)
    with pytest.raises(CorruptEvent, match=reason) as caught:
        audit.take(next_one)
    assert next_one.position == caught.value.position
    assert 5 == audit.position


def test_whatever_a_fold_raises_is_a_place_in_the_log() -> None:
    def evolve(state: State, event: Event | Refused[Command, Reason]) -> State:
        raise ZeroDivisionError("by zero")

    decider = replace(turnstile, evolve=evolve)
    wall = replace(board, aggregates=(replace(turnstiles, decider=decider), mechanics))
    with pytest.raises(CannotFollow, match="cannot follow: ZeroDivisionError: by zero") as caught:
        Audit(wall).take(LOG[0])
    assert 1 == caught.value.position
