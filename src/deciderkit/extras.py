"""What is not installed by default: each use of such a library says, in one line, which extra brings it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

DISTRIBUTION: Final = "mars-rover-decider"
"""What one installs to have the packages."""


class MissingExtra(ImportError):
    """A library of an extra is missing, or too old.

    >>> print(MissingExtra("batch", "mars_rover.batch needs numpy 2 or newer"))
    mars_rover.batch needs numpy 2 or newer: pip install 'mars-rover-decider[batch]'
    """

    def __init__(self, extra: str, need: str) -> None:
        super().__init__(f"{need}: pip install '{DISTRIBUTION}[{extra}]'")
        self.extra = extra
        self.need = need

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return MissingExtra, (self.extra, self.need)


@contextmanager
def from_extra(extra: str, need: str) -> Iterator[None]:
    """Import here what ``extra`` brings; ``need`` says who needs which library.

    Raises `MissingExtra` for an import that fails because of the library. A module of these packages
    themselves that cannot be imported is an error of another kind, and passes as it is.

    >>> with from_extra("nats", "a queue needs nats-py"):
    ...     import no_such_library
    Traceback (most recent call last):
        ...
    deciderkit.extras.MissingExtra: a queue needs nats-py: pip install 'mars-rover-decider[nats]'
    """
    try:
        yield
    except MissingExtra:
        raise
    except ImportError as error:
        if (error.name or "").partition(".")[0] in ("deciderkit", "mars_rover"):
            raise
        raise MissingExtra(extra, need) from error
