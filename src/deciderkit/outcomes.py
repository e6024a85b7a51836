"""What the dispatch loop tells: to an observer while it runs, and at the end to whoever called."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

from deciderkit.decider import Refused
from deciderkit.log.recorded import Recorded, Refusal
from deciderkit.policy import ToDo


class Submitted(Struct, frozen=True):
    """A command on its way: an observer sees it before what it led to."""

    command: Any


class Parked(Struct, frozen=True):
    """A to-do that cannot be done, and why; the others go on without it."""

    todo: ToDo[Any, Any]
    reason: str


Happening: TypeAlias = Submitted | Recorded[Any] | Refused[Any, Any] | Parked


class Report(Struct, frozen=True):
    """What became of the commands of one `Dispatcher.dispatch`.

    ``carried_out`` and ``refused`` count them, ``refusal`` is the last of the refusals, with the
    number of its command and its reason in words. ``parked`` are the to-dos that turned out in this
    call to be such as cannot be done.
    """

    carried_out: int = 0
    refused: int = 0
    refusal: Refusal | None = None
    parked: tuple[Parked, ...] = ()


class Stopped(Exception):
    """A dispatch that could not go on: ``because`` of what, and in ``report`` what was done before.

    >>> print(Stopped(NotOnBoard("Dance"), Report(carried_out=2)))
    no aggregate takes 'Dance': expected a command of the board; before that 2 commands were done
    """

    def __init__(self, because: Exception, report: Report) -> None:
        super().__init__(because, report)
        self.because = because
        self.report = report

    def __str__(self) -> str:
        said = in_words(self.because)
        done = self.report.carried_out + self.report.refused
        plural = "command was" if done == 1 else "commands were"
        return f"{said}; before that {done} {plural} done" if done else said


class NotOnBoard(Exception):
    """A command that no aggregate of the board takes."""

    def __init__(self, command: object) -> None:
        super().__init__(command)
        self.command = command

    def __str__(self) -> str:
        return f"no aggregate takes {self.command!r:.200}: expected a command of the board"


class Undelivered(Exception):
    """An event that was to be delivered before it is recorded, and was not: nothing was recorded."""

    def __init__(self, event: object, reason: str) -> None:
        super().__init__(event, reason)
        self.event = event
        self.reason = reason

    def __str__(self) -> str:
        return f"{type(self.event).__name__} was not delivered: {self.reason}"


class OtherCommands(Exception):
    """A command id that was used for something else before.

    >>> print(OtherCommands("c1", 7))
    command id 'c1' has 7 other commands done: expected those of its first try, or a new id
    """

    def __init__(self, command_id: str, done: int) -> None:
        super().__init__(command_id, done)
        self.command_id = command_id
        self.done = done

    def __str__(self) -> str:
        which = "another command" if self.done == 1 else f"{self.done} other commands"
        return (
            f"command id {self.command_id!r} has {which} done: "
            "expected those of its first try, or a new id"
        )


class AsksItself(Exception):
    """A delivery or an observer that asks the dispatcher which is just calling it."""

    def __str__(self) -> str:
        return (
            "a delivery or an observer asks the dispatcher that is calling it: expected a policy "
            "for what is to happen next, and reading after the dispatch"
        )


class OwnTrouble(Exception):
    """A command that cannot be done for a reason of its own: what its domain, its id or a delivery raised."""

    def __init__(self, because: Exception) -> None:
        super().__init__(because)
        self.because = because


def in_words(error: Exception) -> str:
    """``error`` for people: the kit's own errors speak for themselves, another's are named.

    >>> in_words(ZeroDivisionError("division by zero")), in_words(NotOnBoard(1))[:18]
    ('ZeroDivisionError: division by zero', 'no aggregate takes')
    """
    if type(error).__module__.partition(".")[0] == "deciderkit":
        return str(error)
    said = str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def reason_in_words(reason: Any) -> str:
    """A refusal's reason as a log can keep it: the value of an enum, at most 1,000 characters.

    >>> reason_in_words("locked")
    'locked'
    """
    said = str(getattr(reason, "value", reason)).encode(errors="backslashreplace").decode()
    return said.replace("\0", "\\0")[:1_000]
