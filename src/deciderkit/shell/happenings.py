"""What the dispatch loop tells: to an observer while it runs, and at the end to whoever called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from msgspec import Struct

from deciderkit.decider import CorruptHistory, Refused
from deciderkit.policy import ToDo
from deciderkit.log.recorded import Recorded
from deciderkit.shell.event_store import StoreError


class Submitted(Struct, frozen=True):
    """A command on its way: an observer sees it before what it led to."""

    command: Any


class Parked(Struct, frozen=True):
    """A to-do that cannot be done, and why; the others go on without it."""

    todo: ToDo[Any]
    reason: str


class EndlessCascade(Struct, frozen=True):
    """Policies that feed each other without an end.

    >>> print(EndlessCascade(("echo",), 100))
    the policies 'echo' still ask for commands after 100 rounds: expected the cascade to end
    """

    policies: tuple[str, ...]
    rounds: int

    def __str__(self) -> str:
        names = ", ".join(repr(name) for name in self.policies)
        return (
            f"the policies {names} still ask for commands after {self.rounds} rounds: "
            "expected the cascade to end"
        )


class NotOnBoard(Struct, frozen=True):
    """A command that no aggregate of the board takes."""

    command: Any

    def __str__(self) -> str:
        return f"no aggregate takes {self.command!r}: expected a command of the board"


class Undelivered(Struct, frozen=True):
    """An event that was to be delivered before it is recorded, and was not."""

    event: Any
    reason: str

    def __str__(self) -> str:
        return f"{type(self.event).__name__} was not delivered: {self.reason}"


class OtherCommands(Struct, frozen=True):
    """A command id that was used for something else before.

    >>> print(OtherCommands("c1", position=7))
    command id 'c1' led to event 7, which these commands cannot lead to: expected those of the \
first try
    """

    command_id: str
    position: int

    def __str__(self) -> str:
        return (
            f"command id {self.command_id!r} led to event {self.position}, which these commands "
            "cannot lead to: expected those of the first try"
        )


class Report(Struct, frozen=True):
    """What became of the commands of one `Dispatcher.dispatch`.

    ``carried_out`` and ``refused`` count them, ``refusal`` is the last of the refusals.
    """

    carried_out: int = 0
    refused: int = 0
    refusal: Refused[Any, Any] | None = None

    def plus(self, decisions: Iterable[tuple[Any, ...]]) -> Report:
        """This report and what became of some more commands."""
        carried_out, refused, refusal = self.carried_out, self.refused, self.refusal
        for decision in decisions:
            if decision and isinstance(decision[0], Refused):
                refused, refusal = refused + 1, decision[0]
            else:
                carried_out += 1
        return Report(carried_out, refused, refusal)


Happening: TypeAlias = Submitted | Recorded[Any] | Refused[Any, Any] | Parked
DispatchError: TypeAlias = (
    StoreError | CorruptHistory | EndlessCascade | NotOnBoard | Undelivered | OtherCommands
)
