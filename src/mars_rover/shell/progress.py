"""A progress bar on stderr for work that is long enough to wait for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_LONG = 100_000
_STEP = 1_000


def with_progress(items: Iterable[T], total: int, *, quiet: bool) -> Iterable[T]:
    """``items``, with a bar where somebody watches a long run whose log is not shown."""
    return watched(items, total, "driving") if quiet else items


def watched(items: Iterable[T], total: int | None, what: str) -> Iterable[T]:
    """``items``, with a bar where they are many and a terminal shows it; ``total`` may be unknown."""
    many = total is None or total >= _LONG
    return _shown(items, total, what) if many and sys.stderr.isatty() else items


def _shown(items: Iterable[T], total: int | None, what: str) -> Iterator[T]:
    from rich.console import Console  # noqa: PLC0415 - costs more than a short run takes
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        for count, item in enumerate(items):
            if count % _STEP == 0:
                progress.update(task, completed=count)
            yield item


@contextmanager
def byte_progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """Bytes, rate and time left on a terminal; what is given is told of each piece's length."""
    if not sys.stderr.isatty():
        yield lambda length: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        Progress,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda length: progress.advance(task, length)
