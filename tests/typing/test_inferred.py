"""What a type checker knows of the public API by itself; mypy and pyright read this file (see `test_checkers`)."""

from __future__ import annotations

from typing import assert_type

from pyrsistent import PVector
from returns.result import Result

from deciderkit import Refused, Run, decision_of, fold, history, outcome, replay, run
from deciderkit.decider import CorruptHistory
from deciderkit.examples.library.commands import Join, MemberCommand
from deciderkit.examples.library.events import Joined, MemberEvent
from deciderkit.examples.library.member import Nobody, member
from deciderkit.examples.library.member import Reason as MemberReason
from mars_rover import (
    FoundObstacle,
    MarsRoverTurnedOff,
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
    result = outcome(decide(Move("r1"), initial_state))
    assert_type(result, Result[tuple[RoverEvent, ...], Refusal])
    assert_type(result.failure(), Refusal)
    assert_type(result.failure().reason, Reason)
    assert_type(decision_of(result), Decision)
    assert Reason.NOT_STARTED is result.failure().reason


def test_the_seam_knows_two_aggregates_apart() -> None:
    joined = outcome(member.decide(Join("ann", "ann@example.org"), Nobody()))
    assert_type(joined, Result[tuple[MemberEvent, ...], Refused[MemberCommand, MemberReason]])
    assert (Joined("ann", "ann@example.org"),) == joined.unwrap()


def test_folds_give_the_decider_s_own_state() -> None:
    decision = decide(Move("r1"), initial_state)
    assert_type(fold(rover, decision), State)
    assert_type(replay(rover, decision), Result[State, CorruptHistory])
    assert_type(history(rover, decision), PVector[State])
    log = [*decision, MarsRoverTurnedOff("r1")]
    assert_type(fold(rover, log[:1]), State)
    assert_type(replay(rover, log), Result[State, CorruptHistory])
    assert_type(history(rover, log[:1])[-1], State)
    done = run(rover, commands_of(Program("M"), "r1"))
    assert_type(done, Run[RoverCommand, RoverEvent, State, Reason])
    assert 0 == done.carried_out


def test_a_view_has_the_type_of_its_projection() -> None:
    wall = board.fold([])
    assert_type(wall.view(path, "r1"), PVector[PathStep])
    assert_type(wall.view(obstacles_found), PVector[FoundObstacle])
    assert 0 == len(wall.view(path, "r1"))
