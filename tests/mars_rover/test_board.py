from __future__ import annotations

from mars_rover import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    Move,
    NotifyObstacle,
    ObstacleFound,
    ObstacleNotified,
    StartMarsRover,
    TurnLeft,
    TurnOff,
    TurnRight,
    board,
    mars_rover,
    obstacle_notification,
)


def test_the_wall_has_the_stickies_of_the_storm() -> None:
    assert (
        *(StartMarsRover, TurnLeft, TurnRight, Move, TurnOff),
        NotifyObstacle,
    ) == board.commands
    assert (
        *(MarsRoverStarted, MarsRoverMoved, ObstacleFound, MarsRoverTurnedOff),
        ObstacleNotified,
    ) == board.events
    names = [
        *(aggregate.name for aggregate in board.aggregates),
        *(policy.name for policy in board.policies),
        *(projection.name for projection in board.projections),
    ]
    assert [
        *("Mars Rover", "Notification"),
        *("notify obstacle found", "turn off"),
        *("started rovers", "path", "obstacles"),
    ] == names


def test_each_rover_has_two_streams() -> None:
    assert mars_rover.stream(Move("r1")) == "rover-r1"
    assert obstacle_notification.stream(NotifyObstacle("r1", "said")) == "notification-r1"
