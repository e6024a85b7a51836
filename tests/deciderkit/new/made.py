"""Packages made of walls, written into a folder and imported from there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path

from deciderkit import Board


def written(folder: Path, package: str, files: Mapping[str, str]) -> Path:
    """The folder of ``package`` inside ``folder``, with its files in it."""
    for path, text in files.items():
        file = folder / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / package


@contextmanager
def imported(folder: Path, package: str) -> Iterator[Board]:
    """The board of a package in ``folder``, which is forgotten afterwards."""
    sys.path.insert(0, str(folder))
    invalidate_caches()
    try:
        board = import_module(f"{package}.board").board
        assert isinstance(board, Board)
        yield board
    finally:
        sys.path.remove(str(folder))
        for name in [each for each in sys.modules if each.split(".")[0] == package]:
            del sys.modules[name]
