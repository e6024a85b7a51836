"""Text to values and back: programs, positions, grids, cells. All that is written is read here.

A parser takes the whole text or nothing, and says what is wrong, where, and what would do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NewType, assert_never

from returns.iterables import Fold
from returns.result import Failure, Result, Success

from mars_rover.commands import Move, TurnLeft, TurnRight
from mars_rover.rover import Blocked, Moving, NotStarted, Placed, Started, State, TurnedOff
from mars_rover.values import Direction, Invalid, Point, RoverId, World, shown

Program = NewType("Program", str)
"""A string of ``L``, ``R`` and ``M``, at least one: what `parse_program` lets through."""

ProgramCommand = TurnLeft | TurnRight | Move

_COMMANDS: Final[dict[str, Callable[[RoverId], ProgramCommand]]] = {
    "L": TurnLeft,
    "R": TurnRight,
    "M": Move,
}
LETTERS: Final = "".join(_COMMANDS)
"""The letters of a program, in the order in which an error names them."""

_EXPECTED = "L, R or M"
_STRANGE = re.compile(f"[^{LETTERS}]")
_POSITION = re.compile(r"([0-9]{1,16}):([0-9]{1,16}):([NESW])")
_POINT = re.compile(r"([0-9]{1,16}),([0-9]{1,16})")
_GRID = re.compile(r"([0-9]{1,16})x([0-9]{1,16})")


def parse_program(text: str) -> Result[Program, Invalid]:
    """A program, read whole before anything runs.

    >>> parse_program("RMLMM")
    <Success: RMLMM>
    >>> print(parse_program("RMLMX").failure())
    unknown command 'X' at index 4: expected L, R or M
    """
    if not text:
        return Failure(Invalid("empty program", f"at least one of {_EXPECTED}"))
    return find_strange(text).map(Program)


def find_strange(text: str, offset: int = 0) -> Result[str, Invalid]:
    """``text`` if it holds letters of a program only; it may be a piece that stands at ``offset``.

    >>> print(find_strange("RMm", offset=100).failure())
    unknown command 'm' at index 102: expected L, R or M
    """
    strange = _STRANGE.search(text)
    if strange is None:
        return Success(text)
    index = offset + strange.start()
    return Failure(Invalid(f"unknown command {strange[0]!a} at index {index}", _EXPECTED, index))


def commands_of(program: Program, rover_id: RoverId) -> Iterator[ProgramCommand]:
    """The commands of ``program`` for one rover, one at a time.

    Equal letters give the very same command: it is immutable, so one is enough.

    >>> list(commands_of(Program("RM"), "r1"))
    [TurnRight(rover_id='r1'), Move(rover_id='r1')]
    """
    by_letter = {letter: command(rover_id) for letter, command in _COMMANDS.items()}
    return map(by_letter.__getitem__, program)


def parse_position(text: str) -> Result[tuple[Point, Direction], Invalid]:
    """A place and a direction from ``x:y:D``.

    >>> parse_position("1:2:N")
    <Success: (Point(x=1, y=2), Direction.NORTH)>
    >>> print(parse_position("1:2:Q").failure())
    bad position '1:2:Q': expected x:y:D with D one of N, E, S, W, such as 0:0:N
    """
    found = _POSITION.fullmatch(text)
    if found is None:
        rule = "x:y:D with D one of N, E, S, W, such as 0:0:N"
        return Failure(Invalid(f"bad position {shown(text)}", rule))
    return Success((Point(int(found[1]), int(found[2])), Direction(found[3])))


def parse_point(text: str) -> Result[Point, Invalid]:
    """A cell from ``X,Y``.

    >>> parse_point("2,2")
    <Success: 2,2>
    >>> print(parse_point("2;2").failure())
    bad cell '2;2': expected X,Y such as 2,2
    """
    found = _POINT.fullmatch(text)
    if found is None:
        return Failure(Invalid(f"bad cell {shown(text)}", "X,Y such as 2,2"))
    return Success(Point(int(found[1]), int(found[2])))


def parse_grid(text: str) -> Result[tuple[int, int], Invalid]:
    """Width and height from ``WxH``; whether a world can be that large is for `World.create` to say.

    >>> parse_grid("4x5")
    <Success: (4, 5)>
    >>> print(parse_grid("4*5").failure())
    bad grid '4*5': expected WIDTHxHEIGHT such as 10x10
    """
    found = _GRID.fullmatch(text)
    if found is None:
        return Failure(Invalid(f"bad grid {shown(text)}", "WIDTHxHEIGHT such as 10x10"))
    return Success((int(found[1]), int(found[2])))


def parse_world(grid: str, obstacles: tuple[str, ...] = ()) -> Result[World, Invalid]:
    """A world from the text of its grid and of its obstacles.

    >>> parse_world("4x4", ("2,2",))
    <Success: World(width=4, height=4, obstacles=frozenset({Point(x=2, y=2)}))>
    """
    cells = Fold.collect((parse_point(text) for text in obstacles), Success(()))
    return parse_grid(grid).bind(
        lambda sides: cells.bind(lambda points: World.create(*sides, points))
    )


def format_position(state: Placed) -> str:
    """``x:y:D``, and ``O:x:y:D`` once an obstacle stopped the rover.

    >>> format_position(Moving("r1", World(4, 4), Point(1, 2), Direction.NORTH))
    '1:2:N'
    """
    place = f"{state.point.x}:{state.point.y}:{state.direction.value}"
    match state:
        case Started() | Moving() | TurnedOff(obstacle=None):
            return place
        case Blocked() | TurnedOff():
            return f"O:{place}"
        case _:
            assert_never(state)


def format_status(state: State) -> str:
    """The status that a read model shows: the article's words.

    >>> format_status(NotStarted())
    'INITIALIZED'
    """
    match state:
        case NotStarted():
            return "INITIALIZED"
        case Started():
            return "STARTED"
        case Moving():
            return "MOVING"
        case Blocked():
            return "OBSTACLE_FOUND"
        case TurnedOff():
            return "TURNED_OFF"
        case _:
            assert_never(state)
