"""Programs as they come - text, bytes, maps of files, streams of pieces - as arrays of letters.

Whatever the form, the letters leave this room in stretches of one size. Nothing is copied that need
not be, and no more than a stretch is held at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, Protocol, TypeAlias, cast

import numpy as np

from mars_rover.batch.columns import Bytes, Rejected, read_only
from mars_rover.notation import find_strange
from mars_rover.values import Invalid

STRETCH: Final = 2**22
"""Letters done at a time: enough for the cost of a numpy call to vanish, few enough for the columns of
a stretch to stay in the caches."""

BUNDLE: Final = 4
"""Stretches that one of several threads takes at a time, at most, where no way is kept to be searched;
whoever asks for more work stops the others for a moment."""

_KNOWN: Final = np.frombuffer(b"LRM", np.uint8)
_FORMS: Final = "str, or contiguous bytes (an array of uint8, one dimension), or pieces of these"


class Buffer(Protocol):
    """Memory to look at: bytes, bytearray, memoryview, mmap, an array of uint8."""

    def __buffer__(self, flags: int, /) -> memoryview:
        """The memory."""


Opened: TypeAlias = Callable[[], Buffer]
"""What gives a piece when it is called, wherever that is: a part of a file to be read there, say."""

Piece: TypeAlias = str | Buffer | Bytes | Opened
Parcel: TypeAlias = str | bytes | Opened
"""A piece as it is sent to hands that do not share memory."""

ProgramLetters: TypeAlias = Piece | Iterable[Piece]
"""A program in any of the forms that are read here."""


def strange(text: str, offset: int = 0) -> Rejected:
    """What to raise for a piece, standing at ``offset``, that has a strange letter in it."""
    return Rejected(find_strange(text, offset).failure())


def first_strange(letters: Bytes) -> tuple[int, str]:
    """The index of the first strange letter among ``letters``, which have one, and what it is.

    >>> first_strange(np.frombuffer(b"RMXMY", np.uint8))
    (2, 'X')
    """
    index = int(np.argmin(np.isin(letters, _KNOWN)))
    return index, chr(letters[index])


def stretches(program: ProgramLetters) -> Iterator[Bytes]:
    """The letters of ``program`` in arrays of `STRETCH`, the last one of what is left."""
    return in_stretches(pieces(program))


def bundles(program: ProgramLetters) -> Iterator[Bytes]:
    """The same, but up to `BUNDLE` stretches in one array where they lie side by side already.

    Nothing is put together for that: to copy a letter costs more than to survey it, and a stretch that
    was made here is best surveyed at once, while it is in the caches.
    """
    return in_stretches(pieces(program), BUNDLE)


def in_stretches(given: Iterable[Bytes], together: int = 1) -> Iterator[Bytes]:
    """The letters of some arrays in arrays of `STRETCH`, the last one of what is left.

    They stay what they are while the next ones are made. An array that can be written to may be
    filled anew with the next piece, so its letters are copied. Of one that cannot, up to so many
    stretches ``together`` are one array.
    """
    held = bytearray()
    try:
        for piece in given:
            start = STRETCH - len(held) if held else 0
            held.extend(piece[:start])
            if len(held) == STRETCH:
                yield np.frombuffer(held, np.uint8)
                held = bytearray()
            whole = start + max(0, len(piece) - start) // STRETCH * STRETCH
            step = STRETCH if piece.flags.writeable else together * STRETCH
            for begin in range(start, whole, step):
                stretch = piece[begin : min(begin + step, whole)]
                yield stretch.copy() if stretch.flags.writeable else stretch
            held.extend(piece[whole:])
    except Rejected:
        # What came before it may hold a strange letter, which is then the first thing wrong.
        yield from _rest(held)
        raise
    yield from _rest(held)


def _rest(held: bytearray) -> Iterator[Bytes]:
    if held:
        yield np.frombuffer(held, np.uint8)


def pieces(program: ProgramLetters) -> Iterator[Bytes]:
    """The pieces of ``program`` as arrays; those that may change behind our back are writeable."""
    if isinstance(program, str):
        yield from _of_text(program, 0)
    elif callable(program):
        yield as_letters(program(), "program")
    elif (array := as_array(program, "program")) is not None:
        yield read_only(array)
    elif isinstance(program, Iterable):
        yield from _of_pieces(enumerate(program))
    else:
        raise _not_letters(program, "program")


def parcels(program: ProgramLetters) -> Iterator[Parcel]:
    """The pieces of ``program`` as they are sent away: in stretches, but for those to be opened there.

    Text with a letter that is strange for sure goes as it is, since bytes could not say which it is.
    """
    given = cast(Iterable[Piece], [program] if _is_one_piece(program) else program)
    for as_it_is, some in groupby(enumerate(given), key=_goes_as_it_is):
        if as_it_is:
            yield from (cast(Parcel, piece) for _, piece in some)
        else:
            yield from (letters.tobytes() for letters in in_stretches(_of_pieces(some)))


def _is_one_piece(program: object) -> bool:
    one = isinstance(program, str) or callable(program) or not isinstance(program, Iterable)
    return one or as_array(program, "program") is not None


def _goes_as_it_is(numbered: tuple[int, Piece]) -> bool:
    _, piece = numbered
    return not piece.isascii() if isinstance(piece, str) else callable(piece)


def _of_pieces(numbered: Iterable[tuple[int, Piece]]) -> Iterator[Bytes]:
    offset = 0
    for number, piece in numbered:
        if isinstance(piece, str):
            yield from _of_text(piece, offset)
            offset += len(piece)
        else:
            what = f"piece {number} of the program"
            array = as_letters(piece() if callable(piece) else piece, what)
            yield array
            offset += array.size


def _of_text(text: str, offset: int) -> Iterator[Bytes]:
    for begin in range(0, len(text), STRETCH):
        part = text[begin : begin + STRETCH]
        if not part.isascii():
            raise strange(part, offset + begin)
        yield np.frombuffer(part.encode("ascii"), np.uint8)


def as_letters(piece: object, what: str) -> Bytes:
    """A buffer as an array without a copy, or `Rejected` for what is not a buffer."""
    array = as_array(piece, what)
    if array is None:
        raise _not_letters(piece, what)
    return array


def as_array(piece: object, what: str) -> Bytes | None:
    """A buffer as an array without a copy, or None for what is not a buffer.

    It can be written to if the buffer can.
    """
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
