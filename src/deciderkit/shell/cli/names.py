"""``MODULE:NAME`` to a program: the module is imported, and what is wrong with it is one line."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from types import ModuleType
from typing import Final

from deciderkit.board import Board
from deciderkit.plain import shown
from deciderkit.shell.cli.edge import bad_input
from deciderkit.shell.program import Program

BOARD_VARIABLE: Final = "DECIDERKIT_BOARD"
WANTED: Final = "expected MODULE:NAME of a Board or a Program, such as kettle:board"


def program_at(place: str | None) -> Program:
    """The program that ``place`` names; modules of the current folder are found as well."""
    if not place:
        bad_input(f"no board: {WANTED}, by --board or {BOARD_VARIABLE}")
    module_name, _, name = place.partition(":")
    if not module_name or module_name.endswith(".py") or "/" in module_name:
        without = module_name.removesuffix(".py").replace("/", ".").strip(".")
        hint = f"; did you mean {without}:{name or 'board'}?" if without else ""
        bad_input(f"--board {shown(place)}: {WANTED}{hint}")
    module = _imported(module_name)
    if not name:
        bad_input(f"--board {shown(place)}: {WANTED}; {_found(module)}")
    found = getattr(module, name, None)
    if isinstance(found, Program):
        return found
    if isinstance(found, Board):
        return _program_of(found, place)
    problem = f"has no {name!r}" if found is None else f"{name!r} is a {type(found).__name__}"
    bad_input(f"--board {shown(place)}: {module_name} {problem}: {WANTED}; {_found(module)}")


def _program_of(board: Board, place: str) -> Program:
    try:
        return Program.of(board)
    except (TypeError, ValueError) as error:
        bad_input(f"--board {shown(place)}: {error}")


def _imported(name: str) -> ModuleType:
    """The module ``name``. Whatever it raises is somebody else's, and told with its place."""
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            bad_input(
                f"--board: no module {shown(name)}: expected one that is installed, or that stands "
                f"in this folder, {shown(here)}"
            )
        bad_input(f"--board: {name} cannot be imported: {_said(error)}")
    except (Exception, SystemExit) as error:  # a module may raise anything
        bad_input(f"--board: {shown(name)} cannot be imported: {_said(error)}")


def _said(error: BaseException) -> str:
    """``error`` with the line of the module that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if "importlib" not in each.filename]
    place = f" ({os.path.relpath(own[-1].filename)}, line {own[-1].lineno})" if len(own) > 1 else ""
    return f"{type(error).__name__}: {error}{place}"


def _found(module: ModuleType) -> str:
    """Which boards and programs there are in ``module``."""
    names = [
        f"{module.__name__}:{name}"
        for name, value in vars(module).items()
        if isinstance(value, (Board, Program))
    ]
    return f"there is {', '.join(names)}" if names else f"there is none in {module.__name__}"
