"""What is drawn of a rover's way: the map on the terminal, an SVG, and the page of a drive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening
from deciderkit.shell.cli.edge import Stop
from deciderkit.shell.cli.events import sound_log, until
from deciderkit.shell.cli.pictures import PICTURE, RunPage, write_picture
from mars_rover.shell.mapping import LONGEST, Watched, is_shown, show

F = TypeVar("F", bound=Callable[..., Any])

LONGEST_DRAWN: Final = 100_000
"""A way of more events is not drawn: no program shows so large a drawing."""


def picture_options(command: F) -> F:
    """``--svg FILE`` and ``--no-map`` for ``command``."""
    for option in (
        click.option("--no-map", is_flag=True, help="Draw no map, which a terminal sees else."),
        click.option("--svg", type=PICTURE, help="Draw the rover's way as a picture, into FILE."),
    ):
        command = option(command)
    return command


class Pictures:
    """Keeps what the pictures of a way need, and draws those that are asked for.

    It is an observer of a drive; what it is not told of, an earlier drive, stands in the log.
    """

    def __init__(
        self,
        svg: Path | None,
        *,
        has_map: bool,
        page: RunPage | None = None,
        stream: str | None = None,
    ) -> None:
        self._svg = svg
        self._page = page
        self._has_map = has_map and is_shown()
        self._way = Watched(LONGEST_DRAWN if svg else LONGEST, stream)
        self.sees: list[Callable[[Happening], None]] = []
        if page:
            self.sees.append(page)
        if svg or self._has_map:
            self.sees.append(self._way)

    def __call__(self, happening: Happening) -> None:
        """Take what happened."""
        for see in self.sees:
            see(happening)

    def draw(self, log: EventStore | None = None) -> None:
        """Draw the way of the rover, as far as it was told or stands in ``log``."""
        if self._svg is None and not self._has_map:
            return
        way = self._way.journey(log)
        if way is not None and self._has_map and len(way.path) <= LONGEST:
            show(way)
        if self._svg is not None:
            if way is None:
                raise Stop(f"--svg: {self._why_none()}")
            from mars_rover.picture.svg import svg_of  # noqa: PLC0415 - few runs draw

            write_picture(self._svg, "--svg", svg_of(way))

    def write_page(self, title: str) -> None:
        """Write the page, if one is asked for."""
        if self._page is not None:
            self._page.write(title)

    def _why_none(self) -> str:
        if self._way.is_too_long:
            return f"the way is too long to be drawn: expected at most {LONGEST_DRAWN:,} events"
        return "no rover was started there, so there is no way to draw"


def earlier_in(log: EventStore) -> Callable[[int | None], Iterable[Recorded[Any]]]:
    """What stands in ``log`` up to a position."""
    return lambda position: until(sound_log(log), position)
