"""Stores that crash, or in which something else happens, at a call of one's choice: for the promises of a retry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deciderkit.shell import EventStore


class Crash(BaseException):
    """The process ends here: nothing catches it."""


class Interrupted:
    """``store``, with ``before`` and ``after`` called around each call of its log, numbered from 0."""

    def __init__(
        self,
        store: EventStore,
        before: Callable[[int, str], None] = lambda number, name: None,
        after: Callable[[int, str], None] = lambda number, name: None,
    ) -> None:
        self._store = store
        self._before = before
        self._after = after
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in ("append", "tally", "version", "read", "read_all", "park", "notes"):
            return found

        def call(*args: Any, **more: Any) -> Any:
            number = self.calls
            self.calls += 1
            self._before(number, name)
            answer = found(*args, **more)
            self._after(number, name)
            return answer

        return call


def crash_after(append: int) -> Callable[[int, str], None]:
    """Crash once the append with that number, from 0, is recorded, before anybody hears of it."""
    seen = [0]

    def after(number: int, name: str) -> None:
        if name == "append":
            seen[0] += 1
            if seen[0] == append + 1:
                raise Crash

    return after


def meanwhile(at: int, what: Callable[[], object]) -> Callable[[int, str], None]:
    """Let ``what`` happen before the call with that number."""

    def before(number: int, name: str) -> None:
        if number == at:
            what()

    return before
