"""What a type checker knows of the public API; mypy reads this file, and running it changes nothing."""

from __future__ import annotations

from typing import assert_type

from pyrsistent import PVector
from returns.result import Result

from deciderkit import Run, decision_of, fold, outcome, replay, run
from deciderkit.decider import CorruptHistory
from mars_rover import (
    FoundObstacle,
    Move,
    PathStep,
    Program,
    Reason,
    State,
    board,
    commands_of,
    decide,
    initial_state,
    obstacles_found,
    path,
    rover,
)
from mars_rover.commands import RoverCommand
from mars_rover.events import RoverEvent
from mars_rover.rover import Decision, Refusal


def test_the_seam_to_returns_keeps_events_and_refusal_apart() -> None:
    result: Result[tuple[RoverEvent, ...], Refusal] = outcome(decide(Move("r1"), initial_state))
    assert_type(result.failure(), Refusal)
    assert_type(decision_of(result), Decision)
    assert Reason.NOT_STARTED is result.failure().reason


def test_folds_give_the_decider_s_own_state() -> None:
    assert_type(fold(rover, []), State)
    assert_type(replay(rover, []), Result[State, CorruptHistory])
    done = run(rover, commands_of(Program("M"), "r1"))
    assert_type(done, Run[RoverCommand, RoverEvent, State, Reason])
    assert 0 == done.carried_out


def test_a_view_has_the_type_of_its_projection() -> None:
    wall = board.fold([])
    assert_type(wall.view(path, "r1"), PVector[PathStep])
    assert_type(wall.view(obstacles_found), PVector[FoundObstacle])
    assert 0 == len(wall.view(path, "r1"))
