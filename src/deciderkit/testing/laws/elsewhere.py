"""The same decider in other processes: what hangs on the hash seed or on the surroundings shows here.

The order in which sets and persistent maps are iterated follows PYTHONHASHSEED, so a decider that
lets it into its events gives one log today and another tomorrow. One that looks at the environment,
the time zone, the working directory or the decimal context gives one log here and another there.
Nothing inside one process can show that. The processes are started once, when they are first needed,
and end with this one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Context, localcontext
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import IO, Any, NamedTuple

from deciderkit.decider import Decider
from deciderkit.testing.laws.law import Unasked
from deciderkit.testing.snapshot import snapshot


class Place(NamedTuple):
    """A process to ask in. One that is ``abroad`` has an environment, a zone and a context of its own.

    ``zone`` is as POSIX spells TZ; ``digits`` and ``rounding`` are those of its decimal context.
    """

    name: str
    seed: int
    zone: str = ""
    digits: int = 28
    rounding: str = ROUND_HALF_EVEN
    all_is_set: bool = False

    @property
    def abroad(self) -> bool:
        """Whether more than the hash seed is different there."""
        return bool(self.zone)


HOME = Place("a process with hash seed 1", 1)
SEEDED = (HOME, Place("a process with hash seed 2", 2))
ABROAD = (
    Place(
        "a process with no environment, far in the east, 60 digits, rounding up",
        1,
        "EEE-14",
        60,
        ROUND_UP,
    ),
    Place(
        "a process with every variable set, far in the west, 50 digits, rounding down",
        *(1, "WWW+12", 50, ROUND_DOWN),
        all_is_set=True,
    ),
)
"""Between the two zones it is never the same day."""

_INSIDE = "DECIDERKIT_OTHER_PROCESS"
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_SERVE = (
    "import sys; sys.path[:] = {path!r}; "
    "from deciderkit.testing.laws.elsewhere import Place, serve; serve(Place(*{place!r}))"
)
_NEED = "to be asked in another process, functions and commands must be importable by name"


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
    decider: Decider[Any, Any, Any, Any], commands: Sequence[Any], places: Sequence[Place]
) -> Mapping[Place, list[Hashable]]:
    """`answers` in each of ``places``. Raises `Unasked` where they cannot be had."""
    if _INSIDE in os.environ:
        raise Unasked("this is one of the other processes already")
    question = (decider.decide, decider.evolve, decider.initial, list(commands))
    try:
        asked = pickle.dumps(question)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise Unasked(f"{_NEED}: {error}") from None
    modules = _modules_of(decider.decide, decider.evolve, *commands)
    return {place: _ask(_process(place), modules, asked) for place in places}


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
def _process(place: Place) -> subprocess.Popen[bytes]:
    path = [os.path.abspath(each) for each in sys.path]
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(path=path, place=tuple(place))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(place),
    )
    atexit.register(_end, process)
    return process


def _environment(place: Place) -> dict[str, str]:
    given = {"PYTHONHASHSEED": str(place.seed), _INSIDE: "yes"}
    if not place.abroad:
        return {**os.environ, **given}
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **given, "TZ": place.zone}


def _end(process: subprocess.Popen[bytes]) -> None:
    _pipe(process.stdin).close()
    _pipe(process.stdout).close()
    process.wait()


def serve(place: Place) -> None:
    """Answer, in the other process, until there is nobody left who asks."""
    asking, answering = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a decider prints is no answer
    if place.abroad:
        os.chdir(os.sep)
    while True:
        try:
            modules, asked = pickle.load(asking)
        except EOFError:
            return
        pickle.dump(_answer(place, modules, asked), answering)
        answering.flush()


def _answer(place: Place, modules: dict[str, str | None], asked: bytes) -> tuple[bool, Any]:
    try:
        for name, file in modules.items():
            _load(name, file)
        question = pickle.loads(asked)
        with _surroundings(place):
            return True, answers(*question)
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"


@contextmanager
def _surroundings(place: Place) -> Iterator[None]:
    """What is different at ``place``, for as long as it is asked there."""
    environment = os.environ
    if place.all_is_set:
        os.environ = _AllIsSet()  # type: ignore[assignment]  # noqa: B003 - for who asks, not for children
    try:
        with localcontext(Context(prec=place.digits, rounding=place.rounding)):
            yield
    finally:
        os.environ = environment  # noqa: B003


class _AllIsSet(dict[str, str]):
    """An environment in which every variable is set."""

    def __missing__(self, name: str) -> str:
        return "elsewhere"

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


def _load(name: str, file: str | None) -> None:
    """Import ``name``; one that is not on the path, as a test runner's may be, from where its file is."""
    if name in sys.modules:
        return
    try:
        import_module(name)
    except ImportError:
        if file is None:
            raise
        try:
            sys.path.append(_root(name, file))
            import_module(name)
        except ImportError:
            _run(name, file)


def _root(name: str, file: str) -> str:
    """The folder that has to be on the path if ``file`` is to be imported as ``name``."""
    parts = [*name.split("."), "__init__"] if Path(file).stem == "__init__" else name.split(".")
    return os.path.normpath(os.path.join(file, *[os.pardir] * len(parts)))


def _run(name: str, file: str) -> None:
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no module")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
