"""When and under which id something is recorded: what only the outside world can tell."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import UTC, datetime
from time import time_ns

Clock = Callable[[], datetime]


class Stamp:
    """The present time as a log has it: ISO 8601 in UTC, to the millisecond.

    ``clock`` is asked instead of the system's where it is given; ``ValueError`` is raised for a time
    of it without a zone, which nobody could place.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._last = (0, "")

    def __call__(self) -> str:
        """The text for now."""
        if self._clock is not None:
            now = self._clock()
            if now.tzinfo is None:
                raise ValueError(f"the clock gives {now}: expected a time with a zone")
            return now.astimezone(UTC).isoformat()
        millisecond = time_ns() // 1_000_000
        last, said = self._last
        if last != millisecond:
            moment = datetime.fromtimestamp(millisecond / 1000, UTC)
            said = moment.isoformat(timespec="milliseconds")
            self._last = millisecond, said
        return said


class NewIds:
    """Ids for what nobody will ask for again: a random beginning and a number.

    >>> new_id = NewIds()
    >>> new_id() != new_id()
    True
    """

    def __init__(self) -> None:
        self._prefix = os.urandom(8).hex() + "~"
        self._next = itertools.count(1).__next__

    def __call__(self) -> str:
        """The next id."""
        return f"{self._prefix}{self._next()}"
