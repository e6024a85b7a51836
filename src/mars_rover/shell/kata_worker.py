"""The other process, in which somebody's kata runs: it may print, raise, exit or never come back.

`serve` loads the function, says what it takes, and then answers one question after the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import Parameter, signature
from io import StringIO
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, Final

OFFERED: Final = ("grid", "obstacles", "start")
"""What a kata is told besides the program, each if its signature takes it."""

LONGEST: Final = 500
"""How much of an answer, or of what was printed, is passed on."""


class Unusable(Exception):
    """What was named is not a function that can be asked; the text is one line for a person."""


def serve(connection: Connection, target: str) -> None:
    """Load the function that ``target`` names, and answer until there is nobody left who asks."""
    _close_the_terminal()
    try:
        function = load(target)
        connection.send(("takes", taken(function)))
    except Unusable as error:
        connection.send(("unusable", str(error)))
        return
    while True:
        try:
            program, arguments = connection.recv()
        except EOFError:
            return
        connection.send(answer(function, program, arguments))


def _close_the_terminal() -> None:
    """What the kata reads is empty, and what it writes past Python goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def load(target: str) -> Callable[..., Any]:
    """The function that ``target`` names. Raises `Unusable`."""
    where, _, name = target.rpartition(":")
    if not where or not name:
        raise Unusable(
            f"bad target {target!a}: expected MODULE:FUNCTION or path/to/file.py:FUNCTION"
        )
    module: Any = _module(where)
    found = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise Unusable(f"{where} has no {name!a}: expected {_functions(module)}") from None
    if not callable(found):
        raise Unusable(f"{name!a} of {where} is no function, but {type(found).__name__}")
    function: Callable[..., Any] = found
    return function


def _module(where: str) -> ModuleType:
    is_file = where.endswith(".py") or os.sep in where
    if is_file and not os.path.isfile(where):
        raise Unusable(f"no file {where!a}: expected MODULE:FUNCTION or path/to/file.py:FUNCTION")
    sys.path.insert(0, os.path.dirname(os.path.abspath(where)) if is_file else os.getcwd())
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return _from_file(where) if is_file else import_module(where)
    except ModuleNotFoundError as error:
        if error.name and (where == error.name or where.startswith(f"{error.name}.")):
            raise Unusable(f"no module {where!a} in {os.getcwd()} or on the path") from None
        raise Unusable(f"cannot import {where}: {told(error)}") from None
    except BaseException as error:  # whatever the module does at import is its own
        raise Unusable(f"cannot import {where}: {told(error)}") from None


def _from_file(path: str) -> ModuleType:
    name = os.path.splitext(os.path.basename(path))[0]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Unusable(f"{path!a} is no Python file: expected path/to/file.py:FUNCTION")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _functions(module: ModuleType) -> str:
    names = [
        name
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
    ]
    return f"one of {', '.join(names)}" if names else "a function, and there is none"


def taken(function: Callable[..., Any]) -> tuple[str, ...]:
    """Which of `OFFERED` the function takes. Raises `Unusable` where it needs something else."""
    try:
        asked = signature(function)
    except (TypeError, ValueError):
        return OFFERED
    parameters = asked.parameters
    takes_all = any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values())
    takes = tuple(name for name in OFFERED if takes_all or name in parameters)
    try:
        asked.bind("M", **dict.fromkeys(takes))
    except TypeError as error:
        called = ", ".join(["program", *(f"{name}=..." for name in takes)])
        name = getattr(function, "__name__", repr(function))
        raise Unusable(f"{name}{asked} cannot be called as {name}({called}): {error}") from None
    return takes


def answer(
    function: Callable[..., Any], program: str, arguments: dict[str, Any]
) -> tuple[str, str, str]:
    """What came of one question: how it ended, the text of it, and what was printed meanwhile."""
    printed = StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(StringIO()):
            given = function(program, **arguments)
            ended, text = (
                ("text", str(given)) if isinstance(given, str) else ("other", _shown(given))
            )
    except BaseException as error:  # also SystemExit: a kata must not end the one who asks
        ended, text = "raised", f"{told(error)}{_where(error)}"
    return ended, text[:LONGEST], printed.getvalue()[:LONGEST]


def _shown(value: object) -> str:
    return f"{value!r}, of type {type(value).__name__}"


def told(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _where(error: BaseException) -> str:
    """The last place of the traceback that is not in this file."""
    place, line = error.__traceback__, ""
    while place is not None:
        code = place.tb_frame.f_code
        if code.co_filename != __file__:
            line = f" ({os.path.basename(code.co_filename)}, line {place.tb_lineno})"
        place = place.tb_next
    return line
