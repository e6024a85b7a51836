"""JSON from outside, read without mercy: what a lenient reader would let through is refused here.

A usual reader takes the last of two equal keys, digits without an end, ``NaN`` and any depth. Data
that claims to be an event gets none of that; the checks cost nothing on data that the codec itself
wrote, which is compared byte by byte and needs no second reading.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from deciderkit.plain import shown

MAX_BYTES = 16 * 1024 * 1024
"""The longest event or line that is read or written, in bytes of JSON."""


def check_size(data: bytes) -> None:
    """Raise ``ValueError`` for data that is longer than `MAX_BYTES`.

    >>> check_size(b"{}")
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data)} bytes: expected at most {MAX_BYTES}")


def strict_tree(data: bytes) -> Any:
    """The plain values in ``data``.

    Raises ``ValueError`` (or ``RecursionError`` for endless nesting) for what is not JSON by the
    book, and for a key that stands twice in one object.

    >>> strict_tree(b'{"x": [1, 2]}')
    {'x': [1, 2]}
    >>> strict_tree(b'{"x": 1, "x": 2}')
    Traceback (most recent call last):
        ...
    ValueError: key 'x' stands twice in one object
    """
    check_size(data)
    return json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)


def strange_key(found: Any, known: Any, place: str = "$") -> str | None:
    """Where ``found`` has a key that ``known``, the same value in full, does not have.

    >>> strange_key({"x": {"y": 1, "z": 2}}, {"x": {"y": 1}})
    '$.x.z'
    """
    strange = _strange(found, known)
    return None if strange is None else f"{place}{strange}"


def _strange(found: Any, known: Any) -> str | None:
    """The way to a strange key, put together on the way back: where there is none, it costs nothing."""
    if isinstance(found, dict) and isinstance(known, dict):
        for key, value in found.items():
            if key not in known:
                return f".{shown(key)}"
            if (rest := _strange(value, known[key])) is not None:
                return f".{shown(key)}{rest}"
    if isinstance(found, list) and isinstance(known, list):
        if len(found) != len(known):
            return f": {len(found)} items, {len(known)} of them different"
        for index, (left, right) in enumerate(zip(found, known, strict=True)):
            if (rest := _strange(left, right)) is not None:
                return f"[{index}]{rest}"
    return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)  # a count of each, and no search for each
        twice = next(key for key, count in times.items() if count > 1)
        raise ValueError(f"key '{shown(twice)}' stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
