"""A progress bar for bytes on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def byte_progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """Bytes, rate and time left on a terminal; what is given is told of each piece's length."""
    if not sys.stderr.isatty():
        yield lambda length: None
        return
    from rich.console import Console  # noqa: PLC0415 - costs more than a short run takes
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
