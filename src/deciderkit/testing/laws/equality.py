"""The law of any two functions of which one is the reference and the other is fast."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from typing import Any

from deciderkit.testing.laws.law import Law, Told, about, contradict, name_of
from deciderkit.testing.snapshot import snapshot

Function = Callable[..., Any]


def tell_pair(fast: Function, reference: Function, arguments: tuple[Any, ...]) -> list[str]:
    """Who was compared with whom, and what both were asked."""
    shown = ", ".join(map(repr, arguments))
    return [f"fast: {name_of(fast)}", f"reference: {name_of(reference)}", f"asked: ({shown})"]


law = about("pair", tell_pair)


@law
def a_fast_path_equals_its_reference(
    fast: Function, reference: Function, arguments: tuple[Any, ...]
) -> None:
    """A fast path gives what its reference gives, or raises the same kind of error."""
    expected, actual = _answer(reference, arguments), _answer(fast, arguments)
    if expected[0] != actual[0]:
        contradict(expected=expected[1], actual=actual[1])


def _answer(function: Function, arguments: tuple[Any, ...]) -> tuple[Hashable, object]:
    """A snapshot to compare and a value to show; each function gets arguments of its own."""
    try:
        value = function(*deepcopy(arguments))
    except Exception as error:
        return ("raised", type(error)), Told(f"raised {type(error).__name__}: {error}")
    return ("gave", snapshot(value)), value


EQUALITY_LAWS: tuple[Law[[Function, Function, tuple[Any, ...]]], ...] = (
    a_fast_path_equals_its_reference,
)
"""The one law of a pair of functions."""
