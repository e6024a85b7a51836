"""The rules that hold of every rover, in every world, for every program.

What needs a dispatcher - that no to-do is left when it rests, that a refusal leaves nothing in the
log - is tested beside the dispatcher. The laws of any decider are in `test_laws`.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from deciderkit import Refused, Run, fold, history, run
from mars_rover import (
    Direction,
    MarsRoverMoved,
    MarsRoverStarted,
    NotStarted,
    ObstacleFound,
    Point,
    Program,
    Reason,
    StartMarsRover,
    State,
    World,
    board,
    commands_of,
    mars_rover,
    obstacles_found,
    path,
    rover,
    started_rovers,
)
from mars_rover.commands import RoverCommand
from mars_rover.events import RoverEvent
from mars_rover.rover import Awake, Blocked, Moving, Placed, Started
from mars_rover.testing import (
    HUGE,
    SMALL,
    directions,
    empty_worlds,
    programs,
    rover_commands,
    starts,
)

Drive = Run[RoverCommand, RoverEvent, State, Reason]


def drive(start: StartMarsRover, program: str) -> Drive:
    """Start the rover and drive ``program`` until its end, a refusal or an obstacle."""
    steps: list[RoverCommand] = [start, *commands_of(Program(program), start.rover_id)]
    return run(rover, steps, halts=(ObstacleFound,))


def after(start: StartMarsRover, program: str) -> Placed:
    state = drive(start, program).state
    assert not isinstance(state, NotStarted)
    return state


def place(state: Placed) -> tuple[Point, Direction]:
    return state.point, state.direction


@given(starts(), programs())
def test_the_rover_is_always_on_the_grid_and_never_on_an_obstacle(
    start: StartMarsRover, program: Program
) -> None:
    for state in history(rover, drive(start, program).events)[1:]:
        assert not isinstance(state, NotStarted)
        assert state.world.has(state.point)
        assert state.point not in state.world.obstacles


@given(starts(), programs(), st.sampled_from(["LLLL", "RRRR", "LR", "RL"]))
def test_turns_that_undo_each_other_are_no_turn(
    start: StartMarsRover, program: Program, turns: str
) -> None:
    before = drive(start, program)
    assume(isinstance(before.state, Awake))
    assert place(after(start, program)) == place(after(start, program + turns))


SIDES = st.integers(1, SMALL)


@given(starts(on=st.builds(World, SIDES, SIDES)), st.sampled_from(Direction))
def test_once_across_an_empty_world_leads_home(start: StartMarsRover, looks: Direction) -> None:
    across = start.world.width if looks.dx else start.world.height
    start = StartMarsRover(start.rover_id, start.world, start.point, looks)
    assert (start.point, looks) == place(after(start, "M" * across))


@given(starts(), programs())
def test_turn_round_twice_and_walk_back_returns(start: StartMarsRover, program: Program) -> None:
    assume(isinstance(drive(start, program).state, Awake))
    back = "".join({"M": "M", "L": "R", "R": "L"}[letter] for letter in reversed(program))
    assert (start.point, start.direction) == place(after(start, f"{program}RR{back}LL"))


@given(starts(), programs(), st.data())
def test_a_program_cut_anywhere_gives_the_same_events(
    start: StartMarsRover, program: Program, data: st.DataObject
) -> None:
    whole = drive(start, program)
    cut = data.draw(st.integers(0, len(program)))
    first = drive(start, program[:cut])
    rest = commands_of(Program(program[cut:]), start.rover_id)
    if isinstance(first.state, Blocked):
        rest = iter(())
    second = run(rover, rest, first.state, halts=(ObstacleFound,))
    assert whole.events == first.events + second.events
    assert (whole.state, whole.carried_out) == (
        second.state,
        first.carried_out + second.carried_out,
    )


@given(st.lists(rover_commands(), max_size=30))
def test_folding_the_events_gives_the_state(asked: list[RoverCommand]) -> None:
    ran = run(rover, asked)
    assert fold(rover, ran.events) == ran.state


@given(starts(), programs())
def test_every_prefix_of_the_events_is_a_history(start: StartMarsRover, program: Program) -> None:
    events = drive(start, program).events
    states = history(rover, events)
    for length in range(len(events) + 1):
        assert states[length] == fold(rover, events[:length])


@given(starts(), programs())
def test_a_step_changes_one_cell_or_one_quarter_turn_and_never_both(
    start: StartMarsRover, program: Program
) -> None:
    for before, now in pairwise(history(rover, drive(start, program).events)[1:]):
        assert isinstance(before, Started | Moving)
        assert not isinstance(now, NotStarted)
        turned = now.direction in (before.direction.left, before.direction.right)
        moved = now.point == before.world.ahead(before.point, before.direction)
        stayed = now.point == before.point
        if isinstance(now, Blocked):
            assert (before.point, before.direction) == place(now)
        else:
            assert (turned and stayed) or (now.direction is before.direction and moved)


@given(starts(), programs(), st.integers(0, 50))
def test_a_letter_is_one_event_until_the_first_obstacle(
    start: StartMarsRover, program: Program, extra: int
) -> None:
    ran = drive(start, program + "L" * extra)
    found = [event for event in ran.events if isinstance(event, ObstacleFound)]
    assert found == list(ran.events[-1:] if isinstance(ran.state, Blocked) else ())
    assert ran.carried_out == len(ran.events)


@given(starts(), programs(), rover_commands())
def test_after_an_obstacle_all_but_turning_off_is_refused(
    start: StartMarsRover, program: Program, command: RoverCommand
) -> None:
    state = drive(start, program).state
    assume(isinstance(state, Blocked))
    decision = rover.decide(command, state)
    assert (type(command).__name__ == "TurnOff") == (not isinstance(decision[0], Refused))


@given(starts(), programs(), starts("r2"), programs(), st.randoms(use_true_random=False))
def test_interleaving_two_rovers_changes_neither(
    first: StartMarsRover, one: Program, second: StartMarsRover, two: Program, random: Random
) -> None:
    alone = drive(first, one).events, drive(second, two).events
    log = riffle(alone[0], alone[1], random)
    state = board.fold(log)
    assert fold(rover, alone[0]) == state.state(mars_rover, "r1")
    assert fold(rover, alone[1]) == state.state(mars_rover, "r2")
    assert (path.fold(alone[0]), path.fold(alone[1])) == (
        state.view(path, "r1"),
        state.view(path, "r2"),
    )


@given(starts(), programs(), starts("r2"), programs(), st.randoms(use_true_random=False))
def test_views_equal_a_fold_from_scratch_at_any_cut(
    first: StartMarsRover, one: Program, second: StartMarsRover, two: Program, random: Random
) -> None:
    log = riffle(drive(first, one).events, drive(second, two).events, random)
    states = accumulate(
        log, lambda state, event: board.fold([event], state), initial=board.fold([])
    )
    for cut, state in enumerate(states):
        assert started_rovers.fold(log[:cut]) == state.view(started_rovers)
        assert obstacles_found.fold(log[:cut]) == state.view(obstacles_found)
        own = [event for event in log[:cut] if event.rover_id == "r2"]
        assert path.fold(own) == state.view(path, "r2")


@given(starts(), programs())
def test_the_path_ends_where_the_rover_stands(start: StartMarsRover, program: Program) -> None:
    ran = drive(start, program)
    steps = path.fold(ran.events)
    moves = sum(isinstance(each, MarsRoverStarted | MarsRoverMoved) for each in ran.events)
    assert moves == len(steps)
    assert place(after(start, program)) == (steps[-1].point, steps[-1].direction)


@given(empty_worlds(), directions(), st.integers(0, 30))
def test_far_from_home_the_rover_still_counts_exactly(
    world: World, looks: Direction, moves: int
) -> None:
    start = StartMarsRover("r1", world, Point(world.width - 1, world.height - 1), looks)
    x = (world.width - 1 + moves * looks.dx) % world.width
    y = (world.height - 1 + moves * looks.dy) % world.height
    assert (Point(x, y), looks) == place(after(start, "M" * moves))
    assert max(HUGE) >= world.width


def riffle(
    one: tuple[RoverEvent, ...], two: tuple[RoverEvent, ...], random: Random
) -> list[RoverEvent]:
    """Both sequences in one, each in its own order."""
    rest = [list(reversed(one)), list(reversed(two))]
    log: list[RoverEvent] = []
    while any(rest):
        turn = random.choice([events for events in rest if events])
        log.append(turn.pop())
    return log
