"""React: what the policies ask for is done, round by round, until nothing is left that can be done.

What cannot be done is parked with its reason, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deciderkit.decider import Refused
from deciderkit.policy import ToDo
from deciderkit.shell.happenings import EndlessCascade, Parked, Undelivered
from deciderkit.shell.log_reader import LogReader, Stopped, unwrapped
from deciderkit.shell.parking import Note, Parking
from deciderkit.shell.request import Request
from deciderkit.shell.transactions import Observer, Transactions


class Reactions:
    """Works off the to-dos that ``log`` knows of; ``rounds`` bounds a cascade."""

    def __init__(
        self,
        log: LogReader,
        transactions: Transactions,
        parking: Parking,
        *,
        observe: Observer,
        new_request: Callable[[], Request],
        rounds: int,
    ) -> None:
        self._log = log
        self._transactions = transactions
        self._parking = parking
        self._observe = observe
        self._new_request = new_request
        self._rounds = rounds
        self._notes: dict[tuple[str, str], Note] = {}

    @property
    def parked(self) -> tuple[Parked, ...]:
        """What cannot be done, and why, in the order of the log."""
        waiting = ((todo, self._note(todo)) for todo in self._log.reading.todos())
        return tuple(Parked(todo, note.reason) for todo, note in waiting if note)

    def recall(self) -> None:
        """Look again at what is parked: somebody may have let it go."""
        self._notes = {(note.policy, note.key): note for note in unwrapped(self._parking.notes())}
        self._log.stirred = True

    def work_off(self) -> None:
        """Do all that can be done."""
        rounds = 0
        while self._log.stirred and (todos := self._open()):
            rounds += 1
            if rounds > self._rounds:
                names = dict.fromkeys(todo.policy for todo in todos)
                raise Stopped(EndlessCascade(tuple(names), self._rounds))
            for todo in todos:
                if self._log.reading.has_pending(todo):
                    self._do(todo)
        self._log.stirred = False

    def _open(self) -> list[ToDo[Any]]:
        return [todo for todo in self._log.reading.todos() if self._note(todo) is None]

    def _note(self, todo: ToDo[Any]) -> Note | None:
        note = self._notes.get((todo.policy, todo.key))
        return note if note and note.position == todo.position else None

    def _do(self, todo: ToDo[Any]) -> None:
        """Carry out one to-do; one that cannot be done is parked."""
        try:
            done = self._transactions.carry_out([todo.command], self._new_request())
        except Stopped as stopped:
            if not isinstance(stopped.error, Undelivered):
                raise
            self._park(todo, stopped.error.reason)
            return
        _, decision = done.decisions[0]
        if decision and isinstance(decision[0], Refused):
            self._log.catch_up()
            if self._log.reading.has_pending(todo):
                self._park(todo, f"refused: {_words(decision[0].reason)}")

    def _park(self, todo: ToDo[Any], reason: str) -> None:
        note = Note(todo.policy, todo.key, todo.position, reason)
        unwrapped(self._parking.park(note))
        self._notes[todo.policy, todo.key] = note
        self._observe(Parked(todo, reason))


def _words(reason: Any) -> str:
    return str(getattr(reason, "value", reason))
