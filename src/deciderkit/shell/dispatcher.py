"""The dispatch loop: load, decide, append, react.

The one place where a board meets a store. All that it knows it has from the log: the states that it
decides against, the to-dos that it works off and the views that it shows are folds, kept at hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias, TypeVar
from uuid import uuid4

from returns.io import IOFailure, IOResult, IOSuccess
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.board import Aggregate, Board, BoardState
from deciderkit.codec import CorruptEvent
from deciderkit.decider import CorruptHistory, Refused
from deciderkit.planning import Plan, plan
from deciderkit.policy import ToDo
from deciderkit.projection import Projection
from deciderkit.shell.event_store import Conflict, EventStore, Page
from deciderkit.shell.happenings import (
    DispatchError,
    EndlessCascade,
    Happening,
    NotOnBoard,
    Parked,
    Report,
    Submitted,
    Undelivered,
)
from deciderkit.shell.log_reader import LogReader, Stopped

T = TypeVar("T")
V = TypeVar("V")

Observer: TypeAlias = Callable[[Happening], None]
Delivery: TypeAlias = Callable[[Any, str], IOResult[None, str]]


class Dispatcher:
    """Runs ``board`` on ``store``.

    Up to ``chunk`` commands in a row for one stream are decided and recorded together, all or none;
    what is recorded is the same for every ``chunk``. A policy's command is decided as soon as its
    event is recorded, so never against a state from before it.

    ``deliveries`` tells the outside world of an event of some type before it is recorded: it gets
    the event and a key that stays the same however often it is tried. ``observe`` is told of
    everything, in order. ``rounds`` bounds a cascade, ``tries`` the appends against other writers.
    """

    def __init__(
        self,
        board: Board,
        store: EventStore,
        *,
        deliveries: Mapping[type, Delivery] | None = None,
        observe: Observer | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        chunk: int = 1_000,
        rounds: int = 100,
        tries: int = 100,
    ) -> None:
        self._board = board
        self._store = store
        self._deliveries = deliveries or {}
        self._observe = observe
        self._new_id = new_id
        self._chunk = chunk
        self._rounds = rounds
        self._tries = tries
        self._log = LogReader(board, store)
        self._settled: tuple[Any, ...] = ()
        self._parked: dict[tuple[str, str], Parked] = {}

    def dispatch(
        self, commands: Iterable[Any], halts: Iterable[type] = ()
    ) -> IOResult[Report, DispatchError]:
        """Carry out ``commands`` in order, and all that the policies make of their events.

        To-dos that an earlier run left behind are done first. An event (or `Refused`) of a type in
        ``halts`` ends the run after its cascade; the commands behind it are left undone.
        """
        return self._guard(lambda: self._run(iter(commands), frozenset(halts)))

    def resume(self) -> IOResult[BoardState, DispatchError]:
        """Catch up with the log, and do what the policies have still to do."""
        return self._guard(self._catch_up_and_react)

    def state(self, aggregate: Aggregate, key: str) -> IOResult[Any, DispatchError]:
        """The state of one aggregate, as far as this dispatcher has read its stream."""
        return self._guard(lambda: self._log.load(aggregate, f"{aggregate.category}-{key}")[1])

    def view(self, projection: Projection[V], key: str = "") -> V:
        """The read model, as far as this dispatcher has read the log."""
        return self._log.reading.view(projection, key)

    @property
    def todos(self) -> tuple[ToDo[Any], ...]:
        """What the policies have still to do, the parked ones among them."""
        return self._log.reading.todos()

    @property
    def parked(self) -> tuple[Parked, ...]:
        """What cannot be done, and why, in the order of the log."""
        return tuple(sorted(self._parked.values(), key=lambda each: each.todo.position))

    def _guard(self, work: Callable[[], T]) -> IOResult[T, DispatchError]:
        try:
            return IOSuccess(work())
        except Stopped as stopped:
            return IOFailure(stopped.error)
        except (CorruptHistory, CorruptEvent) as error:
            return IOFailure(error)

    def _run(self, source: Iterator[Any], halts: frozenset[type]) -> Report:
        self._catch_up_and_react()
        report = Report()
        waiting: deque[Any] = deque()
        while batch := self._next_batch(waiting, source):
            done = self._transact(batch, halts)
            waiting.extendleft(reversed(batch[len(done.decisions) :]))
            report = report.plus(decision for _, decision in done.decisions)
            self._react()
            _, last = done.decisions[-1]
            if not halts.isdisjoint(map(type, last)):
                break
        return report

    def _next_batch(self, waiting: deque[Any], source: Iterator[Any]) -> list[Any]:
        """The next commands of one stream, off the head of ``waiting``, which ``source`` fills up."""
        waiting.extend(islice(source, self._chunk - len(waiting)))
        batch: list[Any] = []
        if waiting:
            aggregate = self._taker(waiting[0])
            key = aggregate.key(waiting[0])
            while (
                waiting
                and type(waiting[0]) in aggregate.commands
                and aggregate.key(waiting[0]) == key
            ):
                batch.append(waiting.popleft())
        return batch

    def _taker(self, command: Any) -> Aggregate:
        aggregate = self._board.takers.get(type(command))
        if aggregate is None:
            raise Stopped(NotOnBoard(command))
        return aggregate

    def _transact(self, commands: list[Any], halts: frozenset[type] = frozenset()) -> Plan:
        """Decide and record as many of ``commands`` as go together; on a conflict decide anew."""
        aggregate = self._taker(commands[0])
        stream = aggregate.stream(commands[0])
        command_id = self._new_id()
        cuts, alone = self._board.triggers | halts, frozenset(self._deliveries)
        conflict: Conflict | None = None
        for _ in range(self._tries):
            version, state = self._log.load(aggregate, stream)
            planned = plan(aggregate.decider, commands, state, cuts, alone)
            announced = self._deliver(planned, f"{stream}/{version + 1}")
            appended = self._append(stream, version, planned.events, command_id)
            if not isinstance(appended, Conflict):
                if appended:
                    self._log.appended(stream, appended, planned.state)
                self._show(planned, appended, announced)
                return planned
            conflict = appended
            self._log.refresh(aggregate, stream)
        raise Stopped(conflict or Conflict(stream, 0, 0))

    def _append(
        self, stream: str, version: int, events: tuple[Any, ...], command_id: str
    ) -> Page | Conflict:
        if not events:
            return ()
        result = self._store.append(stream, version, events, command_id)
        if is_successful(result):
            return unsafe_perform_io(result.unwrap())
        error = unsafe_perform_io(result.failure())
        if isinstance(error, Conflict):
            return error
        raise Stopped(error)

    def _catch_up_and_react(self) -> BoardState:
        self._log.catch_up()
        self._react()
        return self._log.reading

    def _react(self) -> None:
        """Do what the policies ask for, round by round, until nothing is left that can be done."""
        rounds = 0
        while self._log.reading.pending != self._settled and (todos := self._open_todos()):
            rounds += 1
            if rounds > self._rounds:
                names = dict.fromkeys(todo.policy for todo in todos)
                raise Stopped(EndlessCascade(tuple(names), self._rounds))
            for todo in todos:
                if self._log.reading.has_pending(todo):
                    self._do(todo)
        self._settled = self._log.reading.pending

    def _open_todos(self) -> list[ToDo[Any]]:
        return [todo for todo in self.todos if (todo.policy, todo.key) not in self._parked]

    def _do(self, todo: ToDo[Any]) -> None:
        """Carry out one to-do; one that cannot be done is parked."""
        try:
            done = self._transact([todo.command])
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
        parked = Parked(todo, reason)
        self._parked[todo.policy, todo.key] = parked
        self._tell(parked)

    def _deliver(self, planned: Plan, key: str) -> bool:
        """Tell the outside world before the log; whether there was anything to tell."""
        delivery = self._deliveries.get(type(planned.events[0])) if planned.events else None
        if delivery is None:
            return False
        self._tell(Submitted(planned.decisions[0][0]))
        delivered = delivery(planned.events[0], key)
        if not is_successful(delivered):
            reason = unsafe_perform_io(delivered.failure())
            raise Stopped(Undelivered(planned.events[0], reason))
        return True

    def _show(self, planned: Plan, page: Page, announced: bool) -> None:
        if self._observe is None:
            return
        recorded = iter(page)
        for command, decision in planned.decisions:
            if not announced:
                self._observe(Submitted(command))
            for each in decision:
                self._observe(each if isinstance(each, Refused) else next(recorded))

    def _tell(self, happening: Happening) -> None:
        if self._observe is not None:
            self._observe(happening)


def _words(reason: Any) -> str:
    return str(getattr(reason, "value", reason))
