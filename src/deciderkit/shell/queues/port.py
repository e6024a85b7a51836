"""The narrow door to a broker: publish, take, acknowledge, answer. Another broker is one small file.

A broker carries three queues for one log. *Events* are kept for everybody who wants to read them, each
reader at a pace of its own. *Commands* are taken off once somebody has acknowledged them. What nobody
can read or carry out is set *aside*, with its reason, for people. A broker is no log: it may lose what
it has, and give what it has twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final, Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

ALL: Final = ">"
"""The subjects of a whole queue."""


class Queue(Enum):
    """The queues that a broker carries for one log."""

    EVENTS = "events"
    COMMANDS = "commands"
    ASIDE = "aside"


class Message(Struct, frozen=True):
    """What is carried. ``id`` tells a repeat from a new one.

    ``subject`` says what it is about, in words with dots between them; readers choose by it.
    ``answer_to`` names where its sender waits for an answer, ``reason`` says why it was set aside.
    """

    id: str
    subject: str
    body: bytes
    answer_to: str = ""
    reason: str = ""


class Taken(Struct, frozen=True):
    """A message in hand, and the ``receipt`` by which the broker knows it."""

    message: Message
    receipt: str


class End(Struct, frozen=True):
    """Where a queue ends: the place of its last message, 0 for none, and that message if it is still kept."""

    place: int = 0
    last: Message | None = None


class BrokerTrouble(Exception):
    """What a broker answers instead of doing it; equal to another of its kind that says the same."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class BrokerFailure(BrokerTrouble):
    """The broker could not do it, and why; the next call tries to reach it again."""


class Moved(BrokerTrouble):
    """Somebody else has published meanwhile, or the queue was lost.

    >>> print(Moved(Queue.EVENTS, 7))
    the events do not end at place 7
    """

    def __init__(self, queue: Queue, expected: int) -> None:
        super().__init__(queue, expected)
        self.queue = queue
        self.expected = expected

    def __str__(self) -> str:
        return f"the {self.queue.value} do not end at place {self.expected}"


class TakenOver(BrokerTrouble):
    """Somebody else takes the messages now that only one may take.

    >>> print(TakenOver("main"))
    somebody else has taken 'main' over: only one at a time keeps the order
    """

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject

    def __str__(self) -> str:
        return f"somebody else has taken {self.subject!r} over: only one at a time keeps the order"


class TooLong(BrokerTrouble):
    """A message that the broker does not take; those before it were published.

    >>> print(TooLong("7", 2_000_000, 1_048_576))
    message 7 has 2000000 bytes with its headers: this broker takes at most 1048576 (max_payload)
    """

    def __init__(self, message: str, size: int, most: int) -> None:
        super().__init__(message, size, most)
        self.message = message
        self.size = size
        self.most = most

    def __str__(self) -> str:
        return (
            f"message {self.message} has {self.size} bytes with its headers: "
            f"this broker takes at most {self.most} (max_payload)"
        )


BrokerError: TypeAlias = BrokerFailure | Moved | TakenOver | TooLong


class Reader(Struct, frozen=True):
    """Who takes messages: those of ``queue`` whose subject is ``subject``, under the name ``name``.

    Several with one name share the messages between them: each gets what the others do not have in
    hand, and what somebody took and did not acknowledge comes again after ``again_after`` seconds, out
    of its order. One that reads ``alone`` gets all in order: what was taken and not acknowledged comes
    again first. It takes the queue over from whoever had it, who is told by `TakenOver`.
    """

    queue: Queue
    name: str
    subject: str = ALL
    alone: bool = False
    again_after: float = 30.0


class Taking(Protocol):
    """Messages as one reader gets them."""

    def take(self, limit: int, wait: float) -> Result[tuple[Taken, ...], BrokerError]:
        """At most ``limit`` messages, none if nothing comes for ``wait`` seconds.

        Whoever reads alone gets first, and in order, what it had in hand before a failure.
        """

    def acknowledge(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """They are done and shall not come again; the broker knows it when this succeeds."""

    def give_back(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """They could not be done now, and shall come again."""


class Broker(Protocol):
    """A broker as one process sees it: for one thread at a time."""

    def publish(
        self, queue: Queue, messages: Sequence[Message], after: int | None = None
    ) -> Result[int, BrokerError]:
        """Put ``messages`` into ``queue`` in their order; the broker has them when this succeeds.

        Gives the place of the last one. With ``after`` only while the queue ends at that place, else
        it fails with `Moved`; what was published before a failure is a beginning of ``messages``
        without a gap.
        """

    def end(self, queue: Queue) -> Result[End, BrokerError]:
        """Where ``queue`` ends."""

    def waiting(self, queue: Queue) -> Result[int, BrokerError]:
        """How many messages ``queue`` holds."""

    def read(self, reader: Reader) -> Taking:
        """The messages for ``reader``; nothing is asked of the broker before they are taken."""

    def answer(self, answers: Sequence[Message]) -> Result[None, BrokerError]:
        """Tell senders who wait what became of their messages, each at its ``answer_to``.

        Where nobody listens any more, or no answers may go, nothing happens.
        """
