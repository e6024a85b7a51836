"""A receiver of webhooks: a real HTTP server that answers what it is told to, and drops repeats by their key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec


class Heard(NamedTuple):
    """One request."""

    key: str
    body: dict[str, Any]
    headers: dict[str, str]


class Receiver:
    """Answers with ``answers`` one after the other, and with 204 when there are none left."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append(
                    Heard(
                        self.headers["Idempotency-Key"],
                        msgspec.json.decode(body),
                        dict(self.headers.items()),
                    )
                )
                code, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(code)
                for each in headers.items():
                    self.send_header(*each)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    @property
    def once(self) -> list[dict[str, Any]]:
        """What it took in: the first of each key."""
        return list({each.key: each.body for each in reversed(self.heard)}.values())[::-1]

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A `Receiver` that listens."""
    made = Receiver()
    try:
        yield made
    finally:
        made.close()
