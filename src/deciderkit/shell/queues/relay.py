"""The relay: follows the log and puts each event on the queue, in order and without a gap.

What was published is told by the queue itself, whose last message is an event of the log, and each
message goes only behind the one that it follows in the log. So a relay keeps no file, may be killed
anywhere, may run twice, and fills a queue again whose disk was lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct
from returns.result import Failure, Result, Success

from deciderkit.log.answers import StoreTrouble
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.lines import line
from deciderkit.log.pages import Page
from deciderkit.log.port import Log
from deciderkit.log.recorded import Recorded
from deciderkit.shell.queues.port import (
    Broker,
    BrokerTrouble,
    End,
    Message,
    Moved,
    Queue,
)

T = TypeVar("T")

AT_ONCE: Final = 500
"""How many events are published together."""


class RelayTrouble(Exception):
    """Why events of this log cannot go on this queue; nothing more is published."""


class Lag(Struct, frozen=True):
    """How far the queue is behind the log: the last positions of both."""

    log: int
    published: int

    @property
    def behind(self) -> int:
        """How many positions the queue is behind."""
        return max(self.log - self.published, 0)


class _Reached(Struct, frozen=True):
    """``place`` in the queue holds the event at ``position`` of the log."""

    place: int
    position: int


class Relay:
    """Puts the events of ``log`` on the queue of ``broker``; any number of them may run at once.

    ``after`` is the position behind which it begins where the queue does not tell: an empty one, or
    one that no longer keeps its last message. It never leaves out an event that the queue lacks.
    """

    def __init__(self, log: Log, codec: Codec, broker: Broker, after: int | None = None) -> None:
        self._log = log
        self._codec = codec
        self._broker = broker
        self._after = after
        self._reached: _Reached | None = None

    def step(self) -> Result[int, Exception]:
        """Publish what comes next; how many events that were, 0 if there is nothing new at present.

        Fails with `BrokerTrouble` and `StoreFailure`, after which it can be tried again, and with
        `RelayTrouble` and `CorruptEvent`, after which it cannot.
        """
        return _trying(self._step)

    def look_again(self) -> None:
        """Ask the queue at the next step where it ends: it may have been lost since."""
        self._reached = None

    def lag(self) -> Result[Lag, Exception]:
        """How far the queue is behind the log."""
        return _trying(self._lag)

    def _step(self) -> int:
        reached = self._reached or self._find()
        page = self._read(reached.position)
        self._reached = reached
        if not page:
            return 0
        self._reached = None
        published = self._broker.publish(
            Queue.EVENTS, [message_of(self._codec, each) for each in page], reached.place
        )
        if isinstance(published, Failure) and isinstance(published.failure(), Moved):
            return len(page)  # by another relay, or it was lost: the next step finds out
        self._reached = _Reached(_value(published), page[-1].position)
        return len(page)

    def _read(self, position: int) -> Page:
        """The events after ``position``, also those that stand before a damage."""
        read = self._log.read_all(position, AT_ONCE)
        if isinstance(read, Failure) and isinstance(error := read.failure(), CorruptEvent):
            good = error.position - 1 - position
            if 0 < good < AT_ONCE:
                read = self._log.read_all(position, good)
        return _value(read)

    def _lag(self) -> Lag:
        end = _value(self._broker.end(Queue.EVENTS))
        head = _value(self._log.head())
        return Lag(head, 0 if end.place == 0 else self._located(end).position)

    def _find(self) -> _Reached:
        reached = self._located(_value(self._broker.end(Queue.EVENTS)))
        if self._after is not None and self._after > reached.position and reached.place:
            [*missing] = _value(self._log.read_all(reached.position, 1))
            if missing and missing[0].position <= self._after:
                raise RelayTrouble(
                    f"the queue ends with event {reached.position} of the log: to begin after "
                    f"{self._after} would leave out event {missing[0].position}"
                )
        return reached

    def _located(self, end: End) -> _Reached:
        if end.place == 0:
            return _Reached(0, self._after or 0)
        if end.last is None:
            if self._after is None:
                raise RelayTrouble(
                    "the queue keeps no message that tells how far it has got: expected the "
                    "position in the log to begin after (--after)"
                )
            return _Reached(end.place, self._after)
        return _Reached(end.place, self._position_of(end.last))

    def _position_of(self, last: Message) -> int:
        """The position of the last event that was published, which has to be one of this log."""
        if not last.id.isascii() or not last.id.isdigit() or not 0 < int(last.id) < 2**63:
            raise _other_log(f"its last message has the id {last.id[:60]!a}")
        position = int(last.id)
        [*found] = _value(self._log.read_all(position - 1, 1))
        if not found or found[0].position != position:
            raise _other_log(f"it ends with event {position}, which this log does not have")
        if _marks(line(self._codec, found[0])) != _marks(last.body):
            raise _other_log(f"its event {position} is another than in this log")
        return position


class _Line(Struct, frozen=True):
    """What tells one event from another whatever the schema in which its data is written."""

    position: int = 0
    stream: str = ""
    version: int = 0
    type: str = ""
    command_id: str = ""
    recorded_at: str = ""


def _marks(body: bytes) -> _Line | None:
    try:
        return msgspec.json.decode(body, type=_Line)
    except (ValueError, RecursionError):
        return None


def _other_log(what: str) -> RelayTrouble:
    return RelayTrouble(
        f"the queue has the events of another log, {what}: expected a queue of its own for each "
        "log, by another name in the address"
    )


def message_of(codec: Codec, recorded: Recorded[Any]) -> Message:
    """An event as a message: its position is its id, type and stream are its subject.

    >>> from deciderkit.log.codec import EventType
    >>> rang = Recorded(7, "door-front", 2, 1, "c1", "2026-01-01T00:00:00Z")
    >>> message_of(Codec([EventType("Rang", int)]), rang).subject
    'Rang.door-front'
    """
    body = line(codec, recorded)
    name = codec.encode(recorded.event).type
    subject = subject_of(name, recorded.stream)
    return Message(str(recorded.position), subject, body)


def subject_of(event_type: str, stream: str) -> str:
    """The subject of the events of a type in a stream; ``*`` for either stands for all.

    >>> subject_of("Rang", "door-4.2"), subject_of("Rang", "*")
    ('Rang.door-4%2E2', 'Rang.*')
    """
    return ".".join(each if each == "*" else _word(each) for each in (event_type, stream))


def _word(text: str) -> str:
    """``text`` as one word of a subject, which has no dots."""
    return quote(text, safe="").replace(".", "%2E").replace("*", "%2A")


def _value(result: Result[T, Any]) -> T:
    if isinstance(result, Failure):
        raise result.failure()
    return result.unwrap()


def _trying(work: Callable[[], T]) -> Result[T, Exception]:
    try:
        return Success(work())
    except (BrokerTrouble, StoreTrouble, CorruptEvent, RelayTrouble) as error:
        return Failure(error)
