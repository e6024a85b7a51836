"""JSON from outside, read without mercy: what a lenient reader would let through is refused here.

A usual reader takes the last of two equal keys, digits without an end, ``NaN`` and any depth. Data
that claims to be an event gets none of that; the checks cost nothing on data that the codec itself
wrote, which is compared byte by byte and needs no second reading.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

from deciderkit.plain import shown

MAX_BYTES = 16 * 1024 * 1024
"""The longest event or line that is read or written, in bytes of JSON."""


def check_size(data: bytes, most: int = MAX_BYTES) -> None:
    """Raise ``ValueError`` for data that is longer than ``most`` bytes.

    >>> check_size(b"{}")
    """
    if len(data) > most:
        raise ValueError(f"{len(data)} bytes: expected at most {most}")


def strict_tree(data: bytes, most: int = MAX_BYTES, fractions: Callable[[str], Any] = float) -> Any:
    """The plain values in ``data``; a number with a fraction is what ``fractions`` makes of its text.

    Raises ``ValueError`` (or ``RecursionError`` for endless nesting) for what is not JSON by the
    book, and for a key that stands twice in one object.

    >>> strict_tree(b'{"x": [1, 2]}')
    {'x': [1, 2]}
    >>> strict_tree(b'{"x": 1, "x": 2}')
    Traceback (most recent call last):
        ...
    ValueError: key 'x' stands twice in one object
    """
    check_size(data, most)
    return json.loads(
        data.decode(),
        object_pairs_hook=_unique,
        parse_constant=_no_constant,
        parse_float=fractions,
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise ValueError(f"key '{shown(twice)}' stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
