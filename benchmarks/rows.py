"""The rows: each prepares a run that drives the shared program and gives the final position.

To add one, write a function from the case to a run, and name it in `short_rows`;
the long programs have theirs in `long_rows`.
What the installation may lack is raised as `Missing`, with what to install.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import article, article_model
from benchmarks.measure import Row, Run
from benchmarks.programs import Short, position
from benchmarks.storm_rows import (
    a_call_a_command,
    a_call_a_command_on_disk,
    a_run_a_command_of_the_article,
    board_in_memory,
    board_on_disk,
    by_eventsourcing,
    replay_from_disk,
    replay_from_memory,
)
from deciderkit.decider import run as run_decider
from mars_rover import (
    Event,
    Moving,
    ObstacleFound,
    Program,
    RoverId,
    Started,
    World,
    commands_of,
    decide,
    evolve,
    rover,
)
from mars_rover.batch import simulate

ID: RoverId = "r1"


def short_rows(case: Short) -> list[Row]:
    """All ways to drive a program of moderate length; the first row is the baseline."""
    crowded, roomy = case.crowded(10_000)
    ways: dict[str, Callable[[Short], Run]] = {
        "article-style dispatcher": article_style,
        "the same, silent and with a deque": article_style_quiet,
        "pure fold": pure_fold,
        "pure fold, larger world": partial(pure_fold, world=roomy),
        "pure fold, larger world, 10,000 obstacles": partial(pure_fold, world=crowded),
        "deciderkit.run": kit_run,
        "board in memory": board_in_memory,
        "board in memory, larger world": partial(board_in_memory, world=roomy),
        "board in memory, larger world, 10,000 obstacles": partial(board_in_memory, world=crowded),
        "durable store, a program at a time": board_on_disk,
        "replay from memory": replay_from_memory,
        "replay from SQLite": replay_from_disk,
    }
    return _rows(case, ways)


def single_rows(case: Short) -> list[Row]:
    """A call for each command; the first row is what the others of them are held against."""
    ways: dict[str, Callable[[Short], Run]] = {
        "article-style, a submit and a run a command": a_run_a_command_of_the_article,
        "dispatch([command]) a call, memory": a_call_a_command,
        "eventsourcing in memory, cached": by_eventsourcing,
        "dispatch([command]) a call, durable": a_call_a_command_on_disk,
    }
    return _rows(case, ways)


def _rows(case: Short, ways: dict[str, Callable[[Short], Run]]) -> list[Row]:
    arrival = simulate(case.world, case.start, case.program, kernel="numpy").unwrap()
    end = position(arrival.point, arrival.direction)
    return [Row(name, len(case.program), partial(way, case), end) for name, way in ways.items()]


def article_style(case: Short, dispatcher: type = article.InMemoryCommandDispatcher) -> Run:
    point, direction = case.start
    world = article_model.World((case.side, case.side), article_model.Obstacles([]))
    start = article_model.Point(point.x, point.y), article_model.Direction(direction.value)
    return lambda: article.MarsRoverRunner(world, *start, dispatcher=dispatcher).run(case.program)


def article_style_quiet(case: Short) -> Run:
    return article_style(case, article.QuietCommandDispatcher)


def pure_fold(case: Short, world: World | None = None) -> Run:
    """Decide and evolve, command by command, all events kept."""
    started = Started(ID, case.world if world is None else world, *case.start)

    def run() -> str:
        state: Started | Moving = started
        events: list[Event] = []
        for command in commands_of(Program(case.program), ID):
            for event in decide(command, state):
                state = evolve(state, event)  # type: ignore[assignment]
                events.append(event)  # type: ignore[arg-type]
        assert isinstance(state, Moving)
        return case.position(state)

    return run


def kit_run(case: Short) -> Run:
    started = Started(ID, case.world, *case.start)

    def run() -> str:
        program = commands_of(Program(case.program), ID)
        state = run_decider(rover, program, started, (ObstacleFound,)).state
        assert isinstance(state, Moving)
        return case.position(state)

    return run
