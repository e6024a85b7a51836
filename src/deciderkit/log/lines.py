"""A log as lines of JSON, one recorded event each: what ``log --json`` writes and ``import`` reads."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from deciderkit.ids import COMMAND_ID_PATTERN, ID_PATTERN, TIME_PATTERN
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent, CorruptLine, reason_of
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.log.strict_json import MAX_BYTES, check_size, strict_tree

MAX_LINE: Final = MAX_BYTES + 64 * 1024
"""The longest line: the longest event, and what stands around it."""


class _Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A recorded event as JSON spells it, with its keys in the order in which a person reads them."""

    position: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    stream: Annotated[str, Meta(pattern=ID_PATTERN)]
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    type: str
    schema: int
    command_id: Annotated[str, Meta(pattern=COMMAND_ID_PATTERN)]
    recorded_at: Annotated[str, Meta(pattern=TIME_PATTERN)]
    tally: Tally | UnsetType = UNSET
    data: msgspec.Raw


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_Line).decode


def line(codec: Codec, recorded: Recorded[Any]) -> bytes:
    """``recorded`` as one line, without the line's end. `read_line` is the inverse."""
    stored = codec.encode(recorded.event)
    return _encode(
        _Line(
            position=recorded.position,
            stream=recorded.stream,
            version=recorded.version,
            type=stored.type,
            schema=stored.schema,
            command_id=recorded.command_id,
            recorded_at=recorded.recorded_at,
            tally=UNSET if recorded.tally is None else recorded.tally,
            data=msgspec.Raw(stored.data),
        )
    )


def read_line(codec: Codec, line: bytes, number: int) -> Recorded[Any]:
    """The recorded event that line number ``number`` of a file holds.

    Raises `CorruptLine`; the event inside is held to the same rules as in `Codec.decode`.

    >>> read_line(Codec([]), b'{"position": 1', number=7)
    Traceback (most recent call last):
        ...
    deciderkit.log.errors.CorruptLine: line 7: Input data was truncated
    """
    try:
        _check(line)
        found = _decode(line)
        if _encode(found) != line:
            strict_tree(line, MAX_LINE)
        event = codec.decode(found.type, found.schema, bytes(found.data), found.position)
    except CorruptEvent as error:
        raise CorruptLine(number, error.reason) from None
    except (ValueError, TypeError, RecursionError) as error:
        raise CorruptLine(number, reason_of(error)) from None
    return Recorded(
        found.position,
        found.stream,
        found.version,
        event,
        found.command_id,
        found.recorded_at,
        None if isinstance(found.tally, UnsetType) else found.tally,
    )


def _check(line: bytes) -> None:
    check_size(line, MAX_LINE)
    if not line.strip():
        raise ValueError("the line is empty: expected a recorded event")
    if line[:2] in (b"\xff\xfe", b"\xfe\xff") or line[:3] == b"\xef\xbb\xbf" or b"\0" in line[:4]:
        raise ValueError("begins with a byte order mark: expected UTF-8 without one")
