from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

import pytest

from deciderkit import Refused
from deciderkit.discovery import members, types_decided, types_given, types_taken

if TYPE_CHECKING:
    from decimal import Decimal


def one(event: int) -> None: ...
def new_union(event: int | str) -> None: ...
def old_union(event: Union[int, str]) -> None: ...  # noqa: UP007
def generic(state: str, event: int | Refused[str, str]) -> None: ...
def bare(event) -> None: ...  # type: ignore[no-untyped-def]
def bare_return(event: int): ...  # type: ignore[no-untyped-def]
def missing(event: Decimal) -> None: ...
def anything(event: Any) -> None: ...
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
            anything,
            0,
            r"^anything: typing.Any in the annotation of 'event': expected a class$",
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


class Caller:
    def __call__(self, event: int, other: str) -> bytes:
        raise NotImplementedError

    def method(self, event: int) -> bytes:
        raise NotImplementedError


def two(total: float, event: int | str) -> bytes: ...  # type: ignore[empty-body]
def annotated(event: Annotated[int | str, "either"]) -> None: ...
def keyword(event: int, *, by: str) -> None: ...


@pytest.mark.parametrize(
    ("function", "parameter", "expected"),
    [
        (partial(two, 1.5), 0, (int, str)),
        (partial(two, event=7), 0, (float,)),
        (partial(partial(two), 1.5), 0, (int, str)),
        (Caller(), 1, (str,)),
        (Caller().method, 0, (int,)),
        (Caller.method, 1, (int,)),
        (annotated, 0, (int, str)),
    ],
)
def test_whatever_can_be_called_is_read_alike(
    function: Callable[..., Any], parameter: int, expected: tuple[type, ...]
) -> None:
    assert expected == types_taken(function, parameter)


@pytest.mark.parametrize("function", [partial(two, 1.5), Caller(), Caller().method])
def test_whatever_can_be_called_says_what_it_gives(function: Callable[..., Any]) -> None:
    assert (bytes,) == types_given(function)


def test_what_cannot_be_given_by_place_is_no_parameter() -> None:
    with pytest.raises(TypeError, match=r"^keyword takes 1 parameters: expected at least 2$"):
        types_taken(keyword, 1)


class Alias:
    """What Python 3.12 makes of ``type Event = int | str``."""

    __value__ = int | str


def test_an_alias_is_what_it_stands_for() -> None:
    assert (int, str) == members(Alias())
    assert (int, str, bytes) == members(Union[Annotated[int | str, 1], bytes])  # noqa: UP007


def nothing_said(command: int): ...  # type: ignore[no-untyped-def]
def no_tuple(command: int) -> int: ...  # type: ignore[empty-body]
def unions(command: int) -> tuple[int | str, ...] | tuple[Refused[int, str]]: ...  # type: ignore[empty-body]
def empty(command: int) -> tuple[()]: ...  # type: ignore[empty-body]
def unknown_name(command: int) -> tuple[Decimal]: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("decide", "expected"),
    [
        (nothing_said, ()),
        (no_tuple, ()),
        (unions, (int, str, Refused)),
        (empty, ()),
        (unknown_name, ()),
    ],
)
def test_the_classes_that_a_decision_may_hold(
    decide: Callable[..., Any], expected: tuple[type, ...]
) -> None:
    assert expected == types_decided(decide)


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
