"""Letters to bit planes: where the rover moves and where it turns right, one bit a letter.

A letter is a byte of which only three values are allowed, so two bits hold it, and a word of 64 bits
in each of two planes holds 64 of them. Three facts about the alphabet make that short. In ASCII, L,
M and R are 76, 77 and 82; with the bit of value 2 flipped they are 78, 79 and 80, and no other byte
lands there; less 78 they are 0, 1 and 2. So after two operations a byte above 2 is a strange letter,
a bit of value 2 is a turn to the right, and what is not zero is no turn to the left.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from mars_rover.batch.bench import PART, Bench
from mars_rover.batch.columns import LETTERS_PER_WORD, Bytes, Words

N = TypeVar("N", bound=Any)

_FLIPPED: Final = np.array(2, np.uint8)
_LEAST: Final = np.array(ord("L") ^ 2, np.uint8)
_RIGHT: Final = np.array(2, np.uint8)


class LetterPlanes(NamedTuple):
    """The moves and the turns to the right, a bit a letter, the first letter in the lowest bit.

    Clear bits are turns to the left; so are those that fill up the last word, beyond the end.
    """

    move: Words
    right: Words


def words_for(letters: N) -> N:
    """How many words hold so many letters; columns of them as well."""
    words: N = -(-letters // LETTERS_PER_WORD)
    return words


def encode(letters: Bytes, bench: Bench, words: int = 0) -> LetterPlanes | None:
    """The planes of ``letters``, at least one of them, or None if one of them is strange.

    They have as many ``words`` as the letters need, or more if more are asked for.

    >>> move, right = encode(np.frombuffer(b"RMLMM", np.uint8), Bench())
    >>> bin(move[0]), bin(right[0])
    ('0b11010', '0b1')
    >>> encode(np.frombuffer(b"RMLXM", np.uint8), Bench()) is None
    True
    """
    needed = words_for(letters.size)
    words = max(words, needed)
    bench.ready(words)
    move, _, right = bench.paces(words)
    move[needed - 1 :] = right[needed - 1 :] = 0
    for begin in range(0, letters.size, PART):
        part = letters[begin : begin + PART]
        code = bench.codes[: part.size]
        np.bitwise_xor(part, _FLIPPED, code)
        np.subtract(code, _LEAST, code)
        if code.max() > 2:
            return None
        _pack(code, move, begin)
        np.bitwise_and(code, _RIGHT, code)
        _pack(code, right, begin)
    np.bitwise_xor(
        move, right, move
    )  # What is not a turn to the left, less the turns to the right.
    return LetterPlanes(move, right)


def _pack(codes: Bytes, plane: Words, begin: int) -> None:
    """Set the bits of ``plane`` from the letter ``begin`` on where ``codes`` are not zero."""
    packed = np.packbits(codes, bitorder="little")
    plane.view(np.uint8)[begin // 8 : begin // 8 + packed.size] = packed
