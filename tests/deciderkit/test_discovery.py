from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Union

import pytest

from deciderkit import Refused
from deciderkit.discovery import types_taken

if TYPE_CHECKING:
    from decimal import Decimal


def one(event: int) -> None: ...
def new_union(event: int | str) -> None: ...
def old_union(event: Union[int, str]) -> None: ...  # noqa: UP007
def generic(state: str, event: int | Refused[str, str]) -> None: ...
def bare(event) -> None: ...  # type: ignore[no-untyped-def]
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
        (missing, 0, r"^missing: the annotation of 'event' cannot be read \(name 'Decimal' .*\): "),
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
