"""The dispatch loop: load, decide, append, react.

The one place where a board meets a store. All that it knows it has from the log: the states that it
decides against, the to-dos that it works off and the views that it shows are folds, kept at hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from returns.io import IOFailure, IOResult, IOSuccess

from deciderkit.board import Aggregate, Board, BoardState
from deciderkit.log.codec import CorruptEvent
from deciderkit.decider import CorruptHistory
from deciderkit.policy import ToDo
from deciderkit.projection import Projection
from deciderkit.shell.event_store import EventStore
from deciderkit.shell.follower import UnreadView
from deciderkit.shell.happenings import DispatchError, Parked, Report
from deciderkit.shell.log_reader import LogReader, Stopped
from deciderkit.shell.parking import MemoryParking, Parking
from deciderkit.shell.reactions import Reactions
from deciderkit.shell.request import Request
from deciderkit.shell.saved_views import SavedViews
from deciderkit.shell.transactions import Delivery, Observer, Transactions, tell_nobody

T = TypeVar("T")
V = TypeVar("V")


class Dispatcher:
    """Runs ``board`` on ``store``.

    Up to ``chunk`` commands in a row for one stream are decided and recorded together, all or none;
    what is recorded is the same for every ``chunk``. A policy's command is decided as soon as its
    event is recorded, so never against a state from before it.

    ``deliveries`` tells the outside world of an event of some type before it is recorded: it gets
    the event and a key that stays the same however often it is tried. One that fails ``attempts``
    times in a row is noted in ``parking`` and tried again once it was let go there. ``observe`` is
    told of everything, in order. With ``saved`` it begins where its folds were saved; ``board`` then
    has no projection with a key. ``rounds`` bounds a cascade, ``tries`` the appends against others.
    """

    def __init__(
        self,
        board: Board,
        store: EventStore,
        *,
        deliveries: Mapping[type, Delivery] | None = None,
        observe: Observer | None = None,
        parking: Parking | None = None,
        saved: SavedViews | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        chunk: int = 1_000,
        rounds: int = 100,
        tries: int = 100,
        attempts: int = 1,
    ) -> None:
        self._store = store
        self._new_id = new_id
        self._chunk = chunk
        self._log = LogReader(board, store, saved)
        told = observe or tell_nobody
        self._transactions = Transactions(
            board,
            store,
            self._log,
            deliveries=deliveries or {},
            observe=told,
            tries=tries,
            attempts=attempts,
        )
        self._reactions = Reactions(
            self._log,
            self._transactions,
            parking or MemoryParking(),
            observe=told,
            new_request=self._new_request,
            rounds=rounds,
        )

    def dispatch(
        self, commands: Iterable[Any], halts: Iterable[type] = (), command_id: str | None = None
    ) -> IOResult[Report, DispatchError]:
        """Carry out ``commands`` in order, and all that the policies make of their events.

        To-dos that an earlier run left behind are done first. An event (or `Refused`) of a type in
        ``halts`` ends the run after its cascade; the commands behind it are left undone.

        With a ``command_id`` the same call can be made again when its outcome is unknown: what was
        recorded under it is reported and not done twice, the rest is done. Fails with
        `OtherCommands` where the id was used for something else.
        """
        return self._guard(lambda: self._run(iter(commands), frozenset(halts), command_id))

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
        return self._reactions.parked

    @property
    def unread(self) -> tuple[UnreadView, ...]:
        """The views that an event stopped, and why; the others go on."""
        return self._log.unread

    def _guard(self, work: Callable[[], T]) -> IOResult[T, DispatchError]:
        try:
            return IOSuccess(work())
        except Stopped as stopped:
            return IOFailure(stopped.error)
        except (CorruptHistory, CorruptEvent) as error:
            return IOFailure(error)

    def _run(self, source: Iterator[Any], halts: frozenset[type], command_id: str | None) -> Report:
        self._catch_up_and_react()
        retried = None if command_id is None else Request(self._store, command_id)
        report = Report()
        waiting: deque[Any] = deque()
        while batch := self._next_batch(waiting, source):
            done = self._transactions.again(batch, retried) if retried else None
            if done is None:
                done = self._transactions.carry_out(batch, retried or self._new_request(), halts)
            waiting.extendleft(reversed(batch[len(done.decisions) :]))
            report = report.plus(decision for _, decision in done.decisions)
            self._reactions.work_off()
            _, last = done.decisions[-1]
            if not halts.isdisjoint(map(type, last)):
                break
        return report

    def _next_batch(self, waiting: deque[Any], source: Iterator[Any]) -> list[Any]:
        """The next commands of one stream, off the head of ``waiting``, which ``source`` fills up."""
        waiting.extend(islice(source, self._chunk - len(waiting)))
        batch: list[Any] = []
        if waiting:
            aggregate = self._transactions.taker(waiting[0])
            key = aggregate.key(waiting[0])
            while (
                waiting
                and type(waiting[0]) in aggregate.commands
                and aggregate.key(waiting[0]) == key
            ):
                batch.append(waiting.popleft())
        return batch

    def _catch_up_and_react(self) -> BoardState:
        self._log.catch_up()
        self._reactions.recall()
        self._reactions.work_off()
        return self._log.reading

    def _new_request(self) -> Request:
        return Request(self._store, self._new_id())
