"""Whether a log's file and its write-ahead log are still those that were opened.

This is asked after each call, so it has to be cheap. Nothing can come, go or be renamed in a folder
without a change of its status, so where the folder is as it was when both files were last looked at,
they are those that were opened.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import Final

from deciderkit.shell.stores.sqlite.ahead import Ahead

_TICK: Final = 0.1
"""Seconds after which a change has another time than one before it; old kernels count in hundredths."""


class Standing:
    """The file at ``path`` and, ``with_ahead``, the write-ahead log beside it."""

    def __init__(self, path: Path, *, with_ahead: bool) -> None:
        self._name = str(path)
        self._place = _place(self._name)
        self._ahead = Ahead(f"{os.path.realpath(path)}-wal") if with_ahead else None
        # Elsewhere a folder's status says less, and beside a link there is another folder.
        self._folder = str(path.parent) if sys.platform == "linux" and not path.is_symlink() else ""
        self._seen: tuple[int, ...] | None = None
        self._since = 0.0
        self._settled: tuple[int, ...] = ()

    def is_the_same(self) -> bool:
        """Whether the names still stand for the files that they stood for."""
        folder = _status(self._folder)
        if folder == self._settled:
            return True
        if self._place != _place(self._name) or not (
            self._ahead is None or self._ahead.is_the_same()
        ):
            return False
        if folder != self._seen:
            self._seen, self._since = folder, monotonic()
        elif folder is not None and monotonic() - self._since > _TICK:
            self._settled = folder
        return True

    def close(self) -> None:
        """Let go of the files."""
        if self._ahead is not None:
            self._ahead.close()


def _place(path: str) -> tuple[int, int] | None:
    """Which file stands at ``path``."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _status(folder: str) -> tuple[int, ...] | None:
    """Which folder it is, and when something was last changed in it; None where that cannot be told."""
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_ctime_ns, found.st_ino, found.st_dev
