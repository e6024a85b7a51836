from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Union

import pytest

from deciderkit import Refused
from deciderkit.discovery import types_given, types_taken

if TYPE_CHECKING:
    from decimal import Decimal


def one(event: int) -> None: ...
def new_union(event: int | str) -> None: ...
def old_union(event: Union[int, str]) -> None: ...  # noqa: UP007
def generic(state: str, event: int | Refused[str, str]) -> None: ...
def bare(event) -> None: ...  # type: ignore[no-untyped-def]
def bare_return(event: int): ...  # type: ignore[no-untyped-def]
def missing(event: Decimal) -> None: ...
def literal(event: Literal["a"]) -> None: ...


@pytest.mark.parametrize(
    ("function", "parameter", "expected"),
    [
        (one, 0, (int,)),
        (new_union, 0, (int, str)),
        (old_union, 0, (int, str)),
        (generic, 1, (int, Refused)),
        (generic, 0, (str,)),
    ],
)
def test_the_classes_of_an_annotation_in_the_order_written(
    function: Callable[..., Any], parameter: int, expected: tuple[type, ...]
) -> None:
    assert expected == types_taken(function, parameter)


@pytest.mark.parametrize(
    ("function", "parameter", "complaint"),
    [
        (one, 1, r"^one takes 1 parameters: expected at least 2$"),
        (bare, 0, r"^bare: parameter 'event' has no annotation: expected its message types$"),
        (
            missing,
            0,
            r"^missing: the annotation of 'event' cannot be read \(name 'Decimal' .*\): expected names that the function's module defines$",
        ),
        (
            literal,
            0,
            r"^literal: typing.Literal in the annotation of 'event': expected a class$",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_write(
    function: Callable[..., Any], parameter: int, complaint: str
) -> None:
    with pytest.raises(TypeError, match=complaint):
        types_taken(function, parameter)


def test_a_function_without_a_name_is_shown() -> None:
    nameless = partial(one)
    with pytest.raises(
        TypeError, match=r"^functools\.partial\(<function one at .*takes 1 parameters"
    ):
        types_taken(nameless, 1)


def test_the_classes_that_a_function_gives() -> None:
    assert (type(None),) == types_given(one)
    with pytest.raises(TypeError, match=r"^bare_return: what it returns has no annotation"):
        types_given(bare_return)
