"""The names that stand in a log: streams, requests and to-dos, the same for every store.

An id that a caller gives has only plain characters. What the kit makes itself has a mark that no given
id can have, ``@`` for a to-do and ``~`` for a request without an id, so nobody's request is taken for
another's.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final, Protocol
from uuid import UUID

ID_PATTERN: Final = r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,255}\Z"
"""The names of streams, and the ids that callers give their requests."""

CATEGORY_PATTERN: Final = r"\A[A-Za-z0-9][A-Za-z0-9._]{0,99}\Z"
"""The first part of a stream's name: it has no hyphen, so that a name can be taken apart again."""

COMMAND_ID_PATTERN: Final = (
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,255}((~[a-z0-9]{1,20}){0,2}|@[1-9][0-9]{0,18})\Z"
)
"""The ids that stand in a log: one that was given, one of the kit's own, or that of a to-do."""

TIME_PATTERN: Final = (
    r"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\Z"
)
"""When something was recorded: ISO 8601 to the second or finer, with its offset from UTC."""

ID_RULE: Final = "1 to 256 of A-Z a-z 0-9 . _ - with a letter or digit first"

is_id = re.compile(ID_PATTERN).search
is_category = re.compile(CATEGORY_PATTERN).search
is_command_id = re.compile(COMMAND_ID_PATTERN).search
is_time = re.compile(TIME_PATTERN).search


class BadId(ValueError):
    """A text that cannot name a stream or a request.

    >>> print(BadId("../r1"))
    bad id '../r1': expected 1 to 256 of A-Z a-z 0-9 . _ - with a letter or digit first

    ``command`` is the name of the type of command that is for a stream of this name, by its key.
    """

    def __init__(self, text: str, command: str = "") -> None:
        super().__init__(text, command)
        self.text = text
        self.command = command

    def __str__(self) -> str:
        keyed = f" by the key of {self.command}" if self.command else ""
        return f"bad id {self.text[:60]!a}{keyed}: expected {ID_RULE}"


class Named(Protocol):
    """Whoever has a key: an aggregate, a policy or a projection."""

    @property
    def name(self) -> str:
        """The name on the wall."""


class BadKey(TypeError):
    """What is no key, and ``whose`` function gave it, if that is known.

    A function that raises gives no key either: then ``key`` is what it raised.

    >>> print(BadKey(1.5, "projection 'nights'"))
    the key 1.5 of projection 'nights': expected a str, an int, a UUID or a date
    >>> print(BadKey(KeyError("room"), "policy 'remind'"))
    the key of policy 'remind' raises KeyError: 'room': expected a str, an int, a UUID or a date
    """

    def __init__(self, key: object, whose: str = "") -> None:
        super().__init__(key, whose)
        self.key = key
        self.whose = whose

    @classmethod
    def of(cls, owner: Named | None, key: object) -> BadKey:
        """A ``key`` that the function of ``owner`` gave."""
        return cls(key, f"{type(owner).__name__.lower()} {owner.name!r}" if owner else "")

    def __str__(self) -> str:
        named = f" of {self.whose}" if self.whose else ""
        if isinstance(self.key, Exception):
            said = f"{named} raises {type(self.key).__name__}: {self.key!s:.100}"
        else:
            said = f" {self.key!r:.100}{named}"
        return f"the key{said}: expected a str, an int, a UUID or a date"


def key_text(key: object, owner: Named | None = None) -> str:
    """A key as it stands in the name of a stream: a text, a whole number, a UUID or a date.

    Raises `BadKey` for anything else, with the ``owner`` of the function that gave it; ``None`` and
    ``bool`` are mistakes, and no keys, and a time is another one in another zone.

    >>> key_text("ann"), key_text(7), key_text(date(2027, 1, 31))
    ('ann', '7', '2027-01-31')
    """
    if isinstance(key, str):
        return str.__str__(key)
    if isinstance(key, (int, UUID, date)) and not isinstance(key, (bool, datetime)):
        return int.__repr__(key) if isinstance(key, int) else str(key)
    raise BadKey.of(owner, key)


def slug(name: str) -> str:
    """``name`` as the first part of an id; letters outside ASCII become their code points.

    >>> slug("Notify obstacle found")
    'notify-obstacle-found'
    """
    spelled = "".join(each if each.isascii() else f"u{ord(each):x}" for each in name.lower())
    return re.sub(r"[^a-z0-9._]+", "-", spelled).strip("-._")


def todo_id(slug: str, position: int) -> str:
    """The id under which the to-do is done that the event at ``position`` asked for.

    >>> todo_id("turn-off", 7)
    'turn-off@7'
    """
    return f"{slug}@{position}"


def todo_of(command_id: str) -> tuple[str, int] | None:
    """The slug and the position in the id of a to-do; None for every other id.

    >>> todo_of("turn-off@7"), todo_of("mission-1")
    (('turn-off', 7), None)
    """
    name, mark, position = command_id.rpartition("@")
    return (name, int(position)) if mark else None
