"""Whether the write-ahead log beside a file is still the one that was opened.

This is asked after each commit, so it has to be cheap. To ask for a file's status is not: Linux then
keeps the time of the next write to the nanosecond, in the journal of the file system, and a commit takes
a quarter longer. So where there is ``/proc``, it is asked under which name the open file stands.
"""

from __future__ import annotations

import os
from contextlib import suppress
from io import FileIO
from typing import Final

_NAMES: Final = "/proc/self/fd"


class Ahead:
    """The write-ahead log at ``path``; one that is not there yet is taken for this one when it comes."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._has_names = os.path.isdir(_NAMES)
        self._file: FileIO | None = None
        self._look()

    def is_the_same(self) -> bool:
        """Whether the name still stands for the file that it stood for before."""
        if self._file is None:
            self._look()
            return True
        try:
            return self._stands() == self._stood
        except OSError:
            return False

    def close(self) -> None:
        """Let go of the file. It is none that SQLite has locks on: they would go with it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _look(self) -> None:
        with suppress(FileNotFoundError):
            self._file = FileIO(self._path)
            self._name = f"{_NAMES}/{self._file.fileno()}"
            self._stood = self._stands()

    def _stands(self) -> object:
        if self._has_names:
            return os.readlink(self._name)
        found = os.stat(self._path)
        return found.st_dev, found.st_ino
