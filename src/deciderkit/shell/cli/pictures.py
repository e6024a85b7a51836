"""Files that a command draws: where one may go is known before anything is done, and it is written whole.

A `RunPage` keeps what happens in a run, or what a log holds, and writes it as the replay page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import tee
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import click

from deciderkit.board import BoardState
from deciderkit.decider import CorruptHistory
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening, Submitted
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import Exit, Stop, bad_input

F = TypeVar("F", bound=Callable[..., Any])
Earlier: TypeAlias = Callable[[int | None], Iterable[Recorded[Any]]]

_NEW: Final = "expected a new file, or a drawing or a page to write anew"


class PictureFile(click.ParamType):  # type: ignore[type-arg]  # no generic before click 8.2
    """A file to draw into; one that holds something else is not overwritten."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; one that cannot be written to is a usage error."""
        file = Path(value)
        problem = _problem(file)
        if problem:
            option = param.opts[0] if param else self.name
            bad_input(f"{option}: {shown(str(file))}: {problem}")
        return file


PICTURE: Final = PictureFile()


def _problem(file: Path) -> str:
    """Why ``file`` cannot be drawn into; empty if it can, as far as can be seen."""
    try:
        if file.is_dir():
            return "this is a folder: expected a file"
        if not file.parent.is_dir():
            return "there is no such folder: expected one that exists"
        if not file.exists():
            return "" if os.access(file.parent, os.W_OK) else "nothing may be written there"
        if file.is_file() and not _is_drawing(file):
            return f"this is no drawing: {_NEW}"
    except (OSError, ValueError) as error:
        return f"{getattr(error, 'strerror', None) or error}: {_NEW}"
    return ""


def _is_drawing(file: Path) -> bool:
    """Whether ``file`` holds markup, or nothing: no log and no source is drawn over by mistake."""
    with file.open("rb") as stream:
        beginning = stream.read(100)
    return not beginning or beginning.lstrip().startswith(b"<")


def write_picture(file: Path, option: str, text: str) -> None:
    """Write ``text`` whole or not at all; what cannot be written stops with its one line."""
    from deciderkit.shell.whole import write_whole  # noqa: PLC0415 - few runs draw

    try:
        write_whole(file, text)
    except OSError as error:
        raise Stop(f"{option}: {shown(str(file))}: {error.strerror}") from None


def nothing_earlier(position: int | None) -> Iterable[Recorded[Any]]:
    """What stands in a log before its beginning."""
    return ()


def html_option(command: F) -> F:
    """``--html FILE`` for ``command``."""
    words = "Write a page to step through it, for any browser: one FILE that needs no network."
    return click.option("--html", type=PICTURE, help=words)(command)


class RunPage:
    """Keeps what is told of a run for its page: as much as a page shows, what is before it is folded.

    ``earlier`` reads the log up to a position, or all of it for None: what the run began upon.
    """

    def __init__(self, file: Path, earlier: Earlier = nothing_earlier) -> None:
        from deciderkit.picture.story import LIMIT  # noqa: PLC0415 - few runs have a page

        self._file = file
        self._earlier = earlier
        self._board = bound().program.board
        self._kept = 2 * LIMIT  # an event of a run is told with its command
        self._told: list[Happening] = []
        self._before: BoardState | None = None

    def __call__(self, happening: Happening) -> None:
        """Take what happened."""
        self._told.append(happening)
        if len(self._told) >= 2 * self._kept:
            cut = len(self._told) - self._kept
            while cut < len(self._told) - 1 and isinstance(self._told[cut - 1], Submitted):
                cut += 1
            self._before = self._folded(self._told[:cut])
            del self._told[:cut]

    def write(self, title: str) -> None:
        """Write the page; what cannot follow each other has none."""
        from deciderkit.picture.page import page  # noqa: PLC0415
        from deciderkit.picture.steps import origins_on, steps  # noqa: PLC0415
        from deciderkit.picture.story import story  # noqa: PLC0415
        from deciderkit.shell.pages import read_template  # noqa: PLC0415

        shared = bound()
        try:
            told = story(
                self._board,
                steps(self._told, origins_on(self._board)),
                title=title,
                spelling=shared.spelling(),
                picture=shared.picture(),
                before=self._folded([]),
            )
        except CorruptHistory as error:
            raise Stop(f"--html: {error}", Exit.CORRUPT_LOG) from None
        write_picture(self._file, "--html", page(told, read_template()))

    def _folded(self, told: Sequence[Happening]) -> BoardState:
        """The board after ``told``, which follows on what was folded before."""
        before = self._before
        if before is None:
            first = next((each.position - 1 for each in _recorded(self._told)), None)
            before = self._fold(self._earlier(first), None)
        return self._fold(_recorded(told), before)

    def _fold(self, events: Iterable[Recorded[Any]], before: BoardState | None) -> BoardState:
        events, ids = tee(events)
        told = (each.event for each in events)
        try:
            return self._board.fold(told, before, (each.command_id for each in ids))
        except (CorruptHistory, Stop):
            raise
        except Exception as error:  # somebody's view, which stands still
            raise Stop(
                f"--html: a view cannot be folded: {type(error).__name__}: {error}"
            ) from None


def _recorded(told: Iterable[Happening]) -> Iterator[Recorded[Any]]:
    return (each for each in told if isinstance(each, Recorded))
