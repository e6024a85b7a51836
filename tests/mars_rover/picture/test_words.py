"""The rover's log reads as the article's."""

from __future__ import annotations

import pytest

from deciderkit import Refused
from deciderkit.picture.lines import Lines
from deciderkit.picture.spelling import short
from mars_rover import (
    Direction,
    MarsRoverMoved,
    MarsRoverTurnedOff,
    Move,
    NotifyObstacle,
    ObstacleFound,
    Point,
    Reason,
    StartMarsRover,
    World,
    board,
)
from mars_rover.picture.words import SPELLING, spelled_world
from mars_rover.projections import FoundObstacle

SOME = World.create(9, 9, [(2, 2), (0, 1)]).unwrap()


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (Move("r1"), "[COMMAND] Move"),
        (MarsRoverMoved("r1", Point(2, 1), Direction.NORTH), "[EVENT] MarsRoverMoved 2:1:N"),
        (StartMarsRover("r1", SOME), "[COMMAND] StartMarsRover 0:0:N on 9x9, obstacles 0,1 2,2"),
        (ObstacleFound("r1", Point(2, 2)), "[EVENT] ObstacleFound 2,2"),
        (NotifyObstacle("r1", "Rover r1 hit\nit"), r"[COMMAND] NotifyObstacle Rover r1 hit\nit"),
        (MarsRoverTurnedOff("r1"), "[EVENT] MarsRoverTurnedOff"),
        (Refused(Move("r1"), Reason.TURNED_OFF), "[REFUSED] Move: turned off"),
    ],
)
def test_a_line_is_short_and_leaves_out_the_id(happened: object, expected: str) -> None:
    line = Lines(board, SPELLING)(happened)
    assert expected == str(line)
    assert "r1" == line.key


def test_a_world_with_many_obstacles_says_how_many() -> None:
    many = World.create(9, 9, [(x, 1) for x in range(4)]).unwrap()
    assert "9x9, 4 obstacles" == spelled_world(many)


def test_a_found_obstacle_is_said_with_its_rover() -> None:
    assert "2,2 by r1" == short(FoundObstacle("r1", Point(2, 2)), SPELLING)
