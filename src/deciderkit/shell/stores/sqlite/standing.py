"""Whether a log's file and its write-ahead log are still those that were opened.

This is asked after each call, so it has to be cheap, and to look at the write-ahead log is not: Linux
then keeps the time of its next write to the nanosecond, and a commit takes a quarter longer. But
nothing comes, goes or is renamed in a folder without a change of the folder's status. Where that is as
it was when the write-ahead log was last looked at, it is the one that was opened. The file itself costs
little to look at, and is looked at each time: what is mounted over it does not change its folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import Final

_SECOND: Final = 10**9
_TICK: Final = 0.1
"""Seconds after which a change has another time than one before it; old kernels count in hundredths.

Where a file system counts in whole seconds no folder is trusted.
"""


class Standing:
    """The file at ``path`` and, ``with_ahead``, the write-ahead log beside it, both held open by SQLite."""

    def __init__(self, path: Path, *, with_ahead: bool) -> None:
        self._file = str(path)
        self._place = _status(self._file)[1:]
        self._ahead = f"{os.path.realpath(path)}-wal" if with_ahead else ""
        self._ahead_place = _status(self._ahead)[1:]
        self._folder = str(path.parent) if _tells(path) else ""
        self._seen: tuple[int, ...] = ()
        self._since = 0.0
        self._settled: tuple[int, ...] = (0,)

    def is_the_same(self) -> bool:
        """Whether the names still stand for the files that they stood for.

        A write-ahead log that was not there yet is taken for this one when it comes.
        """
        folder = _status(self._folder)
        if self._place != _status(self._file)[1:]:
            return False
        if folder == self._settled:
            return True
        ahead = _status(self._ahead)[1:]
        self._ahead_place = self._ahead_place or ahead
        if self._ahead_place != ahead:
            return False
        if folder != self._seen:
            self._seen, self._since = folder, monotonic()
        elif folder and folder[0] % _SECOND and monotonic() - self._since > _TICK:
            self._settled = folder
        return True


def _tells(path: Path) -> bool:
    """Whether the folder's status tells what happens to files there.

    Elsewhere than on Linux it says less, and beside a link there is another folder. File systems of
    programs (FUSE) and of networks have no id there: one may show several folders as one, with the
    times of the first alone, and another may show times of half a minute ago.
    """
    if sys.platform != "linux" or path.is_symlink():
        return False
    try:
        return os.statvfs(path.parent).f_fsid != 0
    except OSError:
        return False


def _status(path: str) -> tuple[int, ...]:
    """When what stands at ``path`` was changed last, and what it is; nothing where nothing is."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_ctime_ns, found.st_ino, found.st_dev
