"""An event with its place in the log: what a store gives back, and what a line of JSON says."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from msgspec import Struct

E_co = TypeVar("E_co", covariant=True)

ID_PATTERN: Final = r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,255}\Z"
"""The names of streams and the ids that callers give their commands, the same for every store."""

COMMAND_ID_PATTERN: Final = r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,255}(~[a-z0-9]{1,20}){0,2}\Z"
"""The ids that stand in a log: one that was given, or one of those that `derived_id` makes of it."""

TIME_PATTERN: Final = (
    r"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\Z"
)
"""When something was recorded: ISO 8601 to the second or finer, with its offset from UTC."""


def derived_id(command_id: str, part: str | int) -> str:
    """The id of a ``part`` of the command that was given ``command_id``: a lower-case word, a number.

    No id that a caller gives has a ``~``, so that nobody's command is taken for a part of another.
    The room for it is added to that of the given id. It goes two deep: a part of a part.

    >>> derived_id("mission.1", 2)
    'mission.1~2'
    """
    return f"{command_id}~{part}"


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
