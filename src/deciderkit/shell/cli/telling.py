"""What happens, told as it happens: the log of commands and events on stderr, or events as JSON on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import click

from deciderkit.decider import Refused
from deciderkit.log.lines import line
from deciderkit.log.recorded import Recorded
from deciderkit.plain import shown
from deciderkit.shell.cli.edge import out
from deciderkit.shell.dispatch.outcomes import Happening, Parked, Submitted
from deciderkit.shell.program import Program

_WIDEST: Final = 400
_COLOURS: Final = {
    "COMMAND": "#1a1a1a on #a6ccf5",
    "EVENT": "#1a1a1a on #ff9d48",
    "REFUSED": "#1a1a1a on #f16c7f",
    "PARKED": "#1a1a1a on #f16c7f",
    "EXTERNAL": "#1a1a1a on #ea94bb",
}
"""The colours of the stickies."""


def said(happening: Happening) -> tuple[str, str]:
    """The label of what happened, and its line."""
    match happening:
        case Submitted(command):
            return "COMMAND", str(command)
        case Recorded(event=event):
            return "EVENT", str(event)
        case Refused(command, reason):
            return "REFUSED", f"{command}: {getattr(reason, 'value', reason)}"
        case Parked(todo, reason):
            return "PARKED", f"{asked_for(todo)}: {reason}"


def asked_for(todo: Any) -> str:
    """The command of a to-do as text; a ``then`` that raises has none."""
    try:
        return str(todo.command)
    except Exception as error:  # somebody's function
        return f"{todo.policy.name} cannot say what to do ({type(error).__name__}: {error})"


def telling(program: Program, *, quiet: bool, as_json: bool) -> Callable[[Happening], None]:
    """An observer: the log goes to stderr unless ``quiet``, the events to stdout if ``as_json``."""

    def observe(happening: Happening) -> None:
        if as_json and isinstance(happening, Recorded):
            out(line(program.codec, happening))
        if not quiet:
            log(*said(happening))

    return observe


def log(label: str, text: str) -> None:
    """A line on stderr, its label in the colour of its sticky where a terminal shows colours."""
    style = _style(label)
    mark = style(f"[{label}]") if style else f"[{label}]"
    click.echo(f"{mark} {shown(text, _WIDEST)}", err=True, color=bool(style) or None)


@cache
def _style(label: str) -> Callable[[str], str] | None:
    """How a label is coloured on this terminal, if it is."""
    forced = os.environ.get("FORCE_COLOR")
    if label not in _COLOURS or not (sys.stderr.isatty() or forced):
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
    style = Style.parse(_COLOURS[label])
    return lambda text: style.render(text, color_system=system)
