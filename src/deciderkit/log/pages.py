"""Rows of a log to recorded events, for every store that keeps rows: checksums first, then decoding.

A row is trusted once its checksum holds, for then it is byte by byte what the codec wrote. The first
event of each kind on a page is read strictly all the same: a type that has lost a field since is
found out there, and not only by an audit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import msgspec

from deciderkit.log.chain import head_sum, kind_sum
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import CorruptEvent, unreadable
from deciderkit.log.recorded import Recorded, Tally

Page: TypeAlias = tuple[Recorded[Any], ...]
Row: TypeAlias = tuple[int, int, bytes, int]
"""Position, kind, data and checksum of an event."""

_encode_tally = msgspec.json.Encoder().encode
_decode_tally = msgspec.json.Decoder(Tally).decode


class Commit(NamedTuple):
    """What the events share that were recorded together; ``tally`` is JSON, or empty."""

    first: int
    size: int
    version: int
    stream: str
    command_id: str
    recorded_at: str
    tally: str
    chained_to: int

    def seed(self) -> int:
        """What the checksum of the first event starts from."""
        place = (self.first, self.size, self.version)
        return head_sum(
            self.chained_to, place, self.stream, self.command_id, self.recorded_at, self.tally
        )


def commit_of(events: Sequence[Recorded[Any]]) -> Commit:
    """The commit of ``events``, which were recorded together, chained to nothing yet."""
    first = events[0]
    place = (first.position, len(events), first.version, first.stream)
    said = tally_text(first.tally)
    return Commit(*place, first.command_id, first.recorded_at, said, chained_to=0)


def events_of(commit: Commit, stored: Sequence[Stored], codec: Codec) -> Page:
    """The events of ``commit``, whose data no checksum has vouched for: each is read strictly."""
    tally = tally_of(commit.tally)
    shared = commit.command_id, commit.recorded_at, tally
    return tuple(
        Recorded(
            commit.first + place,
            commit.stream,
            commit.version + place,
            codec.decode(name, schema, data, commit.first + place),
            *shared,
        )
        for place, (name, schema, data) in enumerate(stored)
    )


class Kind(NamedTuple):
    """A type of event in one schema: its part of a checksum, and how its data is decoded."""

    part: int
    quick: Callable[[bytes], Any]
    strict: Callable[[bytes, int], Any]


def kind_of(codec: Codec, name: str, schema: int) -> Kind:
    """The kind ``name`` in ``schema``; one that the codec does not know says so when it decodes."""

    def strict(data: bytes, position: int) -> Any:
        return codec.decode(name, schema, data, position)

    try:
        return Kind(kind_sum(name, schema), codec.decoder(name, schema), strict)
    except ValueError:
        return Kind(kind_sum(name, schema), lambda data: strict(data, 0), strict)


def tally_text(tally: Tally | None) -> str:
    """``tally`` as it stands in a commit.

    >>> tally_text(Tally(3, 1)), tally_text(None)
    ('{"done":3,"refused":1}', '')
    """
    return "" if tally is None else _encode_tally(tally).decode()


def tally_of(text: str) -> Tally | None:
    """The inverse of `tally_text`. Raises ``ValueError``."""
    return _decode_tally(text) if text else None


def chained(commit: Commit, stored: Sequence[Stored]) -> list[int]:
    """The checksums of the events of ``commit``, each chained to all that stands before it."""
    sums: list[int] = []
    before, kind, of_kind = commit.seed(), ("", 0), kind_sum("", 0)
    for name, schema, data in stored:
        if name != kind[0] or schema != kind[1]:
            kind = name, schema
            of_kind = kind_sum(name, schema)
        before = crc32(data, before ^ of_kind)
        sums.append(before)
    return sums


def page_of(
    rows: Sequence[Row],
    commits: Sequence[Commit],
    before: int,
    kind_at: Callable[[int, int], Kind],
    *,
    linked: bool,
) -> Page:
    """The events in ``rows``, of ``commits``, in the order of the log.

    ``before`` is the checksum before the first row, ``kind_at(position, kind)`` looks a kind up.
    ``linked`` says that nothing of the log is left out between the commits, so that each must be
    chained to the one before. Raises `CorruptEvent` at the first row that is not as written.
    """
    reader = _Reader(kind_at)
    done = 0
    for commit in commits:
        if done == len(rows):
            break
        position = rows[done][0]
        if linked and position != rows[0][0] + done:
            raise CorruptEvent(rows[0][0] + done, "is missing")
        within = position - commit.first
        if not 0 <= within < commit.size:
            raise CorruptEvent(position, "does not belong to the commit that it follows")
        if within == 0:
            if (linked or not done) and commit.chained_to != before:
                raise CorruptEvent(position, "is not chained to the event before it")
            before = _seed(commit, position)
        piece = rows[done : done + commit.size - within]
        before = reader.add(piece, commit, before)
        done += len(piece)
    if done < len(rows):
        raise CorruptEvent(rows[done][0], "belongs to no commit")
    return tuple(reader.page)


def _seed(commit: Commit, position: int) -> int:
    try:
        return commit.seed()
    except ValueError as error:
        raise CorruptEvent(position, unreadable(error)) from None


class _Reader:
    """Reads the rows of one page, commit by commit."""

    def __init__(self, kind_at: Callable[[int, int], Kind]) -> None:
        self.page: list[Recorded[Any]] = []
        self._kind_at = kind_at
        self._seen: dict[int, tuple[int, Callable[[bytes], Any]]] = {}

    def add(self, rows: Sequence[Row], commit: Commit, before: int) -> int:
        """Add the events of one commit; the checksum of the last is returned."""
        _, _, first_version, stream, command_id, recorded_at, text, _ = commit
        expected = rows[0][0]
        version = first_version + expected - commit.first
        tally = self._tally(text, expected) if text else None
        seen, add = self._seen, self.page.append
        for position, number, data, checksum in rows:
            if position != expected:
                raise CorruptEvent(expected, "is missing")
            known = seen.get(number)
            try:
                before = crc32(data, before ^ (known or self._kind(position, number))[0])
                if before != checksum:
                    raise CorruptEvent(position, "the checksum does not fit")
                event = known[1](data) if known else self._first(position, number, data)
            except CorruptEvent:
                raise
            except Exception as error:  # an upcast or a type's own code may raise anything
                raise CorruptEvent(position, unreadable(error)) from None
            add(Recorded(position, stream, version, event, command_id, recorded_at, tally))
            expected += 1
            version += 1
        return before

    def _kind(self, position: int, number: int) -> Kind:
        return self._kind_at(position, number)

    def _first(self, position: int, number: int, data: bytes) -> Any:
        kind = self._kind_at(position, number)
        event = kind.strict(data, position)
        self._seen[number] = kind.part, kind.quick
        return event

    def _tally(self, text: str, position: int) -> Tally | None:
        try:
            return tally_of(text)
        except ValueError as error:
            raise CorruptEvent(position, f"its tally: {error}") from None
