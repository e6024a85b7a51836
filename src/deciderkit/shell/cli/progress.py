"""A progress bar on stderr for work that is long enough to wait for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = 100_000
"""Work on so many things is worth a bar."""
_STEP: Final = 1_000


def watched(items: Iterable[T], total: int | None, what: str) -> Iterable[T]:
    """``items``, with a bar where they are many and a terminal shows it; ``total`` may be unknown."""
    many = total is None or total >= LONG
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
