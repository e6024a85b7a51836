"""Programs as they come - text, bytes, maps of files, streams of pieces - to bit planes.

Whatever the form, the letters leave this room in stretches of one size and are checked here, so
that the other rooms see valid programs only. Nothing is copied that need not be, and no more than
a stretch is held at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol, TypeAlias, cast

import numpy as np

from mars_rover.batch.columns import WORD, Bytes, Rejected, Words
from mars_rover.notation import find_strange, parse_program
from mars_rover.values import Invalid

STRETCH: Final = 2**21
"""Letters done at a time: enough for the cost of a numpy call to vanish, few enough for the columns of
a stretch to stay in the caches."""

_PART: Final = 2**18
"""Letters that are compared at a time: bytes fill a cache eight times as fast as bits do."""

_FORMS = "str, or contiguous bytes (an array of uint8, one dimension), or pieces of these"


class Buffer(Protocol):
    """Memory to look at: bytes, bytearray, memoryview, mmap, an array of uint8."""

    def __buffer__(self, flags: int, /) -> memoryview:
        """The memory."""


Piece: TypeAlias = str | Buffer | Bytes
ProgramLetters: TypeAlias = Piece | Iterable[Piece]
"""A program in any of the forms that are read here."""


class LetterPlanes(NamedTuple):
    """Where the letters of each kind are, one bit a letter; beyond the end all three are clear."""

    left: Words
    right: Words
    move: Words


def encode(letters: Bytes) -> LetterPlanes:
    """The bit planes of ``letters``, at least one of them, whatever they are."""
    parts = (letters[begin : begin + _PART] for begin in range(0, letters.size, _PART))
    planes = zip(*([_packed(part, ord(letter)) for letter in "LRM"] for part in parts), strict=True)
    left, right, move = map(np.concatenate, planes)
    return LetterPlanes(left, right, move)


def _packed(letters: Bytes, letter: int) -> Words:
    bits = np.packbits(letters == letter, bitorder="little")
    missing = -bits.size % WORD.itemsize
    return (np.pad(bits, (0, missing)) if missing else bits).view(WORD)


def known(planes: LetterPlanes) -> Bytes:
    """How many letters in each word are letters of a program."""
    count: Bytes = np.bitwise_count(planes.left | planes.right | planes.move)
    return count


def encoded_stretches(program: ProgramLetters) -> Iterator[tuple[int, LetterPlanes]]:
    """The program stretch by stretch, each with its length; `Rejected` if it is not a program."""
    offset = 0
    for letters in stretches(program):
        planes = encode(letters)
        if int(known(planes).sum()) != letters.size:
            raise strange(letters.tobytes().decode("latin-1"), offset)
        yield letters.size, planes
        offset += letters.size
    if not offset:
        raise Rejected(parse_program("").failure())


def strange(text: str, offset: int = 0) -> Rejected:
    """What to raise for a piece, standing at ``offset``, that has a strange letter in it."""
    return Rejected(find_strange(text, offset).failure())


def stretches(program: ProgramLetters) -> Iterator[Bytes]:
    """The letters of ``program`` in arrays of `STRETCH`, the last one of what is left."""
    held = bytearray()
    try:
        for piece in _pieces(program):
            start = STRETCH - len(held) if held else 0
            held.extend(piece[:start])
            if len(held) == STRETCH:
                yield np.frombuffer(held, np.uint8)
                held = bytearray()
            whole = start + max(0, len(piece) - start) // STRETCH * STRETCH
            for begin in range(start, whole, STRETCH):
                yield piece[begin : begin + STRETCH]
            held.extend(piece[whole:])
    except Rejected:
        # What came before it may hold a strange letter, which is then the first thing wrong.
        yield from _rest(held)
        raise
    yield from _rest(held)


def _rest(held: bytearray) -> Iterator[Bytes]:
    if held:
        yield np.frombuffer(held, np.uint8)


def _pieces(program: ProgramLetters) -> Iterator[Bytes]:
    if isinstance(program, str):
        yield from _of_text(program, 0)
    elif (array := as_array(program, "program")) is not None:
        yield array
    elif isinstance(program, Iterable):
        yield from _of_pieces(program)
    else:
        raise _not_letters(program, "program")


def _of_pieces(pieces: Iterable[Piece]) -> Iterator[Bytes]:
    offset = 0
    for number, piece in enumerate(pieces):
        what = f"piece {number} of the program"
        if isinstance(piece, str):
            yield from _of_text(piece, offset)
            offset += len(piece)
        elif (array := as_array(piece, what)) is not None:
            yield array
            offset += array.size
        else:
            raise _not_letters(piece, what)


def _of_text(text: str, offset: int) -> Iterator[Bytes]:
    for begin in range(0, len(text), STRETCH):
        part = text[begin : begin + STRETCH]
        if not part.isascii():
            raise strange(part, offset + begin)
        yield np.frombuffer(part.encode("ascii"), np.uint8)


def as_array(piece: object, what: str) -> Bytes | None:
    """A buffer as an array without a copy, or None for what is not a buffer."""
    try:
        view = memoryview(cast(Buffer, piece))
    except TypeError:
        return None
    except ValueError as error:
        raise Rejected(Invalid(f"{what} cannot be read: {error}", _FORMS)) from None
    if view.format == "B" and view.ndim == 1 and view.c_contiguous:
        return np.asarray(view)
    order = "" if view.c_contiguous else "non-contiguous "
    kind = f"{order}memory of format {view.format!r} and {view.ndim} dimension(s)"
    raise Rejected(Invalid(f"{what} is {kind}", _FORMS))


def _not_letters(value: object, what: str) -> Rejected:
    return Rejected(Invalid(f"{what} is of type {type(value).__name__}", _FORMS))
