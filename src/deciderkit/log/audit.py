"""Whether recorded events are a log: places without a gap, each event in its own stream, and a fold.

What it holds is the state of each stream and no event, so a log of any length fits in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.decider import CorruptHistory
from deciderkit.ids import BadId, is_command_id, is_id, is_time
from deciderkit.log.errors import CannotFollow, CorruptEvent, CorruptLine, reason_of
from deciderkit.log.recorded import Recorded


class Audit:
    """Takes the events of a log one by one, from its first; holds where each stream stands."""

    def __init__(self, board: Board) -> None:
        self._givers = board.givers
        self.position = 0
        self.streams: dict[str, tuple[Aggregate, int, Any]] = {}
        """Aggregate, version and state of each stream."""

    def take(self, recorded: Recorded[Any]) -> None:
        """Go on by one event. Raises `CorruptEvent` for one that cannot stand where it stands."""
        position, stream, event = recorded.position, recorded.stream, recorded.event
        if position != self.position + 1:
            raise CorruptEvent(
                position, f"{self._misplaced(position)}: expected {self.position + 1}"
            )
        aggregate = self._givers.get(type(event))
        if aggregate is None or stream != aggregate.stream(event):
            raise CorruptEvent(position, f"{type(event).__name__} does not belong in {stream!r}")
        _, version, state = self.streams.get(stream, (None, 0, aggregate.decider.initial))
        if recorded.version != version + 1:
            raise CorruptEvent(
                position, f"version {recorded.version} of {stream}: expected {version + 1}"
            )
        try:
            state = aggregate.decider.evolve(state, event)
        except Exception as error:  # somebody's function
            raise stopped_at(position, event, error) from None
        self.streams[stream] = (aggregate, recorded.version, state)
        self.position = position

    def _misplaced(self, position: int) -> str:
        if position == self.position:
            return f"position {position} stands twice"
        gap = position > self.position
        return f"position {position} {'leaves a gap' if gap else 'is out of order'}"


def stopped_at(position: int, event: object, error: Exception) -> CannotFollow:
    """What ``evolve`` raised for ``event``, as a place in the log.

    >>> print(stopped_at(7, "Closed", ZeroDivisionError("by zero")))
    corrupt event at position 7: Closed cannot follow: ZeroDivisionError: by zero
    """
    if isinstance(error, CorruptHistory):
        return corrupt_at(position, error)
    return CannotFollow(position, f"{_short(event)} cannot follow: {reason_of(error)}")


def folded(aggregate: Aggregate, page: Iterable[Recorded[Any]], state: Any) -> Any:
    """``state`` after ``page``. Raises `CannotFollow` with the place of an event that it cannot take."""
    evolve = aggregate.decider.evolve
    for recorded in page:
        try:
            state = evolve(state, recorded.event)
        except Exception as error:  # somebody's function
            raise stopped_at(recorded.position, recorded.event, error) from None
    return state


def corrupt_at(position: int, error: CorruptHistory) -> CannotFollow:
    """``error`` as a place in the log, for the index that a fold gives counts from where it began.

    >>> print(corrupt_at(7, CorruptHistory("closed", "Closed", index=0)))
    corrupt event at position 7: Closed cannot follow closed
    """
    return CannotFollow(position, f"{_short(error.event)} cannot follow {_short(error.state)}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def audited(audit: Audit, lines: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
    """``lines`` as ``audit`` takes them. Raises `CorruptLine`, numbered from 1, for one that cannot stand there."""
    for number, recorded in enumerate(lines, start=1):
        try:
            audit.take(recorded)
        except CorruptEvent as error:
            raise CorruptLine(number, error.reason) from None
        if wrong := _wrong_text(recorded):
            raise CorruptLine(number, wrong)
        yield recorded


def _wrong_text(recorded: Recorded[Any]) -> str:
    """What is wrong with the ids or the time, for lines that no codec has read."""
    for text, good in ((recorded.stream, is_id), (recorded.command_id, is_command_id)):
        if not good(text):
            return str(BadId(text))
    if not is_time(recorded.recorded_at):
        return f"bad time {recorded.recorded_at[:60]!a}: expected ISO 8601 with an offset"
    return ""


def commits_of(lines: Iterable[Recorded[Any]]) -> Iterator[list[Recorded[Any]]]:
    """Events in a row that were recorded together."""
    for _, together in groupby(
        lines, key=lambda each: (each.stream, each.command_id, each.recorded_at, each.tally)
    ):
        yield list(together)
