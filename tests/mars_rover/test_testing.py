"""The strategies reach what breaks a rover: a kind of world that they never draw proves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import find, given, settings

from mars_rover import MAX_SIDE, Command, NotifyObstacle, Reason, StartMarsRover, World, rover
from mars_rover.commands import RoverCommand
from mars_rover.testing import board_commands, misplaced_starts, programs, starts, worlds

THOROUGH = settings(max_examples=5000, derandomize=True, database=None)

KINDS: dict[str, Callable[[World], bool]] = {
    "1x1": lambda world: (world.width, world.height) == (1, 1),
    "1xN": lambda world: world.width == 1 and world.height > 5,
    "Nx1": lambda world: world.width > 5 and world.height == 1,
    "full but for one cell": lambda world: (
        len(world.obstacles) == world.width * world.height - 1 >= 8
    ),
    "10^9 x 10^9": lambda world: (world.width, world.height) == (10**9, 10**9),
    "as large as can be": lambda world: (world.width, world.height) == (MAX_SIDE, MAX_SIDE),
    "huge with obstacles": lambda world: world.width >= 10**9 and bool(world.obstacles),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_worlds_of_every_kind_are_drawn(kind: Callable[[World], bool]) -> None:
    assert kind(find(worlds(), kind, settings=THOROUGH))


@given(starts())
def test_a_start_is_on_a_free_cell(start: StartMarsRover) -> None:
    decision = rover.decide(start, rover.initial)
    assert type(decision[0]).__name__ == "MarsRoverStarted"


@pytest.mark.parametrize("reason", [Reason.OFF_GRID, Reason.ON_OBSTACLE])
def test_a_misplaced_start_is_refused_for_either_reason(reason: Reason) -> None:
    def refused(start: RoverCommand) -> bool:
        return getattr(rover.decide(start, rover.initial)[0], "reason", None) is reason

    assert refused(find(misplaced_starts(), refused, settings=THOROUGH))


@pytest.mark.parametrize("rovers", [(), ("a", "b", "c")])
def test_every_command_on_the_board_is_drawn_for_every_rover(rovers: tuple[str, ...]) -> None:
    wanted = (rovers or ("r1", "r2"))[-1]

    def notifies(command: Command) -> bool:
        return isinstance(command, NotifyObstacle) and command.rover_id == wanted

    assert notifies(find(board_commands(*rovers), notifies, settings=THOROUGH))


@given(programs(min_size=3, max_size=5))
def test_a_program_is_as_long_as_it_was_asked_for(program: str) -> None:
    assert 3 <= len(program) <= 5
