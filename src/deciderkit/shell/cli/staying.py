"""What the commands share that stay: a broker, an end by Ctrl-C or SIGTERM, and patience with trouble."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from types import FrameType
from typing import Any, Final, TypeVar

import click
from returns.result import Failure, Result

from deciderkit.log.answers import Conflict, StoreFailure
from deciderkit.outcomes import Stopped
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import Exit, bad_input, stop_for
from deciderkit.shell.queues.address import BadAddress
from deciderkit.shell.queues.opening import open_broker
from deciderkit.shell.queues.port import Broker, BrokerFailure

F = TypeVar("F", bound=Callable[..., Any])

LONGEST_PAUSE: Final = 2.0
STORE_PATIENCE: Final = 60.0
"""A store that was in trouble for so many seconds is not waited for: a new process opens it anew."""


def broker_option(name: str) -> Callable[[F], F]:
    """``--to`` or ``--from``: where the queues are."""
    words = "Where the queues are, such as nats://localhost:4222/rovers."
    return click.option(name, "broker", required=True, metavar="ADDRESS", help=words)


@contextmanager
def opened_broker(where: str) -> Iterator[Broker]:
    """The broker at ``where``; one that cannot be is bad input."""
    try:
        with open_broker(where) as broker:
            yield broker
    except (BadAddress, BrokerFailure) as error:
        bad_input(error)


@contextmanager
def until_stopped() -> Iterator[Callable[[], bool]]:
    """Whether to go on. Ctrl-C ends it at once, SIGTERM behind the step that is under way: no errors."""
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopping:
            raise KeyboardInterrupt
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield lambda: not stopping
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            click.echo(err=True)
    raise click.exceptions.Exit(Exit.INTERRUPTED)


class Patience:
    """Waits where trouble may pass, says it once for as long as it lasts, and stops where it will not pass."""

    def __init__(self) -> None:
        self._said = ""
        self._pause = 0.0
        self._store_since: float | None = None

    def with_(self, result: Result[int, Any]) -> int:
        """The value of a success. A failure that may pass is waited out a little, and counts as nothing."""
        if isinstance(result, Failure):
            self._bear(result.failure())
            return 0
        if self._said:
            _say("it works again")
        self._said, self._pause, self._store_since = "", 0.0, None
        return result.unwrap()

    def _bear(self, error: Exception) -> None:
        because = error.because if isinstance(error, Stopped) else error
        if isinstance(because, (StoreFailure, Conflict)):
            self._store_since = self._store_since or monotonic()
            if monotonic() - self._store_since > STORE_PATIENCE:
                raise stop_for(error)
        elif not isinstance(because, BrokerFailure):
            raise stop_for(error)
        if str(because) != self._said:
            _say(f"{because}; trying again")
            self._said = str(because)
        self._pause = min(self._pause * 2 or 0.1, LONGEST_PAUSE)
        sleep(self._pause)


def _say(text: str) -> None:
    click.echo(f"{bound().name}: {shown(text, 400)}", err=True)
