"""The map of a run as a drawing: one clean SVG, the same bytes for the same run.

Lengths are in cells, so the numbers can be read. In a large world the signs are drawn larger than a
cell, for else nobody could see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mars_rover.picture.journey import Journey, Leg, Window, leg, legs, window_of
from mars_rover.projections import PathStep
from mars_rover.values import Direction, Point, World

CELLS: Final = 60
"""A world with longer sides is shown around the path, if that fits, and else without its grid."""

CHEVRONS: Final = 400
"""With more moves than that a path is drawn without the arrows that tell its direction."""

THIN: Final = 8
"""A drawing that is less pixels wide or high is not worth looking at."""

_SAND, _GRID, _ROCK, _PATH = "#f3dfc8", "#e0c4a4", "#8a5a3c", "#1b5e9e"
_INK, _ROVER, _HIT = "#1a1a1a", "#ff9d48", "#f16c7f"
_TURN: Final = {
    Direction.NORTH: 0,
    Direction.EAST: 90,
    Direction.SOUTH: 180,
    Direction.WEST: 270,
}
_SIGNS: Final = (
    f'<g id="start" {{}}><circle r=".26" fill="none" stroke="{_PATH}" stroke-width=".1"/></g>',
    f'<g id="hit" {{}}><rect x="-.5" y="-.5" width="1" height="1" fill="{_HIT}" stroke="{_INK}" '
    f'stroke-width=".06"/><path d="M-.28-.28L.28.28M.28-.28L-.28.28" stroke="{_INK}" '
    'stroke-width=".12"/></g>',
    f'<g id="rover" {{}}><path d="M0-.4L.32.34L0 .18L-.32.34Z" fill="{_ROVER}" stroke="{_INK}" '
    'stroke-width=".07" stroke-linejoin="round"/></g>',
    f'<g id="off" {{}}><path d="M0-.4L.32.34L0 .18L-.32.34Z" fill="#b9b2a6" stroke="{_INK}" '
    'stroke-width=".07" stroke-linejoin="round"/></g>',
)
NOTHING: Final[Mapping[str, str]] = {}
_NAMES: Final = ("start", "hit", "rover", "off")


def svg_of(journey: Journey) -> str:
    """The map of ``journey``, with its path, its start, what stopped it, and the rover.

    >>> from mars_rover.projections import PathStep
    >>> here = PathStep(Point(0, 0), Direction.NORTH)
    >>> svg_of(Journey(World(4, 4), (here,))).splitlines()[0]
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="0 0 4 4" role="img">'
    """
    window = window_of_map(journey)
    told = (
        f"A rover's way from {journey.start} to {journey.end} in a world of "
        f"{journey.world.width:,} x {journey.world.height:,} cells"
    )
    moves = list(legs(journey))
    trail = "".join(_piece(each, window) for each in moves)
    start = _dot(journey.start.point, window)
    return _drawing(
        journey.world,
        window,
        told,
        moves=moves,
        trail=f"M{start}{trail}",
        signs=signs(journey, window),
    )


def svg_of_world(world: World) -> str:
    """``world`` with nothing in it that moves: what the replay page draws on."""
    window = window_of_world(world)
    told = f"A world of {world.width:,} x {world.height:,} cells"
    return _drawing(world, window, told)


def window_of_map(journey: Journey) -> Window:
    """The part of the world that the map of ``journey`` shows."""
    return window_of(journey, CELLS, CELLS)


def window_of_world(world: World) -> Window:
    """All of ``world``."""
    return Window(0, 0, world.width, world.height)


def is_thin(window: Window) -> bool:
    """Whether a drawing of ``window`` is a mere line, on which nobody sees anything.

    >>> is_thin(window_of_world(World(100_000, 3)))
    True
    """
    return min(_pixels(window)) < THIN


def signs(journey: Journey, window: Window) -> dict[str, str]:
    """Where each sign stands: a ``transform`` by the id of its element."""
    end = facing(journey.end, window)
    found = {"start": placed(journey.start.point, window), "rover": end}
    if journey.obstacle is not None:
        found["hit"] = placed(journey.obstacle, window)
    if journey.is_off:
        found["off"] = end
    return found


def placed(point: Point, window: Window) -> str:
    """The ``transform`` that puts a sign on a cell."""
    x, y = _corner(point, window)
    size = scale_of(window)
    larger = "" if size == 1 else f" scale({_short(size)})"
    return f"translate({x}.5 {y}.5){larger}"


def facing(step: PathStep, window: Window) -> str:
    """The ``transform`` that puts the sign of the rover on a cell and turns it."""
    return f"{placed(step.point, window)} rotate({_TURN[step.direction]})"


def trail_of(before: PathStep, step: PathStep, window: Window) -> str:
    """The piece of the path from one step to the next; the same point again where it only turned."""
    if before.direction is not step.direction:
        return f"L {_dot(step.point, window)}"
    return _piece(leg(before, step), window, " ")


def scale_of(window: Window) -> float:
    """How many cells wide a sign is."""
    return max(1.0, max(window.width, window.height) / 20)


def _drawing(
    world: World,
    window: Window,
    told: str,
    *,
    moves: Sequence[Leg] = (),
    trail: str = "",
    signs: Mapping[str, str] = NOTHING,
) -> str:
    size = scale_of(window)
    wide, high = window.width, window.height
    width, height = _pixels(window)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {wide} {high}" role="img">',
        f"<title>{told}</title>",
        f'<rect width="{wide}" height="{high}" fill="{_SAND}"/>',
        *_grid(window),
        *_rocks(world, window),
        f'<path id="trail" d="{trail}" fill="none" stroke="{_PATH}" stroke-width="{_short(0.12 * size)}" '
        'stroke-linecap="round" stroke-linejoin="round" stroke-opacity=".75"/>',
        *_chevrons(moves, window),
    ]
    for name, sign in zip(_NAMES, _SIGNS, strict=True):
        place = signs.get(name)
        parts.append(sign.format(f'transform="{place}"' if place else 'visibility="hidden"'))
    return "\n".join([*parts, "</svg>\n"])


def _pixels(window: Window) -> tuple[int, int]:
    """How wide and high a drawing is: whole pixels for a cell, where there are not too many."""
    wide, high = window.width, window.height
    if max(wide, high) > 160:
        return _fit(wide, high), _fit(high, wide)
    cell = max(4, min(40, 640 // max(wide, high)))
    return wide * cell, high * cell


def _fit(side: int, other: int) -> int:
    """The pixels of a side whose longer one, this or the other, has 640."""
    return max(1, round(640 * min(1.0, side / other)))


def _grid(window: Window) -> Iterable[str]:
    if max(window.width, window.height) <= CELLS:
        lines = [f"M{x} 0v{window.height}" for x in range(1, window.width)]
        lines += [f"M0 {y}h{window.width}" for y in range(1, window.height)]
        if lines:
            yield f'<path d="{"".join(lines)}" stroke="{_GRID}" stroke-width=".04"/>'


def _rocks(world: World, window: Window) -> Iterable[str]:
    rocks = sorted(rock for rock in world.obstacles if window.has(rock))
    if rocks:
        cells = "".join("M{} {}h1v1h-1z".format(*_corner(rock, window)) for rock in rocks)
        yield f'<path d="{cells}" fill="{_ROCK}"/>'


def _corner(point: Point, window: Window) -> tuple[int, int]:
    """The upper left corner of a cell: in a drawing y grows downwards."""
    return point.x - window.x, window.height - 1 - (point.y - window.y)


def _dot(point: Point, window: Window) -> str:
    x, y = _corner(point, window)
    return f"{x}.5 {y}.5"


def _piece(move: Leg, window: Window, blank: str = "") -> str:
    """A move as a piece of a path; over the edge it is cut in two."""
    end = f"L{blank}{_dot(move.end, window)}"
    if not move.wraps:
        return end
    out = _edge(_corner(move.begin, window), move.direction, 1)
    into = _edge(_corner(move.end, window), move.direction, -1)
    return f"L{blank}{out}{blank}M{blank}{into}{blank}{end}"


def _edge(corner: tuple[int, int], direction: Direction, side: int) -> str:
    """The middle of the side of a cell that lies in a direction (or against it)."""
    x = 2 * corner[0] + 1 + side * direction.dx
    y = 2 * corner[1] + 1 - side * direction.dy
    return f"{_half(x)} {_half(y)}"


def _half(twice: int) -> str:
    return f"{twice // 2}.5" if twice % 2 else str(twice // 2)


def _chevrons(moves: Iterable[Leg], window: Window) -> Iterable[str]:
    """An arrow head in the middle of each move, once where the rover went the same way twice."""
    places = dict.fromkeys((each.begin, each.direction) for each in moves)
    if not places or len(places) > CHEVRONS or scale_of(window) > 1.5:
        return
    shapes = {
        Direction.NORTH: "l-.12.12m.12-.12l.12.12",
        Direction.EAST: "l-.12-.12m.12.12l-.12.12",
        Direction.SOUTH: "l-.12-.12m.12.12l.12-.12",
        Direction.WEST: "l.12-.12m-.12.12l.12.12",
    }
    heads = "".join(
        f"M{_edge(_corner(point, window), direction, 1)}{shapes[direction]}"
        for point, direction in places
    )
    yield (
        f'<path d="{heads}" fill="none" stroke="{_PATH}" stroke-width=".09" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def _short(number: float) -> str:
    return f"{number:.4g}" if number < 1000 else str(round(number))
