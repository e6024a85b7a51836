"""The rover's map on the replay page: the world, and where the rover stands after each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from deciderkit.picture.telling import Picture
from mars_rover.board import mars_rover
from mars_rover.picture.journey import Window
from mars_rover.picture.svg import facing, placed, svg_of_world, trail_of
from mars_rover.projections import PathStep
from mars_rover.rover import Blocked, Moving, NotStarted, Started, State, TurnedOff
from mars_rover.values import World


def _scene(state: State) -> World | None:
    return None if isinstance(state, NotStarted) else state.world


def _moves(before: State, after: State) -> Mapping[str, str]:
    if isinstance(after, NotStarted):
        return {}
    window = Window(0, 0, after.world.width, after.world.height)
    step = PathStep(after.point, after.direction)
    if isinstance(before, NotStarted):
        start = placed(after.point, window)
        trail = trail_of(step, step, window)
        return {"start": start, "rover": facing(step, window), "trail": trail}
    match after:
        case Blocked(obstacle=obstacle):
            return {"hit": placed(obstacle, window)}
        case TurnedOff():
            return {"off": facing(step, window)}
        case Started() | Moving():
            was = PathStep(before.point, before.direction)
            return {"rover": facing(step, window), "trail": trail_of(was, step, window)}
        case _:
            assert_never(after)


ROVER_PICTURE: Final = Picture(mars_rover, scene=_scene, draw=svg_of_world, moves=_moves)
"""What the board brings to `deciderkit.picture.story.story`."""
