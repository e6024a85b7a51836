"""A short text for what a fold does, so that what other code has folded is not taken for its own."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from hashlib import blake2b
from operator import attrgetter, itemgetter, methodcaller
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, ModuleType
from typing import Any, Final

from msgspec import Struct
from pyrsistent import PMap, PVector

from deciderkit.shell.fold_sources import fold_sources
from deciderkit.log.value_codec import NotSavable

_PLAIN: Final = (type(None), bool, int, float, str, bytes)
_UNORDERED: Final = (dict, set, frozenset)


def fingerprint(*parts: object) -> str:
    """A text that changes when ``parts`` - functions, and the values that they start from - change.

    Of a function it covers its place in the source, its closure and defaults, and the source of its
    module and of all that this imports, less the standard library and installed packages of others
    (see `fold_sources`). Not covered is what a module takes from elsewhere: the environment, files,
    an import by a computed name, somebody who sets its globals. Raises `NotSavable` where something
    cannot be told by its source and plain values: code typed by hand, an object in a closure.

    >>> fingerprint("total", 0) == fingerprint("total", 0)
    True
    >>> fingerprint("total", 0) == fingerprint("total", 0.0)
    False
    """
    teller = _Teller()
    try:
        told = repr(teller.tell(parts))
        sources = fold_sources(teller.modules)
    except (RecursionError, SyntaxError, ImportError, OSError) as error:
        raise NotSavable(f"{type(error).__name__}: {error}") from None
    digest = blake2b(told.encode(errors="surrogatepass"), digest_size=16)
    for name, source in sorted(sources.items()):
        digest.update(f"\0{name}\0{len(source)}\0".encode())
        digest.update(source)
    return digest.hexdigest()


class _Teller:
    """Tells values apart by nested tuples of text; ``modules`` are those whose source tells the rest."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self._told: set[int] = set()

    def tell(self, value: Any) -> Any:
        """The same for values that are the same to a fold. Raises `NotSavable`."""
        if type(value) in _PLAIN:
            return type(value).__name__, repr(value)
        if type(value) in _UNORDERED or isinstance(value, PMap):
            items = value.items() if isinstance(value, dict | PMap) else value
            return type(value).__name__, sorted(map(repr, self._each(items)))
        if type(value) is list or isinstance(value, PVector):
            return type(value).__name__, self._each(value)
        match value:
            case type():
                return self._named(value)
            case Enum():
                return self._named(type(value)), value.name
            case tuple():
                return self._named(type(value)), self._each(value)
            case Struct():
                return self._record(value, value.__struct_fields__)
            case _ if is_dataclass(value):
                return self._record(value, (each.name for each in fields(value)))
        return self._callable(value)

    def _callable(self, value: Any) -> Any:
        match value:
            case FunctionType():
                return self._function(value)
            case MethodType():
                return "method", self.tell(value.__self__), self.tell(value.__func__)
            case partial():
                return "partial", self._each((value.func, value.args, value.keywords))
            case attrgetter() | itemgetter() | methodcaller():
                return self.tell(value.__reduce__())
            case BuiltinFunctionType(__self__=None | ModuleType()):
                return value.__module__, value.__qualname__
            case MethodDescriptorType():
                return self._named(value.__objclass__), value.__name__
        raise NotSavable(f"a {type(value).__name__} cannot be told by its source and plain values")

    def _function(self, function: FunctionType) -> Any:
        """A function by where it stands, for two of one module may be exchanged, and what it holds."""
        code = function.__code__
        if id(function) in self._told:  # it is in a closure of its own
            return "again", function.__qualname__
        self._told.add(id(function))
        self.modules.add(_module_of(function))
        try:
            closure = [cell.cell_contents for cell in function.__closure__ or ()]
        except ValueError:
            raise NotSavable(f"{function.__qualname__} has an empty closure") from None
        held = (closure, function.__defaults__, function.__kwdefaults__)
        return function.__qualname__, list(code.co_positions()), self._each(held)

    def _record(self, value: Any, names: Iterable[str]) -> Any:
        return self._named(type(value)), self._each(getattr(value, name) for name in names)

    def _each(self, values: Iterable[Any]) -> list[Any]:
        return [self.tell(value) for value in values]

    def _named(self, kind: type) -> tuple[str, str]:
        if "<locals>" in kind.__qualname__:
            raise NotSavable(f"{kind.__qualname__} is made anew each time")
        self.modules.add(kind.__module__)
        return kind.__module__, kind.__qualname__


def _module_of(function: FunctionType) -> str:
    """The module whose source ``function`` stands in; raises `NotSavable` where there is none."""
    name = function.__globals__.get("__name__", "")
    module = sys.modules.get(name)
    if module is None or vars(module) is not function.__globals__:
        raise NotSavable(f"{function.__qualname__} stands in no module")
    file = getattr(module, "__file__", None)
    if file is None:
        raise NotSavable(f"{name} has no source file")
    if Path(function.__code__.co_filename).resolve() != Path(file).resolve():
        raise NotSavable(f"{function.__qualname__} has no source in {name}")
    return str(name)
