"""One caller's request: the commands in hand, and how many of them are done.

A request is versioned like a stream. Each of its commits says how many commands were done before and
how far it has got, so a second try skips what is done and goes on, and two tries at once cannot fork.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from itertools import accumulate, islice
from typing import Any, Protocol

from deciderkit.aggregate import Aggregate
from deciderkit.decider import Refused
from deciderkit.log.answers import Claim, Conflict
from deciderkit.log.errors import NotStorable
from deciderkit.log.recorded import Refusal, Tally
from deciderkit.log.value_codec import canonical
from deciderkit.outcomes import OtherCommands, OwnTrouble, Report, reason_in_words
from deciderkit.planning import Plan


class Asker(Protocol):
    """Who wants the commands done: a request, or a to-do."""

    def claim(self, commands: list[Any], planned: Plan) -> Claim | None:
        """What the append says of it."""

    def settle(self, commands: list[Any], planned: Plan, claim: Claim | None) -> None:
        """The decisions stand."""

    def delivery_key(self, place: int) -> str:
        """The key under which the event in ``place`` of its next command's decision is delivered."""

    def still_asks(self) -> bool:
        """Whether it is still to be done, asked after somebody else was faster."""


class Request:
    """The commands of one dispatch, taken from ``source`` up to ``chunk`` at a time.

    With a ``command_id`` it keeps the tally that a second try needs; nobody repeats one without, and
    where something is delivered for it ``new_id`` gives it a name.
    """

    halted = False
    over = False
    """Whether no command is left."""
    _told_as = ""
    _more = True
    _raised: Exception | None = None
    done = refused = 0
    """How many commands are settled, and how many of them were refused."""
    _recorded = 0
    _refusal: Refusal | None = None

    def __init__(
        self,
        source: Iterable[Any],
        command_id: str | None,
        chunk: int,
        halts: frozenset[type],
        new_id: Callable[[], str],
    ) -> None:
        self.command_id = command_id
        self.halts = halts
        self._new_id = new_id
        self._chunk = chunk
        if isinstance(source, list) and len(source) <= chunk:
            self._waiting = deque(source)
            self._more = False
        else:
            self._waiting = deque()
            self._source = iter(source)
        if command_id is not None:
            self._digest = self._next = blake2b(digest_size=16)
            self._loose: list[Any] = []

    @property
    def recorded(self) -> int:
        """How many commands were done at the last commit."""
        return self._recorded

    @property
    def report(self) -> Report:
        """What became of the commands so far."""
        return Report(self.done - self.refused, self.refused, self._refusal)

    def batch(self, takers: Mapping[type, Aggregate]) -> list[Any]:
        """The next commands in a row that are for one stream; none when all are done.

        What ``source`` raises is raised after the commands that it gave before.
        """
        waiting = self._waiting
        if self._more and len(waiting) < self._chunk:
            self._refill(self._chunk)
        if len(waiting) == 1:
            batch = [waiting.popleft()]
        elif waiting:
            count = _for_one_stream(waiting, takers)
            if count == len(waiting):
                batch = list(waiting)
                waiting.clear()
            else:
                batch = [waiting.popleft() for _ in range(count)]
        elif self._raised is not None:
            raise self._raised
        else:
            return []
        self.over = not (self._more or waiting or self._raised)
        return batch

    def claim(self, commands: list[Any], planned: Plan) -> Claim | None:
        """What the append of ``planned`` says: the tally after the last command that led to an event."""
        if self.command_id is None:
            return None
        recorded = planned.recorded
        refused, refusal = self._counted(planned, recorded)
        digest = self._next = self._digest.copy()
        for command in (*self._loose, *commands[:recorded]):
            digest.update(_fingerprint(command))
        halted = not self.halts.isdisjoint(map(type, planned.decisions[recorded - 1]))
        tally = Tally(self.done + recorded, refused, refusal, halted, digest.hexdigest())
        return Claim(self.command_id, self._recorded, tally)

    def settle(self, commands: list[Any], planned: Plan, claim: Claim | None) -> None:
        """The decisions of ``planned`` stand; what is left of ``commands`` is in hand again."""
        decided = len(planned.decisions)
        if planned.refused:
            self.refused, self._refusal = self._counted(planned, decided)
        self.done += decided
        if self.halts and not self.halts.isdisjoint(map(type, planned.decisions[-1])):
            self.halted = True
        if len(commands) > decided:
            self._waiting.extendleft(reversed(commands[decided:]))
            self.over = False
        if self.command_id is not None:
            recorded = 0
            if claim is not None:
                recorded = planned.recorded
                self._advance(self._next, claim.tally)
            self._loose += commands[recorded:decided]

    def skip_to(self, tally: Tally, commands: Iterable[Any] = ()) -> None:
        """Pass over what another try has done. ``commands`` were in hand, and are decided anew.

        Raises `OtherCommands` where these are not the commands that are done.
        """
        assert self.command_id is not None
        self._waiting.extendleft(reversed([*self._loose, *commands]))
        self.over = False
        self._loose.clear()
        self._refill(tally.done - self._recorded)
        skipped = list(islice(self._waiting, max(tally.done - self._recorded, 0)))
        digest = self._digest.copy()
        for command in skipped:
            digest.update(_fingerprint(command))
        if digest.hexdigest() != tally.digest:
            raise OtherCommands(self.command_id, tally.done)
        for _ in skipped:
            self._waiting.popleft()
        self._advance(digest, tally)
        self.done, self.refused, self._refusal = tally.done, tally.refused, tally.refusal
        self.halted = tally.halted

    def still_asks(self) -> bool:
        """A caller waits for an answer, whoever was faster."""
        return True

    def delivery_key(self, place: int) -> str:
        """The key of the event in ``place`` of the decision of the command that comes next."""
        if self.command_id is None and not self._told_as:
            self._told_as = self._new_id()
        return f"{self.command_id or self._told_as}/{self.done + 1}/{place}"

    def _advance(self, digest: blake2b, tally: Tally) -> None:
        self._digest = digest
        self._loose.clear()
        self._recorded = tally.done

    def _counted(self, planned: Plan, commands: int) -> tuple[int, Refusal | None]:
        """How many refusals there are after the first ``commands`` of ``planned``, and the last of them."""
        refused, refusal = self.refused, self._refusal
        for place in planned.refused:
            if place < commands:
                refused += 1
                reason = reason_in_words(planned.decisions[place][0].reason)
                refusal = Refusal(self.done + place + 1, reason)
        return refused, refusal

    def _refill(self, size: int) -> None:
        """Have ``size`` commands waiting, if there are so many."""
        missing = size - len(self._waiting)
        if missing > 0 and self._more:
            try:
                self._waiting.extend(islice(self._source, missing))
                self._more = len(self._waiting) >= size
            except Exception as error:  # the caller's own: it is told once these are done
                self._raised = error
                self._more = False


def shortened(commands: list[Any], planned: Plan, error: Exception) -> list[Any]:
    """The commands to try next: all after a conflict, those before one whose event cannot be stored.

    So what is recorded is the same however many commands are decided together. Raises `OwnTrouble`
    where that command is the first, and every other error as it is.
    """
    if isinstance(error, Conflict):
        return commands
    if not isinstance(error, NotStorable):
        raise error
    counts = (
        0 if not each or type(each[0]) is Refused else len(each) for each in planned.decisions
    )
    place = sum(end <= error.index for end in accumulate(counts))
    if place == 0:
        raise OwnTrouble(error)
    return commands[:place]


def _for_one_stream(commands: deque[Any], takers: Mapping[type, Aggregate]) -> int:
    """How many of ``commands``, from the first, are for its stream; at least that one."""
    count = 0
    try:
        aggregate = takers[type(commands[0])]
        own, key_of = aggregate.commands, aggregate.key
        key = key_of(commands[0])
        for command in commands:
            if type(command) not in own or key_of(command) != key:
                break
            count += 1
    except Exception:  # what nobody takes, and a key that raises, are that command's own trouble
        pass
    return count or 1


def _fingerprint(command: Any) -> bytes:
    try:
        return type(command).__name__.encode() + b"\0" + canonical(command) + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        reason = f"{type(command).__name__} has no JSON ({error})"
        raise OwnTrouble(
            TypeError(f"{reason}: expected commands that can be told again under a command id")
        ) from None
