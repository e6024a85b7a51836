"""One message posted by HTTP, and what came of it.

It stands apart from `webhook`, which imports it when the first address is given: with what Python needs
for HTTP, a program would take an eighth longer to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener


class Answer(NamedTuple):
    """What a receiver said: its code, 0 if it said nothing, in words, and how long it wants to wait."""

    code: int
    said: str
    retry_after: str | None = None


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would turn the message into a mere question: it is an answer like any other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def opener() -> OpenerDirector:
    """What posts by the proxies that the environment names by now."""
    return build_opener(_NoRedirects())


def post(
    by: OpenerDirector, url: str, body: bytes, headers: Mapping[str, str], timeout: float
) -> Answer:
    """What the receiver at ``url`` says to ``body``, or that it says nothing."""
    request = Request(url, data=body, headers=dict(headers), method="POST")
    try:
        with by.open(request, timeout=timeout) as answer:
            return Answer(answer.status, "takes it")
    except HTTPError as error:
        with error:
            said = f"answers {error.code} {error.reason}".strip()
            return Answer(error.code, said, error.headers.get("Retry-After"))
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        return Answer(0, f"does not answer ({reason})")
