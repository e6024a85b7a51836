"""What a run did, decision by decision: the input of the replay page.

An observer of the dispatch loop sees commands, what they led to and what was refused; a log knows the
events alone. Both become the same `Step`s, so the page of a live run tells more than that of a log and
is made in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.ids import todo_of
from deciderkit.log.recorded import Recorded
from deciderkit.outcomes import Happening, Parked, Submitted
from deciderkit.policy import ToDo


class Origin(NamedTuple):
    """The to-do that asked for a command: its ``policy``, and the ``position`` of the event that woke it."""

    policy: str
    position: int


class Asked(Struct, frozen=True):
    """A command on its way, and the to-do that it came from; None where somebody outside asked."""

    command: Any
    origin: Origin | None = None


class Failed(Struct, frozen=True):
    """A command that came to nothing for a ``reason`` in words: a to-do that was ``parked``, say."""

    command: Any
    reason: str
    origin: Origin | None = None
    verdict: str = "failed"


class Step(Struct, frozen=True):
    """One decision: a command and the events that it led to, or why it led to none.

    ``command`` is None where only the log is known; ``refused`` says why it came to nothing.
    """

    command: Any = None
    events: tuple[Recorded[Any], ...] = ()
    refused: Refused[Any, Any] | Failed | None = None
    origin: Origin | None = None


Told: TypeAlias = Asked | Failed | Happening
OriginOf: TypeAlias = Callable[[str], Origin | None]


def nobody(command_id: str) -> Origin | None:
    """The origin of every command where no policy is known to have asked for it."""
    return None


def origins_on(board: Board) -> OriginOf:
    """What the ids in a log of ``board`` tell: which policy asked for a command, since which event.

    >>> nobodys = origins_on(Board(()))
    >>> nobodys("mission-1") is None
    True
    """
    names = {slug: policy.name for policy in board.policies for slug in policy.slugs}

    def origin_of(command_id: str) -> Origin | None:
        told = todo_of(command_id)
        return Origin(names.get(told[0], told[0]), told[1]) if told else None

    return origin_of


def steps(told: Iterable[Told], origin_of: OriginOf = nobody) -> tuple[Step, ...]:
    """The decisions of a run, from what was told of it, in order.

    They are what a dispatcher's observer is told, or the events of a log. A command begins a step, the
    events and the refusal after it belong to it; events that nobody asked for out loud make a step
    for each ``command_id``. ``origin_of`` reads a command's id: see `origins_on`.

    >>> log = [
    ...     Recorded(1, "door-1", 1, "Opened", "c1", ""),
    ...     Recorded(2, "door-1", 2, "Rang", "c1", ""),
    ... ]
    >>> [step.events == tuple(log) for step in steps(log)]
    [True]
    >>> [step.command for step in steps([Asked("open"), log[0], log[1], Asked("close")])]
    ['open', 'close']
    """
    done: list[Step] = []
    now: Asked | Failed | None = None
    events: list[Recorded[Any]] = []

    def close(refused: Refused[Any, Any] | Failed | None = None) -> None:
        nonlocal now
        if now is None and not events:
            return
        origin = now.origin if now else None
        if origin is None and events:
            origin = origin_of(events[0].command_id)
        done.append(Step(now.command if now else None, tuple(events), refused, origin))
        now = None
        events.clear()

    for each in told:
        match each:
            case Recorded():
                if now is None and events and events[-1].command_id != each.command_id:
                    close()
                events.append(each)
            case Refused(command):
                now = now if now is not None and not events else _begun(close, Asked(command))
                close(each)
            case Parked(todo, reason):
                close()
                now = _parked(todo, reason)
                close(now)
            case Failed():
                close()
                now = each
                close(each)
            case Submitted(command):
                close()
                now = Asked(command)
            case _:
                close()
                now = each
    close()
    return tuple(done)


def _parked(todo: ToDo[Any, Any], reason: str) -> Failed:
    origin = Origin(todo.policy.name, todo.position)
    try:
        return Failed(todo.command, reason, origin, verdict="parked")
    except Exception:  # somebody's `then`, which may be why it was parked
        return Failed(None, reason, origin, verdict="parked")


def _begun(close: Callable[[], None], asked: Asked) -> Asked:
    close()
    return asked
