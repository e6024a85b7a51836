"""The listener: an external system that hears of events by the queue, in a process without the store.

Each event is told at least once. A ``book`` of what was told makes it once: what is told and the book are
then one and the same file, so there is nothing between them that a kill could part.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from returns.result import Failure, Result

from deciderkit.log.codec import Codec
from deciderkit.log.lines import read_line
from deciderkit.outcomes import in_words
from deciderkit.shell.queues.port import Broker, BrokerError, Queue, Reader, Taken
from deciderkit.shell.queues.relay import subject_of

AT_ONCE: Final = 100
"""How many events are taken together."""


_is_line: Final = re.compile(rb"\A[0-9]+( .*)?\Z").search


def _silent(text: str) -> None:
    """Nobody is told but the file."""


class Book(Protocol):
    """Where it stands what was told, each under the key of its event."""

    def tell(self, key: str, text: str) -> bool:
        """Tell ``text``, unless something was told under ``key``; whether it was told now."""


class Remembered:
    """What ``say`` said in this process: after a kill it may say again what it said last.

    >>> book = Remembered(print)
    >>> book.tell("7", "a bell rang"), book.tell("7", "a bell rang")
    a bell rang
    (True, False)
    """

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._told: set[str] = set()

    def tell(self, key: str, text: str) -> bool:
        """See `Book.tell`."""
        if key in self._told:
            return False
        self._say(text)
        self._told.add(key)
        return True


class Written:
    """A file with one line for each thing told, its key first: there once, whatever is killed when.

    ``say`` says it as well, before it is written: at least once. For one process at a time. A line that
    a kill left half is taken out and told again. Raises ``OSError`` for a file that cannot be written,
    and ``ValueError`` for one that is no book, or that another process writes.
    """

    def __init__(self, path: Path, say: Callable[[str], object] = _silent) -> None:
        self._say = say
        self._file = path.open("a+b", buffering=0)
        try:
            self._told = self._read(path)
        except Exception:
            self._file.close()
            raise

    def tell(self, key: str, text: str) -> bool:
        """See `Book.tell`."""
        if key in self._told:
            return False
        self._say(text)
        self._file.write(f"{key} {text}\n".encode())
        os.fsync(self._file.fileno())
        self._told.add(key)
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, path: Path) -> set[str]:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"{path}: another process writes it: expected one for each") from None
        self._file.seek(0)
        whole, end, torn = self._file.read().rpartition(b"\n")
        lines = whole.split(b"\n") if end else []
        for number, each in enumerate([*lines, torn] if torn else lines, 1):
            if not _is_line(each):
                raise ValueError(f"{path}: line {number} is none of a book: expected a new file")
        if torn:
            self._file.truncate(len(whole) + len(end))
        return {each.partition(b" ")[0].decode() for each in lines}


class Listener:
    """Tells ``book`` of each event of ``event_type``: ``words`` says what, the event's position is its key.

    Several of one ``name`` share the events. An event that nobody acknowledged comes again after
    ``again_after`` seconds, so they need not come in the order of the log. ``unreadable`` is told of a
    message that is no event of ``codec``, or for which ``words`` raises; it does not come again.
    """

    def __init__(
        self,
        broker: Broker,
        codec: Codec,
        event_type: type,
        words: Callable[[Any], str],
        book: Book,
        name: str,
        *,
        again_after: float = 10.0,
        unreadable: Callable[[str], None] | None = None,
    ) -> None:
        names = {each.type: each.name for each in codec.event_types}
        subject = subject_of(names[event_type], "*")
        self._taking = broker.read(Reader(Queue.EVENTS, name, subject, again_after=again_after))
        self._codec = codec
        self._words = words
        self._book = book
        self._unreadable = unreadable

    def step(self, wait: float) -> Result[int, BrokerError]:
        """Tell what has come; how many messages that were, 0 if none came for ``wait`` seconds."""
        taken = self._taking.take(AT_ONCE, wait)
        if isinstance(taken, Failure):
            return taken
        for each in taken.unwrap():
            self._hear(each)
        return self._taking.acknowledge(taken.unwrap()).map(lambda _: len(taken.unwrap()))

    def _hear(self, taken: Taken) -> None:
        try:
            recorded = read_line(self._codec, taken.message.body, 1)
            text = self._words(recorded.event)
        except Exception as error:  # somebody else's message, or somebody's function
            if self._unreadable is not None:
                self._unreadable(f"message {taken.message.id}: {in_words(error)}")
            return
        self._book.tell(str(recorded.position), text)
