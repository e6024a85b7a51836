"""Code of the product with one line wrong: for the controls of the fault tests, and for the mutants.

`wrong` makes a function anew from its own source with one piece replaced, for a process that runs
already. `seed` has a whole module imported so; as a plugin of pytest (``-p tests.seeding``) or as an
import before all others it takes what the environment asks for.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import textwrap
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Final

ASKED: Final = "SEEDED_BUG"
"""The name in the environment: module, what is there, and what to put in its place, as JSON."""


def wrong(function: Callable[..., Any], there: str, instead: str) -> Any:
    """``function`` with ``instead`` in the place of ``there``, which stands in it once."""
    source = textwrap.dedent(inspect.getsource(function))
    assert 1 == source.count(there), f"{there!r} stands {source.count(there)} times"
    made: dict[str, Any] = {}
    flags = compile("from __future__ import annotations", "", "exec").co_flags
    code = compile(source.replace(there, instead), f"<{function.__qualname__}>", "exec", flags)
    exec(code, function.__globals__, made)
    return made[function.__name__]


class _Loader(SourceFileLoader):
    """Reads the source of one module, and compiles another."""

    def __init__(self, name: str, path: str, there: str, instead: str) -> None:
        super().__init__(name, path)
        self._there = there
        self._instead = instead

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        assert 1 == source.count(self._there), f"{self._there!r} in {fullname}"
        return compile(source.replace(self._there, self._instead), self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, module: str, there: str, instead: str) -> None:
        self._module = module
        self._change = there, instead

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin, *self._change)
        return spec


def seed(module: str, there: str, instead: str) -> None:
    """From now on ``module``, which was not imported yet, is imported with one piece replaced."""
    assert module not in sys.modules, f"{module} was imported before"
    sys.meta_path.insert(0, _Finder(module, there, instead))


if ASKED in os.environ:
    seed(*json.loads(os.environ[ASKED]))
