"""What ``mars-rover check`` says: praise, or the story of the smallest wrong answer, with its map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deciderkit.plain import shown
from mars_rover.shell.kata.diagnosis import Diagnosis, Fault
from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.question import Came, Question
from mars_rover.values import Direction, Point

if TYPE_CHECKING:
    from mars_rover.shell.kata.asking import Rule, Wrong

ARROWS: Final = dict(zip(Direction, "^>v<", strict=True))
MAP_WIDTH, MAP_HEIGHT = 20, 12

CALLS: Final = 3
"""How many of the calls that a kata remembers are shown."""


def counted(asked: int) -> str:
    """How many different examples were asked: what was drawn twice counts once.

    >>> counted(1)
    '1 different example'
    """
    return f"{asked} different example{'' if asked == 1 else 's'}"


def praise(target: str, kata: Kata, rules: frozenset[Rule]) -> list[str]:
    """A sentence for a kata that is right, and what it was not asked."""
    told = f"{shown(target)} is right in {counted(kata.asked)}"
    if rules:
        told += f" ({', '.join(sorted(rule.value for rule in rules))})"
    if not kata.printed:
        return [told]
    return [told, f"note: it printed {quoted(kata.printed)}; only what it returns was looked at"]


def story(target: str, kata: Kata, wrong: Wrong, why: Diagnosis) -> list[str]:
    """The smallest wrong answer, and what it comes of, as a person reads it."""
    question, came = wrong.question, wrong.came
    lines = [
        f"{shown(target)} is wrong, and this is the smallest of {counted(kata.asked)} asked:",
        "",
        *world_map(question),
        f"  start     {question.start}",
        f"  program   {question.program}",
        f'  expected  "{wrong.expected}"',
        f"  came      {_told(came)}",
    ]
    if came.printed:
        lines.append(f"  printed   {quoted(came.printed)}, where it should return")
    name = shown(target.rpartition(":")[2])
    calls = [_call(name, kata, each) for each in (*why.before[-CALLS:], question)]
    if len(why.before) > CALLS:
        calls.insert(0, f"... {len(why.before) - CALLS} calls before, and then")
    return [*lines, "", *(f"  {call}" for call in calls), *_remark(why)]


def _remark(why: Diagnosis) -> list[str]:
    """What a kata that is not wrong in itself should know of itself."""
    if why.fault is Fault.ITSELF:
        return []
    if why.fault is Fault.CHANCE:
        return [
            "",
            f"The same, asked again, gave {_told(why.alone)}: the answer hangs on chance, on the",
            "time, or on the order of a set.",
        ]
    return [
        "",
        f"Asked alone, the last call gives {_told(why.alone)}: the kata remembers something",
        "between two calls.",
    ]


def _told(came: Came) -> str:
    return f'"{shown(came.text)}"' if came.ended == "text" else f"{came.ended}: {shown(came.text)}"


def quoted(text: str) -> str:
    """A text from the kata, as it can be printed inside of a line."""
    return f"'{shown(text)}'"


def _call(name: str, kata: Kata, question: Question) -> str:
    given = question.arguments(kata.takes).items()
    told = [f'{name}="{value}"' if name == "start" else f"{name}={value}" for name, value in given]
    program = f'"{question.program}"'
    return f"{name}({', '.join([program, *told])})"


def world_map(question: Question) -> list[str]:
    """The world in lines, north up; of one that is too large for a map, its size and obstacles."""
    world = question.world
    size = f"  world     {world.width}x{world.height}"
    if world.width > MAP_WIDTH or world.height > MAP_HEIGHT:
        taken = " ".join(str(cell) for cell in sorted(world.obstacles))
        return [f"{size}, obstacles at {taken}" if taken else f"{size}, no obstacle"]
    rows = [
        f"{y:>4}  {' '.join(_cell(question, Point(x, y)) for x in range(world.width))}"
        for y in reversed(range(world.height))
    ]
    return [f"{size}  ({ARROWS[question.direction]} the rover, # an obstacle)", "", *rows, ""]


def _cell(question: Question, cell: Point) -> str:
    if cell == question.point:
        return ARROWS[question.direction]
    return "#" if cell in question.world.obstacles else "."
