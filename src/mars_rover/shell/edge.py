"""The edge of the rover's commands: text that becomes values, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click
from returns.result import Failure, Result

from deciderkit.shell.cli.edge import Exit, Stop, bad_input
from mars_rover.notation import parse_grid, parse_point, parse_position
from mars_rover.shell.hints import for_grid, for_position
from mars_rover.values import Invalid, parse_rover_id

__all__ = [
    "COMMAND_ID",
    "EXIT_CODES",
    "GRID",
    "OBSTACLE",
    "POINT",
    "POSITION",
    "ROVER_ID",
    "Exit",
    "Stop",
    "accepted",
    "bad_input",
]

T = TypeVar("T")

OBSTACLE: Final = 3
"""The exit code for an obstacle, where it was asked for."""

EXIT_CODES: Final = "Exit codes: `mars-rover --help`."


def _no_hint(text: str) -> str:
    return ""


class Parsed(click.ParamType):  # type: ignore[type-arg]  # no generic before click 8.2
    """An option or argument that a parser of ``mars_rover.notation`` reads; ``hint`` has what would do."""

    def __init__(
        self,
        name: str,
        parse: Callable[[str], Result[Any, Invalid]],
        hint: Callable[[str], str] = _no_hint,
    ) -> None:
        self.name = name
        self._parse = parse
        self._hint = hint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed value; bad text is a usage error that names the option."""
        if not isinstance(value, str):
            return value
        parsed = self._parse(value)
        if not isinstance(parsed, Failure):
            return parsed.unwrap()
        where = param.opts[0] if isinstance(param, click.Option) else self.name
        better = self._hint(value)
        hint = (
            f"; did you mean {f'{where} ' if where != self.name else ''}{better}?" if better else ""
        )
        bad_input(f"{where}: {parsed.failure()}{hint}")


def _of_a_command(wrong: Invalid) -> Invalid:
    return Invalid(wrong.problem.replace("rover", "command"), wrong.expected, wrong.index)


GRID: Final = Parsed("WxH", parse_grid, for_grid)
POINT: Final = Parsed("X,Y", parse_point)
POSITION: Final = Parsed("X:Y:D", parse_position, for_position)
ROVER_ID: Final = Parsed("ID", parse_rover_id)
COMMAND_ID: Final = Parsed("ID", lambda text: parse_rover_id(text).alt(_of_a_command))


def accepted(result: Result[T, Invalid], where: str = "") -> T:
    """The value of a success; a failure stops with its one line, which begins with ``where``."""
    if isinstance(result, Failure):
        bad_input(f"{where}: {result.failure()}" if where else result.failure())
    return result.unwrap()
