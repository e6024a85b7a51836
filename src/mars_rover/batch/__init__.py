"""The columnar engine: programs of a billion letters in seconds, equal to the fold by proof.

A program need not be walked letter by letter, because programs form a monoid. Whatever a stretch
of letters does to a rover on an open plane is a pair ``(turn, (dx, dy))`` - how far it turns, in
quarters, and where it gets to if it looks north at first - and two stretches in a row do

    (t1, d1) . (t2, d2)  =  (t1 + t2,  d1 + d2 turned by t1)

which is associative, with ``(0, (0, 0))`` for the empty stretch. So letters may be grouped as one
likes, and 64 of them are done at a time, each in one bit of a machine word:

1. `letters` cuts a program into stretches, of four million letters each. Threads take a few at a time
   where they lie side by side and there is nothing to be looked for.
2. `encoding` turns a stretch into bit planes. A plane is a row of words with one bit a letter: is it a
   move, is it a turn to the right? A letter that is none of the three is found here.
3. `planes` sums the turns modulo four along each word, all its bits at once, and then from word to
   word. That is the heading at every letter, in two planes.
4. `walk` counts bits. How many steps go east or south, and how many south or west, says how far a
   word gets; `legs` holds that for a whole stretch, and the operation above. Wrapping over the edge
   is taken modulo the sides, which may be done last, since the torus is a quotient of the plane.
5. `sieve`, `terrain` and `hits` are all that know obstacles. They are what breaks the monoid - a rover
   stops at the first - so what is near one is looked at closer: two words, then one, then its eight bytes,
   then the eight letters of a byte. That leaves few cells to compare with the obstacles themselves.
6. `surveys` is where all of this comes together for a stretch: what it does, and what it meets.

Because the operation is associative, stretches can be worked on at once, by threads, by processes or
by other machines, and put together afterwards: `pieces` is what is done to one of them, wherever that
is, `single` follows the way that they make, and `shell` knows the cores and the threads of this
machine, which change how soon the answer is there and never what it is. The same is true of `kernel`:
steps 2 to 5 once more, as loops that numba makes machine code of if it is there, since numpy goes over
its memory once for each operation, and machine code once for them all.

`simulate` keeps where the rover ends, `simulate_path` every step on the way, and `simulate_fleet`
runs many rovers as one stream. All run in constant memory but for what they return. `bench` is where
that memory is kept from one stretch to the next.
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
