"""React: what the policies ask for is done, in the order of the log, until nothing is left that can be done.

A to-do is done under an id of its own, so the log itself refuses the second time, in any process. What
cannot be done for a reason of its own is parked with it, and the others go on; trouble of the store
stops everybody and parks nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.log.answers import Claim, Overtaken, value
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Tally
from deciderkit.outcomes import OwnTrouble, Parked, in_words, reason_in_words
from deciderkit.planning import Plan
from deciderkit.policy import ToDo
from deciderkit.shell.dispatch.carrying import Carrying, Observer
from deciderkit.shell.dispatch.reading import Asked, Reading

ROUNDS: Final = 100
"""How deep a cascade may go: policies that feed each other without an end are parked there."""


class _Asking:
    """A to-do as the one who asks for its command; see `Asker`."""

    def __init__(self, todo: ToDo[Any, Any], reading: Reading, asked: Asked) -> None:
        self._id = todo.id
        self._reading = reading
        self._asked = asked

    def claim(self, commands: list[Any], planned: Plan) -> Claim:
        return Claim(self._id, 0, Tally(1))

    def settle(self, commands: list[Any], planned: Plan, claim: Claim | None) -> None:
        pass

    def delivery_key(self, place: int) -> str:
        return f"{self._id}/{place}"

    def still_asks(self) -> bool:
        self._reading.catch_up()
        return self.is_open()

    def is_open(self) -> bool:
        return self._reading.todo(self._asked) is not None


class Reacting:
    """Works off what ``reading`` finds to be done; ``now`` tells the time to those that are due later."""

    def __init__(
        self,
        board: Board,
        store: EventStore,
        reading: Reading,
        carrying: Carrying,
        observe: Observer | None,
        now: Callable[[], datetime],
    ) -> None:
        self._policies = board.policies
        self._store = store
        self._reading = reading
        self._carrying = carrying
        self._observe = observe
        self._now = now
        self._mark = 0
        self._notes: dict[str, str] = {}
        self._released: set[str] = set()
        self._later: list[tuple[datetime, Asked]] = []
        self.newly_parked: list[Parked] = []

    def recall(self) -> None:
        """Look again at what is parked: somebody may have parked it, or let it go."""
        for note in value(self._store.notes(self._mark)):
            self._mark = note.mark
            if note.reason:
                self._notes[note.todo] = note.reason
                self._released.discard(note.todo)
                continue
            self._released.add(note.todo)
            if self._notes.pop(note.todo, None) is not None:
                self._ask_again(note.todo)

    def work_off(self) -> None:
        """Do all that can be done now."""
        if self._later:
            self._wake()
        ready = self._reading.ready
        if ready:
            self.recall()
        while ready:
            asked = ready[0]
            todo = self._reading.todo(asked)
            if todo is not None and todo.id not in self._notes:
                self._do(todo, asked)
            # Only now: an interrupt before this line leaves it where it is found again.
            ready.popleft()

    @property
    def next_due(self) -> datetime | None:
        """When the next to-do is due that waits for its time."""
        return self._later[0][0] if self._later else None

    def parked(self) -> tuple[Parked, ...]:
        """What cannot be done, and why, in the order of the log. Notes of what was ended since go."""
        self.recall()
        found = {todo.id: todo for todo in self._open()}
        noted = self._notes.keys() | self._released
        if ended := sorted(each for each in noted - found.keys() if self._is_ours(each)):
            value(self._store.settled(ended))
            self._released.difference_update(ended)
            for todo_id in ended:
                self._notes.pop(todo_id, None)
        parked = self._notes
        return tuple(Parked(todo, parked[each]) for each, todo in found.items() if each in parked)

    def _is_ours(self, todo_id: str) -> bool:
        """Whether this board has its policy; what another process parks is not ours to settle."""
        slug, _, _ = todo_id.rpartition("@")
        return any(slug in policy.slugs for policy in self._policies)

    def _open(self) -> list[ToDo[Any, Any]]:
        waiting = self._reading.waiting
        todos = [todo for each in waiting for todo in each.by_position.values()]
        return sorted(todos, key=lambda todo: todo.position)

    def forget(self) -> None:
        """Begin anew with the notes of the store; see `Reading.settle`."""
        self._mark = 0
        self._notes.clear()
        self._released.clear()
        self._later.clear()

    def _ask_again(self, todo_id: str) -> None:
        for index, waiting in enumerate(self._reading.waiting):
            slug, _, position = todo_id.rpartition("@")
            todo = waiting.by_position.get(int(position))
            if todo is not None and self._policies[index].slug == slug:
                self._reading.ready.append(Asked(index, todo.position, 0))

    def _wake(self) -> None:
        now = self._now()
        while self._later and self._later[0][0] <= now:
            self._reading.ready.append(self._later[0][1])
            heapq.heappop(self._later)

    def _do(self, todo: ToDo[Any, Any], asked: Asked) -> None:
        """Carry out one to-do; one that cannot be done is parked, one that is due later waits."""
        try:
            due = todo.due
            if due is not None and due > self._now():
                heapq.heappush(self._later, (due, asked))
                return
            command = todo.command
        except Exception as error:  # somebody's `then` or `due`
            self._park(todo, in_words(error))
            return
        if asked.depth >= ROUNDS:
            self._park(todo, f"it stands in a cascade of {ROUNDS} to-dos: expected it to end")
            return
        self._reading.depths[todo.id] = asked.depth
        try:
            reason = self._carry_out(command, _Asking(todo, self._reading, asked))
        except OwnTrouble as trouble:
            reason = in_words(trouble.because)
        finally:
            self._reading.depths.pop(todo.id, None)
        if reason:
            self._reading.catch_up()
            if self._reading.todo(asked) is not None:
                self._park(todo, reason)

    def _carry_out(self, command: Any, asking: _Asking) -> str:
        """Why the to-do is to be parked if it is still open after that; nothing if it was ended."""
        try:
            planned = self._carrying.carry_out([command], asking)
        except Overtaken:
            return "it was done, and nothing ended it"
        if planned is None:
            return ""
        decision = planned.decisions[0]
        if not decision:
            return "it led to nothing"
        if type(decision[0]) is Refused:
            return f"refused: {reason_in_words(decision[0].reason)}"
        given = ", ".join(type(event).__name__ for event in decision)
        return f"it was done, and {given} did not end it" if asking.is_open() else ""

    def _park(self, todo: ToDo[Any, Any], reason: str) -> None:
        reason = reason.encode(errors="backslashreplace").decode().replace("\0", "\\0")[:1_000]
        value(self._store.park(todo.id, reason))
        self._notes[todo.id] = reason
        self._released.discard(todo.id)
        parked = Parked(todo, reason)
        self.newly_parked.append(parked)
        if self._observe:
            self._observe(parked)
