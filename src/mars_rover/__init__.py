"""The Mars Rover of the event-storming board as a functional core: import it and fold."""

from typing import TYPE_CHECKING

from mars_rover.board import board, mars_rover, obstacle_notification
from mars_rover.commands import (
    Command,
    Move,
    NotifyObstacle,
    StartMarsRover,
    TurnLeft,
    TurnOff,
    TurnRight,
)
from mars_rover.events import (
    Event,
    MarsRoverMoved,
    MarsRoverStarted,
    MarsRoverTurnedOff,
    ObstacleFound,
    ObstacleNotified,
)
from mars_rover.notation import (
    Program,
    commands_of,
    format_position,
    parse_grid,
    parse_point,
    parse_position,
    parse_program,
    parse_world,
)
from mars_rover.notification import Notified, Silent, notification
from mars_rover.policies import notify_obstacle_found, turn_off_blocked
from mars_rover.projections import FoundObstacle, PathStep, obstacles_found, path, started_rovers
from mars_rover.rover import (
    Blocked,
    Moving,
    NotStarted,
    Placed,
    Reason,
    Started,
    State,
    TurnedOff,
    decide,
    evolve,
    initial_state,
    is_terminal,
    rover,
)
from mars_rover.values import (
    MAX_SIDE,
    Direction,
    Invalid,
    Point,
    RoverId,
    World,
    parse_rover_id,
)

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """``__version__``, as it is installed; nothing is looked up before somebody asks."""
        if name != "__version__":
            raise AttributeError(f"module 'mars_rover' has no attribute {name!r}")
        from importlib.metadata import version  # noqa: PLC0415

        return version("mars-rover-decider")


def load_ipython_extension(ipython: object) -> None:
    """``%load_ext mars_rover``: worlds, runs and histories of a rover show themselves as maps."""
    from mars_rover.shell.notebook import show_in  # noqa: PLC0415  # only a notebook needs it

    show_in(ipython)


__all__ = [
    "MAX_SIDE",
    "Blocked",
    "Command",
    "Direction",
    "Event",
    "FoundObstacle",
    "Invalid",
    "MarsRoverMoved",
    "MarsRoverStarted",
    "MarsRoverTurnedOff",
    "Move",
    "Moving",
    "NotStarted",
    "Notified",
    "NotifyObstacle",
    "ObstacleFound",
    "ObstacleNotified",
    "PathStep",
    "Placed",
    "Point",
    "Program",
    "Reason",
    "RoverId",
    "Silent",
    "StartMarsRover",
    "Started",
    "State",
    "TurnLeft",
    "TurnOff",
    "TurnRight",
    "TurnedOff",
    "World",
    "board",
    "commands_of",
    "decide",
    "evolve",
    "format_position",
    "initial_state",
    "is_terminal",
    "mars_rover",
    "notification",
    "notify_obstacle_found",
    "obstacle_notification",
    "obstacles_found",
    "parse_grid",
    "parse_point",
    "parse_position",
    "parse_program",
    "parse_rover_id",
    "parse_world",
    "path",
    "rover",
    "started_rovers",
    "turn_off_blocked",
]
