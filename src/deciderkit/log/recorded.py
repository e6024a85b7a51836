"""An event with its place in the log: what a store gives back, and what a line of JSON says."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

E_co = TypeVar("E_co", covariant=True)

Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Refusal(Struct, frozen=True):
    """The last command of a request that was refused: its number, from 1, and the reason in words."""

    number: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    reason: str


class Tally(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How far a request has got, as one of its commits says: the sum of all up to this commit.

    ``done`` counts its commands that are settled, ``refused`` those of them that were refused.
    ``halted`` says that an event ended the request. ``digest`` stands for the commands that are
    done, so that other commands under the same id are found out.
    """

    done: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    refused: Count = 0
    refusal: Refusal | None = None
    halted: bool = False
    digest: str = ""


class Recorded(Struct, Generic[E_co], frozen=True, gc=False):
    """``event`` as it stands in the log.

    ``position`` is its place in the whole log, ``version`` its place in ``stream``, both from 1.
    ``command_id`` names what led to it: a request under the id that it was given, which then has a
    ``tally``, a to-do, or a request that nobody will repeat. ``recorded_at`` is when that was, in UTC
    as ISO 8601: a note for people, which no fold looks at.
    """

    position: int
    stream: str
    version: int
    event: E_co
    command_id: str
    recorded_at: str
    tally: Tally | None = None
