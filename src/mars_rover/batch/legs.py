"""The monoid: what a stretch of letters does to a rover on the endless plane, wherever it begins.

That a way of ten billion letters may be cut up anywhere, each piece worked out on another core or
another machine, and the pieces put together again, rests on this one associative operation.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar

N = TypeVar("N", bound=Any)
"""A number, or a column of them."""


class Leg(NamedTuple):
    """Some letters: how far they turn, in quarters to the right, and where they get to.

    ``right`` and ``up`` are seen by a rover that looks up, to the north, when it sets out. A place on
    the plane is a leg too: the one that leads there from the origin.
    """

    letters: int
    turn: int
    right: int
    up: int

    def then(self, other: Leg) -> Leg:
        """This leg and then the ``other``.

        >>> east, ahead = Leg(1, 1, 0, 0), Leg(1, 0, 0, 1)
        >>> east.then(ahead).then(ahead)
        Leg(letters=3, turn=1, right=2, up=0)
        """
        right, up = rotated(other.right, other.up, self.turn)
        return Leg(
            self.letters + other.letters,
            (self.turn + other.turn) % 4,
            self.right + right,
            self.up + up,
        )


NOWHERE: Final = Leg(0, 0, 0, 0)
"""The leg of no letters; `Leg.then` leaves the other as it is."""


def rotated(right: N, up: N, quarters: int) -> tuple[N, N]:
    """A way on the plane turned to the right by some ``quarters``; columns of ways as well.

    >>> rotated(0, 5, 1)
    (5, 0)
    """
    for _ in range(quarters % 4):
        right, up = up, -right
    return right, up
