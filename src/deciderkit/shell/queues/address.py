"""The address of a broker: ``nats://HOST:PORT/NAME``, where NAME stands for the log whose queues they are."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from deciderkit.plain import shown

SCHEMES: Final = ("nats", "tls")
PORT: Final = 4222
NAME: Final = "deciderkit"
_is_name: Final = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z").search


class BadAddress(ValueError):
    """A text that is no address of a broker."""


class Address(Struct, frozen=True):
    """Where a broker is, and the name under which it carries the queues of one log.

    >>> Address.read("nats://queue.example/rovers")
    Address(server='nats://queue.example:4222', name='rovers')
    """

    server: str
    name: str = NAME

    @classmethod
    def read(cls, text: str) -> Address:
        """The address in ``text``. Raises `BadAddress`; without a name it is ``deciderkit``."""
        try:
            found = urlsplit(text)
            port = found.port or PORT
        except ValueError as error:
            raise BadAddress(_wrong(text, str(error))) from None
        if found.scheme not in SCHEMES or not found.hostname:
            raise BadAddress(_wrong(text, "no broker"))
        name = found.path.strip("/") or NAME
        if not _is_name(name) or found.query or found.fragment:
            raise BadAddress(_wrong(text, "no name for the queues of a log"))
        at = found.netloc if found.port else f"{found.netloc}:{port}"
        return cls(f"{found.scheme}://{at}", name)

    def __str__(self) -> str:
        """The address without the password that may stand in it."""
        return f"{_without_secret(self.server)}/{self.name}"


def _wrong(text: str, what: str) -> str:
    return (
        f"{shown(_without_secret(text), 100)!a}: {what}: expected nats://HOST:PORT/NAME, "
        "with 1 to 64 of A-Z a-z 0-9 _ - for NAME"
    )


def _without_secret(text: str) -> str:
    return re.sub(r"//[^/]*@", "//", text)
