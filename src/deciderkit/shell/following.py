"""A process of its own for some policies: it follows the log, does what they ask for, and nothing else.

While it is down the others go on, and what is asked for meanwhile stands in the log; when it is back it
is done, under the ids that it would have had before. So a slow or a broken neighbour, such as a message
that is sent, holds up nobody: give its policy to a follower, and leave it out everywhere else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NoReturn, Protocol, runtime_checkable

from returns.result import Failure, Result, Success

from deciderkit.log.answers import StoreFailure
from deciderkit.log.port import EventStore
from deciderkit.outcomes import Report, Stopped
from deciderkit.shell.dispatch.carrying import Observer
from deciderkit.shell.program import Program

POLL: Final = 0.2
"""After so many seconds a follower looks at the log, whoever may have woken it or not."""

_LONGEST_PAUSE: Final = 10.0


@runtime_checkable
class Wakes(Protocol):
    """A store that can tell that something was recorded. It is believed, and never relied on."""

    def wait(self, seconds: float) -> None:
        """Until something may have been recorded; at most ``seconds``."""


class Elsewhere(Exception):
    """An event that another process delivers."""


def elsewhere(event: Any, key: str) -> NoReturn:
    """The delivery of a process that leaves an external system to a follower.

    Its board knows the system, so it records nothing as told that was not. Raises `Elsewhere`, which
    parks what asked for it.
    """
    raise Elsewhere(
        f"{type(event).__name__} is delivered by another process: expected its policy to be left to it"
    )


class Follower:
    """Works off the policies of ``program`` on ``store``, which are often some of a board: `Program.only`.

    ``observe`` is told of all that it does. Where the store can tell of news it is asked to, and the
    log is looked at every ``poll`` seconds besides. A store in trouble is tried again with growing
    pauses, for ``patience`` seconds.
    """

    def __init__(
        self,
        program: Program,
        store: EventStore,
        observe: Observer | None = None,
        *,
        poll: float = POLL,
        patience: float = 60,
    ) -> None:
        self._dispatcher = program.on(store, observe)
        self._poll = poll
        self._patience = patience
        self._wait: Callable[[float], None] = store.wait if isinstance(store, Wakes) else time.sleep

    def once(self) -> Result[Report, Stopped]:
        """Do all that can be done now."""
        return self._dispatcher.resume()

    def run(self, stopped: Callable[[], bool] = lambda: False) -> Result[None, Stopped]:
        """Go on until ``stopped()`` says so, which is asked at least every ``poll`` seconds; or why it cannot."""
        pause, since = self._poll, 0.0
        while not stopped():
            done = self.once()
            if not isinstance(done, Failure):
                pause, since = self._poll, 0.0
                if not stopped():
                    self._wait(self._until_next())
                continue
            because = done.failure().because
            since = since or time.monotonic()
            if not isinstance(because, StoreFailure) or time.monotonic() - since > self._patience:
                return Failure(done.failure())
            _sleep(pause, stopped, self._poll)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return Success(None)

    def _until_next(self) -> float:
        """Seconds until it looks again: sooner where a to-do is due before."""
        due = self._dispatcher.next_due
        if due is None:
            return self._poll
        return min(max((due - datetime.now(UTC)).total_seconds(), 0), self._poll)


def _sleep(seconds: float, stopped: Callable[[], bool], poll: float) -> None:
    end = time.monotonic() + seconds
    while not stopped() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, poll))
