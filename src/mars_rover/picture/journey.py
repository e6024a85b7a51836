"""What a picture of a run shows: the world, where the rover went, and what stopped it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from mars_rover.events import (
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    RoverEvent,
)
from mars_rover.projections import PathStep
from mars_rover.rover import Blocked, Moving, NotStarted, Placed, Started, State, TurnedOff
from mars_rover.values import Direction, Point, World


class Journey(Struct, frozen=True):
    """A run as a picture shows it: ``path`` begins at the start and ends where the rover stands.

    ``obstacle`` is the one that stopped it, and ``is_off`` tells that it was turned off.
    """

    world: World
    path: Sequence[PathStep]
    obstacle: Point | None = None
    is_off: bool = False

    @property
    def start(self) -> PathStep:
        """Where it began."""
        return self.path[0]

    @property
    def end(self) -> PathStep:
        """Where it stands."""
        return self.path[-1]


class Leg(NamedTuple):
    """One move from a cell to the next; ``wraps`` where it goes over the edge of the world."""

    begin: Point
    direction: Direction
    end: Point
    wraps: bool


class Window(NamedTuple):
    """The part of a world that a picture shows: its lower left cell, and how many cells it has."""

    x: int
    y: int
    width: int
    height: int

    def has(self, point: Point) -> bool:
        """Whether the picture shows ``point``."""
        return 0 <= point.x - self.x < self.width and 0 <= point.y - self.y < self.height


def journey_of(events: Iterable[RoverEvent]) -> Journey | None:
    """The journey of the first rover that ``events`` start; None if they start none.

    The events of other rovers, and of other aggregates, are passed over.

    >>> from mars_rover.values import Direction
    >>> started = MarsRoverStarted("r1", World(4, 4), Point(0, 0), Direction.NORTH)
    >>> moved = MarsRoverMoved("r1", Point(0, 1), Direction.NORTH)
    >>> [str(step) for step in journey_of([started, moved]).path]
    ['0:0:N', '0:1:N']
    """
    rover_id, world, obstacle, is_off = "", World(1, 1), None, False
    path: list[PathStep] = []
    for event in events:
        match event:
            case MarsRoverStarted() if not path:
                rover_id, world = event.rover_id, event.world
                path.append(PathStep(event.point, event.direction))
            case MarsRoverMoved() if event.rover_id == rover_id and path:
                path.append(PathStep(event.point, event.direction))
            case ObstacleFound() if event.rover_id == rover_id:
                obstacle = event.obstacle
            case MarsRoverTurnedOff() if event.rover_id == rover_id:
                is_off = True
    return Journey(world, tuple(path), obstacle, is_off) if path else None


def journey_of_states(states: Iterable[State]) -> Journey | None:
    """The journey that a history of a rover's states tells; None if it was never started.

    >>> from mars_rover.rover import NotStarted, Started
    >>> started = Started("r1", World(4, 4), Point(0, 0), Direction.NORTH)
    >>> [str(step) for step in journey_of_states([NotStarted(), started]).path]
    ['0:0:N']
    """
    placed = [state for state in states if not isinstance(state, NotStarted)]
    if not placed:
        return None
    steps = [PathStep(state.point, state.direction) for state in placed]
    path = [
        step
        for step, state in zip(steps, placed, strict=True)
        if isinstance(state, (Started, Moving))
    ]
    return _ended(tuple(path or steps[-1:]), placed[-1])


def journey_of_run(events: Iterable[object], state: State) -> Journey | None:
    """The journey of a run that led to ``state`` by ``events``; None if nothing was started.

    Where the run took up a rover that stood somewhere already, its path begins after the first event.
    """
    if isinstance(state, NotStarted):
        return None
    moved = [each for each in events if isinstance(each, (MarsRoverStarted, MarsRoverMoved))]
    path = [PathStep(each.point, each.direction) for each in moved]
    return _ended(tuple(path or [PathStep(state.point, state.direction)]), state)


def _ended(path: tuple[PathStep, ...], state: Placed) -> Journey:
    obstacle = state.obstacle if isinstance(state, (Blocked, TurnedOff)) else None
    return Journey(state.world, path, obstacle, isinstance(state, TurnedOff))


def legs(journey: Journey) -> Iterator[Leg]:
    """The moves of a journey, without its turns.

    Two steps that look the same way are a move, also where the world is one cell wide and the rover
    comes back to where it was.
    """
    before = None
    for step in journey.path:
        if before is not None and before.direction is step.direction:
            yield leg(before, step)
        before = step


def leg(before: PathStep, step: PathStep) -> Leg:
    """The move from one step to the next."""
    looks = step.direction
    straight = Point(before.point.x + looks.dx, before.point.y + looks.dy)
    return Leg(before.point, looks, step.point, wraps=straight != step.point)


def window_of(journey: Journey, width: int, height: int) -> Window:
    """The part to show where there is room for ``width`` x ``height`` cells.

    The whole world if it fits. If not, the part around the journey if that fits; else the whole world
    once more, which then has to be drawn smaller.
    """
    world = journey.world
    whole = Window(0, 0, world.width, world.height)
    if world.width <= width and world.height <= height:
        return whole
    points = [step.point for step in journey.path]
    if journey.obstacle is not None:
        points.append(journey.obstacle)
    across = _span([point.x for point in points], width, world.width)
    up = _span([point.y for point in points], height, world.height)
    return whole if across is None or up is None else Window(across[0], up[0], across[1], up[1])


def _span(places: list[int], room: int, side: int) -> tuple[int, int] | None:
    """Where to begin and how many to show, with the places in the middle; None if there is no room."""
    low, high = min(places), max(places)
    needed = high - low + 1
    if min(side, needed + 2) > room:
        return None
    shown = min(room, side)
    begin = low - (shown - needed) // 2
    return max(0, min(begin, side - shown)), shown
