"""The dispatch loop: load, decide, append, react.

The one place where a board meets a store. All that it knows it has from the log: the states that it
decides against, the to-dos that it works off and the views that it shows are folds, kept at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock, get_ident
from typing import Any, Final, TypeVar

from pyrsistent import PMap
from returns.result import Failure, Result, Success

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.ids import BadId, is_id, key_text
from deciderkit.log.answers import Overtaken, StoreTrouble, value
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.port import EventStore
from deciderkit.outcomes import (
    AsksItself,
    OtherCommands,
    OwnTrouble,
    Parked,
    Report,
    Stopped,
)
from deciderkit.policy import ToDo, in_order
from deciderkit.problems import delivery_problem
from deciderkit.projection import Projection
from deciderkit.read_models import UnreadView
from deciderkit.request import Request
from deciderkit.shell.dispatch.carrying import Carrying, Delivery, Observer
from deciderkit.shell.dispatch.reacting import Reacting
from deciderkit.shell.dispatch.reading import Reading
from deciderkit.shell.dispatch.views import Viewing
from deciderkit.shell.stores.clock import NewIds

T = TypeVar("T")
V = TypeVar("V")

_NONE: Final[frozenset[type]] = frozenset()


@lru_cache
def _all_done(commands: int) -> Result[Report, Stopped]:
    """The report of a call without a refusal; kept, since most calls are for one command."""
    return Success(Report(commands))


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class Dispatcher:
    """Runs ``board`` on ``store``; several threads may use it, one call after the other.

    Up to ``chunk`` commands in a row for one stream are decided and recorded together, all or none;
    what is recorded is the same for every ``chunk``. A policy's command is decided as soon as its
    event is recorded, so never against a state from before it.

    ``deliveries`` has a function for each type of event that an external system of the board hears:
    it is called with the event and a key before the event is recorded. One that returns has delivered,
    one that raises has not. It is called at least once: told and then not recorded is possible, and
    then it is told again under the same key, perhaps with other content, of which the receiver keeps
    the first. Deliveries that are slow belong in a process of their own, whose board has only their
    policy. ``observe`` is told of everything, in order.

    ``version`` is a text that changes when the program does (`version_of` makes one); with it folds
    are saved beside the log, so that a long one opens quickly. ``now`` tells the time to policies
    that are due.

    Raises ``ValueError`` where ``deliveries`` are not those of the board.
    """

    def __init__(
        self,
        board: Board,
        store: EventStore,
        *,
        deliveries: Mapping[Any, Delivery] | None = None,
        observe: Observer | None = None,
        version: str = "",
        chunk: int = 1_000,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        deliveries = deliveries or {}
        if problem := delivery_problem(board.externals, deliveries):
            raise ValueError(problem)
        self._takers = board.takers
        self._store = store
        self._chunk = max(chunk, 1)
        self._new_id = NewIds()
        self._lock = Lock()
        self._owner = 0
        self._reading = Reading(board, store, version)
        self._carrying = Carrying(board, store, self._reading, deliveries, observe)
        self._reacting = Reacting(board, store, self._reading, self._carrying, observe, now)
        self._viewing = Viewing(board, store, version)

    def dispatch(
        self, commands: Iterable[Any], halts: Iterable[type] = (), command_id: str | None = None
    ) -> Result[Report, Stopped]:
        """Carry out ``commands`` in order, and all that the policies make of their events.

        To-dos that an earlier run left behind are done first. An event (or `Refused`) of a type in
        ``halts`` ends the run after its cascade; the commands behind it are left undone.

        With a ``command_id`` the same call can be made again when its outcome is unknown, also while
        the first still runs: what is done is not done twice, the rest is done, and the report is that
        of one call. Commands that were refused behind the last event left nothing behind; they are
        decided again. Fails because of `OtherCommands` where the id was used for something else.

        What ``commands`` itself raises is raised after the commands that it gave before are done.
        """
        stops = frozenset(halts) if halts else _NONE
        return self._alone(
            self._run, Request(commands, command_id, self._chunk, stops, self._new_id)
        )

    def resume(self) -> Result[Report, Stopped]:
        """Catch up with the log, and do what the policies have still to do."""
        return self._alone(self._resume)

    def state(self, aggregate: Aggregate, key: object) -> Result[Any, Stopped]:
        """The state of one aggregate, up to the end of its stream.

        Fails because of `BadId` where ``key`` is a text that no stream can be named after.
        """
        stream = f"{aggregate.category}-{key_text(key)}"
        return self._alone(lambda _: Success(self._reading.refresh(aggregate, stream)[1]))

    def view(self, projection: Projection[V], key: object = "") -> Result[V, Stopped]:
        """The read model for ``key``, or the one for the whole log, up to the end of the log."""
        return self._alone(lambda _: Success(self._viewing.view(projection, key)))

    def views(self, projection: Projection[V]) -> Result[PMap[str, V], Stopped]:
        """The read models by their keys, up to the end of the log."""
        return self._alone(lambda _: Success(self._viewing.views(projection)))

    def todos(self) -> Result[tuple[ToDo[Any, Any], ...], Stopped]:
        """What the policies have still to do at the end of the log, the parked ones among them."""
        return self._alone(self._todos)

    def parked(self) -> Result[tuple[Parked, ...], Stopped]:
        """What cannot be done, and why, in the order of the log."""
        return self._alone(self._parked)

    def let_go(self, *todos: ToDo[Any, Any]) -> Result[None, Stopped]:
        """Try parked to-dos again at the next `resume`, of this or of another process."""
        return self._alone(
            lambda _: Success(value(self._store.let_go([todo.id for todo in todos])))
        )

    def unread(self) -> Result[tuple[UnreadView, ...], Stopped]:
        """The views that an event stopped, and why; the others go on."""
        return self._alone(lambda _: Success(self._viewing.unread()))

    @property
    def next_due(self) -> datetime | None:
        """When the next to-do is due that waits for its time, as far as the log was read."""
        return self._reacting.next_due

    def _alone(
        self, work: Callable[[Any], Result[T, Stopped]], request: Request | None = None
    ) -> Result[T, Stopped]:
        """What ``work`` gives for ``request``, done by one thread at a time."""
        me = get_ident()
        if self._owner == me and self._lock.locked():
            return Failure(Stopped(AsksItself(), Report()))
        with self._lock:
            self._owner = me
            try:
                if self._reading.settle():
                    self._reacting.forget()
                return work(request)
            except OwnTrouble as trouble:
                because = trouble.because
            except (StoreTrouble, CorruptEvent, OtherCommands, BadId) as error:
                because = error
            finally:
                self._owner = 0
            return Failure(Stopped(because, self._report(request)))

    def _run(self, request: Request) -> Result[Report, Stopped]:
        if request.command_id is not None:
            self._begin(request, request.command_id)
        reacting, ready = self._reacting, self._reading.ready
        carry_out = self._carrying.carry_out
        reacting.work_off()
        while not (request.over or request.halted):
            batch = request.batch(self._takers)
            if not batch:
                break
            try:
                carry_out(batch, request, request.halts)
            except Overtaken as overtaken:
                if overtaken.tally.done <= request.recorded:
                    raise  # the store contradicts itself: going on would never end
                request.skip_to(overtaken.tally, batch)
                self._reading.catch_up()
            if ready:
                reacting.work_off()
        if reacting.newly_parked or request.refused:
            return Success(self._report(request))
        return _all_done(request.done)

    def _begin(self, request: Request, command_id: str) -> None:
        if not is_id(command_id):
            raise BadId(command_id)
        tally = value(self._store.tally(command_id))
        if tally is not None:
            request.skip_to(tally)
            self._reading.catch_up()

    def _resume(self, _: object) -> Result[Report, Stopped]:
        self._reading.catch_up()
        self._reacting.recall()
        self._reacting.work_off()
        return Success(self._report(None))

    def _todos(self, _: object) -> Result[tuple[ToDo[Any, Any], ...], Stopped]:
        self._reading.catch_up()
        waiting = self._reading.waiting
        return Success(in_order(todo for each in waiting for todo in each.by_position.values()))

    def _parked(self, _: object) -> Result[tuple[Parked, ...], Stopped]:
        self._reading.catch_up()
        return Success(self._reacting.parked())

    def _report(self, request: Request | None) -> Report:
        done = request.report if request is not None else Report()
        if not self._reacting.newly_parked:
            return done
        parked = tuple(self._reacting.newly_parked)
        self._reacting.newly_parked.clear()
        return Report(done.carried_out, done.refused, done.refusal, parked)
