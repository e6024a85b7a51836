"""The rover's board keeps every law: each decider, policy and projection, the codec and the whole."""

from __future__ import annotations

from hypothesis import strategies as st

from deciderkit.log.codec import Stored
from deciderkit.testing import BoardLaws, CodecLaws, DeciderLaws
from mars_rover import (
    Direction,
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    NotifyObstacle,
    ObstacleFound,
    ObstacleNotified,
    Point,
    World,
    board,
    notification,
    rover,
)
from mars_rover.codec import codec
from mars_rover.testing import board_commands, events, rover_commands


class TestRover(DeciderLaws):
    decider = rover
    commands = rover_commands("r1") | rover_commands("r2")


class TestNotification(DeciderLaws):
    decider = notification
    commands = st.sampled_from([NotifyObstacle("r1", "hit"), NotifyObstacle("r1", "hit again")])


class TestBoard(BoardLaws):
    board = board
    commands = board_commands()


class TestCodec(CodecLaws):
    codec = codec
    events = events()
    samples = (
        (
            Stored(
                "MarsRoverStarted",
                1,
                b'{"rover_id":"r1","world":{"width":4,"height":4,"obstacles":[{"x":2,"y":2}]},'
                b'"point":{"x":0,"y":0},"direction":"N"}',
            ),
            MarsRoverStarted(
                "r1", World(4, 4, frozenset({Point(2, 2)})), Point(0, 0), Direction.NORTH
            ),
        ),
        (
            Stored("MarsRoverMoved", 1, b'{"rover_id":"r1","point":{"x":1,"y":2},"direction":"W"}'),
            MarsRoverMoved("r1", Point(1, 2), Direction.WEST),
        ),
        (
            Stored("ObstacleFound", 1, b'{"rover_id":"r1","obstacle":{"x":2,"y":2}}'),
            ObstacleFound("r1", Point(2, 2)),
        ),
        (Stored("MarsRoverTurnedOff", 1, b'{"rover_id":"r1"}'), MarsRoverTurnedOff("r1")),
        (
            Stored("ObstacleNotified", 1, b'{"rover_id":"r1","message":"Rover r1 hit obstacle"}'),
            ObstacleNotified("r1", "Rover r1 hit obstacle"),
        ),
    )
