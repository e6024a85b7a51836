"""Wrong rovers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deciderkit import Refused
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import decider as laws
from deciderkit.testing.laws.checking import runs
from mars_rover import (
    Blocked,
    Direction,
    MarsRoverMoved,
    MarsRoverTurnedOff,
    Move,
    Moving,
    NotStarted,
    ObstacleFound,
    Point,
    Reason,
    Started,
    TurnedOff,
    TurnLeft,
    TurnOff,
    TurnRight,
    rover,
)
from mars_rover.testing import rover_commands
from tests.mutants.mutant import Mutant

ROVER_RUNS = runs(rover_commands())


def rover_with(law: Law[Any], wrong: str, **parts: Any) -> Mutant:
    return Mutant("rover", wrong, law, (replace(rover, **parts),), ROVER_RUNS)


def raises_when_blocked(command: Any, state: Any) -> Any:
    if isinstance(state, Blocked) and isinstance(command, Move):
        raise KeyError("no such move")
    return rover.decide(command, state)


def decides_lists(command: Any, state: Any) -> Any:
    return list(rover.decide(command, state))


def forgets_to_answer(command: Any, state: Any) -> Any:
    return None if isinstance(command, TurnOff) else rover.decide(command, state)


def refuses_and_moves(command: Any, state: Any) -> Any:
    decision = rover.decide(command, state)
    if isinstance(state, Blocked) and isinstance(decision[0], Refused):
        return (*decision, MarsRoverMoved("r1", state.point, state.direction))
    return decision


def refuses_another_command(command: Any, state: Any) -> Any:
    decision = rover.decide(command, state)
    if isinstance(decision[0], Refused) and isinstance(command, TurnLeft):
        return (Refused(TurnRight(command.rover_id), decision[0].reason),)
    return decision


def turns_by_chance(command: Any, state: Any) -> Any:
    if isinstance(state, Moving) and isinstance(command, TurnLeft):
        turned = random.choice([state.direction.left, state.direction.right])
        return (MarsRoverMoved(state.rover_id, state.point, turned),)
    return rover.decide(command, state)


def turns_by_the_dice_of_the_system(command: Any, state: Any) -> Any:
    if isinstance(state, Moving) and isinstance(command, TurnLeft):
        turned = random.SystemRandom().choice([state.direction.left, state.direction.right])
        return (MarsRoverMoved(state.rover_id, state.point, turned),)
    return rover.decide(command, state)


def remembering() -> Callable[[Any, Any], Any]:
    asked: list[Any] = [None, None]

    def decide(command: Any, state: Any) -> Any:
        """Refuse to turn left once it was asked to move: asked twice in a row, it answers the same."""
        if command != asked[-1]:
            asked.append(command)
        if isinstance(state, Moving) and command == TurnLeft("r1") and asked[-2] == Move("r1"):
            return (Refused(command, Reason.BLOCKED_BY_OBSTACLE),)
        return rover.decide(command, state)

    return decide


def warming_up() -> Callable[[Any, Any], Any]:
    asked: list[Any] = []

    def decide(command: Any, state: Any) -> Any:
        """Turn off for good after forty questions."""
        asked.append(command)
        if len(asked) // 2 > 20 and not isinstance(state, NotStarted):
            return (Refused(command, Reason.TURNED_OFF),)
        return rover.decide(command, state)

    return decide


def walks_off_the_grid(command: Any, state: Any) -> Any:
    if isinstance(command, Move) and isinstance(state, Started | Moving):
        looks = state.direction
        ahead = Point(state.point.x + looks.dx, state.point.y + looks.dy)
        if ahead not in state.world.obstacles:
            return (MarsRoverMoved(state.rover_id, ahead, looks),)
    return rover.decide(command, state)


def walks_through_obstacles(command: Any, state: Any) -> Any:
    decision = rover.decide(command, state)
    if isinstance(decision[0], ObstacleFound):
        return (MarsRoverMoved(state.rover_id, decision[0].obstacle, state.direction),)
    return decision


def turns_half_round(command: Any, state: Any) -> Any:
    decision = rover.decide(command, state)
    if isinstance(command, TurnRight) and isinstance(decision[0], MarsRoverMoved):
        return (MarsRoverMoved(state.rover_id, state.point, state.direction.left.left),)
    return decision


def moves_for_another(command: Any, state: Any) -> Any:
    decision = rover.decide(command, state)
    if isinstance(decision[0], MarsRoverTurnedOff):
        return (MarsRoverTurnedOff("somebody else"),)
    return decision


def wakes_up_once_off(command: Any, state: Any) -> Any:
    if isinstance(state, TurnedOff) and isinstance(command, TurnLeft):
        return (MarsRoverMoved(state.rover_id, state.point, state.direction.left),)
    return rover.decide(command, state)


def says_nothing_once_off(command: Any, state: Any) -> Any:
    return () if isinstance(state, TurnedOff) else rover.decide(command, state)


def off_or_blocked(state: Any) -> bool:
    return isinstance(state, TurnedOff | Blocked)


def cannot_be_blocked(state: Any, event: Any) -> Any:
    if isinstance(event, ObstacleFound):
        raise NotImplementedError("obstacles come in the next sprint")
    return rover.evolve(state, event)


def looks_before_it_checks(state: Any, event: Any) -> Any:
    if isinstance(event, MarsRoverMoved):
        return Moving(state.rover_id, state.world, event.point, event.direction)
    return rover.evolve(state, event)


def evolves_by_chance(state: Any, event: Any) -> Any:
    after = rover.evolve(state, event)
    if isinstance(after, Moving) and isinstance(state, Moving):
        return random.SystemRandom().choice([after, replace_direction(after)])
    return after


def replace_direction(state: Moving) -> Moving:
    return Moving(state.rover_id, state.world, state.point, Direction.NORTH)


def counting_evolve() -> Callable[[Any, Any], Any]:
    counted = [0]

    def evolve(state: Any, event: Any) -> Any:
        """Lose the tenth event that it has ever seen."""
        counted[0] += 1
        return state if counted[0] % 10 == 0 else rover.evolve(state, event)

    return evolve


def refusal_starts_anew(state: Any, event: Any) -> Any:
    if isinstance(event, Refused) and isinstance(state, Moving):
        return Started(state.rover_id, state.world, state.point, state.direction)
    return rover.evolve(state, event)


def refusal_turns_off(state: Any, event: Any) -> Any:
    if isinstance(event, Refused) and isinstance(state, Blocked):
        return rover.evolve(state, MarsRoverTurnedOff(state.rover_id))
    return rover.evolve(state, event)


ROVERS = (
    rover_with(
        laws.decide_is_total, "a move raises KeyError when blocked", decide=raises_when_blocked
    ),
    rover_with(laws.decide_is_total, "decisions are lists", decide=decides_lists),
    rover_with(laws.decide_is_total, "turning off is answered with None", decide=forgets_to_answer),
    rover_with(
        laws.a_decision_is_events_or_one_refusal, "refuses, and moves too", decide=refuses_and_moves
    ),
    rover_with(
        laws.a_decision_is_events_or_one_refusal,
        "the refusal names another command",
        decide=refuses_another_command,
    ),
    rover_with(
        laws.a_decider_leaves_the_world_alone,
        "turns left or right by chance",
        decide=turns_by_chance,
    ),
    rover_with(
        laws.decide_is_deterministic,
        "turns left or right by the system's dice",
        decide=turns_by_the_dice_of_the_system,
    ),
    rover_with(
        laws.decide_keeps_no_memory, "answers by what was asked before", decide=remembering()
    ),
    rover_with(laws.decide_keeps_no_memory, "tires after forty questions", decide=warming_up()),
    rover_with(laws.evolve_takes_what_decide_gives, "wrong wrap", decide=walks_off_the_grid),
    rover_with(
        laws.evolve_takes_what_decide_gives, "ignores obstacles", decide=walks_through_obstacles
    ),
    rover_with(laws.evolve_takes_what_decide_gives, "turns half round", decide=turns_half_round),
    rover_with(
        laws.evolve_takes_what_decide_gives, "turns another rover off", decide=moves_for_another
    ),
    rover_with(
        laws.evolve_takes_what_decide_gives, "evolve knows no obstacles", evolve=cannot_be_blocked
    ),
    rover_with(
        laws.evolve_follows_or_says_corrupt,
        "a rover that was not started has no id",
        evolve=looks_before_it_checks,
    ),
    rover_with(laws.evolve_is_deterministic, "looks north by chance", evolve=evolves_by_chance),
    rover_with(laws.evolve_is_deterministic, "loses every tenth event", evolve=counting_evolve()),
    rover_with(
        laws.a_refusal_changes_nothing, "a refusal starts it anew", evolve=refusal_starts_anew
    ),
    rover_with(laws.a_refusal_changes_nothing, "a refusal turns it off", evolve=refusal_turns_off),
    rover_with(laws.a_terminal_state_only_refuses, "turns left once off", decide=wakes_up_once_off),
    rover_with(
        laws.a_terminal_state_only_refuses, "is silent once off", decide=says_nothing_once_off
    ),
    rover_with(
        laws.a_terminal_state_only_refuses, "blocked counts as the end", is_terminal=off_or_blocked
    ),
)
