"""The source that a fold is made of: its module, and what that imports, step by step.

Imports are read off the source, not off the modules in memory: a number that was imported does not
know where it came from. Nothing is imported on the way.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import resolve_name
from pathlib import Path
from typing import Final

from deciderkit.log.value_codec import NotSavable

_STDLIB: Final = Path(sysconfig.get_path("stdlib")).resolve()
_INSTALLED: Final = frozenset(("site-packages", "dist-packages"))


def fold_sources(names: Iterable[str]) -> dict[str, bytes]:
    """By name the source of the modules ``names``, and of all that they import, however indirectly.

    Left out are the standard library and what is installed in site-packages, unless it is of the
    same package as one of ``names``, or of this one. Raises `NotSavable` for a module without source.
    """
    waiting = [each for name in names for each in _with_parents(name)]
    own = {name.partition(".")[0] for name in (*waiting, "deciderkit")}
    seen: set[str] = set()
    sources: dict[str, bytes] = {}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = _file(name)
        if file is None or _is_left_out(file, own=name.partition(".")[0] in own):
            continue
        sources[name] = _read(name, file)
        waiting.extend(_imported(_package(name, file), sources[name]))
    return sources


def _file(name: str) -> Path | None:
    """The file of module ``name``; None for what is no module, or has no code that could change."""
    module, spec = sys.modules.get(name), _spec(name)
    file = getattr(module, "__file__", None) or (
        spec.origin if spec and spec.has_location else None
    )
    if file is not None:
        return Path(file).resolve()
    if module is None or hasattr(module, "__path__") or name in sys.builtin_module_names:
        return None
    raise NotSavable(f"{name} has no source file")


def _spec(name: str) -> ModuleSpec | None:
    """How ``name`` is imported. Unlike ``find_spec`` of the library this imports no parent."""
    if module := sys.modules.get(name):
        return module.__spec__
    parent = name.rpartition(".")[0]
    if not parent:
        return PathFinder.find_spec(name)
    package = _spec(parent)
    places = package.submodule_search_locations if package else None
    return PathFinder.find_spec(name, places) if places else None


def _is_left_out(file: Path, *, own: bool) -> bool:
    """Whether ``file`` is of the standard library, or was installed and is of nobody's ``own``."""
    if _INSTALLED.isdisjoint(file.parts):
        return file.is_relative_to(_STDLIB)
    return not own


def _read(name: str, file: Path) -> bytes:
    if file.suffix != ".py" or not file.is_file():
        raise NotSavable(f"{name} has no source file")
    return file.read_bytes().replace(b"\r\n", b"\n")


def _package(name: str, file: Path) -> str:
    """The package that the relative imports of module ``name`` start from."""
    known = getattr(sys.modules.get(name), "__package__", None)
    return known or (name if file.stem == "__init__" else name.rpartition(".")[0])


@cache  # several folds of one program are made of the same modules
def _imported(package: str, source: bytes) -> tuple[str, ...]:
    return tuple(_imports(package, ast.parse(source)))


def _imports(package: str, tree: ast.Module) -> Iterator[str]:
    """What ``tree`` imports, also inside of functions; some of the names are of no module."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                for each in names:
                    yield from _with_parents(each.name)
            case ast.ImportFrom(module, names, level):
                base = resolve_name("." * (level or 0) + (module or ""), package)
                yield from _with_parents(base)
                yield from (f"{base}.{each.name}" for each in names)


def _with_parents(name: str) -> Iterator[str]:
    """``name`` and the packages around it, which are imported before it."""
    while name:
        yield name
        name = name.rpartition(".")[0]
