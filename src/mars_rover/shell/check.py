"""``mars-rover check``: anyone's kata held against the rules, and the smallest example that it breaks."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

import click

from mars_rover.shell.edge import Exit, Stop, bad_input
from mars_rover.shell.kata import Kata, Question
from mars_rover.shell.kata_worker import Unusable
from mars_rover.values import Direction, Point, shown

if TYPE_CHECKING:
    from mars_rover.shell.asking import Rule, Wrong

RULES: Final = {
    "no-obstacles": "no cell is taken",
    "no-wrap": "no program leads over an edge",
    "no-narrow": "no side is shorter than three cells",
    "square": "every grid is as wide as it is high",
    "same-grid": "every grid is 10x10",
    "same-start": "every rover starts at 0:0:N",
    "huge": "sides of up to 1,000,000,000 cells as well",
}
"""What changes what is asked, and how."""

HELP: Final = "\n".join(
    [
        "\b",
        "RULES, with commas between, change what is asked:",
        *(f"  {rule:14}{meaning}" for rule, meaning in RULES.items()),
        "",
        "\b",
        "Exit codes:",
        "  0  every answer was right",
        "  1  a wrong answer, an error, a hang",
        "  2  bad usage: nothing was asked",
    ]
)

ARROWS: Final = dict(zip(Direction, "^>v<", strict=True))
MAP_WIDTH, MAP_HEIGHT = 20, 12


class Rules(click.ParamType):  # type: ignore[type-arg]  # no generic before click 8.2
    """Names of rules with commas between."""

    name = "RULES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The rules as a tuple of their names."""
        known = list(RULES)
        names = tuple(name.strip() for name in value.split(","))
        for name in names:
            if name not in known:
                bad_input(f"--rules: unknown rule {shown(name)}: expected {', '.join(known)}")
        return names


def _a_number(context: click.Context, option: click.Parameter, seconds: float) -> float:
    """Refuse what `click.FloatRange` lets through: not a number is neither too small nor too large."""
    return bad_input("--timeout: nan: expected seconds, up to 3600") if isnan(seconds) else seconds


@click.command(epilog=HELP)
@click.argument("target", metavar="MODULE:FUNCTION")
@click.option("--rules", type=Rules(), default=(), multiple=True, help="What is asked; see below.")
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=300,
    show_default=True,
    metavar="N",
    help="How many questions to ask.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    callback=_a_number,
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one answer may take.",
)
def check(target: str, rules: tuple[tuple[str, ...], ...], examples: int, timeout: float) -> None:
    """Ask a kata of your own, and compare its answers with the rules.

    The function may be in a module or in a file, path/to/file.py:FUNCTION. It is called as

    \b
        execute("RMLMM", grid=(10, 10), obstacles=[(2, 2)], start="0:0:N")

    and returns where the rover ends, as text: "1:2:N", or "O:2:1:N" where an obstacle stopped it.
    What its signature does not take is not passed and not asked about: without grid it is 10x10,
    without obstacles no cell is taken, without start the rover starts at 0:0:N. North is up, edges
    wrap, and the first obstacle ends the program.
    """
    try:  # the extra may not be there, and that is one line and no traceback
        from mars_rover.shell.asking import Rule, find_wrong, narrowed  # noqa: PLC0415
    except ImportError as error:
        raise Stop(f"check needs the extra 'testing' ({error})") from None
    asked = frozenset(Rule(name) for names in rules for name in names)
    try:
        with Kata(target, timeout) as kata:
            wrong = find_wrong(kata, asked, examples)
            if wrong is not None:
                click.echo("\n".join(story(target, kata, wrong)))
                click.get_current_context().exit(Exit.FAILED)
            click.echo(praise(target, kata, narrowed(asked, kata.takes)))
    except Unusable as error:
        bad_input(error)


def praise(target: str, kata: Kata, rules: frozenset[Rule]) -> str:
    """A sentence for a kata that is right, and what it was not asked."""
    count = f"{kata.asked} example{'' if kata.asked == 1 else 's'}"
    told = f"{target} is right in {count}"
    if rules:
        told += f" ({', '.join(sorted(rule.value for rule in rules))})"
    if kata.printed:
        told += f"\nnote: it printed {shown(kata.printed)}; only what it returns was looked at"
    return told


def story(target: str, kata: Kata, wrong: Wrong) -> list[str]:
    """The smallest wrong answer, as a person reads it."""
    question, came = wrong.question, wrong.came
    call = ", ".join([f'"{question.program}"', *_arguments(kata, question)])
    came_of_it = f'"{came.text}"' if came.ended == "text" else f"{came.ended}: {came.text}"
    lines = [
        f"{target} is wrong, and this is the smallest example of {kata.asked} asked:",
        "",
        *world_map(question),
        f"  start     {question.start}",
        f"  program   {question.program}",
        f'  expected  "{wrong.expected}"',
        f"  came      {came_of_it}",
    ]
    if came.printed:
        lines.append(f"  printed   {shown(came.printed)}, where it should return")
    return [*lines, "", f"  {target.rpartition(':')[2]}({call})"]


def _arguments(kata: Kata, question: Question) -> list[str]:
    given = kata.arguments(question).items()
    return [f'{name}="{value}"' if name == "start" else f"{name}={value}" for name, value in given]


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
