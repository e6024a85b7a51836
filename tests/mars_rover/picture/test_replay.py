"""On the replay page the rover's map moves as the drawing of the run stands at its end."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deciderkit.log.recorded import Recorded
from deciderkit.picture.steps import origins_on, steps
from deciderkit.picture.story import Story, story
from deciderkit.shell import Dispatcher, MemoryEventStore
from mars_rover import (
    Move,
    ObstacleNotified,
    Point,
    Program,
    StartMarsRover,
    World,
    board,
    commands_of,
    initial_state,
)
from mars_rover.picture import ROVER_PICTURE, SPELLING, journey_of
from mars_rover.picture.journey import Window
from mars_rover.picture.svg import signs, svg_of_world
from mars_rover.testing import programs, starts
from tests.deciderkit.picture.bank import told
from tests.deciderkit.picture.reading import expected, moments

BLOCKED = World(4, 4, frozenset({Point(2, 2)}))


def tale_of(commands: list[Any]) -> tuple[Story, list[Any]]:
    run = told(board, commands)
    log = [each.event for each in run if isinstance(each, Recorded)]
    return story(board, steps(run), spelling=SPELLING, picture=ROVER_PICTURE), log


@given(st.data())
def test_after_every_run_the_signs_stand_where_the_drawing_has_them(data: st.DataObject) -> None:
    start = data.draw(starts())
    world = start.world
    program = data.draw(programs())
    tale, log = tale_of([start, *commands_of(Program(program), "r1")])
    said = moments(tale)[-1]["picture", "Mars Rover", "r1"]
    journey = journey_of(log)
    assert journey is not None
    where = signs(journey, Window(0, 0, world.width, world.height))
    assert svg_of_world(world) == said.pop("drawing")
    said.pop("trail")
    assert where == said


def test_a_rover_that_was_not_started_has_no_map() -> None:
    assert ROVER_PICTURE.scene(initial_state) is None
    assert {} == ROVER_PICTURE.moves(initial_state, initial_state)


def test_the_page_of_a_rover_says_the_fold_in_the_words_of_the_kata() -> None:
    program = commands_of(Program("RMMLMMM"), "r1")
    tale, log = tale_of([StartMarsRover("r1", BLOCKED), *program])
    said = {thing: facts for thing, facts in moments(tale)[-1].items() if thing[0] != "picture"}
    assert expected(board, board.fold(log), SPELLING) == said
    assert "4x4, obstacle 2,2" == said["stream", "Mars Rover", "r1"]["world"]
    texts = tale.data["texts"]
    assert ["ObstacleFound", "ObstacleNotified", "MarsRoverTurnedOff", "refused"] == [
        texts[name] for _, name in tale.data["marks"]
    ]


def test_a_run_of_the_real_loop_is_told_with_what_led_to_what() -> None:
    """What the dispatcher tells its observer makes the page that its log makes, and its commands."""
    happenings: list[Any] = []
    store = MemoryEventStore()
    deliveries = {ObstacleNotified: lambda event, key: None}
    dispatcher = Dispatcher(board, store, deliveries=deliveries, observe=happenings.append)
    program = commands_of(Program("RMMLMM"), "r1")
    dispatcher.dispatch([StartMarsRover("r1", BLOCKED), *program, Move("r1")]).unwrap()
    tale = story(board, steps(happenings, origins_on(board)), spelling=SPELLING)
    log = [each for each in happenings if isinstance(each, Recorded)]
    said = moments(tale)[-1]
    fold = board.fold([each.event for each in log], command_ids=[each.command_id for each in log])
    assert expected(board, fold, SPELLING) == said
    command, _, _, policy, _, refused, verdict = (
        [tale.data["texts"][each] if each >= 0 else "" for each in column]
        for column in tale.data["steps"]
    )
    assert ["NotifyObstacle", "TurnOff", "Move"] == command[-3:]
    assert ["notify obstacle found", "turn off", ""] == policy[-3:]
    assert [7, 7] == tale.data["steps"][4][-3:-1]
    assert "turned off" == refused[-1]
    assert "refused" == verdict[-1]
