"""What a pure function leaves alone outside of its arguments: the part of the world that can be seen.

What is read there shows in another process (see `elsewhere`); what is changed there shows here.
Drawing a random number changes the state of the generator, so it shows as well, and each time.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from decimal import getcontext
from locale import LC_ALL, setlocale


def _decimal_context() -> object:
    now = getcontext()  # less its flags, which any sum may raise
    traps = sorted(signal.__name__ for signal, trapped in now.traps.items() if trapped)
    return now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp, traps


_PARTS: dict[str, Callable[[], object]] = {
    "random numbers: one was drawn, or they were seeded": random.getstate,
    "the environment": lambda: dict(os.environ),
    "the decimal context": _decimal_context,
    "the working directory": os.getcwd,
    "the time zone": lambda: time.tzname,
    "the locale": lambda: setlocale(LC_ALL),
    "the path of imports": lambda: list(sys.path),
    "the limit of recursion": sys.getrecursionlimit,
}


class World:
    """The world as it was when this was made."""

    def __init__(self) -> None:
        self._before = {name: look() for name, look in _PARTS.items()}

    def changed(self) -> str:
        """What is different now, in words; nothing where nothing is."""
        return ", ".join(name for name, look in _PARTS.items() if look() != self._before[name])
