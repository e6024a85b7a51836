"""The edge of the command line: text that becomes values, errors of one line, and exit codes."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import IntEnum
from typing import Any, NoReturn, TypeVar

import click
from returns.io import IOResult
from returns.pipeline import is_successful
from returns.result import Result
from returns.unsafe import unsafe_perform_io

from deciderkit.decider import CorruptHistory
from deciderkit.log.codec import CorruptEvent
from mars_rover.notation import parse_grid, parse_point, parse_position
from mars_rover.values import Invalid, parse_rover_id

T = TypeVar("T")


class Exit(IntEnum):
    """What the exit code of a command says."""

    CARRIED_OUT = 0
    FAILED = 1
    BAD_INPUT = 2
    OBSTACLE = 3
    CORRUPT_LOG = 4


EXIT_CODES = """\b
Exit codes:
  0  carried out; an obstacle is an ordinary outcome
  1  a command was refused, or something failed
  2  bad usage or input; nothing was done
  3  an obstacle stopped the rover, with --fail-on-obstacle
  4  the log is corrupt"""


class Parsed(click.ParamType):  # type: ignore[type-arg]  # no generic before click 8.2
    """An option or argument that a parser of ``mars_rover.notation`` reads."""

    def __init__(self, name: str, parse: Callable[[str], Result[Any, Invalid]]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed value; bad text is a usage error that names the option."""
        if not isinstance(value, str):
            return value
        parsed = self._parse(value)
        if is_successful(parsed):
            return parsed.unwrap()
        where = param.opts[0] if isinstance(param, click.Option) else self.name
        bad_input(f"{where}: {parsed.failure()}")


def _of_a_command(wrong: Invalid) -> Invalid:
    return Invalid(wrong.problem.replace("rover", "command"), wrong.expected, wrong.index)


GRID = Parsed("WxH", parse_grid)
POINT = Parsed("X,Y", parse_point)
POSITION = Parsed("X:Y:D", parse_position)
ROVER_ID = Parsed("ID", parse_rover_id)
COMMAND_ID = Parsed("ID", lambda text: parse_rover_id(text).alt(_of_a_command))


class Stop(click.ClickException):
    """An end before the end: one line on stderr and an exit code."""

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click's own subclasses set it as well


def bad_input(message: object) -> NoReturn:
    """Stop: what was given cannot be used."""
    raise Stop(str(message), Exit.BAD_INPUT)


def accepted(result: Result[T, Invalid], where: str = "") -> T:
    """The value of a success; a failure stops with its one line, which begins with ``where``."""
    if is_successful(result):
        return result.unwrap()
    bad_input(f"{where}: {result.failure()}" if where else result.failure())


def succeeded(result: IOResult[T, object]) -> T:
    """The value of a success; a failure stops with its one line, and 4 if it is the log's fault."""
    if is_successful(result):
        return unsafe_perform_io(result.unwrap())
    error = unsafe_perform_io(result.failure())
    corrupt = isinstance(error, CorruptEvent | CorruptHistory)
    raise Stop(str(error), Exit.CORRUPT_LOG if corrupt else Exit.FAILED)


def log(line: str, colour: str | None = None) -> None:
    """A line on stderr, coloured on a terminal unless ``NO_COLOR`` says otherwise."""
    plain = None if not os.environ.get("NO_COLOR") else False
    click.echo(click.style(line, fg=colour) if colour else line, err=True, color=plain)
