"""What happens, told as it happens: the log of commands and events on stderr, or events as JSON on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import click

from deciderkit.decider import Refused
from deciderkit.log.lines import line
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening, Parked, Submitted
from deciderkit.picture.lines import Line
from deciderkit.picture.stickies import Kind, style
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import out
from deciderkit.shell.program import Program


def telling(
    program: Program, *, quiet: bool, as_json: bool = False, verbose: bool = False
) -> Callable[[Happening], None]:
    """An observer: the log goes to stderr unless ``quiet``, the events to stdout if ``as_json``.

    ``verbose`` is for people who want messages as Python writes them.
    """
    log = _Log(verbose=verbose)

    def observe(happening: Happening) -> None:
        if as_json and isinstance(happening, Recorded):
            out(line(program.codec, happening))
        if not quiet:
            log.tell(happening)

    return observe


class _Log:
    """Lines on stderr. What a message is about is said where it changes, and not in every line."""

    def __init__(self, *, verbose: bool) -> None:
        self._lines = bound().lines
        self._verbose = verbose
        self._before: Line | None = None

    def tell(self, happening: Happening) -> None:
        """A line for what happened."""
        happened: Any = happening
        reason = ""
        match happening:
            case Submitted(command):
                happened = command
            case Parked(todo, reason):
                happened = todo
        made = self._lines(happened)
        text = self._in_full(happening) if self._verbose else made.said(self._before)
        label = "PARKED" if reason else made.label
        log(label, made.kind if not reason else "refusal", f"{text}: {reason}" if reason else text)
        self._before = made

    def _in_full(self, happening: Happening) -> str:
        match happening:
            case Submitted(message) | Recorded(event=message):
                return repr(message)
            case Refused(command, reason):
                return f"{command!r}: {reason!r}"
            case Parked(todo, _):
                return repr(todo)


def log(label: str, kind: Kind, text: str) -> None:
    """A line on stderr, its label in the colour of its sticky where a terminal shows colours."""
    colour = _colour(kind)
    mark = colour(f"[{label}]") if colour else f"[{label}]"
    click.echo(f"{mark} {shown(text, 1_000)}", err=True, color=bool(colour) or None)


@cache
def _colour(kind: Kind) -> Callable[[str], str] | None:
    """How a label is coloured on this terminal, if it is."""
    forced = os.environ.get("FORCE_COLOR")
    if not (sys.stderr.isatty() or forced):
        return None
    from rich.color import ColorSystem  # noqa: PLC0415 - costs more than a short run takes
    from rich.console import Console  # noqa: PLC0415
    from rich.style import Style  # noqa: PLC0415

    console = Console(stderr=True, force_terminal=True if forced else None)
    if console.no_color or console.color_system is None:
        return None
    systems = {
        "standard": ColorSystem.STANDARD,
        "256": ColorSystem.EIGHT_BIT,
        "truecolor": ColorSystem.TRUECOLOR,
    }
    system = systems.get(console.color_system, ColorSystem.STANDARD)
    note = Style.parse(style(kind))
    return lambda text: note.render(text, color_system=system)


def todo_line(todo: Any) -> str:
    """A to-do as a line: its policy, what it is about, and the command."""
    return bound().lines(todo).said()
