"""One caller's request under an id of its own, so that trying it again does nothing twice.

The first append of a request is recorded under its id, the next under ``id~1``, and so on. On a
retry these are asked for first: what is there was done, and the commands that led to it are told
again from the log, against the states of that time. What is not there is done now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deciderkit.board import Aggregate
from deciderkit.planning import Plan, retrace
from deciderkit.log.recorded import derived_id
from deciderkit.shell.event_store import EventStore, Page
from deciderkit.shell.happenings import OtherCommands
from deciderkit.shell.log_reader import Stopped, folded, unwrapped


class Request:
    """The request ``command_id`` against ``store``: the ids of its appends, and what was recorded."""

    def __init__(self, store: EventStore, command_id: str) -> None:
        self._store = store
        self._command_id = command_id
        self._count = 0
        self._states: dict[str, tuple[int, Any]] = {}

    @property
    def append_id(self) -> str:
        """The id of the append that comes next."""
        return derived_id(self._command_id, self._count) if self._count else self._command_id

    def appended(self) -> None:
        """The append under `append_id` is recorded."""
        self._count += 1

    def recorded(self) -> Page:
        """What an earlier try has recorded under `append_id`."""
        return unwrapped(self._store.outcome(self.append_id))

    def retrace(self, aggregate: Aggregate, commands: Sequence[Any], page: Page) -> Plan:
        """The plan of ``commands`` that led to ``page``, or that led to nothing just before it.

        Stops with `OtherCommands` where ``commands`` cannot have led to it.
        """
        stream = aggregate.stream(commands[0])
        state = self._state_before(aggregate, stream, page[0].position)
        events = tuple(each.event for each in page) if page[0].stream == stream else ()
        planned = retrace(aggregate.decider, commands, state, events)
        planned = planned or retrace(aggregate.decider, commands, state, ())
        if planned is None:
            raise Stopped(OtherCommands(self._command_id, page[0].position))
        return planned

    def _state_before(self, aggregate: Aggregate, stream: str, position: int) -> Any:
        version, state = self._states.get(stream, (0, aggregate.decider.initial))
        while page := unwrapped(self._store.read(stream, version)):
            before = tuple(each for each in page if each.position < position)
            state = folded(aggregate, before, state)
            version += len(before)
            if len(before) < len(page):
                break
        self._states[stream] = (version, state)
        return state
