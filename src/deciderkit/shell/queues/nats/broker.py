"""The broker of a board on a NATS server: its streams, and what is put into them.

All of asyncio is in this folder. Each call runs the loop until it is done. A connection that is lost is
not mended behind anybody's back: the call fails, and the next one makes a new connection.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js.api import RetentionPolicy, StreamConfig
from nats.js.errors import APIError, BadRequestError, NotFoundError
from returns.result import Failure, Result, Success

from deciderkit.plain import shown
from deciderkit.shell.closing import Closing
from deciderkit.shell.queues.address import Address
from deciderkit.shell.queues.nats.taking import NatsTaking
from deciderkit.shell.queues.nats.wire import (
    ID,
    OWN_ID,
    REASON,
    Gone,
    Misplaced,
    Wire,
    headers_of,
)
from deciderkit.shell.queues.port import (
    BrokerError,
    BrokerFailure,
    BrokerTrouble,
    End,
    Message,
    Moved,
    Queue,
    Reader,
)

T = TypeVar("T")

PATIENCE: Final = 10.0
"""How long a server has for an answer, in seconds."""


_is_subject: Final = re.compile(r"\A[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+){0,20}\Z").search
SHORTEST_WINDOW: Final = 0.1
"""For so many seconds a server takes a message with an id that it knows for a repeat; it takes no less.

The places of the events and the ids of the requests tell repeats for ever. Were the server to swallow a
command that is sent again, its sender would never be answered.
"""


class NatsBroker(Closing):
    """The queues of ``address``, for one thread; close it, or use it in a ``with``.

    Streams that are not there are made, with the server's defaults; one that somebody made before, with
    limits or replicas, is used as it is.
    """

    def __init__(self, address: Address, patience: float = PATIENCE) -> None:
        self.address = address
        self._patience = patience
        self._runner = asyncio.Runner()
        self._wire: Wire | None = None
        self._made: set[Queue] = set()

    def close(self) -> None:
        """Close the connection."""
        wire, self._wire = self._wire, None
        if wire is not None:
            self._runner.run(_ended(wire.client))
        self._runner.close()

    def publish(
        self, queue: Queue, messages: Sequence[Message], after: int | None = None
    ) -> Result[int, BrokerError]:
        """See `Broker.publish`."""

        async def work(wire: Wire) -> int:
            await self.make(wire, queue)
            try:
                name = OWN_ID if queue is Queue.ASIDE else ID
                return await wire.publish(self.prefix(queue), messages, after, name)
            except Misplaced:
                raise Moved(queue, after or 0) from None

        return self.ask(work)

    def end(self, queue: Queue) -> Result[End, BrokerError]:
        """See `Broker.end`."""

        async def work(wire: Wire) -> End:
            await self.make(wire, queue)
            context = wire.client.jetstream(timeout=self._patience)
            place = (await context.stream_info(self.stream(queue))).state.last_seq
            if not place:
                return End()
            try:
                last = await context.get_msg(self.stream(queue), seq=place)
            except NotFoundError:
                return End(place)
            subject = str(last.subject).removeprefix(f"{self.prefix(queue)}.")
            headers = last.headers or {}
            said, reason = headers.get(ID) or headers.get(OWN_ID, ""), headers.get(REASON, "")
            return End(place, Message(said, subject, last.data or b"", "", reason))

        return self.ask(work)

    def waiting(self, queue: Queue) -> Result[int, BrokerError]:
        """See `Broker.waiting`."""

        async def work(wire: Wire) -> int:
            await self.make(wire, queue)
            context = wire.client.jetstream(timeout=self._patience)
            return int((await context.stream_info(self.stream(queue))).state.messages)

        return self.ask(work)

    def read(self, reader: Reader) -> NatsTaking:
        """See `Broker.read`."""
        return NatsTaking(self, reader)

    def answer(self, answers: Sequence[Message]) -> Result[None, BrokerError]:
        """See `Broker.answer`."""
        # A sender chooses the subject, and this connection may be allowed more than the sender's.
        own = f"{self.address.name}.answers."
        sent = [
            (each.answer_to, each.body, headers_of(each))
            for each in answers
            if each.answer_to.startswith(("_INBOX.", own)) and _is_subject(each.answer_to)
        ]
        return self.ask(lambda wire: wire.send(sent))

    def stream(self, queue: Queue) -> str:
        """The name of the stream that is ``queue``."""
        return f"{self.address.name}-{queue.value}"

    def prefix(self, queue: Queue) -> str:
        """What the subjects of ``queue`` begin with."""
        return f"{self.address.name}.{queue.value}"

    async def make(self, wire: Wire, queue: Queue) -> None:
        """Make the stream of ``queue`` if there is none."""
        if queue in self._made:
            return
        context = wire.client.jetstream(timeout=self._patience)
        try:
            await context.stream_info(self.stream(queue))
        except NotFoundError:
            taken_off = queue is Queue.COMMANDS
            kept = RetentionPolicy.WORK_QUEUE if taken_off else RetentionPolicy.LIMITS
            subjects = [f"{self.prefix(queue)}.>"]
            await context.add_stream(
                StreamConfig(
                    name=self.stream(queue),
                    subjects=subjects,
                    retention=kept,
                    duplicate_window=SHORTEST_WINDOW,
                )
            )
        self._made.add(queue)

    def ask(
        self, work: Callable[[Wire], Coroutine[Any, Any, T]], longer: float = 0.0
    ) -> Result[T, BrokerError]:
        """What ``work`` gives over the connection, in the time that a server has and ``longer``."""
        try:
            return Success(self._runner.run(self._within(work, self._patience + longer)))
        except Gone:
            self._made.clear()
            because = "a stream or a consumer is not there (any more)"
        except BrokerFailure as failure:
            because = str(failure)
        except BrokerTrouble as trouble:
            return Failure(trouble)  # type: ignore[arg-type]  # all kinds there are
        except (APIError, BadRequestError) as error:
            because = str(error.description)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            because = _in_words(error, self._patience)
            self._let_go()
        return Failure(BrokerFailure(f"{self.address}: {shown(because)}"))

    async def _within(self, work: Callable[[Wire], Coroutine[Any, Any, T]], seconds: float) -> T:
        async with asyncio.timeout(seconds):
            wire = self._wire
            if wire is not None and not wire.client.is_connected:
                await _ended(wire.client)
                wire = None
            if wire is None:
                wire = await self._connected()
            return await wire.unless_lost(work(wire))

    async def _connected(self) -> Wire:
        self._made.clear()
        wire = Wire(Client())
        try:
            await wire.connect(self.address.server, int(max(self._patience / 3, 1)))
        except BaseException:
            await _ended(wire.client)
            raise
        self._wire = wire
        return wire

    def _let_go(self) -> None:
        """A connection that did not answer is not used again."""
        wire, self._wire = self._wire, None
        if wire is not None:
            self._runner.run(_ended(wire.client))


async def _ended(client: Client) -> None:
    """Close a connection and wait for its tasks: nobody waits for those of one that was lost."""
    try:
        async with asyncio.timeout(1):
            await client.close()
    except (nats.errors.Error, OSError, TimeoutError):
        pass  # it was not to be used again in any case
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for patience in (0.2, 0.2):
        if others:
            _, others = await asyncio.wait(others, timeout=patience)
        for each in others:
            each.cancel()


def _in_words(error: Exception, patience: float) -> str:
    """What went wrong with the connection; several ways of not being there read the same."""
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(error, TimeoutError):
        return f"no answer for {patience:g} seconds"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).removeprefix("nats: ") or type(error).__name__
