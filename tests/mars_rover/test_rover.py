"""The rule table of the rover, cell by cell: every state against every command and every event.

Each cell of state x command is one test named for it, so that a rule that changes is a name that
fails. `test_the_tables_leave_no_cell_out` keeps the tables whole.
"""

from __future__ import annotations

from itertools import product
from typing import Any, TypeAlias

import pytest

from deciderkit import Refused
from deciderkit.testing import given
from mars_rover import (
    Blocked,
    Direction,
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    Move,
    Moving,
    NotStarted,
    ObstacleFound,
    Point,
    Reason,
    Started,
    StartMarsRover,
    State,
    TurnedOff,
    TurnLeft,
    TurnOff,
    TurnRight,
    World,
    decide,
    evolve,
    initial_state,
    is_terminal,
    rover,
)
from mars_rover.commands import RoverCommand
from mars_rover.events import RoverEvent

NORTH, EAST, SOUTH, WEST = Direction
WORLD = World(4, 4, frozenset({Point(0, 2)}))
HOME, AHEAD, OBSTACLE = Point(0, 0), Point(0, 1), Point(0, 2)

STARTED = MarsRoverStarted("r1", WORLD, HOME, NORTH)
MOVED = MarsRoverMoved("r1", AHEAD, NORTH)
FOUND = ObstacleFound("r1", OBSTACLE)
OFF = MarsRoverTurnedOff("r1")

HISTORIES: dict[str, tuple[RoverEvent, ...]] = {
    "not started": (),
    "started": (STARTED,),
    "moving": (STARTED, MOVED),
    "blocked": (STARTED, MOVED, FOUND),
    "turned off": (STARTED, MOVED, OFF),
    "turned off after an obstacle": (STARTED, MOVED, FOUND, OFF),
}
"""A history for each row of the table."""

COMMANDS: dict[str, RoverCommand] = {
    "start": StartMarsRover("r1", WORLD, HOME, NORTH),
    "start off the grid": StartMarsRover("r1", WORLD, Point(4, 0), NORTH),
    "start on an obstacle": StartMarsRover("r1", WORLD, OBSTACLE, NORTH),
    "left": TurnLeft("r1"),
    "right": TurnRight("r1"),
    "move": Move("r1"),
    "off": TurnOff("r1"),
}
"""A command for each column."""

Answer: TypeAlias = RoverEvent | Reason

NOT_STARTED, ALREADY = Reason.NOT_STARTED, Reason.ALREADY_STARTED
BLOCKED, GONE = Reason.BLOCKED_BY_OBSTACLE, Reason.TURNED_OFF


def row(*answers: Answer) -> dict[str, Answer]:
    return dict(zip(COMMANDS, answers, strict=True))


TABLE: dict[str, dict[str, Answer]] = {
    "not started": row(STARTED, Reason.OFF_GRID, Reason.ON_OBSTACLE, *[NOT_STARTED] * 4),
    "started": row(
        *[ALREADY] * 3,
        MarsRoverMoved("r1", HOME, WEST),
        MarsRoverMoved("r1", HOME, EAST),
        MarsRoverMoved("r1", AHEAD, NORTH),
        OFF,
    ),
    "moving": row(
        *[ALREADY] * 3,
        MarsRoverMoved("r1", AHEAD, WEST),
        MarsRoverMoved("r1", AHEAD, EAST),
        FOUND,
        OFF,
    ),
    "blocked": row(*[BLOCKED] * 6, OFF),
    "turned off": row(*[GONE] * 7),
    "turned off after an obstacle": row(*[GONE] * 7),
}

CELLS = [
    pytest.param(before, command, TABLE[before][command], id=f"{before}-{command}")
    for before, command in product(HISTORIES, COMMANDS)
]


@pytest.mark.parametrize(("before", "command", "answer"), CELLS)
def test_the_rule_table(before: str, command: str, answer: Answer) -> None:
    asked = given(rover, *HISTORIES[before]).when(COMMANDS[command])
    if isinstance(answer, Reason):
        asked.then_refused(answer)
    else:
        asked.then(answer)


def test_the_tables_leave_no_cell_out() -> None:
    reached = {type(_after(events)) for events in HISTORIES.values()}
    assert set(_members(State)) == reached
    assert set(_members(RoverCommand)) == {type(command) for command in COMMANDS.values()}
    assert set(_members(RoverEvent)) == {type(event) for event in EVENTS.values()}


@pytest.mark.parametrize(
    ("before", "command"),
    [
        pytest.param(before, command, id=f"{before}-{command}")
        for before, command in product(HISTORIES, COMMANDS)
        if before != "not started"
    ],
)
def test_a_command_for_another_rover_is_refused_in_every_state_that_has_a_rover(
    before: str, command: str
) -> None:
    meant = _for("r2", COMMANDS[command])
    given(rover, *HISTORIES[before]).when(meant).then_refused(Reason.OTHER_ROVER)


@pytest.mark.parametrize("point", [Point(-1, 0), Point(0, -1), Point(4, 0), Point(0, 4)], ids=str)
def test_a_rover_does_not_start_beyond_any_edge(point: Point) -> None:
    given(rover).when(StartMarsRover("r1", WORLD, point)).then_refused(Reason.OFF_GRID)


EVENTS: dict[str, RoverEvent] = {
    "started": STARTED,
    "moved ahead": MOVED,
    "turned left": MarsRoverMoved("r1", HOME, WEST),
    "turned right": MarsRoverMoved("r1", HOME, EAST),
    "obstacle found": FOUND,
    "turned off": OFF,
}

STATES: dict[tuple[str, str], State] = {
    ("not started", "started"): Started("r1", WORLD, HOME, NORTH),
    ("started", "moved ahead"): Moving("r1", WORLD, AHEAD, NORTH),
    ("started", "turned left"): Moving("r1", WORLD, HOME, WEST),
    ("started", "turned right"): Moving("r1", WORLD, HOME, EAST),
    ("started", "turned off"): TurnedOff("r1", WORLD, HOME, NORTH, None),
    ("moving", "obstacle found"): Blocked("r1", WORLD, AHEAD, NORTH, OBSTACLE),
    ("moving", "turned off"): TurnedOff("r1", WORLD, AHEAD, NORTH, None),
    ("blocked", "turned off"): TurnedOff("r1", WORLD, AHEAD, NORTH, OBSTACLE),
}
"""What each event leads to where it can follow; everywhere else it is a corrupt history."""


@pytest.mark.parametrize(
    ("before", "event"),
    [
        pytest.param(before, event, id=f"{before}-{event}")
        for before, event in product(HISTORIES, EVENTS)
    ],
)
def test_an_event_follows_or_is_a_corrupt_history(before: str, event: str) -> None:
    events = HISTORIES[before]
    after = given(rover, *events, EVENTS[event])
    if (before, event) in STATES:
        after.then_state(STATES[before, event])
    else:
        after.then_corrupt(len(events))


IMPOSSIBLE: dict[str, tuple[RoverEvent, ...]] = {
    "started off the grid": (MarsRoverStarted("r1", WORLD, Point(4, 0), NORTH),),
    "started on an obstacle": (MarsRoverStarted("r1", WORLD, OBSTACLE, NORTH),),
    "moved two cells": (STARTED, MarsRoverMoved("r1", Point(0, 3), NORTH)),
    "moved aside": (STARTED, MarsRoverMoved("r1", Point(1, 0), NORTH)),
    "moved onto an obstacle": (STARTED, MOVED, MarsRoverMoved("r1", OBSTACLE, NORTH)),
    "turned half round": (STARTED, MarsRoverMoved("r1", HOME, SOUTH)),
    "turned and moved": (STARTED, MarsRoverMoved("r1", AHEAD, EAST)),
    "moved another rover": (STARTED, MarsRoverMoved("r2", AHEAD, NORTH)),
    "found an obstacle that is not there": (STARTED, ObstacleFound("r1", AHEAD)),
    "found an obstacle elsewhere": (STARTED, FOUND),
    "found another cell than the obstacle ahead": (STARTED, MOVED, ObstacleFound("r1", HOME)),
    "found by another rover": (STARTED, MOVED, ObstacleFound("r2", OBSTACLE)),
    "another rover turned off": (STARTED, MarsRoverTurnedOff("r2")),
    "another rover turned off while blocked": (STARTED, MOVED, FOUND, MarsRoverTurnedOff("r2")),
}


@pytest.mark.parametrize("events", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_event_that_no_command_leads_to_is_a_corrupt_history(
    events: tuple[RoverEvent, ...],
) -> None:
    given(rover, *events).then_corrupt(len(events) - 1)


@pytest.mark.parametrize("before", HISTORIES)
def test_a_refusal_changes_nothing(before: str) -> None:
    state = _after(HISTORIES[before])
    for command in COMMANDS.values():
        for answer in decide(command, state):
            if isinstance(answer, Refused):
                assert evolve(state, answer) is state


@pytest.mark.parametrize("before", HISTORIES)
def test_only_a_rover_that_is_off_is_at_its_end(before: str) -> None:
    assert before.startswith("turned off") == is_terminal(_after(HISTORIES[before]))


def test_the_initial_state_is_a_rover_that_was_not_started() -> None:
    assert NotStarted() == initial_state == rover.initial


@pytest.mark.parametrize(
    ("direction", "edge", "other_side"),
    [
        (NORTH, Point(1, 3), Point(1, 0)),
        (EAST, Point(3, 1), Point(0, 1)),
        (SOUTH, Point(1, 0), Point(1, 3)),
        (WEST, Point(0, 1), Point(3, 1)),
    ],
)
def test_a_move_over_the_edge_comes_in_on_the_other_side(
    direction: Direction, edge: Point, other_side: Point
) -> None:
    given(rover, MarsRoverStarted("r1", WORLD, edge, direction)).when(Move("r1")).then(
        MarsRoverMoved("r1", other_side, direction)
    )


def test_an_obstacle_beyond_the_edge_is_found() -> None:
    world = World(3, 1, frozenset({Point(0, 0)}))
    given(rover, MarsRoverStarted("r1", world, Point(2, 0), EAST)).when(Move("r1")).then(
        ObstacleFound("r1", Point(0, 0))
    )


def test_in_a_world_of_one_cell_a_move_ends_where_it_began() -> None:
    world = World(1, 1)
    given(rover, MarsRoverStarted("r1", world, HOME, WEST)).when(Move("r1")).then(
        MarsRoverMoved("r1", HOME, WEST)
    )


def _after(events: tuple[RoverEvent, ...]) -> State:
    state = initial_state
    for event in events:
        state = evolve(state, event)
    return state


def _for(rover_id: str, command: RoverCommand) -> RoverCommand:
    match command:
        case StartMarsRover(_, world, point, direction):
            return StartMarsRover(rover_id, world, point, direction)
        case _:
            return type(command)(rover_id)


def _members(union: Any) -> tuple[type, ...]:
    members: tuple[type, ...] = union.__args__
    return members
