"""The worker: takes commands from the queue and has each message carried out once, under its id.

A message is acknowledged after the log has what it led to, so a worker that is killed has lost nothing,
and a message that comes again finds itself done. What nobody can carry out is set aside with its reason;
trouble of the store is nobody's fault, and the message comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct
from returns.result import Failure, Result, Success

from deciderkit.ids import BadId, is_id
from deciderkit.log.answers import StoreTrouble
from deciderkit.log.errors import CorruptEvent
from deciderkit.outcomes import Report, Stopped
from deciderkit.shell.dispatch.dispatcher import Dispatcher
from deciderkit.shell.queues.port import (
    ALL,
    Broker,
    BrokerError,
    Message,
    Queue,
    Reader,
    Taken,
    TooLong,
)

Read: TypeAlias = Callable[[bytes], Iterable[Any]]
"""The commands in the body of a message. Raises ``ValueError``, saying what is wrong."""

AT_ONCE: Final = 100
"""How many messages are taken together."""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What became of a message, as its sender is told: how many of its commands were carried out and refused.

    ``refusal`` is the reason of the last refusal, ``set_aside`` why the message could not be carried
    out at all, or not to its end. As JSON it leaves out what is empty.

    >>> msgspec.json.encode(Answer("m1", carried_out=0, refused=1, refusal="too poor"))
    b'{"id":"m1","carried_out":0,"refused":1,"refusal":"too poor"}'
    """

    id: str
    carried_out: int
    refused: int
    refusal: str = ""
    set_aside: str = ""


class Worker:
    """Takes the commands of ``lane`` from ``broker`` and dispatches them, each message under its id.

    A lane is what the subject of a message says. One worker at a time takes those of a lane, in their
    order, and a new one takes over; those that ``share`` it work side by side, and messages that are
    under way at the same time have no order. ``read`` makes commands of a body; ``told`` is told of
    each message that was settled.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        broker: Broker,
        read: Read,
        lane: str = ALL,
        *,
        share: bool = False,
        again_after: float = 30.0,
        told: Callable[[Answer], None] | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._broker = broker
        self._read = read
        self._told = told
        word = "all" if lane == ALL else lane
        name = f"workers-{word}" if share else f"worker-{word}"
        reader = Reader(Queue.COMMANDS, name, lane, not share, again_after)
        self._taking = broker.read(reader)

    def step(self, wait: float, limit: int = AT_ONCE) -> Result[int, BrokerError | Stopped]:
        """Carry out what is on the queue; how many messages that were, 0 if none came for ``wait`` seconds.

        Fails with `Stopped` where the store is in trouble: those messages come again.
        """
        taken = self._taking.take(limit, wait)
        if isinstance(taken, Failure):
            return taken
        settled: list[tuple[Taken, Answer]] = []
        for number, each in enumerate(taken.unwrap()):
            done = self.carry_out(each.message)
            if isinstance(done, Failure):
                self._settle(settled)
                self._taking.give_back(taken.unwrap()[number:])
                return done
            answer = done.unwrap()
            settled.append((each, answer))
            if answer.refused or answer.set_aside:  # the log may not know of it: see `settle`
                if isinstance(failed := self._settle(settled), Failure):
                    return failed
                settled.clear()
        result = self._settle(settled)
        return result.map(lambda _: len(taken.unwrap()))

    def carry_out(self, message: Message) -> Result[Answer, Stopped]:
        """Dispatch what ``message`` asks for; fails where the store is in trouble."""
        if not is_id(message.id):
            return Success(_aside(message, Report(), BadId(message.id)))
        try:
            commands = list(self._read(message.body))
            if not commands:
                raise ValueError("no command in it")
        except ValueError as error:
            return Success(_aside(message, Report(), error))
        dispatched = self._dispatcher.dispatch(commands, command_id=message.id)
        if isinstance(dispatched, Failure):
            stopped = dispatched.failure()
            if isinstance(stopped.because, (StoreTrouble, CorruptEvent)):
                return Failure(stopped)
            return Success(_aside(message, stopped.report, stopped))
        return Success(_answer(message, dispatched.unwrap()))

    def _settle(self, settled: Sequence[tuple[Taken, Answer]]) -> Result[None, BrokerError]:
        """Set aside, answer, acknowledge, in this order: what is told is true, and what is not comes again.

        A command that was refused left nothing behind. So its message is settled before the next one
        is decided: should it come again all the same, it is decided on what is there then.
        """
        broker = self._broker
        for each, answer in settled:
            if answer.set_aside and isinstance(put := self._set_aside(each, answer), Failure):
                return put
        answers = [
            Message(each.message.id, "", msgspec.json.encode(answer), each.message.answer_to)
            for each, answer in settled
            if each.message.answer_to
        ]
        if answers and isinstance(failed := broker.answer(answers), Failure):
            return failed
        acknowledged = self._taking.acknowledge([each for each, _ in settled])
        if isinstance(acknowledged, Success) and self._told is not None:
            for _, answer in settled:
                self._told(answer)
        return acknowledged

    def _set_aside(self, taken: Taken, answer: Answer) -> Result[int, BrokerError]:
        message = taken.message
        aside = Message(message.id, message.subject, message.body, "", answer.set_aside)
        done = self._broker.publish(Queue.ASIDE, [aside])
        if isinstance(done, Failure) and isinstance(done.failure(), TooLong):
            said = f"{answer.set_aside} (the first 1000 of {len(message.body)} bytes)"
            cut = Message(message.id, message.subject, message.body[:1_000], "", said)
            return self._broker.publish(Queue.ASIDE, [cut])
        return done


def _answer(message: Message, report: Report) -> Answer:
    refusal = report.refusal.reason if report.refusal else ""
    return Answer(message.id, report.carried_out, report.refused, refusal)


def _aside(message: Message, report: Report, because: Exception) -> Answer:
    return Answer(message.id, report.carried_out, report.refused, set_aside=str(because)[:1_000])
