"""What a kata is asked, and the smallest question that it answers wrongly. Needs the extra ``testing``."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deciderkit.decider import run
from mars_rover.commands import StartMarsRover
from mars_rover.events import ObstacleFound
from mars_rover.notation import Program, commands_of, format_position
from mars_rover.rover import NotStarted, Placed, rover
from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.question import Came, Question
from mars_rover.testing import HUGE, SMALL, cells, directions, free_cells, programs
from mars_rover.values import Direction, Point, World

PLAIN: Final = World(10, 10)
"""The world of a kata that is not told of a grid."""

HOME: Final = Point(0, 0), Direction.NORTH
"""Where the rover of a kata stands that is not told of a start."""


class Rule(Enum):
    """What a kata is not asked, or is asked on top; the value is what a person writes.

    What each means stands in the help of ``mars-rover check``.
    """

    NO_OBSTACLES = "no-obstacles"
    NO_WRAP = "no-wrap"
    NO_NARROW = "no-narrow"
    SQUARE = "square"
    SAME_GRID = "same-grid"
    SAME_START = "same-start"
    HUGE = "huge"


class Wrong(Exception):
    """A question, what was expected, and what came instead."""

    def __init__(self, question: Question, expected: str, came: Came) -> None:
        super().__init__(question, expected, came)
        self.question = question
        self.expected = expected
        self.came = came


def find_wrong(
    kata: Kata,
    rules: frozenset[Rule],
    examples: int,
    heard: Callable[[bool], None] = lambda found: None,
) -> Wrong | None:
    """The smallest of ``examples`` questions that ``kata`` answers wrongly, if there is one.

    The same questions are asked in every run. ``heard`` is called after each answer, and told
    whether a wrong one was among them.
    """
    found = False

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(questions(narrowed(rules, kata.takes)))
    def ask(question: Question) -> None:
        nonlocal found
        came = kata.ask(question)
        expected = reference(question)
        wrong = came is not None and (came.ended, came.text) != ("text", expected)
        found = found or wrong
        heard(found)
        if came is not None and wrong:
            raise Wrong(question, expected, came)

    try:
        ask()
    except Wrong as wrong:
        return wrong
    return None


def narrowed(rules: frozenset[Rule], takes: frozenset[str]) -> frozenset[Rule]:
    """``rules``, and those that follow from what a kata does not take."""
    follow = {
        "grid": Rule.SAME_GRID,
        "obstacles": Rule.NO_OBSTACLES,
        "start": Rule.SAME_START,
    }
    return rules | {rule for name, rule in follow.items() if name not in takes}


@st.composite
def questions(draw: st.DrawFn, rules: frozenset[Rule]) -> Question:
    """Questions within ``rules``."""
    world = draw(_grids(rules))
    same = Rule.SAME_START in rules
    if Rule.NO_OBSTACLES not in rules:
        world = draw(_with_obstacles(world, keep_home=same))
    point, direction = HOME if same else (draw(free_cells(world)), draw(directions()))
    question = Question(draw(programs(max_size=30)), world, point, direction)
    return within_the_edges(question) if Rule.NO_WRAP in rules else question


def _grids(rules: frozenset[Rule]) -> st.SearchStrategy[World]:
    if Rule.SAME_GRID in rules:
        return st.just(PLAIN)
    lengths = [*range(3 if Rule.NO_NARROW in rules else 1, SMALL + 1), PLAIN.width]
    sides = st.sampled_from([*lengths, HUGE[0]] if Rule.HUGE in rules else lengths)
    if Rule.SQUARE in rules:
        return sides.map(lambda side: World(side, side))
    return st.builds(World, sides, sides)


@st.composite
def _with_obstacles(draw: st.DrawFn, world: World, keep_home: bool) -> World:
    most = min(world.width * world.height - 1, 12)
    obstacles = draw(st.frozensets(cells(world.width, world.height), max_size=most))
    return World(world.width, world.height, obstacles - {HOME[0]} if keep_home else obstacles)


def within_the_edges(question: Question) -> Question:
    """``question`` less the letters that would lead over an edge."""
    kept = ""
    for letter in question.program:
        longer = replace(question, program=Program(kept + letter))
        if letter != "M" or not _leads_over_an_edge(longer):
            kept += letter
    return replace(question, program=Program(kept or "L"))


def _leads_over_an_edge(question: Question) -> bool:
    """Whether the last move of the program comes in on the other side."""
    before = drive(replace(question, program=Program(question.program[:-1])))
    ahead = question.world.ahead(before.point, before.direction)
    looks = before.direction
    return ahead != Point(before.point.x + looks.dx, before.point.y + looks.dy)


def reference(question: Question) -> str:
    """The right answer: the fold of the rover, as text."""
    return format_position(drive(question))


def drive(question: Question) -> Placed:
    """The rover after the program, or where an obstacle stopped it."""
    start = StartMarsRover("r1", question.world, question.point, question.direction)
    steps = commands_of(question.program, "r1")
    state = run(rover, [start, *steps], halts=(ObstacleFound,)).state
    assert not isinstance(state, NotStarted)
    return state
