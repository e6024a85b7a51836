"""Where folds are saved as they stood at some position: a cache beside the log.

Deleting all of it loses nothing. What was saved by other code than today's is not used: it carries a
fingerprint of the folds that made it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol

from msgspec import Struct
from returns.io import IOResult, IOSuccess

from deciderkit.shell.event_store import StoreError
from deciderkit.value_codec import NotSavable

STEP: Final = 25_000
"""How many events are folded at least between two savings of the same thing."""


class Saved(Struct, frozen=True):
    """``content`` as it stood at ``position`` of the log, by the folds that ``fingerprint`` names."""

    position: int
    fingerprint: str
    content: bytes


class SavedViews(Protocol):
    """A place for saved folds, by name."""

    def load(self, name: str, fingerprint: str) -> IOResult[Saved | None, StoreError]:
        """What was saved last under ``name``, if it can be trusted.

        That is: if the folds that ``fingerprint`` names made it, of the log that it stands beside,
        and it is as it was written. Nothing else, for a wrong state leads to wrong events.
        """

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """Keep ``saved`` in the place of what was there."""

    def forget(self) -> IOResult[None, StoreError]:
        """Delete it all; the log makes it anew."""


class MemorySavedViews:
    """Saved folds for as long as the process lives.

    >>> views = MemorySavedViews()
    >>> _ = views.save("reading", Saved(7, "f", b"{}"))
    >>> views.load("reading", "f")
    <IOResult: <Success: Saved(position=7, fingerprint='f', content=b'{}')>>
    >>> views.load("reading", "of other code")
    <IOResult: <Success: None>>
    """

    def __init__(self) -> None:
        self._saved: dict[str, Saved] = {}

    def load(self, name: str, fingerprint: str) -> IOResult[Saved | None, StoreError]:
        """See `SavedViews.load`."""
        found = self._saved.get(name)
        return IOSuccess(found if found and found.fingerprint == fingerprint else None)

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        """See `SavedViews.save`."""
        self._saved[name] = saved
        return IOSuccess(None)

    def forget(self) -> IOResult[None, StoreError]:
        """See `SavedViews.forget`."""
        self._saved.clear()
        return IOSuccess(None)


def fingerprint(functions: Iterable[Callable[..., Any]], *names: str) -> str:
    """A short text that changes when ``functions`` may do something else, or ``names`` change.

    It covers the source of the modules that they stand in, and of all that these use of their own
    packages, so it is the same on every machine and Python. Raises `NotSavable` for a function whose
    source is not in a file.
    """
    waiting = [sys.modules[each.__module__] for each in functions if _has_module(each)]
    found: dict[str, ModuleType] = {}
    while waiting:
        module = waiting.pop()
        if module.__name__ not in found:
            found[module.__name__] = module
            waiting.extend(_used_by(module))
    said = blake2b("\0".join(names).encode(), digest_size=16)
    for name in sorted(found):
        said.update(_source(found[name]))
    return said.hexdigest()


def _has_module(function: Any) -> bool:
    return getattr(function, "__module__", None) in sys.modules


def _used_by(module: ModuleType) -> Iterable[ModuleType]:
    package = module.__name__.partition(".")[0]
    for value in vars(module).values():
        name = value.__name__ if isinstance(value, ModuleType) else _module_name(value)
        if name.partition(".")[0] in (package, "deciderkit") and name in sys.modules:
            yield sys.modules[name]


def _module_name(value: Any) -> str:
    name = getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""


def _source(module: ModuleType) -> bytes:
    file = getattr(module, "__file__", None)
    if file is None or not Path(file).is_file():
        raise NotSavable(f"{module.__name__} has no source file")
    return Path(file).read_bytes().replace(b"\r\n", b"\n")
