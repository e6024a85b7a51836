from __future__ import annotations

from pyrsistent import pvector

from deciderkit.testing import given
from mars_rover import (
    Direction,
    FoundObstacle,
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
    PathStep,
    Point,
    World,
    obstacles_found,
    path,
    started_rovers,
)

STARTED = MarsRoverStarted("r1", World(4, 4), Point(0, 0), Direction.NORTH)
MOVED = MarsRoverMoved("r1", Point(0, 1), Direction.NORTH)
TURNED = MarsRoverMoved("r1", Point(0, 1), Direction.EAST)
FOUND = ObstacleFound("r1", Point(2, 2))
REST = (MarsRoverTurnedOff("r1"), ObstacleNotified("r1", "said"))
OTHER = MarsRoverStarted("r2", World(4, 4), Point(0, 0), Direction.NORTH)


def test_started_rovers_are_the_ids_in_the_order_of_starting() -> None:
    given(started_rovers).then_view(pvector())
    given(started_rovers, OTHER, STARTED, MOVED, FOUND, *REST).then_view(pvector(["r2", "r1"]))


def test_the_path_is_everywhere_the_rover_stood_and_looked() -> None:
    given(path).then_view(pvector())
    given(path, STARTED, MOVED, TURNED, FOUND, *REST).then_view(
        pvector(
            [
                PathStep(Point(0, 0), Direction.NORTH),
                PathStep(Point(0, 1), Direction.NORTH),
                PathStep(Point(0, 1), Direction.EAST),
            ]
        )
    )


def test_there_is_a_path_for_each_rover() -> None:
    assert (path.key(MOVED), path.key(OTHER)) == ("r1", "r2")


def test_a_step_reads_as_a_position() -> None:
    assert str(PathStep(Point(2, 3), Direction.WEST)) == "2:3:W"


def test_obstacles_are_listed_with_the_rover_that_found_them() -> None:
    given(obstacles_found).then_view(pvector())
    given(obstacles_found, STARTED, FOUND, *REST, ObstacleFound("r2", Point(0, 0))).then_view(
        pvector([FoundObstacle("r1", Point(2, 2)), FoundObstacle("r2", Point(0, 0))])
    )


def test_the_views_have_the_names_of_the_wall() -> None:
    names = (started_rovers.name, path.name, obstacles_found.name)
    assert names == ("started rovers", "path", "obstacles")
