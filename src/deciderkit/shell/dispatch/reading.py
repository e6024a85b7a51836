"""What a dispatcher knows from the log: the states that it decides on, and what is still to do.

Nothing here is the truth, all of it can be forgotten: it is read off the log again. Where an
interrupt came in the midst of a change, that is what happens.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.ids import BadId, is_id
from deciderkit.log.answers import value
from deciderkit.log.audit import folded
from deciderkit.log.errors import CannotFollow
from deciderkit.log.pages import Page
from deciderkit.log.port import PAGE, EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import OwnTrouble
from deciderkit.policy import ToDo, Waiting
from deciderkit.shell.saved import SavedStates, SavedToDos


class Asked(NamedTuple):
    """A place on the list of what to do: of which policy, since which event, how deep in a cascade."""

    policy: int
    position: int
    depth: int


class Reading:
    """The folds of ``board`` over the log in ``store``, begun where the program ``version`` saved them.

    ``ready`` holds what the policies asked for, in the order of the log; what was ended since is
    passed over by whoever works it off.
    """

    def __init__(self, board: Board, store: EventStore, version: str) -> None:
        self._board = board
        self._store = store
        self._heard = board.heard
        self._saved_todos = SavedToDos(board, store, version)
        self._saved_states = SavedStates(store, version)
        self._changing = True
        self.depths: dict[str, int] = {}
        """How deep in a cascade the to-do with an id stands, for as long as it is being done."""

    def settle(self) -> bool:
        """Begin anew where nothing was read yet, or an interrupt left a change half done; whether it did."""
        begins = self._changing
        if begins:
            self._states: dict[str, tuple[int, Any]] = {}
            self.ready: deque[Asked] = deque()
            self.position, self.waiting = self._saved_todos.load()
            self.ready.extend(
                Asked(index, position, 0)
                for position, index in sorted(
                    (position, index)
                    for index, waiting in enumerate(self.waiting)
                    for position in waiting.by_position
                )
            )
            self._changing = False
            self.catch_up()
        return begins

    def todo(self, asked: Asked) -> ToDo[Any, Any] | None:
        """The to-do in the place ``asked``, if it is still to be done."""
        waiting: Waiting[Any, Any] = self.waiting[asked.policy]
        return waiting.by_position.get(asked.position)

    def load(self, aggregate: Aggregate, stream: str, command: Any) -> tuple[int, Any]:
        """Version and state of ``stream``, which ``command`` is for: from memory, or else from the store."""
        known = self._states.get(stream)
        return known if known is not None else self.refresh(aggregate, stream, command)

    def refresh(self, aggregate: Aggregate, stream: str, command: Any = None) -> tuple[int, Any]:
        """Version and state of ``stream`` after what others have appended to it.

        What cannot follow a state that was saved may well follow the one that the log leads to, so
        before a history counts as corrupt the stream is folded from its beginning. One that cannot
        be folded is the trouble of whoever asks for it, and of nobody else; so is a name that no
        stream can have, which is never among those that are known.
        """
        begun = self._states.get(stream)
        if begun is None:
            if not is_id(stream):
                raise OwnTrouble(BadId(stream, "" if command is None else type(command).__name__))
            begun = self._saved_states.load(aggregate, stream)
        try:
            try:
                reached = self._go_on(aggregate, stream, begun)
            except CannotFollow:
                if not self._saved_states.distrust(stream):
                    raise
                reached = self._go_on(aggregate, stream, (0, aggregate.decider.initial))
        except CannotFollow as error:
            raise OwnTrouble(error) from None
        self._states[stream] = reached
        return reached

    def catch_up(self) -> None:
        """Take in all that stands in the log and was not read yet."""
        while page := value(self._store.read_all(self.position)):
            self._take(page)
        self._saved_todos.keep(self.position, self.waiting)

    def appended(self, aggregate: Aggregate, page: Page, state: Any) -> None:
        """Take in ``page``, which the owner of this reader has just appended to one stream."""
        last = page[-1]
        self._states[last.stream] = (last.version, state)
        if page[0].position == self.position + 1:
            self._take(page)
        else:
            self.catch_up()
        if last.version >= self._saved_states.soonest:
            self._saved_states.keep(aggregate, last, state)

    def _take(self, page: Page) -> None:
        heard = self._heard
        for recorded in page:
            if type(recorded.event) in heard:
                self._changing = True
                self._hear(recorded)
        self.position = page[-1].position
        self._changing = False

    def _hear(self, recorded: Recorded[Any]) -> None:
        position, kind = recorded.position, type(recorded.event)
        self.waiting = self._board.react(
            self.waiting, position, recorded.event, recorded.command_id
        )
        depth = self.depths.get(recorded.command_id, -1) + 1
        for index, policy in enumerate(self._board.policies):
            if policy.whenever is kind:
                self.ready.append(Asked(index, position, depth))

    def _go_on(self, aggregate: Aggregate, stream: str, begun: tuple[int, Any]) -> tuple[int, Any]:
        version, state = begun
        last: Recorded[Any] | None = None
        full = True
        while full and (page := value(self._store.read(stream, version, PAGE))):
            state = folded(aggregate, page, state)
            last = page[-1]
            version = last.version
            full = len(page) >= PAGE
        if last is not None and version >= self._saved_states.soonest:
            self._saved_states.keep(aggregate, last, state)
        return version, state
