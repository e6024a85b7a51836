"""Load, decide, deliver, append: commands of one stream become events, all or none.

On a conflict the stream is loaded again and the commands are decided anew, on what really happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from returns.io import IOResult
from returns.pipeline import is_successful
from returns.unsafe import unsafe_perform_io

from deciderkit.board import Aggregate, Board
from deciderkit.decider import Refused
from deciderkit.planning import Plan, plan
from deciderkit.shell.event_store import Conflict, EventStore, Page
from deciderkit.shell.happenings import Happening, NotOnBoard, Submitted, Undelivered
from deciderkit.shell.log_reader import LogReader, Stopped
from deciderkit.shell.request import Request

Observer: TypeAlias = Callable[[Happening], None]
Delivery: TypeAlias = Callable[[Any, str], IOResult[None, str]]


def tell_nobody(happening: Happening) -> None:
    """The observer of those who do not want to know."""


class Transactions:
    """Carries out commands of ``board`` on ``store``, as the dispatcher was told to.

    ``tries`` bounds the appends against other writers, ``attempts`` those to deliver one event.
    """

    def __init__(
        self,
        board: Board,
        store: EventStore,
        log: LogReader,
        *,
        deliveries: Mapping[type, Delivery],
        observe: Observer,
        tries: int,
        attempts: int,
    ) -> None:
        self._board = board
        self._store = store
        self._log = log
        self._deliveries = deliveries
        self._observe = observe
        self._tries = tries
        self._attempts = attempts
        self._alone = frozenset(deliveries)

    def taker(self, command: Any) -> Aggregate:
        """The aggregate that takes ``command``; stops where there is none."""
        aggregate = self._board.takers.get(type(command))
        if aggregate is None:
            raise Stopped(NotOnBoard(command))
        return aggregate

    def again(self, commands: Sequence[Any], request: Request) -> Plan | None:
        """What an earlier try of ``request`` made of the first of ``commands``, if it got so far."""
        page = request.recorded()
        if not page:
            return None
        planned = request.retrace(self.taker(commands[0]), commands, page)
        if planned.events:
            request.appended()
        self._show(planned, page, announced=False)
        return planned

    def carry_out(
        self, commands: Sequence[Any], request: Request, halts: frozenset[type] = frozenset()
    ) -> Plan:
        """Decide and record as many of ``commands`` as go together; on a conflict decide anew."""
        aggregate = self.taker(commands[0])
        stream = aggregate.stream(commands[0])
        cuts = self._board.triggers | halts
        conflict: Conflict | None = None
        for _ in range(self._tries):
            version, state = self._log.load(aggregate, stream)
            planned = plan(aggregate.decider, commands, state, cuts, self._alone)
            announced = self._deliver(planned, f"{stream}/{version + 1}")
            appended = self._append(stream, version, planned.events, request.append_id)
            if not isinstance(appended, Conflict):
                done = self._taken_in(commands, request, planned, appended)
                self._show(done, appended, announced)
                return done
            conflict = appended
            self._log.refresh(aggregate, stream)
        raise Stopped(conflict or Conflict(stream, 0, 0))

    def _taken_in(
        self, commands: Sequence[Any], request: Request, planned: Plan, page: Page
    ) -> Plan:
        """What was really done: another try of the same request may have been first."""
        if not page:
            return planned
        aggregate, stream = self.taker(commands[0]), page[0].stream
        if planned.events == tuple(each.event for each in page):
            self._log.appended(aggregate, page, planned.state)
        else:
            planned = request.retrace(aggregate, commands, page)
            self._log.refresh(aggregate, stream)
            self._log.catch_up()
        request.appended()
        return planned

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

    def _deliver(self, planned: Plan, key: str) -> bool:
        """Tell the outside world before the log; whether there was anything to tell."""
        delivery = self._deliveries.get(type(planned.events[0])) if planned.events else None
        if delivery is None:
            return False
        self._observe(Submitted(planned.decisions[0][0]))
        event, reason = planned.events[0], ""
        for _ in range(self._attempts):
            reason = _attempt(delivery, event, key)
            if not reason:
                return True
        raise Stopped(Undelivered(event, reason))

    def _show(self, planned: Plan, page: Page, announced: bool) -> None:
        if self._observe is tell_nobody:
            return
        recorded = iter(page)
        for command, decision in planned.decisions:
            if not announced:
                self._observe(Submitted(command))
            for each in decision:
                self._observe(each if isinstance(each, Refused) else next(recorded))


def _attempt(delivery: Delivery, event: Any, key: str) -> str:
    """Why the delivery failed; nothing if it did not."""
    try:
        delivered = delivery(event, key)
    except Exception as error:  # whatever a delivery raises, the others must go on
        return f"{type(error).__name__}: {error}"
    return "" if is_successful(delivered) else unsafe_perform_io(delivered.failure())
