"""A yellow sticky: the Mars Rover. Its states, what it decides, and how it comes about from events.

| state                    | accepts                            | refuses all else as |
|--------------------------|------------------------------------|---------------------|
| `NotStarted`             | `StartMarsRover` on a free cell    | not started         |
| `Started`, `Moving`      | `TurnLeft TurnRight Move TurnOff`  | already started     |
| `Blocked` (by an obstacle) | `TurnOff`                        | blocked by obstacle |
| `TurnedOff`, terminal    |                                    | turned off          |
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from deciderkit.decider import Decider, Refused, cannot_follow
from mars_rover.commands import Move, RoverCommand, StartMarsRover, TurnLeft, TurnOff, TurnRight
from mars_rover.events import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    RoverEvent,
)
from mars_rover.values import Direction, Point, RoverId, World


class NotStarted(Struct, frozen=True, tag=True, gc=False):
    """INITIALIZED: there is no rover yet."""


class Started(Struct, frozen=True, tag=True, gc=False):
    """STARTED: the rover stands where it was put."""

    rover_id: RoverId
    world: World
    point: Point
    direction: Direction


class Moving(Struct, frozen=True, tag=True, gc=False):
    """MOVING: the rover has moved or turned since it was started."""

    rover_id: RoverId
    world: World
    point: Point
    direction: Direction


class Blocked(Struct, frozen=True, tag=True, gc=False):
    """OBSTACLE_FOUND: the rover stands before ``obstacle`` and does nothing but turn off."""

    rover_id: RoverId
    world: World
    point: Point
    direction: Direction
    obstacle: Point


class TurnedOff(Struct, frozen=True, tag=True, gc=False):
    """TURNED_OFF, for good; ``obstacle`` is what stopped the rover before, if anything did."""

    rover_id: RoverId
    world: World
    point: Point
    direction: Direction
    obstacle: Point | None


Awake: TypeAlias = Started | Moving
Placed: TypeAlias = Awake | Blocked | TurnedOff
State: TypeAlias = NotStarted | Placed


class Reason(Enum):
    """Why the rover refuses a command; the values are what a person reads."""

    NOT_STARTED = "not started"
    OFF_GRID = "off the grid"
    ON_OBSTACLE = "on an obstacle"
    ALREADY_STARTED = "already started"
    BLOCKED_BY_OBSTACLE = "blocked by obstacle"
    TURNED_OFF = "turned off"
    OTHER_ROVER = "meant for another rover"


Refusal: TypeAlias = Refused[RoverCommand, Reason]
Decision: TypeAlias = tuple[RoverEvent, ...] | tuple[Refusal]

initial_state: Final[State] = NotStarted()
"""The rover that was not started."""


def decide(command: RoverCommand, state: State) -> Decision:
    """What ``command`` leads to in ``state``: one event, or one `Refused`.

    Total and pure; the table at the top of this module is the rule. Source: the article's Mars Rover
    aggregate, with its figures in capitals as the states.

    >>> decide(Move("r1"), NotStarted())
    (Refused(command=Move(rover_id='r1'), reason=<Reason.NOT_STARTED: 'not started'>),)
    >>> decide(TurnLeft("r1"), Started("r1", World(4, 4), Point(0, 0), Direction.NORTH))
    (MarsRoverMoved(rover_id='r1', point=Point(x=0, y=0), direction=Direction.WEST),)
    """
    # Nearly every command is for a rover that is awake; with patterns instead of classes, and a
    # function of its own, it would take half as long again.
    if isinstance(state, (Moving, Started)):
        rover_id = state.rover_id
        if command.rover_id != rover_id:
            return _refuse(command, Reason.OTHER_ROVER)
        if isinstance(command, Move):
            ahead = state.world.ahead(state.point, state.direction)
            if ahead in state.world.obstacles:
                return (ObstacleFound(rover_id, ahead),)
            return (MarsRoverMoved(rover_id, ahead, state.direction),)
        if isinstance(command, TurnLeft):
            return (MarsRoverMoved(rover_id, state.point, state.direction.left),)
        if isinstance(command, TurnRight):
            return (MarsRoverMoved(rover_id, state.point, state.direction.right),)
        if isinstance(command, TurnOff):
            return (MarsRoverTurnedOff(rover_id),)
        if isinstance(command, StartMarsRover):
            return _refuse(command, Reason.ALREADY_STARTED)
        assert_never(command)
    match state:
        case NotStarted():
            return _decide_not_started(command)
        case Blocked():
            return _decide_blocked(command, state)
        case TurnedOff():
            return _refuse(command, _or_other(Reason.TURNED_OFF, command, state))
        case _:
            assert_never(state)


def _decide_not_started(command: RoverCommand) -> Decision:
    match command:
        case StartMarsRover(rover_id, world, point, direction):
            if not world.has(point):
                return _refuse(command, Reason.OFF_GRID)
            if point in world.obstacles:
                return _refuse(command, Reason.ON_OBSTACLE)
            return (MarsRoverStarted(rover_id, world, point, direction),)
        case Move() | TurnLeft() | TurnRight() | TurnOff():
            return _refuse(command, Reason.NOT_STARTED)
        case _:
            assert_never(command)


def _decide_blocked(command: RoverCommand, state: Blocked) -> Decision:
    match command:
        case TurnOff(rover_id) if rover_id == state.rover_id:
            return (MarsRoverTurnedOff(rover_id),)
        case TurnOff() | Move() | TurnLeft() | TurnRight() | StartMarsRover():
            return _refuse(command, _or_other(Reason.BLOCKED_BY_OBSTACLE, command, state))
        case _:
            assert_never(command)


def _refuse(command: RoverCommand, reason: Reason) -> tuple[Refusal]:
    return (Refused(command, reason),)


def _or_other(reason: Reason, command: RoverCommand, state: Placed) -> Reason:
    return reason if command.rover_id == state.rover_id else Reason.OTHER_ROVER


def evolve(state: State, event: RoverEvent | Refusal) -> State:
    """The state after ``event``; raises `CorruptHistory` where it cannot follow ``state``.

    An event follows if some command could have led to it: a rover that jumps, walks through an
    obstacle or moves while it is off is a corrupt history, as is an event of another rover.

    >>> evolve(NotStarted(), MarsRoverTurnedOff("r1"))
    Traceback (most recent call last):
        ...
    deciderkit.decider.CorruptHistory: corrupt history: MarsRoverTurnedOff(rover_id='r1') cannot follow NotStarted()
    """
    if isinstance(event, MarsRoverMoved):  # as nearly every event is; see `decide`
        if isinstance(state, (Moving, Started)) and _is_step(state, event):
            return Moving(state.rover_id, state.world, event.point, event.direction)
        cannot_follow(state, event)
    match event:
        case MarsRoverStarted(rover_id, world, point, direction):
            match state:
                case NotStarted() if _is_free(world, point):
                    return Started(rover_id, world, point, direction)
                case _:
                    cannot_follow(state, event)
        case ObstacleFound(rover_id, obstacle):
            match state:
                case Moving() | Started() if _is_met(state, event):
                    return Blocked(rover_id, state.world, state.point, state.direction, obstacle)
                case _:
                    cannot_follow(state, event)
        case MarsRoverTurnedOff(rover_id):
            match state:
                case Moving() | Started() | Blocked() if rover_id == state.rover_id:
                    return _turned_off(state)
                case _:
                    cannot_follow(state, event)
        case Refused():
            return state
        case _:
            assert_never(event)


def _turned_off(state: Awake | Blocked) -> TurnedOff:
    obstacle = state.obstacle if isinstance(state, Blocked) else None
    return TurnedOff(state.rover_id, state.world, state.point, state.direction, obstacle)


def _is_step(state: Awake, event: MarsRoverMoved) -> bool:
    """Whether the event is a quarter turn on the spot, or one cell straight ahead onto a free one."""
    if event.rover_id != state.rover_id:
        return False
    looks = state.direction
    if event.direction is looks:
        world = state.world
        return event.point == world.ahead(state.point, looks) and event.point not in world.obstacles
    return event.point == state.point and (
        event.direction is looks.left or event.direction is looks.right
    )


def _is_met(state: Awake, event: ObstacleFound) -> bool:
    ahead = state.world.ahead(state.point, state.direction)
    return (
        event.rover_id == state.rover_id
        and event.obstacle == ahead
        and ahead in state.world.obstacles
    )


def _is_free(world: World, point: Point) -> bool:
    return world.has(point) and point not in world.obstacles


def is_terminal(state: State) -> bool:
    """Whether the rover will refuse every further command."""
    return isinstance(state, TurnedOff)


rover: Final = Decider(initial_state, decide, evolve, is_terminal)
"""The Mars Rover as a `Decider`."""
