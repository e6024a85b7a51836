"""How a command says something and how it ends: results, lines of one error each, exit codes.

Results go to standard output and nothing else does; all the rest goes to standard error. Text that
came from outside is never printed raw: each line passes through `shown`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import cache
from typing import Any, Final, NoReturn, TextIO, TypeVar

import click
from returns.result import Failure, Result

from deciderkit.decider import CorruptHistory
from deciderkit.log.answers import StoreTrouble
from deciderkit.log.errors import CorruptEvent, CorruptLine
from deciderkit.outcomes import Stopped
from deciderkit.plain import shown

T = TypeVar("T")

LONGEST_LINE: Final = 2_000
"""As many characters of a line are printed that holds text from outside."""


class Exit(IntEnum):
    """What the exit code of a command says; 3 is left for what a command line of its own has to say."""

    CARRIED_OUT = 0
    FAILED = 1
    BAD_INPUT = 2
    CORRUPT_LOG = 4
    INTERRUPTED = 130


def exit_codes(carried_out: str = "carried out", **more: str) -> str:
    """The table of the exit codes for the help of a command line; ``more`` as ``_3="..."``."""
    codes = {
        0: carried_out,
        1: "a command was refused, or something failed",
        2: "bad usage or input; nothing was done",
        4: "the log is corrupt",
        130: "interrupted by Ctrl-C",
        **{int(code.lstrip("_")): meaning for code, meaning in more.items()},
    }
    rows = "\n".join(f"  {code:<4} {meaning}" for code, meaning in sorted(codes.items()))
    return f"\b\nExit codes, of every command:\n{rows}"


class Stop(click.ClickException):
    """An end before the end: one line on stderr and an exit code."""

    def __init__(self, message: str, code: int = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click's own subclasses set it as well


class CannotPrint(Exception):
    """Standard output took no more: a full disk, a closed pipe, or nothing there to begin with."""

    def __init__(self, because: OSError) -> None:
        super().__init__(because)
        self.because = because


def bad_input(message: object) -> NoReturn:
    """Stop: what was given cannot be used."""
    raise Stop(str(message), Exit.BAD_INPUT)


def out(line: str | bytes, end: bytes = b"\n") -> None:
    """A line of the result. Text that may come from outside is printed by `told`."""
    data = line if isinstance(line, bytes) else _encoded(line)
    with printing():
        sys.stdout.buffer.write(data + end)
        if _is_terminal(sys.stdout):
            sys.stdout.buffer.flush()


@cache
def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty()


def told(line: str, limit: int = LONGEST_LINE) -> None:
    """A line of the result that may hold text from outside."""
    out(shown(line, limit))


def flush() -> None:
    """Let a reader at the other end of a pipe see all that was printed."""
    with printing():
        sys.stdout.flush()


@contextmanager
def printing() -> Iterator[None]:
    """What standard output raises inside, as `CannotPrint`."""
    try:
        yield
    except OSError as error:
        raise CannotPrint(error) from None


def succeeded(result: Result[T, Any]) -> T:
    """The value of a success; a failure stops with its one line, and 4 if it is the log's fault."""
    if isinstance(result, Failure):
        raise stop_for(result.failure())
    return result.unwrap()


@contextmanager
def in_words() -> Iterator[None]:
    """What a store or a log raises inside stops with its one line."""
    try:
        yield
    except (StoreTrouble, CorruptEvent, CorruptLine, CorruptHistory) as error:
        raise stop_for(error) from None


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ctrl-C is how this ends, and no error."""
    try:
        yield
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            click.echo(err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None


def stop_for(error: Exception) -> Stop:
    """The end that ``error`` leads to."""
    because = error.because if isinstance(error, Stopped) else error
    corrupt = isinstance(because, (CorruptEvent, CorruptLine, CorruptHistory))
    return Stop(str(error), Exit.CORRUPT_LOG if corrupt else Exit.FAILED)


def counted(count: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "event"), counted(12_000, "event")
    ('1 event', '12000 events')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _encoded(line: str) -> bytes:
    return line.encode(sys.stdout.encoding or "utf-8", errors="backslashreplace")
