"""The states of an aggregate's streams, folded from the log, up to any position of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from deciderkit.aggregate import Aggregate
from deciderkit.decider import CorruptHistory
from deciderkit.log.audit import corrupt_at
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.shell.cli.edge import succeeded
from deciderkit.shell.cli.events import sound_log, sound_stream, until
from deciderkit.shell.cli.progress import watched

At: TypeAlias = tuple[int, Any]
"""Version and state of a stream."""


def state_of(chosen: Aggregate, log: EventStore, stream: str, position: int | None = None) -> At:
    """One stream, folded from its beginning: it may be asked for at any position."""
    at: At = (0, chosen.decider.initial)
    for recorded in until(sound_stream(log, stream), position):
        at = _after(chosen, at, recorded)
    return at


def states_of(chosen: Aggregate, log: EventStore, position: int | None = None) -> dict[str, At]:
    """Each stream of ``chosen``, in the order in which they began."""
    found: dict[str, At] = {}
    begun = (0, chosen.decider.initial)
    events: Iterable[Recorded[Any]] = watched(sound_log(log), succeeded(log.head()), "reading")
    for recorded in until(events, position):
        if type(recorded.event) in chosen.own:
            stream = recorded.stream
            found[stream] = _after(chosen, found.get(stream, begun), recorded)
    return found


def _after(chosen: Aggregate, at: At, recorded: Recorded[Any]) -> At:
    try:
        return recorded.version, chosen.decider.evolve(at[1], recorded.event)
    except CorruptHistory as error:
        raise corrupt_at(recorded.position, error) from None
