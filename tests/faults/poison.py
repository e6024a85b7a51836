"""One event that a delivery, or a view, cannot take: it is parked, the others go on, and it is mended."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.sqlite_side import SqliteParking, SqliteSavedViews
from returns.io import IOFailure, IOResult, IOSuccess

from mars_rover import Move, ObstacleNotified, obstacles_found
from mars_rover.events import ObstacleFound
from mars_rover.projections import Obstacles, add_obstacle
from tests.faults.harness import BLOCKED_WORLD, WALL, Figures, opened, start, value
from tests.faults.kills import not_just_once

_POISONED = 3


def choke(obstacles: Obstacles, event: ObstacleFound) -> Obstacles:
    """A fold with a fault: one rover's event is too much for it."""
    if event.rover_id == f"r{_POISONED}":
        raise RuntimeError("too much")
    return add_obstacle(obstacles, event)


def poison(path: Path, rovers: int) -> Figures:
    """F10: wrong is a rover that was held up, or one that is not done after it was let go."""
    dead, wrong, tries = True, 0, Counter[str]()
    choking = replace(
        WALL,
        projections=tuple(
            replace(each, evolve=choke) if each is obstacles_found else each
            for each in WALL.projections
        ),
    )

    def line(event: ObstacleNotified, key: str) -> IOResult[None, str]:
        tries[key] += 1
        return IOFailure("no line") if dead and event.rover_id == "r3" else IOSuccess(None)

    def run(board: Any, commands: list[Any]) -> tuple[list[str], list[str], int]:
        with opened(path) as store:
            dispatcher = Dispatcher(
                board,
                store,
                deliveries={ObstacleNotified: line},
                parking=SqliteParking(store),
                saved=SqliteSavedViews(store),
                attempts=3,
            )
            value(dispatcher.dispatch(commands))
            parked = [f"{each.todo.key}: {each.reason}" for each in dispatcher.parked]
            unread = [f"{each.projection}: {each.reason}" for each in dispatcher.unread]
            return parked, unread, len(dispatcher.view(obstacles_found))

    for number in range(rovers):
        parked, unread, _ = run(choking, [start(f"r{number}", BLOCKED_WORLD), Move(f"r{number}")])
        expected = number >= _POISONED
        wrong += parked != ["r3: no line"] * expected
        wrong += unread != ["obstacles: RuntimeError: too much"] * expected
    wrong += tries["notification-r3/1"] != 3
    wrong += not_just_once(path, rovers) != 1
    dead = False
    with opened(path) as store:
        value(SqliteParking(store).unpark("notify obstacle found", "r3"))
    wrong += run(WALL, []) != ([], [], rovers)
    return Figures(rovers, wrong + not_just_once(path, rovers))
