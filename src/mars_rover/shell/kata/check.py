"""``mars-rover check``: anyone's kata held against the rules, and the smallest example that it breaks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import click

from deciderkit.extras import MissingExtra, from_extra
from deciderkit.plain import shown
from mars_rover.shell.edge import Exit, Stop, bad_input
from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.kata_warden.worker import Unusable
from mars_rover.shell.kata.telling import counted, praise, story

if TYPE_CHECKING:
    from mars_rover.shell.kata.asking import Rule

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
        "  130  interrupted",
    ]
)

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells count it."""


class Rules(click.ParamType):  # type: ignore[type-arg]  # no generic before click 8.2
    """Names of rules with commas between."""

    name = "RULES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The rules as a tuple of their names."""
        known = list(RULES)
        names = tuple(name.strip() for name in value.split(","))
        for name in names:
            if name not in known:
                bad_input(f"--rules: unknown rule '{shown(name, 40)}': expected {', '.join(known)}")
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
        with from_extra("testing", "check needs hypothesis"):
            from mars_rover.shell.kata.asking import Rule, narrowed  # noqa: PLC0415
    except MissingExtra as error:
        raise Stop(str(error)) from None
    asked = frozenset(Rule(name) for names in rules for name in names)
    try:
        with Kata(target, timeout) as kata:
            wrong = _told_of_wrong(target, kata, asked, examples)
            told = wrong or praise(target, kata, narrowed(asked, kata.takes))
    except Unusable as error:
        bad_input(shown(str(error), 1000))
    click.echo("\n".join(told))
    if wrong:
        click.get_current_context().exit(Exit.FAILED)


def _told_of_wrong(
    target: str, kata: Kata, rules: frozenset[Rule], examples: int
) -> list[str] | None:
    """The story of the smallest wrong answer, if there is one; Ctrl-C ends the search in one line."""
    from mars_rover.shell.kata.asking import find_wrong  # noqa: PLC0415 - needs the extra
    from mars_rover.shell.kata.diagnosis import diagnose  # noqa: PLC0415

    try:
        with _progress(kata, examples) as heard:
            wrong = find_wrong(kata, rules, examples, heard)
        if wrong is None:
            return None
        return story(target, kata, wrong, diagnose(kata, wrong.question, wrong.came))
    except KeyboardInterrupt:
        stop = Stop(f"interrupted: {counted(kata.asked)} asked of {shown(target)}")
        stop.exit_code = INTERRUPTED  # type: ignore[misc]  # click's own subclasses set it as well
        raise stop from None


@contextmanager
def _progress(kata: Kata, examples: int) -> Iterator[Callable[[bool], None]]:
    """A bar on a terminal's stderr, moved by each answer; silence where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda found: None
        return
    from rich.console import Console  # noqa: PLC0415 - costs more than a short run takes
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=examples)

        def heard(found: bool) -> None:
            what = (
                f"wrong; looking for a smaller example, {kata.asked} asked" if found else "asking"
            )
            bar.update(task, completed=min(kata.asked, examples), description=what)

        yield heard
