"""One connection to a server, and the few things that are asked over it: publish, pull, confirm.

The hot paths speak the server's own protocol by plain ``publish`` and ``subscribe``. The client's
``publish_async`` took three times as long for a message, and its ``fetch`` and ``ack`` fourteen times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, NoServersError

from deciderkit.plain import shown
from deciderkit.shell.queues.port import BrokerFailure, Message, Taken, TooLong

T = TypeVar("T")

ID: Final = "Nats-Msg-Id"
OWN_ID: Final = "Id"
"""The id of a message of which each is to be kept, though its sender used the id before."""
ANSWER_TO: Final = "Answer-To"
REASON: Final = "Reason"
EXPECTED: Final = "Nats-Expected-Last-Sequence"
AT_ONCE: Final = 4 * 1024 * 1024
"""As many bytes are under way before the server has confirmed them; it buffers 128 MB for everybody."""
_AROUND: Final = 64
"""Bytes of a header beside its name and value, generously."""
_WRONG_SEQUENCE: Final = 10071


class Gone(Exception):
    """What a message was sent to, or asked of, is not there: a stream, or a consumer."""


class Misplaced(Exception):
    """The stream does not end where it was expected to."""


class _Trouble(Struct):
    code: int = 0
    err_code: int = 0
    description: str = ""


class _Ack(Struct):
    seq: int = 0
    duplicate: bool = False
    error: _Trouble | None = None


_ack = msgspec.json.Decoder(_Ack).decode
_spelled = msgspec.json.Encoder().encode


class Wire:
    """What is sent and heard over ``client``, by one caller at a time."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.met: Exception | None = None
        """The error that the client met last, which it tells nobody else."""
        self._lost = asyncio.Event()
        self._inbox = client.new_inbox()
        self._round = 0
        self._news = asyncio.Event()
        self._replies: list[Msg] = []
        self._delivered: list[Msg] = []
        self._wanted = ""

    async def connect(self, server: str, seconds: int) -> None:
        """Reach ``server``, and hear what it says to this connection. Raises what is in the way."""
        try:
            await self.client.connect(
                server,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=seconds,
                error_cb=self._meet,
                closed_cb=self._lose,
                disconnected_cb=self._lose,
            )
        except NoServersError:
            raise self.met or NoServersError from None
        self._lost.clear()
        await self.client.subscribe(f"{self._inbox}.*", cb=self._hear)

    async def unless_lost(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` gives, or the end of it as soon as the connection is lost: nobody else tells it."""
        tasks = working, lost = asyncio.create_task(work), asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise ConnectionClosedError
            return working.result()
        finally:
            working.cancel()
            lost.cancel()

    async def publish(
        self, prefix: str, messages: Sequence[Message], after: int | None, name: str = ID
    ) -> int:
        """Put ``messages`` into the stream of ``prefix``; the place of the last one.

        Raises `Misplaced`, `Gone`, and `TooLong` where all before that message are published.
        """
        place = 0
        for window in _windows(messages, self.client.max_payload):
            for message in window:
                if (size := _size(message)) > self.client.max_payload:
                    raise TooLong(message.id, size, self.client.max_payload)
            place = await self._publish(prefix, window, after, name)
            after = place if after is not None else None
        return place

    async def pull(self, stream: str, consumer: str, limit: int, wait: float) -> list[Msg]:
        """At most ``limit`` messages, none if there are none for ``wait`` seconds. Raises `Gone`."""
        ask = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        found: list[Msg] = []
        self._wants(f".{stream}.{consumer}.")
        await self._pull(ask, {"batch": limit, "no_wait": True}, limit, found)
        if not found and wait > 0:
            patience = {"batch": 1, "expires": int(wait * 1e9)}
            await self._pull(ask, patience, 1, found)
            if found and limit > 1:
                rest = {"batch": limit - 1, "no_wait": True}
                await self._pull(ask, rest, limit, found)
        return found

    async def confirm(self, receipts: Sequence[str], word: bytes) -> None:
        """Say ``word`` of each message; they are known to the server at the end, for it hears them in order."""
        reply = self._begin()
        for receipt in receipts[:-1]:
            await self.client.publish(receipt, word)
        await self.client.publish(receipts[-1], word, reply=reply)
        while not self._replies:
            await self._next_news()
        _check(self._replies[0])

    async def send(self, messages: Sequence[tuple[str, bytes, dict[str, str]]]) -> None:
        """Send to whoever listens."""
        for subject, body, headers in messages:
            await self.client.publish(subject, body, headers=headers)
        await self.client.flush()

    async def _publish(
        self, prefix: str, messages: Sequence[Message], after: int | None, name: str
    ) -> int:
        reply = self._begin()
        for number, message in enumerate(messages):
            headers = headers_of(message, name)
            if after is not None:
                headers[EXPECTED] = str(after + number)
            subject = f"{prefix}.{message.subject}"
            await self.client.publish(subject, message.body, reply=reply, headers=headers)
        while len(self._replies) < len(messages):
            await self._next_news()
        return max(_place(each, repeats=after is None) for each in self._replies)

    async def _pull(self, ask: str, how: dict[str, Any], limit: int, found: list[Msg]) -> None:
        reply = self._begin()
        await self.client.publish(ask, _spelled(how), reply=reply)
        while True:
            room = limit - len(found)
            found += self._delivered[:room]
            del self._delivered[:room]
            if len(found) >= limit or self._replies:
                break
            await self._next_news()
        for each in self._replies:
            _check(each)

    def _wants(self, consumer: str) -> None:
        """From now on messages are for ``consumer``; what comes late for another one will come again."""
        if self._wanted != consumer:
            self._wanted = consumer
            self._delivered.clear()

    def _begin(self) -> str:
        self._round += 1
        self._replies.clear()
        return f"{self._inbox}.{self._round}"

    async def _hear(self, message: Msg) -> None:
        if message.reply:
            if self._wanted in message.reply:
                self._delivered.append(message)
        elif message.subject == f"{self._inbox}.{self._round}":
            self._replies.append(message)
        self._news.set()

    async def _next_news(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _meet(self, error: Exception) -> None:
        self.met = error

    async def _lose(self) -> None:
        self._lost.set()


def headers_of(message: Message, name: str = ID) -> dict[str, str]:
    """What stands around the body; text from outside is made fit for a line of its own."""
    headers = {name: shown(message.id, 300)} if message.id else {}
    if message.answer_to:
        headers[ANSWER_TO] = shown(message.answer_to, 300)
    if message.reason:
        headers[REASON] = shown(message.reason, 1_000)
    return headers


def taken_of(found: Msg, prefix: str) -> Taken:
    """The message in ``found``. One that its sender gave no id has one of its place and time."""
    headers = found.headers or {}
    said = headers.get(ID) or headers.get(OWN_ID) or _unnamed(found)
    subject = found.subject.removeprefix(f"{prefix}.")
    answer, reason = headers.get(ANSWER_TO, ""), headers.get(REASON, "")
    return Taken(Message(said, subject, found.data, answer, reason), found.reply)


def _unnamed(found: Msg) -> str:
    """An id that stays the same when the message comes again, and is no other's after a lost disk."""
    metadata = found.metadata
    return f"unnamed-{metadata.timestamp:%Y%m%dT%H%M%S.%f}-{metadata.sequence.stream}"


def _place(reply: Msg, *, repeats: bool) -> int:
    """The place at which a message was put, as the server's reply says. Raises what went wrong."""
    _check(reply)
    said = _ack(reply.data)
    if said.error is None:
        if (
            said.duplicate and not repeats
        ):  # swallowed, by a stream of somebody's own that was emptied
            raise Misplaced
        return said.seq
    if said.error.err_code == _WRONG_SEQUENCE:
        raise Misplaced
    raise BrokerFailure(said.error.description)


def _check(reply: Msg) -> None:
    """Raise what a status says that is more than that there is nothing at present."""
    headers = reply.headers or {}
    status, description = headers.get("Status", ""), headers.get("Description", "")
    if status == "503" or "Consumer Deleted" in description:
        raise Gone
    if status not in ("", "404", "408"):
        raise BrokerFailure(f"{status} {description}")


def _size(message: Message) -> int:
    headers = headers_of(message)
    around = sum(len(name) + len(text.encode()) + _AROUND for name, text in headers.items())
    return len(message.body) + around


def _windows(messages: Sequence[Message], most: int) -> list[list[Message]]:
    """``messages`` in windows of few bytes; one that is too long stands alone."""
    windows: list[list[Message]] = []
    room = 0
    for message in messages:
        size = _size(message)
        if size > room or size > most:
            windows.append([])
            room = AT_ONCE if size <= most else 0
        windows[-1].append(message)
        room -= size
    return windows
