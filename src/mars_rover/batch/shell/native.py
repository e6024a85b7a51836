"""The loops of `kernel` as machine code: compiled by numba, where that is installed.

What is compiled gives the same answer to the bit, so when to use it is a matter of time alone. To load
numba takes about as long as numpy takes for a billion letters. (To compile takes longer still, but only
once, since numba keeps what it made in a file beside the source, or in the user's cache.) How long a
program is can seldom be told beforehand. So a process works with numpy until it has done as many letters
as would have paid for loading, and goes on with the kernel from there. It never takes more than twice
the time of whoever knew from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from math import inf
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from deciderkit.extras import from_extra
from mars_rover.batch import kernel as loops
from mars_rover.batch.columns import read_only
from mars_rover.batch.surveys import Kernel

PAYS: Final = 2**30
"""How many letters numpy does in the time that loading takes, or a few more."""

_PARTS: Final[tuple[Callable[..., Any], ...]] = (
    *(loops.encode, loops.strange, loops.gathered, loops.summed, loops.carry, loops.note),
    *(loops.near_words, loops.near_octets, loops.near_steps, loops.way_of),
    *(loops.middles, loops.wrap, loops.sift),
)
_WHOLE: Final = (loops.survey, loops.search)
"""The two functions of the kernel, and those that they call."""

Choice: TypeAlias = Literal["numpy", "native"] | None
"""Which way to survey and to search: None leaves it to time."""

CHOICES: Final[tuple[Choice, ...]] = ("numpy", "native", None)


def chosen(choice: Choice, letters: int) -> Kernel | None:
    """The kernel to do so many letters with; None for the reference, numpy.

    Raises `MissingExtra` for one that is asked for where numba is not installed.
    """
    if choice == "native":
        return _PATIENCE.kernel()
    return None if choice == "numpy" else _PATIENCE.kernel_for(letters)


class Patience:
    """Gives the kernel from when it pays to load it, or at once where it was loaded already."""

    def __init__(self, letters: int = PAYS) -> None:
        self._left: float = letters
        self._loading = Lock()
        self._kernel: Kernel | None = None

    def kernel(self) -> Kernel:
        """The kernel, loaded now if it was not."""
        with self._loading:
            if self._kernel is None:
                self._kernel = compiled()
            return self._kernel

    def kernel_for(self, letters: int) -> Kernel | None:
        """What to do so many letters more with; nobody waits for another thread that loads it."""
        if self._kernel is None:
            self._left -= letters
            if self._left <= 0 and self._loading.acquire(blocking=False):
                try:
                    self._kernel = self._kernel or compiled()
                except Exception:  # No numba, or one that does not work here: numpy does the same.
                    self._left = inf
                finally:
                    self._loading.release()
        return self._kernel


_PATIENCE: Final = Patience()


def compiled() -> Kernel:
    """The kernel, the first part of it compiled; raises `MissingExtra` where there is no numba."""
    with from_extra("native", "the native kernel needs numba"):
        numba: Any = import_module("numba")
        extending: Any = import_module("numba.extending")

    @extending.intrinsic  # type: ignore[untyped-decorator]
    def counted(_: Any, word: Any) -> Any:
        """One instruction of the processor."""
        return numba.types.int64(word), lambda _, builder, __, given: builder.ctpop(given[0])

    extending.overload(loops.ones)(lambda word: lambda word: counted(word))  # noqa: PLW0108
    for part in _PARTS:
        extending.register_jitable(part)
    try:
        kernel = Kernel(*map(numba.njit(nogil=True, cache=True), _WHOLE))
    except RuntimeError:  # There is no folder that numba may keep files in.
        kernel = Kernel(*map(numba.njit(nogil=True), _WHOLE))
    kernel.survey(read_only(np.full(8, loops.ALL_L)), np.empty((4, 0), np.int8))
    return kernel
