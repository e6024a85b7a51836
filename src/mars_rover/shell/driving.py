"""One drive: which rover, whether it starts, and how far the program was carried out.

Under a command id the start of a new rover and its program are one request, so that whoever tries it
again gets the outcome of the first try, and another start under the same id does not pass in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final, NamedTuple

from deciderkit.decider import Refused
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded, Refusal
from deciderkit.outcomes import Happening
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import succeeded
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.program import Program
from mars_rover.board import mars_rover
from mars_rover.commands import StartMarsRover
from mars_rover.events import MarsRoverStarted, ObstacleFound
from mars_rover.notation import format_position
from mars_rover.rover import NotStarted, Placed, State
from mars_rover.shell.edge import bad_input
from mars_rover.shell.fleet import id_from, refused, start_new, stream_of
from mars_rover.shell.program_source import ProgramSource
from mars_rover.shell.world_options import Start
from mars_rover.values import RoverId

_HALTS: Final = (Refused, ObstacleFound)
_SHORT: Final = 60


class Driven(NamedTuple):
    """How a drive ended: where the rover is, how many commands were carried out, what was refused."""

    rover_id: RoverId
    state: Placed
    carried_out: int
    refused: str = ""
    reason: str = ""


class Drive:
    """Drives a rover through ``source``, on the log of a store or on one that keeps nothing."""

    def __init__(
        self,
        program: Program,
        log: EventStore,
        source: ProgramSource,
        observe: Callable[[Happening], None],
        *,
        quiet: bool,
    ) -> None:
        self._log = log
        self._source = source
        self._quiet = quiet
        self._dispatcher = program.on(log, observe)

    def run(self, wanted: Start, rover_id: RoverId | None, command_id: str | None) -> Driven:
        """Start the rover if it is new, and drive it; one that is there goes on where it stands."""
        if command_id is not None:
            rover_id = rover_id or id_from(command_id)
            starts = self._start_under(command_id, wanted, rover_id)
        else:
            starts = None
            rover_id = self._started(wanted, rover_id)
        with self._told_how_to_go_on(rover_id, command_id):
            return self._driven(rover_id, starts, command_id)

    def _started(self, wanted: Start, rover_id: RoverId | None) -> RoverId:
        """The rover, which was started by somebody or is now."""
        state = NotStarted() if rover_id is None else self._state(rover_id)
        if rover_id is not None and not isinstance(state, NotStarted):
            _check_goes_on(wanted, rover_id, state)
            return rover_id
        return start_new(self._dispatcher, self._log, wanted, rover_id)

    def _start_under(
        self, command_id: str, wanted: Start, rover_id: RoverId
    ) -> StartMarsRover | None:
        """The start that belongs to the request; None for a rover that somebody else has started."""
        state = self._state(rover_id)
        if isinstance(state, NotStarted):
            return wanted.command(rover_id)
        first = succeeded(self._log.read(stream_of(rover_id), 0, 1))[0]
        if first.command_id != command_id:
            _check_goes_on(wanted, rover_id, state)
            return None
        _check_same_start(wanted, first, command_id)
        begun = first.event
        return StartMarsRover(rover_id, begun.world, begun.point, begun.direction)

    def _driven(
        self, rover_id: RoverId, starts: StartMarsRover | None, command_id: str | None
    ) -> Driven:
        letters: Iterable[Any] = self._source.commands(rover_id)
        if self._quiet:
            letters = watched(letters, self._source.length, "driving")
        before: tuple[Any, ...] = () if starts is None else (starts,)
        report = succeeded(self._dispatcher.dispatch(chain(before, letters), _HALTS, command_id))
        if starts is not None and report.refusal and report.refusal.number == 1:
            raise refused("StartMarsRover", rover_id, report.refusal)
        state = self._state(rover_id)
        assert not isinstance(state, NotStarted)
        driven = Driven(rover_id, state, report.carried_out - len(before))
        return self._with_refusal(driven, report.refusal, len(before))

    def _with_refusal(self, driven: Driven, refusal: Refusal | None, before: int) -> Driven:
        if refusal is None:
            return driven
        command = self._source.command(refusal.number - 1 - before, driven.rover_id)
        return driven._replace(refused=type(command).__name__, reason=refusal.reason)

    def _state(self, rover_id: RoverId) -> State:
        state: State = succeeded(self._dispatcher.state(mars_rover, rover_id))
        return state

    @contextmanager
    def _told_how_to_go_on(self, rover_id: RoverId, command_id: str | None) -> Iterator[None]:
        """Whoever is interrupted is told which call does the rest: each letter left one event so far."""
        stream = stream_of(rover_id)
        before: int = succeeded(self._log.version(stream))
        try:
            yield
        except KeyboardInterrupt:
            if command_id is not None:
                how = "the same call again does the rest"
            else:
                done = succeeded(self._log.version(stream)) - before
                how = self._rest(done, rover_id)
            bound().go_on = f"; {how}"
            raise

    def _rest(self, done: int, rover_id: RoverId) -> str:
        if self._source.length - done <= _SHORT:
            letters = self._source.letters(done, _SHORT)
            return f"go on with `mars-rover drive {letters} --rover {rover_id}`"
        call = f"`mars-rover drive - --rover {rover_id}`"
        return f"go on with {call} and the letters behind the first {done}"


def _check_goes_on(wanted: Start, rover_id: RoverId, state: Placed) -> None:
    """Stop where somebody asks for a world or a place that the rover, which is started, does not have."""
    if wanted.asked_for_world and state.world != wanted.world:
        bad_input(
            f"rover {rover_id} was started in another world: "
            "expected no --grid and no --obstacle, or those of its start"
        )
    if wanted.asked_for_place:
        bad_input(
            f"--start: rover {rover_id} is started already: expected no --start, "
            f"for it goes on where it stands, at {format_position(state)}"
        )


def _check_same_start(wanted: Start, first: Recorded[MarsRoverStarted], command_id: str) -> None:
    """Stop where a request that is tried again asks for another start than at first."""
    begun = first.event
    if wanted.asked_for_world and wanted.world != begun.world:
        bad_input(
            f"command id {command_id} has started rover {begun.rover_id} in another world: "
            "expected the same --grid and --obstacle, or a new command id"
        )
    if wanted.asked_for_place and (wanted.point, wanted.direction) != (
        begun.point,
        begun.direction,
    ):
        place = f"{begun.point.x}:{begun.point.y}:{begun.direction.value}"
        bad_input(
            f"--start: command id {command_id} has started rover {begun.rover_id} at {place}: "
            "expected the same, or a new command id"
        )
