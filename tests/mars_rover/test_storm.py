"""The whole storm on a store: what holds of every run, whatever the world and the program."""

from __future__ import annotations

from collections import Counter
from itertools import chain, zip_longest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deciderkit.log.recorded import Refusal
from deciderkit.shell import Dispatcher, MemoryEventStore, Report
from mars_rover import (
    Direction,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    Move,
    Notified,
    NotifyObstacle,
    ObstacleFound,
    ObstacleNotified,
    Point,
    Program,
    Reason,
    StartMarsRover,
    TurnedOff,
    TurnLeft,
    TurnOff,
    TurnRight,
    World,
    board,
    commands_of,
    mars_rover,
    obstacle_notification,
    obstacles_found,
    path,
    started_rovers,
)
from mars_rover.codec import codec
from mars_rover.testing import board_commands, programs, rover_commands, starts


def log(store: MemoryEventStore) -> list[Any]:
    return [each.event for each in store.read_all(limit=1_000_000).unwrap()]


def nobody(event: ObstacleNotified, key: str) -> None:
    pass


def storm(*steps: Any, halts: tuple[type, ...] = ()) -> tuple[MemoryEventStore, Dispatcher, Report]:
    store = MemoryEventStore(codec)
    dispatcher = Dispatcher(board, store, deliveries={ObstacleNotified: nobody})
    return store, dispatcher, dispatcher.dispatch(steps, halts).unwrap()


def test_the_article_s_first_run() -> None:
    start = StartMarsRover("r1", World(4, 4), Point(0, 0), Direction.NORTH)
    _, dispatcher, _ = storm(start, *commands_of(Program("RMLMM"), "r1"))
    expected = ["0:0:N", "0:0:E", "1:0:E", "1:0:N", "1:1:N", "1:2:N"]
    assert expected == [str(step) for step in dispatcher.view(path, "r1").unwrap()]
    assert "Moving" == type(dispatcher.state(mars_rover, "r1").unwrap()).__name__
    assert 0 == len(dispatcher.view(obstacles_found).unwrap())
    assert ["r1"] == [str(rover_id) for rover_id in dispatcher.view(started_rovers).unwrap()]


def test_the_article_s_second_run() -> None:
    world = World.create(4, 4, [(2, 2)]).unwrap()
    start = StartMarsRover("r1", world, Point(0, 0), Direction.NORTH)
    steps = commands_of(Program("RMMLMMMMMM"), "r1")
    store, dispatcher, report = storm(start, *steps, halts=(ObstacleFound,))
    assert [Point(2, 2)] == [found.obstacle for found in dispatcher.view(obstacles_found).unwrap()]
    assert [
        ObstacleFound("r1", Point(2, 2)),
        ObstacleNotified("r1", "Rover r1 hit obstacle"),
        MarsRoverTurnedOff("r1"),
    ] == log(store)[-3:]
    assert Report(carried_out=7) == report


@given(starts(), programs(), st.lists(rover_commands()))
def test_after_an_obstacle_the_rover_is_off_the_obstacle_notified_once_and_all_else_refused(
    start: StartMarsRover, program: Program, later: list[Any]
) -> None:
    store, dispatcher, _ = storm(start, *commands_of(program, "r1"))
    events = log(store)
    found = [event for event in events if isinstance(event, ObstacleFound)]
    said = [event for event in events if isinstance(event, ObstacleNotified)]
    off = [event for event in events if isinstance(event, MarsRoverTurnedOff)]
    assert len(found) == len(said) == len(off)
    assert len(found) <= 1
    if found:
        assert isinstance(dispatcher.state(mars_rover, "r1").unwrap(), TurnedOff)
        assert isinstance(dispatcher.state(obstacle_notification, "r1").unwrap(), Notified)
        assert [ObstacleFound, ObstacleNotified, MarsRoverTurnedOff] == [
            type(event) for event in events[-3:]
        ]
        assert len(later) == dispatcher.dispatch(later).unwrap().refused
        assert events == log(store)


@given(st.lists(board_commands()))
def test_no_to_do_is_left_when_the_dispatcher_rests(steps: list[Any]) -> None:
    _, dispatcher, _ = storm(*steps)
    parked = [each.todo for each in dispatcher.parked().unwrap()]
    assert parked == list(dispatcher.todos().unwrap())
    # What is parked was said before anybody found the obstacle: there is nothing left to say.
    assert all(isinstance(todo.command, NotifyObstacle) for todo in parked)


@given(st.lists(board_commands()))
def test_refused_commands_change_nothing_and_leave_nothing_in_the_log(steps: list[Any]) -> None:
    store, dispatcher, _ = storm(*steps)
    before = log(store)
    for step in steps:
        rover_id = step.rover_id
        state = dispatcher.state(mars_rover, rover_id).unwrap()
        if isinstance(state, TurnedOff) and not isinstance(step, NotifyObstacle):
            report = dispatcher.dispatch([step]).unwrap()
            assert Report(0, 1, Refusal(1, Reason.TURNED_OFF.value)) == report
            assert state == dispatcher.state(mars_rover, rover_id).unwrap()
    assert before == log(store)


@given(starts("a"), starts("b"), programs(), programs(), st.randoms(use_true_random=False))
def test_interleaving_two_rovers_changes_neither(
    first: StartMarsRover, second: StartMarsRover, left: Program, right: Program, random: Any
) -> None:
    queues = [[first, *commands_of(left, "a")], [second, *commands_of(right, "b")]]
    alone = [storm(*queue)[0] for queue in queues]
    mixed: list[Any] = []
    while any(queues):
        mixed.append(random.choice([queue for queue in queues if queue]).pop(0))
    together = log(storm(*mixed)[0])
    for rover_id, store in zip("ab", alone, strict=True):
        assert log(store) == [event for event in together if event.rover_id == rover_id]


def test_many_rovers_share_one_board() -> None:
    names = [f"r{number}" for number in range(50)]
    starts_ = [StartMarsRover(name, World(5, 5)) for name in names]
    steps = chain.from_iterable(
        filter(None, row)
        for row in zip_longest(*(commands_of(Program("MRM"), name) for name in names))
    )
    store, dispatcher, _ = storm(*starts_, *steps)
    assert names == list(dispatcher.view(started_rovers).unwrap())
    assert {4} == set(Counter(event.rover_id for event in log(store)).values())
    assert all(
        ["0:0:N", "0:1:N", "0:1:E", "1:1:E"]
        == [str(step) for step in dispatcher.view(path, name).unwrap()]
        for name in names
    )


def test_the_rover_can_be_turned_off_by_hand() -> None:
    store, dispatcher, report = storm(
        StartMarsRover("r1"), TurnOff("r1"), Move("r1"), TurnLeft("r1"), TurnRight("r1")
    )
    assert [MarsRoverStarted, MarsRoverTurnedOff] == [type(event) for event in log(store)]
    assert Report(2, 3, Refusal(5, Reason.TURNED_OFF.value)) == report
    assert None is dispatcher.state(mars_rover, "r1").unwrap().obstacle
