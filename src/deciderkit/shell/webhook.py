"""A delivery by HTTP: an event as JSON to an address, and again with growing pauses until it is taken.

The key of the delivery goes along as ``Idempotency-Key``. It is the same at each try, also after a crash
or in another process, so a receiver that drops repeats by it hears everything once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from deciderkit.log.codec import Codec

_LATER: Final = frozenset({408, 409, 425, 429})
"""Answers that ask for another try, beside those of 500 and more."""


class NotTaken(Exception):
    """A receiver that did not take an event, and why."""


class Webhook:
    """Posts events to ``url``, up to ``tries`` times; what is not taken then raises `NotTaken`.

    The body is ``{"type": ..., "schema": ..., "key": ..., "data": {...}}`` with the names of
    ``codec``. Any answer of 200 to 299 takes it. No answer, one of 500 and more, and 408, 409, 425
    and 429 ask for another try: after ``pause`` seconds, then after twice as many, up to
    ``longest_pause``, or as many as ``Retry-After`` says. Every other answer is a refusal at once.

    Raises ``ValueError`` for what is no address of HTTP.
    """

    def __init__(
        self,
        url: str,
        codec: Codec,
        *,
        headers: Mapping[str, str] | None = None,
        tries: int = 8,
        pause: float = 0.5,
        longest_pause: float = 30,
        timeout: float = 10,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        from deciderkit.shell.posting import opener, post  # noqa: PLC0415 - see there

        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url[:60]!a} is no address: expected http://... or https://...")
        self._where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        self._url = url
        self._codec = codec
        self._headers = {"Content-Type": "application/json", **(headers or {})}
        self._tries = max(tries, 1)
        self._pause = pause
        self._longest_pause = longest_pause
        self._timeout = timeout
        self._sleep = sleep
        self._post = partial(post, opener())

    def __call__(self, event: Any, key: str) -> None:
        """Deliver ``event``. Raises `NotTaken` where it was not taken."""
        body, headers = self._body(event, key), {**self._headers, "Idempotency-Key": key}
        pause = self._pause
        for left in reversed(range(self._tries)):
            answer = self._post(self._url, body, headers, self._timeout)
            if 200 <= answer.code < 300:
                return
            if 0 < answer.code < 500 and answer.code not in _LATER:
                raise NotTaken(f"{self._where} {answer.said}: expected it to take the event")
            if not left:
                break
            self._sleep(min(max(pause, _seconds(answer.retry_after)), self._longest_pause))
            pause *= 2
        raise NotTaken(f"{self._where} {answer.said}, {self._tries} times: expected it to be there")

    def _body(self, event: Any, key: str) -> bytes:
        stored = self._codec.encode(event)
        return msgspec.json.encode(
            {
                "type": stored.type,
                "schema": stored.schema,
                "key": key,
                "data": msgspec.Raw(stored.data),
            }
        )


def _seconds(said: str | None) -> float:
    return float(said) if said and said.isascii() and said.isdigit() else 0
