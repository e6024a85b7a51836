"""What a simulated program leads to: where the rover ends, how far it got, and what stopped it."""

from __future__ import annotations

from msgspec import Struct

from mars_rover.rover import Blocked, Moving
from mars_rover.values import Direction, Point, RoverId, World


class Arrival(Struct, frozen=True):
    """Where a program leads to.

    ``carried_out`` counts the commands that were not refused, the one that met ``obstacle`` among
    them, as `deciderkit.decider.run` does.
    """

    point: Point
    direction: Direction
    carried_out: int
    obstacle: Point | None = None

    def state(self, rover_id: RoverId, world: World) -> Moving | Blocked:
        """The state that the fold reaches.

        >>> Arrival(Point(1, 2), Direction.NORTH, carried_out=5).state("r1", World(4, 4))
        Moving(rover_id='r1', world=World(width=4, height=4, obstacles=frozenset()), point=Point(x=1, y=2), direction=Direction.NORTH)
        """
        if self.obstacle is None:
            return Moving(rover_id, world, self.point, self.direction)
        return Blocked(rover_id, world, self.point, self.direction, self.obstacle)
