"""The types of the columns, and the exception that carries bad input to the edge of this folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from mars_rover.values import Direction, Invalid

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint64]
Whole: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int8]
Notes: TypeAlias = NDArray[np.int8]
"""Four rows with a column a word, which `kernel.note` fills in."""

Cells: TypeAlias = NDArray[Any]
"""Coordinates of 32 or 64 bits, as the world's size asks for."""

Flags: TypeAlias = NDArray[np.bool_]
Column: TypeAlias = NDArray[Any]
WORD: Final = np.dtype("<u8")
"""64 letters, one a bit, the first in the lowest; little-endian, so that bytes keep their order."""

LETTERS_PER_WORD: Final = 64

DIRECTIONS: Final = tuple(Direction)
"""A heading is an index into this ring; one more is a quarter turn to the right."""

EAST: Final = np.array([direction.dx for direction in DIRECTIONS])
NORTH: Final = np.array([direction.dy for direction in DIRECTIONS])
"""One step under each heading."""


class Rejected(Exception):
    """Bad input, found in the middle of a stream; `reporting` makes a ``Failure`` of it.

    ``member`` is the rover of a fleet that it was found with.
    """

    def __init__(self, invalid: Invalid, member: int = 0) -> None:
        super().__init__(invalid, member)
        self.invalid = invalid
        self.member = member

    def named(self) -> Rejected:
        """The same, with the member in its words."""
        problem = f"rover {self.member}: {self.invalid.problem}"
        return Rejected(replace(self.invalid, problem=problem), self.member)


P = ParamSpec("P")
T = TypeVar("T")


def reporting(function: Callable[P, T]) -> Callable[P, Result[T, Invalid]]:
    """``function`` with what it gives as ``Success`` and what it rejects as ``Failure``."""

    @wraps(function)
    def reported(*args: P.args, **kwargs: P.kwargs) -> Result[T, Invalid]:
        try:
            return Success(function(*args, **kwargs))
        except Rejected as rejected:
            return Failure(rejected.invalid)

    return reported


def read_only(column: Column) -> Column:
    """``column``, which nobody writes to from now on."""
    column.flags.writeable = False
    return column
