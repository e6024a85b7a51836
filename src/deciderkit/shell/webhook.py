"""A delivery by HTTP: an event as JSON to an address, and again with growing pauses until it is taken.

The key of the delivery goes along as ``Idempotency-Key``. It is the same at each try, also after a crash
or in another process, so a receiver that drops repeats by it hears everything once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from deciderkit.log.codec import Codec

_LATER: Final = frozenset({408, 409, 425, 429})
"""Answers that ask for another try, beside those of 500 and more."""


class NotTaken(Exception):
    """A receiver that did not take an event, and why."""


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would turn the message into a mere question: it is an answer like any other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


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
        self._open = build_opener(_NoRedirects()).open

    def __call__(self, event: Any, key: str) -> None:
        """Deliver ``event``. Raises `NotTaken` where it was not taken."""
        request = Request(
            self._url,
            data=self._body(event, key),
            headers={**self._headers, "Idempotency-Key": key},
            method="POST",
        )
        pause = self._pause
        for left in reversed(range(self._tries)):
            wrong, asked = self._post(request)
            if not wrong:
                return
            if not left:
                break
            self._sleep(min(max(pause, asked), self._longest_pause))
            pause *= 2
        raise NotTaken(f"{self._where} {wrong}, {self._tries} times: expected it to be there")

    def _post(self, request: Request) -> tuple[str, float]:
        """What went wrong, if anything did that may go well later, and how long to wait at least."""
        try:
            with self._open(request, timeout=self._timeout):
                return "", 0
        except HTTPError as error:
            with error:
                said = f"answers {error.code} {error.reason}".strip()
                if error.code < 500 and error.code not in _LATER:
                    raise NotTaken(f"{self._where} {said}: expected it to take the event") from None
                return said, _seconds(error.headers.get("Retry-After"))
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            return f"does not answer ({reason})", 0

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
