"""The other process, in which somebody's kata runs: it may print, raise, exit or never come back.

`serve` loads the function, says what it takes, and then answers one question after the other. What
comes and goes are lines of JSON, and nothing in them is ever run: plain data, and not much of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import Parameter, signature
from io import TextIOBase
from types import ModuleType
from typing import Any, Final

OFFERED: Final = ("grid", "obstacles", "start")
"""What a kata is told besides the program, each if its signature takes it."""

LONGEST: Final = 500
"""How many characters of an answer, or of what was printed, are passed on."""


class Unusable(Exception):
    """What was named is not a function that can be asked; the text is one line for a person."""


class Cut(TextIOBase):
    """A stream that keeps the beginning of what is printed, however much that is."""

    def __init__(self) -> None:
        self.kept = ""

    def writable(self) -> bool:
        """Anybody may write."""
        return True

    def write(self, text: str, /) -> int:
        """Take note of ``text`` where there is room left for it."""
        self.kept += text[: LONGEST - len(self.kept)]
        return len(text)


def serve(asking: int, answering: int, target: str) -> None:
    """Load the function that ``target`` names, and answer until there is nobody left who asks.

    ``asking`` and ``answering`` are the file descriptors of two pipes.
    """
    nowhere()
    # Nothing is left beside the kata, and what is read is what stands there now.
    sys.dont_write_bytecode = True
    me = os.getpid()
    try:
        function = load(target)
        say(answering, takes=taken(function))
    except Unusable as error:
        say(answering, unusable=str(error))
        return
    with os.fdopen(asking, "rb") as questions:
        for line in questions:
            number, program, told_of = json.loads(line)
            ended, text, printed = answer(function, program, called_with(told_of))
            if os.getpid() != me:
                os._exit(0)  # a kata that forks is asked once
            say(answering, number=number, ended=ended, text=text, printed=printed)


def say(answering: int, **facts: Any) -> None:
    """Send one line; texts are cut, and one that is no Unicode is spelled out."""
    plain = {name: _plain(value) for name, value in facts.items()}
    rest = json.dumps(plain).encode() + b"\n"
    while rest:
        rest = rest[os.write(answering, rest) :]


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value[: 4 * LONGEST].encode(errors="backslashreplace").decode()


def called_with(told_of: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a kata, with the pairs that JSON made lists of."""
    pairs: dict[str, Callable[[Any], Any]] = {
        "grid": tuple,
        "obstacles": lambda cells: [tuple(cell) for cell in cells],
    }
    return {name: pairs.get(name, str)(value) for name, value in told_of.items()}


def nowhere() -> None:
    """What is read from the terminal is empty, and what is written past Python goes nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


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
        with redirect_stdout(Cut()), redirect_stderr(Cut()):
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
    printed = Cut()
    try:
        with redirect_stdout(printed), redirect_stderr(Cut()):
            given = function(program, **arguments)
            ended = "text" if isinstance(given, str) else "other"
            text = _cut(str(given) if ended == "text" else _shown(given))
    except BaseException as error:  # also SystemExit: a kata must not end the one who asks
        ended, text = "raised", f"{_cut(told(error))}{_where(error)}"
    return ended, text, printed.kept


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _shown(value: object) -> str:
    return f"{value!r}, of type {type(value).__name__}"


def told(error: BaseException) -> str:
    """An error in one line, also one that cannot say what it is."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "it cannot be printed"
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
