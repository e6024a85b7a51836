"""A broker in the memory of this process: the double that keeps the same contract, for tests and for trying out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from threading import Condition
from time import monotonic
from typing import Any, Final

from returns.result import Failure, Result, Success

from deciderkit.shell.queues.port import (
    BrokerError,
    End,
    Message,
    Moved,
    Queue,
    Reader,
    Taken,
    TakenOver,
    TooLong,
)

MOST: Final = 1_048_576


class MemoryBroker:
    """Queues that go with the process; any number of threads may use them.

    >>> broker = MemoryBroker()
    >>> broker.publish(Queue.EVENTS, [Message("1", "Rang.door-a", b"{}")])
    <Success: 1>
    >>> taking = broker.read(Reader(Queue.EVENTS, "bell", "Rang.*"))
    >>> [each.message.id for each in taking.take(10, wait=0).unwrap()]
    ['1']
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._changed = Condition()
        self._now = now
        self._kept: dict[Queue, dict[int, Message]] = {each: {} for each in Queue}
        self._ends: dict[Queue, int] = dict.fromkeys(Queue, 0)
        self._hands: dict[tuple[Queue, str], _Hand] = {}
        self.answers: list[Message] = []
        """All that was answered."""

    def publish(
        self, queue: Queue, messages: Sequence[Message], after: int | None = None
    ) -> Result[int, BrokerError]:
        """See `Broker.publish`."""
        with self._changed:
            if after is not None and self._ends[queue] != after:
                return Failure(Moved(queue, after))
            for message in messages:
                if len(message.body) > MOST:
                    return Failure(TooLong(message.id, len(message.body), MOST))
                self._ends[queue] += 1
                self._kept[queue][self._ends[queue]] = message
            self._changed.notify_all()
            return Success(self._ends[queue])

    def end(self, queue: Queue) -> Result[End, BrokerError]:
        """See `Broker.end`."""
        place = self._ends[queue]
        return Success(End(place, self._kept[queue].get(place)))

    def waiting(self, queue: Queue) -> Result[int, BrokerError]:
        """See `Broker.waiting`."""
        return Success(len(self._kept[queue]))

    def read(self, reader: Reader) -> _MemoryTaking:
        """See `Broker.read`."""
        return _MemoryTaking(self, reader)

    def answer(self, answers: Sequence[Message]) -> Result[None, BrokerError]:
        """See `Broker.answer`."""
        self.answers += answers
        return Success(None)

    def lose(self, queue: Queue) -> None:
        """What happens to a queue whose disk is lost."""
        with self._changed:
            self._kept[queue].clear()
            self._ends[queue] = 0
            for key in [key for key in self._hands if key[0] is queue]:
                del self._hands[key]


class _Hand:
    """What the readers of one name have: the places in hand, until when, and the first one not taken yet."""

    def __init__(self, owner: int, *, alone: bool) -> None:
        self.owner = owner
        self.alone = alone
        self.next = 1
        self.held: dict[int, float] = {}


_owners = partial(next, count(1))


class _MemoryTaking:
    def __init__(self, broker: MemoryBroker, reader: Reader) -> None:
        self._broker = broker
        self._reader = reader
        self._me = 0
        self._fits = _matcher(reader.subject)
        self._key = (reader.queue, reader.subject if self._works else reader.name)

    @property
    def _works(self) -> bool:
        return self._reader.queue is Queue.COMMANDS

    def take(self, limit: int, wait: float) -> Result[tuple[Taken, ...], BrokerError]:
        """See `Taking.take`."""
        broker = self._broker
        until = broker._now() + wait
        with broker._changed:
            while True:
                hand = self._hand()
                if hand is None:
                    return Failure(TakenOver(self._reader.subject))
                taken = self._ready(hand, limit)
                if taken or broker._now() >= until:
                    return Success(taken)
                broker._changed.wait(max(min(until - broker._now(), 0.01), 0.001))

    def acknowledge(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """See `Taking.acknowledge`."""
        with self._broker._changed:
            hand = self._broker._hands.get(self._key)
            for each in taken:
                place = int(each.receipt)
                if hand is not None and hand.held.pop(place, None) is not None and self._works:
                    self._broker._kept[self._reader.queue].pop(place, None)
        return Success(None)

    def give_back(self, taken: Sequence[Taken]) -> Result[None, BrokerError]:
        """See `Taking.give_back`."""
        with self._broker._changed:
            hand = self._broker._hands.get(self._key)
            for each in taken if hand else ():
                if int(each.receipt) in hand.held:  # type: ignore[union-attr]  # there is one
                    hand.held[int(each.receipt)] = 0.0  # type: ignore[union-attr]
        return Success(None)

    def _hand(self) -> Any:
        """Where this reader is; None if somebody else has taken over."""
        hands, alone = self._broker._hands, self._reader.alone
        hand = hands.get(self._key)
        if hand is None or (not self._me and (alone or hand.alone)):
            hand = hands[self._key] = _Hand(_owners(), alone=alone)
        if not self._me:
            self._me = hand.owner
        return hand if hand.owner == self._me else None

    def _ready(self, hand: _Hand, limit: int) -> tuple[Taken, ...]:
        broker, reader = self._broker, self._reader
        now, kept = broker._now(), broker._kept[reader.queue]
        again = sorted(place for place, until in hand.held.items() if until <= now)
        fresh = (place for place in sorted(kept) if place >= hand.next)
        found: list[Taken] = []
        for place in (*again, *fresh):
            if len(found) == limit:
                break
            hand.next = max(hand.next, place + 1)
            if place in kept and self._fits(kept[place].subject):
                hand.held[place] = now + (1e9 if reader.alone else reader.again_after)
                found.append(Taken(kept[place], str(place)))
        return tuple(found)


def _matcher(subject: str) -> Callable[[str], object]:
    """Whether a subject is one of ``subject``, in which ``*`` is any word and ``>`` all the rest."""
    parts = {"*": r"[^.]+", ">": r".+"}
    return re.compile(
        r"\.".join(parts.get(each, re.escape(each)) for each in subject.split("."))
    ).fullmatch
