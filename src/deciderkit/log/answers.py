"""What a store is asked and what it answers: claims and conflicts, notes and saved folds, as values."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct
from returns.result import Failure, Result

from deciderkit.log.recorded import Tally

T = TypeVar("T")


def value(result: Result[T, Any]) -> T:
    """The value of a success; the error of a failure is raised.

    >>> from returns.result import Success
    >>> value(Success(3))
    3
    """
    if isinstance(result, Failure):
        raise result.failure()
    return result.unwrap()


class StoreTrouble(Exception):
    """What a store answers instead of doing it; equal to another of its kind that says the same."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class Conflict(StoreTrouble):
    """Somebody else was faster, or the version lies in the future.

    >>> print(Conflict("rover-r1", expected=3, actual=4))
    stream rover-r1 is at version 4: expected 3
    """

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream, expected, actual)
        self.stream = stream
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"stream {self.stream} is at version {self.actual}: expected {self.expected}"


class Overtaken(StoreTrouble):
    """Another try of the same request, or of the same to-do, has got further: to ``tally``."""

    def __init__(self, command_id: str, tally: Tally) -> None:
        super().__init__(command_id, tally)
        self.command_id = command_id
        self.tally = tally

    def __str__(self) -> str:
        return f"request {self.command_id} has {self.tally.done} commands done by another try"


class StoreFailure(StoreTrouble):
    """The store could not do it, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Claim(Struct, frozen=True):
    """What an append says of its request: its id, how many commands were done before, and the tally after."""

    command_id: str
    before: int
    tally: Tally


def against(claim: Claim, last: Tally | None) -> Overtaken | StoreFailure | None:
    """What speaks against ``claim`` where ``last`` is what the log says of its request."""
    if (last.done if last else 0) == claim.before:
        return None
    return Overtaken(claim.command_id, last) if last else unknown(claim)


def unknown(claim: Claim) -> StoreFailure:
    """What to say of a request that claims to have got somewhere on a log that does not know of it."""
    return StoreFailure(
        f"request {claim.command_id!r} has no commands done here, and {claim.before} by its own "
        "account: expected the log that it began on"
    )


class Note(Struct, frozen=True):
    """Why the to-do with the id ``todo`` is parked; with no reason, that it was let go.

    ``mark`` numbers the notes of a store in the order in which they were made; no number comes twice.
    """

    mark: int
    todo: str
    reason: str


class Saved(Struct, frozen=True):
    """``content`` as it stood at ``position`` of the log, by the folds of the program ``version``."""

    position: int
    version: str
    content: bytes
