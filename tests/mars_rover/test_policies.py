from __future__ import annotations

from deciderkit.testing import given
from mars_rover import (
    MarsRoverTurnedOff,
    NotifyObstacle,
    ObstacleFound,
    ObstacleNotified,
    Point,
    TurnOff,
    notify_obstacle_found,
    turn_off_blocked,
)

FOUND = ObstacleFound("r1", Point(2, 2))
NOTIFIED = ObstacleNotified("r1", "Rover r1 hit obstacle")


def test_whenever_an_obstacle_is_found_somebody_is_told_until_it_was_said() -> None:
    told = NotifyObstacle("r1", "Rover r1 hit obstacle")
    given(notify_obstacle_found, FOUND).then_todos(told)
    given(notify_obstacle_found, FOUND, MarsRoverTurnedOff("r1")).then_todos(told)
    given(notify_obstacle_found, FOUND, NOTIFIED).then_nothing()


def test_whenever_an_obstacle_is_found_the_rover_is_turned_off_until_it_is_off() -> None:
    given(turn_off_blocked, FOUND).then_todos(TurnOff("r1"))
    given(turn_off_blocked, FOUND, NOTIFIED).then_todos(TurnOff("r1"))
    given(turn_off_blocked, FOUND, MarsRoverTurnedOff("r1")).then_nothing()


def test_each_rover_has_its_own_to_dos() -> None:
    other = ObstacleFound("r2", Point(0, 0))
    given(turn_off_blocked, FOUND, other, MarsRoverTurnedOff("r1")).then_todos(TurnOff("r2"))
    given(notify_obstacle_found, FOUND, other, NOTIFIED).then_todos(
        NotifyObstacle("r2", "Rover r2 hit obstacle")
    )
