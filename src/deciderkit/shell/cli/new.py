"""``new``: a package out of a wall that somebody wrote down, or what to add to one whose wall has grown.

Nothing is ever written over. A package appears whole, under its name, or not at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module, invalidate_caches
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import click
from returns.result import Failure, Result, Success

from deciderkit.board import Board
from deciderkit.new import package_of, what_to_add
from deciderkit.plain import shown
from deciderkit.wall import Wall, parse_wall


class Stop(click.ClickException):
    """What was given cannot be used: one line, and the exit code for it."""

    exit_code = 2


class NotWritten(Exception):
    """A package that could not be written: why, and what would do."""


def write_package(files: Mapping[str, str], folder: Path) -> Result[Path, NotWritten]:
    """Write ``files`` into ``folder``, which must not be there yet or be empty: all of them, or none.

    The paths of the files are relative to the folder. What fails is told in one line.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return Failure(NotWritten(f"{folder} is there already: expected a folder that is not"))
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    except OSError as error:
        return Failure(NotWritten(f"{folder}: {error.strerror}"))
    try:
        _write_all(files, beside / folder.name)
        os.rename(beside / folder.name, folder)
        return Success(folder)
    except OSError as error:
        return Failure(NotWritten(f"{folder}: {error.strerror}"))
    finally:
        rmtree(beside, ignore_errors=True)


def _write_all(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


@click.command(short_help="Make a package out of a wall, or say what to add to one.")
@click.argument("wall")
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder of the package; its last part is the package's name.",
)
def new(wall: str, folder: Path) -> None:
    """Make a package out of the text in the file WALL (- reads it from stdin): a note, or a chain of notes, a line.

    \b
      Start Mars Rover -> [Mars Rover] -> Mars Rover Started
      Turn Left, Move -> [Mars Rover] -> Mars Rover Moved, Obstacle Found
      whenever Obstacle Found: Notify Obstacle, until Obstacle Notified
      view path by mars rover id: Mars Rover Started, Mars Rover Moved

    Where the package is there already, its wall may have grown: what is to be added to the code is
    printed, each with its file. Nothing is written over.
    """
    notes = _parsed(wall)
    name = folder.absolute().name
    if (folder / "board.py").exists():
        _say_what_to_add(notes, folder, name)
        return
    files = package_of(notes, name)
    if isinstance(files, Failure):
        raise _stop(f"{_named(wall)}: {files.failure()}")
    written = write_package(files.unwrap(), folder)
    if isinstance(written, Failure):
        raise _stop(str(written.failure()))
    for path in files.unwrap():
        click.echo(shown(str(folder / path), 2_000))
    click.echo(
        f"\n  pytest -rx {shown(str(folder))}    its laws, and what is still to be filled in",
        err=True,
    )


def _parsed(wall: str) -> Wall:
    try:
        text = _read(wall).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _stop(f"{_named(wall)}: byte {error.start} is no text: expected UTF-8") from None
    except OSError as error:
        raise _stop(f"{_named(wall)}: {error.strerror}: expected a file with a wall") from None
    notes = parse_wall(text)
    if isinstance(notes, Failure):
        raise _stop(f"{_named(wall)}: {notes.failure()}")
    return notes.unwrap()


def _read(wall: str) -> bytes:
    return sys.stdin.buffer.read() if wall == "-" else Path(wall).read_bytes()


def _named(wall: str) -> str:
    return "stdin" if wall == "-" else wall


def _say_what_to_add(wall: Wall, folder: Path, name: str) -> None:
    additions = what_to_add(wall, _board_in(folder, name))
    if isinstance(additions, Failure):
        raise _stop(str(additions.failure()))
    for addition in additions.unwrap():
        first, *code = str(addition).splitlines()
        click.echo(f"# {shown(first, 2_000)}")
        click.echo("".join(f"{shown(line, 2_000)}\n" for line in code))
    if not additions.unwrap():
        click.echo(f"{shown(str(folder))} is that wall: nothing to add", err=True)


def _board_in(folder: Path, name: str) -> Board:
    sys.path.insert(0, str(folder.absolute().parent))
    try:
        invalidate_caches()
        board = import_module(f"{name}.board").board
    except Exception as error:  # somebody's module
        raise _stop(f"{folder}/board.py cannot be imported: {error}") from None
    finally:
        sys.path.pop(0)
    if not isinstance(board, Board):
        raise _stop(f"{folder}/board.py: 'board' is no Board: expected one")
    return board


def _stop(message: str) -> Stop:
    return Stop(shown(message, 2_000))
