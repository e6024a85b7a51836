"""Checksums that chain each event of a log to all that stands before it.

The checksum of an event is ``crc32(data, before ^ kind)``: it covers its data, its type (as
`kind_sum`) and the checksum before it. The first event of a commit starts from `head_sum`, which
covers the commit as well: its stream, version, position, count, command id,
time and tally. CRC-32 finds every change of up to 32 bits in a row, so no flipped byte goes unseen; it is a
guard against decay, not against somebody who wants to forge.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

START = 0
"""What the first event of a log is chained to."""


@lru_cache(maxsize=1024)
def kind_sum(type: str, schema: int) -> int:
    """What an event's type and schema add to its checksum."""
    return crc32(f"{type}/{schema}".encode(errors="surrogateescape"))


def head_sum(
    chained_to: int,
    place: tuple[int, int, int],
    stream: str,
    command_id: str,
    recorded_at: str,
    tally: str = "",
) -> int:
    """What a commit's first event is chained to; ``place`` is first position, count and version.

    ``tally`` is that of its request, as it is written; a commit without one has the sum that it had
    before there were tallies.

    Raises ``ValueError`` for a text with a NUL, which stands between the texts: with one inside, two
    different commits could have the same sum.

    >>> head_sum(0, (1, 1, 1), "door-front", "c1", "2026") == head_sum(
    ...     0, (1, 1, 1), "door-front", "c1", "2027"
    ... )
    False
    """
    first, count, version = place
    said = f"{first}\0{count}\0{version}\0{stream}\0{command_id}\0{recorded_at}"
    if tally:
        said += "\0" + tally
    if said.count("\0") != (6 if tally else 5):
        raise ValueError("a text has a NUL: expected none")
    return crc32(said.encode(errors="surrogateescape"), chained_to)
