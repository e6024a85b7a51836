"""Six katas to hold against the rules, written without the rover of this project: five are wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection

Cell = tuple[int, int]
Ahead = Callable[[int, int, Cell], Cell]

STEPS = {"N": (0, 1), "E": (1, 0), "S": (0, -1), "W": (-1, 0)}


def over_the_edge(x: int, y: int, grid: Cell) -> Cell:
    return x % grid[0], y % grid[1]


def drive(
    program: str,
    grid: Cell,
    obstacles: Collection[Cell],
    start: str,
    *,
    ahead: Ahead = over_the_edge,
    ring: str = "NESW",
) -> str:
    across, up, looks = start.split(":")
    x, y = int(across), int(up)
    for letter in program:
        if letter == "M":
            dx, dy = STEPS[looks]
            cell = ahead(x + dx, y + dy, grid)
            if cell in obstacles:
                return f"O:{x}:{y}:{looks}"
            x, y = cell
        else:
            turn = 1 if letter == "R" else -1
            looks = ring[(ring.index(looks) + turn) % 4]
    return f"{x}:{y}:{looks}"


def right(
    program: str, grid: Cell = (10, 10), obstacles: Collection[Cell] = (), start: str = "0:0:N"
) -> str:
    return drive(program, grid, obstacles, start)


def wrong_wrap(program: str, grid: Cell, obstacles: Collection[Cell], start: str) -> str:
    """At the edge the rover stops."""

    def stop(x: int, y: int, grid: Cell) -> Cell:
        return min(max(x, 0), grid[0] - 1), min(max(y, 0), grid[1] - 1)

    return drive(program, grid, obstacles, start, ahead=stop)


def ignored_obstacle(program: str, grid: Cell, obstacles: Collection[Cell], start: str) -> str:
    """The rover drives through whatever stands there."""
    return drive(program, grid, (), start)


def mirrored_turn(program: str, grid: Cell, obstacles: Collection[Cell], start: str) -> str:
    """Left is right."""
    return drive(program, grid, obstacles, start, ring="NWSE")


def dropped_last_letter(program: str, grid: Cell, obstacles: Collection[Cell], start: str) -> str:
    """The last letter is not carried out."""
    return drive(program[:-1], grid, obstacles, start)


def off_by_one(program: str, grid: Cell, obstacles: Collection[Cell], start: str) -> str:
    """The grid has one column too many."""

    def one_more(x: int, y: int, grid: Cell) -> Cell:
        return x % (grid[0] + 1), y % grid[1]

    return drive(program, grid, obstacles, start, ahead=one_more)


def without_obstacles(program: str, grid: Cell, start: str) -> str:
    """Right, and nobody tells it of obstacles."""
    return drive(program, grid, (), start)


def program_alone(program: str) -> str:
    """Right, on the grid that every kata begins with."""
    return drive(program, (10, 10), (), "0:0:N")


def takes_anything(program: str, **told: object) -> str:
    """Right, and not picky."""
    return right(program, **told)  # type: ignore[arg-type]


NOT_A_FUNCTION = 42
