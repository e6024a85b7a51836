"""An event with its place in the log: what a store gives back, and what a line of JSON says."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from msgspec import Struct

E_co = TypeVar("E_co", covariant=True)

ID_PATTERN: Final = r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,255}\Z"
"""The names of streams and the ids of commands, the same for every store."""


class Recorded(Struct, Generic[E_co], frozen=True, gc=False):
    """``event`` as it stands in the log.

    ``position`` is its place in the whole log, ``version`` its place in ``stream``, both from 1.
    ``command_id`` names the request that led to it, and ``recorded_at`` is when that was, in UTC as
    ISO 8601: a note for people, which no fold looks at.
    """

    position: int
    stream: str
    version: int
    event: E_co
    command_id: str
    recorded_at: str
