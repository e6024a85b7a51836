"""How a note is spelled: for people on the wall (``Turn Left``), in code as ``TurnLeft`` or ``turn_left``.

What becomes a class has one spelling for each; what is only a name - an aggregate's, a policy's, a
reason - stands on the wall as it is, and in quotes where it would be read as something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container
from itertools import pairwise
from keyword import iskeyword
from typing import Final
from unicodedata import normalize

_PLAIN: Final = re.compile(r"(?:(?!->)[^\s,:()\[\]\"])+")


def spelled(name: str) -> str:
    """A class name as people spell it.

    >>> spelled("MarsRoverTurnedOff"), spelled("HTTPRequestSent"), spelled("Level2Reached")
    ('Mars Rover Turned Off', 'HTTP Request Sent', 'Level2 Reached')
    """
    words = name.replace("_", " ").split()
    return " ".join(part for word in words for part in _humps(word))


def _humps(word: str) -> list[str]:
    starts = [0]
    for index, (before, now) in enumerate(pairwise(word), start=1):
        ahead = word[index + 1 : index + 2]
        if now.isupper() and (not before.isupper() or ahead.islower()):
            starts.append(index)
    return [word[start:end] for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]


def camel(text: str) -> str:
    """The class name of a note, from how somebody spelled it.

    >>> camel("turn left"), camel("E-Mail sent")
    ('TurnLeft', 'EMailSent')
    """
    words = normalize("NFKC", text).replace("-", " ").replace("_", " ").split()
    return "".join(word[0].upper() + word[1:] for word in words)


def snake(text: str) -> str:
    """The name of a field or a module, from how somebody spelled it; a keyword gets an underscore.

    >>> snake("Rover id"), snake("from")
    ('rover_id', 'from_')
    """
    words = normalize("NFKC", text).replace("-", " ").replace("_", " ").lower().split()
    name = "_".join(words)
    return f"{name}_" if iskeyword(name) else name


def spelled_field(name: str) -> str:
    """A field as people spell it.

    >>> spelled_field("rover_id"), spelled_field("from_")
    ('rover id', 'from')
    """
    return " ".join(part for part in name.split("_") if part)


def slug(text: str, nameless: str = "aggregate") -> str:
    """The name of an aggregate as a category of streams, or as a module: plain words, without hyphens.

    >>> slug("Mars Rover"), slug("Überweisung"), slug("???")
    ('mars_rover', 'uberweisung', 'aggregate')
    """
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = "_".join(re.findall(r"[a-z0-9]+", plain))[:90].strip("_")
    return found if found.isidentifier() else f"{nameless}_{found}".rstrip("_")


def is_class_name(name: str) -> bool:
    """Whether ``name`` can be a class in Python."""
    return name.isidentifier() and not iskeyword(name)


def quoted(name: str, keywords: Container[str] = ()) -> str:
    """A name as it stands on a line of the wall: in quotes, escaped, where it would be misread.

    >>> print(quoted("turn off"), quoted("orders by day", ("by",)), quoted("a, b"))
    turn off "orders by day" "a, b"
    """
    words = name.split(" ")
    plain = all(_PLAIN.fullmatch(word) and word not in keywords for word in words)
    if plain and name.isprintable() and not any(word.startswith("#") for word in words):
        return name
    return json.dumps(name, ensure_ascii=not name.isprintable())
