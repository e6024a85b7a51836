"""How two values differ, for a person: what was expected beside what came, line under line.

Equality here is stricter than ``==``: values of two types are never the same event, as two named
tuples with equal fields would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import ndiff


def alike(expected: object, actual: object) -> bool:
    """Whether two values are of one type and equal.

    >>> alike(1, 1), alike(1, True), alike((), [])
    (True, False, False)
    """
    return type(expected) is type(actual) and bool(expected == actual)


def all_alike(expected: Sequence[object], actual: Sequence[object]) -> bool:
    """Whether two sequences are of one type and hold the same values in the same order."""
    return (
        type(expected) is type(actual)
        and len(expected) == len(actual)
        and all(map(alike, expected, actual))
    )


def difference(expected: Iterable[object], actual: Iterable[object]) -> list[str]:
    """Lines that show where ``expected`` (-) and ``actual`` (+) part, equal ones in between.

    Values that differ and print the same are shown with their types.

    >>> print(*difference(["Opened", "Rang"], ["Opened", "Sang"]), sep="\\n")
      'Opened'
    - 'Rang'
    ?  ^
    + 'Sang'
    ?  ^
    """
    wanted, found = list(expected), list(actual)
    left, right = [repr(value) for value in wanted], [repr(value) for value in found]
    if left == right:
        left, right = (
            [_with_type(value) for value in wanted],
            [_with_type(value) for value in found],
        )
    return [line.rstrip() for line in ndiff(left or ["nothing"], right or ["nothing"])]


def _with_type(value: object) -> str:
    kind = type(value)
    return f"{value!r} of {kind.__module__}.{kind.__qualname__}"


def listed(label: str, values: Sequence[object], at_most: int = 12) -> list[str]:
    """``values`` one a line beside ``label``; of many, the last ``at_most``.

    >>> print(*listed("given", ["Opened", "Rang"]), sep="\\n")
    given  'Opened'
           'Rang'
    """
    left_out = max(0, len(values) - at_most)
    shown = [f"... {left_out} earlier"] * bool(left_out)
    shown += [repr(value) for value in values[left_out:]] or ["nothing"]
    return [f"{label if first else '':5}  {text}" for first, text in _marked(shown)]


def _marked(texts: list[str]) -> list[tuple[bool, str]]:
    return [(place == 0, text) for place, text in enumerate(texts)]
