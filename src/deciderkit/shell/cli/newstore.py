"""A new file that is made whole or not at all: beside its place, under a name that nobody can foresee."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from deciderkit.log.places import is_address
from deciderkit.shell.cli.bound import Written, bound
from deciderkit.shell.cli.edge import Exit, Stop, bad_input


@contextmanager
def new_or_old(where: str | None) -> Iterator[str | None]:
    """``where`` if there is a store; else a file that becomes the store at the very end."""
    is_file = where not in (None, "", ":memory:") and not is_address(str(where))
    target = Path(os.path.realpath(str(where))) if is_file else None
    if target is None or not _is_free(target):
        yield where
        return
    shared = bound()
    done = 0
    try:
        with made_whole(target, str(where)) as unfinished:
            yield str(unfinished)
        done = shared.written.after if shared.written else 0
    finally:
        shared.written = Written(str(where), 0, done)


@contextmanager
def made_whole(target: Path, where: str) -> Iterator[Path]:
    """A name for a new file that appears as ``target`` at the end, if all went well; never over another.

    It stands in a folder of its own, made for this once and open to nobody else, so that no file of
    an earlier try, and no link of somebody else's, can be in its place.
    """
    # Named before it is made, so that an interrupt at any moment leaves nothing behind.
    folder = target.with_name(f".unfinished-{token_hex(8)}")
    try:
        _make(folder, where)
        yield folder / "new"
        os.link(folder / "new", target)
    except FileExistsError:
        bad_input(f"{where}: somebody else made it meanwhile; nothing was written")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, where: str) -> None:
    try:
        folder.mkdir(0o700)
    except OSError as error:
        expected = "expected a folder with write permission"
        raise Stop(
            f"{where}: cannot be written: {error.strerror}: {expected}", Exit.BAD_INPUT
        ) from None


def _is_free(target: Path) -> bool:
    """Whether a file can be made as ``target``; where that cannot be known, opening it says why."""
    try:
        target.lstat()
    except FileNotFoundError:
        return target.parent.is_dir()
    except OSError:
        return False
    return False
