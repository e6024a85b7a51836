"""The baseline has to be right before it may be slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.article import (
    InMemoryCommandDispatcher,
    MarsRoverRunner,
    QuietCommandDispatcher,
)
from benchmarks.article_model import Direction, Obstacles, Point, World
from mars_rover.batch import simulate
from tests.mars_rover.batch.voyages import Voyage, voyages

dispatchers = pytest.mark.parametrize(
    "dispatcher", [InMemoryCommandDispatcher, QuietCommandDispatcher]
)


def runner(obstacles: list[Point], dispatcher: type[InMemoryCommandDispatcher]) -> MarsRoverRunner:
    world = World((4, 4), Obstacles(obstacles))
    return MarsRoverRunner(world, Point(0, 0), Direction.NORTH, dispatcher)


@dispatchers
def test_the_path_is_the_articles(dispatcher: type[InMemoryCommandDispatcher]) -> None:
    service = runner([], dispatcher)
    assert service.run("RMLMM") == "1:2:N"
    path = [row["actual_point"] for row in service.paths]
    assert path == ["0:0:N", "0:0:E", "1:0:E", "1:0:N", "1:1:N", "1:2:N"]


@dispatchers
def test_the_obstacle_is_the_articles(
    dispatcher: type[InMemoryCommandDispatcher], capsys: pytest.CaptureFixture[str]
) -> None:
    service = runner([Point(2, 2)], dispatcher)
    assert service.run("RMMLMMMMMM") == "2:1:N"
    assert [row["obstacle"] for row in service.obstacles] == [(2, 2)]
    assert f"Rover {service.mars_rovers[0]} hit obstacle" in capsys.readouterr().out


@given(voyages(), st.sampled_from((InMemoryCommandDispatcher, QuietCommandDispatcher)))
def test_it_ends_where_the_engine_does(
    voyage: Voyage, dispatcher: type[InMemoryCommandDispatcher]
) -> None:
    world, (point, direction), program = voyage
    obstacles = [Point(obstacle.x, obstacle.y) for obstacle in world.obstacles]
    service = MarsRoverRunner(
        World((world.width, world.height), Obstacles(obstacles)),
        Point(point.x, point.y),
        Direction(direction.value),
        dispatcher,
    )
    arrival = simulate(*voyage).unwrap()
    end = f"{arrival.point.x}:{arrival.point.y}:{arrival.direction.value}"
    assert end == service.run(program)
    met = [] if arrival.obstacle is None else [(arrival.obstacle.x, arrival.obstacle.y)]
    assert met == [row["obstacle"] for row in service.obstacles]
