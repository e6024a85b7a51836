"""Load, decide, deliver, append: commands of one stream become events, all or none.

On a conflict the stream is loaded again and the commands are decided anew, on what really happened. A
decision without events binds nobody by itself: it counts if the stream still stands where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from returns.result import Failure, Result, Success

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.ids import key_text
from deciderkit.log.answers import Conflict, value
from deciderkit.log.pages import Page
from deciderkit.log.port import EventStore
from deciderkit.outcomes import (
    Happening,
    NotOnBoard,
    OwnTrouble,
    Submitted,
    Undelivered,
    in_words,
)
from deciderkit.planning import Plan, plan
from deciderkit.request import Asker, shortened
from deciderkit.shell.dispatch.reading import Reading

Observer: TypeAlias = Callable[[Happening], None]
Delivery: TypeAlias = Callable[[Any, str], object]

TRIES: Final = 1_000
"""How often commands are decided anew because somebody else was faster."""


class Carrying:
    """Carries out commands of ``board`` on ``store`` and tells ``observe`` of it."""

    def __init__(
        self,
        board: Board,
        store: EventStore,
        reading: Reading,
        deliveries: Mapping[Any, Delivery],
        observe: Observer | None,
    ) -> None:
        self._takers = board.takers
        self._triggers = board.triggers
        self._store = store
        self._reading = reading
        self._deliveries = deliveries
        self._delivered = frozenset(deliveries)
        self._cuts = self._triggers | self._delivered
        self._observe = observe

    def carry_out(
        self, commands: list[Any], asker: Asker, halts: frozenset[type] = frozenset()
    ) -> Plan | None:
        """Decide and record as many of ``commands``, all of one stream, as go together.

        None if ``asker`` no longer asks. Raises `OwnTrouble` where not even the first can be done,
        `Overtaken` where another try was faster, and what the store says where it is in trouble.
        """
        aggregate, key, stream = self._place(commands[0])
        in_hand = commands
        cuts = self._cuts | halts if halts else self._cuts
        teller = _Teller(self._observe, self._deliveries, asker) if self._observe else None
        store, reading = self._store, self._reading
        for _ in range(TRIES):
            version, state = reading.load(aggregate, stream, commands[0])
            planned = plan(aggregate, key, commands, state, cuts, self._delivered)
            if not planned.decisions:
                raise OwnTrouble(planned.trouble or AssertionError("no decision"))
            if planned.recorded:
                if planned.cut and self._delivered:
                    teller = teller or _Teller(None, self._deliveries, asker)
                    teller.deliver(commands[0], planned, store)
                claim = asker.claim(commands, planned)
                appended = store.append(stream, version, planned.events, claim)
                if isinstance(appended, Success):
                    page = appended.unwrap()
                    reading.appended(aggregate, page, planned.state)
                    asker.settle(in_hand, planned, claim)
                    if teller:
                        teller.tell(commands, planned, page)
                    return planned
                commands = shortened(commands, planned, appended.failure())
            elif value(store.version(stream)) == version:
                asker.settle(in_hand, planned, None)
                if teller:
                    teller.tell(commands, planned, ())
                return planned
            reading.refresh(aggregate, stream)
            if not asker.still_asks():
                return None
        raise Conflict(stream, version, version)

    def _place(self, command: Any) -> tuple[Aggregate, object, str]:
        aggregate = self._takers.get(type(command))
        if aggregate is None:
            raise OwnTrouble(NotOnBoard(command))
        try:
            key = aggregate.key(command)
            stream = f"{aggregate.category}-{key if type(key) is str else key_text(key, aggregate)}"
        except Exception as error:  # somebody's function, or what it gave
            raise OwnTrouble(error) from None
        return aggregate, key, stream


class _Teller:
    """Tells the outside world before the log, and the observer of everything, in order."""

    def __init__(
        self, observe: Observer | None, deliveries: Mapping[Any, Delivery], asker: Asker
    ) -> None:
        self._observe = observe
        self._deliveries = deliveries
        self._asker = asker
        self._announced = False
        self._told: dict[str, Any] = {}

    def deliver(self, command: Any, planned: Plan, store: EventStore) -> None:
        """Deliver the events that are to be; ``planned`` is that of ``command`` alone if there are any."""
        if self._deliveries.keys().isdisjoint(map(type, planned.decisions[0])):
            return
        checked = store.check(planned.events)
        if isinstance(checked, Failure):
            raise OwnTrouble(checked.failure())
        if self._observe and not self._announced:
            self._observe(Submitted(command))
        self._announced = True
        for place, event in enumerate(planned.events, 1):
            delivery = self._deliveries.get(type(event))
            if delivery is not None:
                self._deliver(delivery, event, self._asker.delivery_key(place))

    def _deliver(self, delivery: Delivery, event: Any, key: str) -> None:
        if key in self._told and self._told[key] == event:
            return
        try:
            answer = delivery(event, key)
        except Exception as error:  # whatever a delivery raises, the others must go on
            raise OwnTrouble(Undelivered(event, in_words(error))) from None
        if isinstance(answer, Result) and isinstance(answer, Failure):
            raise OwnTrouble(Undelivered(event, str(answer.failure())))
        self._told[key] = event

    def tell(self, commands: list[Any], planned: Plan, page: Page) -> None:
        """Tell the observer of each command and of what it led to."""
        observe = self._observe
        if observe is None:
            return
        recorded = iter(page)
        for command, decision in zip(commands, planned.decisions, strict=False):
            if not self._announced:
                observe(Submitted(command))
            for each in decision:
                observe(each if isinstance(each, Refused) else next(recorded))
