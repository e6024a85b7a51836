"""How a log says that something is no event: data that was read, a line of a file, an event to be written."""

from __future__ import annotations

from deciderkit.plain import shown


class CorruptEvent(Exception):
    """Data in the log that is not an event: where it stands, and why.

    >>> print(CorruptEvent(7, "unknown type 'Launched'"))
    corrupt event at position 7: unknown type 'Launched'
    """

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(position, reason)
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return f"corrupt event at position {self.position}: {self.reason}"


class CannotFollow(CorruptEvent):
    """An event that was read as it was written, and that the fold of its own stream cannot take.

    It is a trouble of that stream alone: every other one can be read and gone on with.
    """


class CorruptLine(ValueError):
    """A line of a file that is not a recorded event.

    >>> print(CorruptLine(7, "unknown type 'Launched'"))
    line 7: unknown type 'Launched'
    """

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(number, reason)
        self.number = number
        self.reason = reason

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


class NotStorable(Exception):
    """An event that could not be read back as it is: its type, and what is wrong with which field.

    ``index`` is its place among the events that were to be recorded together, from 0.

    >>> print(NotStorable("Deposited", "Expected `float`, got `null` - at `$.rate`"))
    Deposited cannot be stored: Expected `float`, got `null` - at `$.rate`
    """

    def __init__(self, type: str, reason: str, index: int = 0) -> None:
        super().__init__(type, reason, index)
        self.type = type
        self.reason = reason
        self.index = index

    def __str__(self) -> str:
        return f"{self.type} cannot be stored: {self.reason}"


def reason_of(error: Exception) -> str:
    """``error`` in words on one line, with its kind where the words alone would not tell.

    >>> reason_of(ValueError("too long")), reason_of(KeyError("x")), reason_of(ZeroDivisionError())
    ('too long', "missing 'x'", 'ZeroDivisionError')
    """
    said = shown(str(error), 1_000)
    if isinstance(error, KeyError):
        return f"missing {said}"
    if isinstance(error, (ValueError, TypeError)) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def unreadable(error: Exception) -> str:
    """Why data is no event of its type, and the way out where the type may have got a field since.

    >>> unreadable(ValueError("Object missing required field `cake`"))
    'Object missing required field `cake`: a field that was added wants a new schema, with an upcast'
    """
    said = reason_of(error)
    added = ": a field that was added wants a new schema, with an upcast"
    return said + added * said.startswith("Object missing required field")
