"""The columnar engine: programs of a billion letters in seconds, equal to the fold by proof.

A program need not be walked letter by letter, because programs form a monoid. Whatever a stretch
of letters does to a rover on an open plane is a pair ``(turn, (dx, dy))`` - how far it turns, in
quarters, and where it gets to if it looks north at first - and two stretches in a row do

    (t1, d1) . (t2, d2)  =  (t1 + t2,  d1 + d2 turned by t1)

which is associative, with ``(0, (0, 0))`` for the empty stretch. So letters may be grouped as one
likes, and 64 of them are done at a time, each in one bit of a machine word:

1. `letters` cuts a program into stretches and turns each into bit planes: is it L, is it M, is it R?
   A letter that is none of them is found here.
2. `planes` sums the turns modulo four along each word, all bits at once, then along the words. That
   is the heading at every letter, hence four planes: the steps to the north, east, south and west.
3. `engine` counts bits. Steps east less steps west is how far a word gets; wrapping over the edge
   is taken modulo the sides, which may be done last, since the torus is a quotient of the plane.
4. `terrain` is all that knows obstacles. They are what breaks the monoid - a rover stops at the
   first - so a word is looked at closer only where one is within its reach: first its eight bytes,
   then the eight letters of a byte. That leaves few cells to compare with the obstacles themselves.

`simulate` keeps where the rover ends, `simulate_path` every step on the way, and `simulate_fleet`
runs many rovers as one stream. All are pure, and run in constant memory but for what they return.
"""

from deciderkit.extras import from_extra

with from_extra("batch", "mars_rover.batch needs numpy 2 or newer"):
    from numpy import bitwise_count as _numpy_2  # noqa: F401

from mars_rover.batch.arrival import Arrival, Arrivals
from mars_rover.batch.columns import DIRECTIONS
from mars_rover.batch.fleet import simulate_fleet
from mars_rover.batch.letters import ProgramLetters
from mars_rover.batch.path import FOUND, MOVED, EventColumns, Path, simulate_path
from mars_rover.batch.single import simulate

__all__ = [
    "DIRECTIONS",
    "FOUND",
    "MOVED",
    "Arrival",
    "Arrivals",
    "EventColumns",
    "Path",
    "ProgramLetters",
    "simulate",
    "simulate_fleet",
    "simulate_path",
]
