"""Messages as a reader takes them from a NATS server.

A reader that is alone has a consumer of its own on a stream from which messages go once they are
acknowledged. After a failure, and when it takes over, it makes a new one: that one begins at the oldest
message that is left, so the order holds, and at once, whatever was in whose hands.
"""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import BadRequestError, NotFoundError
from returns.result import Result, Success

from deciderkit.shell.queues.nats.wire import Gone, Wire, taken_of
from deciderkit.shell.queues.port import (
    BrokerError,
    Queue,
    Reader,
    Taken,
    TakenOver,
)

if TYPE_CHECKING:
    from deciderkit.shell.queues.nats.broker import NatsBroker

IN_HAND: Final = 5_000
"""How many messages may be taken and not acknowledged, of all readers of one name."""
_NOT_ALONE: Final = (10099, 10100)
"""The server's codes for a consumer whose messages another one takes."""
_A_WEEK: Final = 7 * 24 * 3_600.0


class NatsTaking:
    """Takes for ``reader``. Raises ``ValueError`` where it would be alone on a queue that is for many."""

    def __init__(self, broker: NatsBroker, reader: Reader) -> None:
        if reader.alone and reader.queue is not Queue.COMMANDS:
            raise ValueError(f"{reader.queue.value} read by one alone: expected commands")
        self._broker = broker
        self._reader = reader
        self._stream = broker.stream(reader.queue)
        self._prefix = broker.prefix(reader.queue)
        self._consumer = ""
        self._open = False

    def take(self, limit: int, wait: float) -> Result[tuple[Taken, ...], BrokerError]:
        """See `Taking.take`."""

        async def work(wire: Wire) -> tuple[Taken, ...]:
            await self._broker.make(wire, self._reader.queue)
            if not self._open:
                await self._begin(wire)
            try:
                found = await wire.pull(self._stream, self._consumer, limit, wait)
            except Gone:
                self._open = False
                await self._begin(wire)
                found = []
            return tuple(taken_of(each, self._prefix) for each in found)

        taken = self._broker.ask(work, longer=wait)
        self._open = self._open and isinstance(taken, Success)
        return taken

    def acknowledge(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """See `Taking.acknowledge`."""
        return self._say(taken, b"+ACK")

    def give_back(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """See `Taking.give_back`."""
        if self._reader.alone:
            self._open = False
            return Success(None)
        return self._say(taken, b"-NAK")

    def _say(self, taken: Sequence[Taken], word: bytes) -> Result[None, BrokerError]:
        if not taken:
            return Success(None)
        receipts = [each.receipt for each in taken]
        said = self._broker.ask(lambda wire: wire.confirm(receipts, word))
        self._open = self._open and isinstance(said, Success)
        return said

    async def _begin(self, wire: Wire) -> None:
        """Find the place among the consumers of the stream. Raises `TakenOver`."""
        reader, context = self._reader, wire.client.jetstream()
        subject = f"{self._prefix}.{reader.subject}"
        name = f"{reader.name}-{token_hex(8)}" if reader.alone else reader.name
        config = ConsumerConfig(
            durable_name=name,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=_A_WEEK if reader.alone else reader.again_after,
            max_ack_pending=IN_HAND,
            filter_subject=subject,
        )
        for tries_left in (2, 1, 0):
            if reader.queue is Queue.COMMANDS:
                await self._take_over(context, subject)
            try:
                await context.add_consumer(self._stream, config)
                break
            except BadRequestError as error:  # somebody who takes over at the same time was faster
                if error.err_code not in _NOT_ALONE or not tries_left:
                    raise
        self._consumer, self._open = name, True

    async def _take_over(self, context: Any, subject: str) -> None:
        """End the consumers that take the same messages, unless it was one of them that ended ours."""
        there = await context.consumers_info(self._stream)
        others = [each.name for each in there if _overlap(each.config.filter_subject, subject)]
        if self._consumer and self._consumer not in others and others:
            raise TakenOver(self._reader.subject)
        for name in others:
            if self._reader.alone or name != self._reader.name:
                await _ended(context, self._stream, name)


async def _ended(context: Any, stream: str, name: str) -> None:
    try:
        await context.delete_consumer(stream, name)
    except NotFoundError:
        return


def _overlap(one: str | None, other: str) -> bool:
    """Whether some subject is one of both."""
    if one is None:
        return True
    for mine, theirs in zip(one.split("."), other.split("."), strict=False):
        if ">" in (mine, theirs):
            return True
        if mine != theirs and "*" not in (mine, theirs):
            return False
    return one.count(".") == other.count(".")
