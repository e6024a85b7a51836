"""The same decider in processes with other hash seeds: what order a set gives shows here.

The order in which sets and persistent maps are iterated follows PYTHONHASHSEED, so a decider that
lets it into its events gives one log today and another tomorrow. Nothing inside one process can
show that. The processes are started once, when they are first needed, and end with this one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import IO, Any

from deciderkit.decider import Decider
from deciderkit.testing.laws.law import Unasked
from deciderkit.testing.snapshot import snapshot

SEEDS = (1, 2)
_INSIDE = "DECIDERKIT_HASH_SEED_PROCESS"
_SERVE = "import sys; sys.path[:] = {path!r}; from deciderkit.testing.laws.hash_seeds import serve; serve()"
_NEED = "to be asked under another hash seed, functions and commands must be importable by name"


def answers(
    decide: Callable[[Any, Any], tuple[Any, ...]],
    evolve: Callable[[Any, Any], Any],
    state: Any,
    commands: Sequence[Any],
) -> list[Hashable]:
    """For each command a snapshot of the decision and of the state after it, or of the error."""
    seen: list[Hashable] = []
    for command in commands:
        try:
            decision = decide(command, state)
            for event in decision:
                state = evolve(state, event)
            seen.append(snapshot((decision, state)))
        except Exception as error:
            seen.append(("raised", type(error).__name__))
    return seen


def answers_elsewhere(
    decider: Decider[Any, Any, Any, Any], commands: Sequence[Any]
) -> Mapping[int, list[Hashable]]:
    """`answers` by hash seed, each from a process of its own. Raises `Unasked` where it cannot be."""
    if _INSIDE in os.environ:
        raise Unasked("this is a process with another hash seed already")
    question = (decider.decide, decider.evolve, decider.initial, list(commands))
    try:
        asked = pickle.dumps(question)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise Unasked(f"{_NEED}: {error}") from None
    modules = _modules_of(decider.decide, decider.evolve, *commands)
    return {seed: _ask(_process(seed), modules, asked) for seed in SEEDS}


def _modules_of(*values: Any) -> dict[str, str | None]:
    """The files of the modules that define ``values``: not every one is on the path of Python."""
    names = {getattr(value, "__module__", type(value).__module__) for value in values}
    if "__main__" in names:
        raise Unasked(f"{_NEED}, and what is typed in or run as a script is not")
    return {name: getattr(sys.modules[name], "__file__", None) for name in names}


def _ask(
    process: subprocess.Popen[bytes], modules: dict[str, str | None], asked: bytes
) -> list[Hashable]:
    pickle.dump((modules, asked), _pipe(process.stdin))
    _pipe(process.stdin).flush()
    answered, answer = pickle.load(_pipe(process.stdout))
    if not answered:
        raise Unasked(f"{_NEED}: {answer}")
    given: list[Hashable] = answer
    return given


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


@cache
def _process(seed: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONHASHSEED": str(seed), _INSIDE: "yes"},
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    _pipe(process.stdin).close()
    _pipe(process.stdout).close()
    process.wait()


def serve() -> None:
    """Answer, in the other process, until there is nobody left who asks."""
    asking, answering = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a decider prints is no answer
    while True:
        try:
            modules, asked = pickle.load(asking)
        except EOFError:
            return
        pickle.dump(_answer(modules, asked), answering)
        answering.flush()


def _answer(modules: dict[str, str | None], asked: bytes) -> tuple[bool, Any]:
    try:
        for name, file in modules.items():
            _load(name, file)
        return True, answers(*pickle.loads(asked))
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"


def _load(name: str, file: str | None) -> None:
    """Import ``name``; a module that is not on the path, as a test's may be, from its file."""
    if name in sys.modules:
        return
    try:
        import_module(name)
    except ImportError:
        spec = spec_from_file_location(name, file) if file else None
        if spec is None or spec.loader is None:
            raise
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
