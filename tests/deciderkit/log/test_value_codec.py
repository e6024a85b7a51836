"""States and views to JSON and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct
from pyrsistent import PMap, PVector, pmap, pvector

from deciderkit.log.value_codec import NotSavable, ValueCodec, canonical


class Kept(Struct, frozen=True, tag=True):
    numbers: frozenset[int]


class Gone(Struct, frozen=True, tag=True):
    pass


class Exact(Struct, frozen=True):
    """Equal to nothing, itself included."""

    __hash__ = Struct.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def union(state: Kept | Gone, event: int) -> Kept | Gone:
    raise NotImplementedError


def mapping(state: PMap[str, int], event: int) -> PMap[str, int]:
    raise NotImplementedError


def vector(state: PVector[Kept], event: int) -> PVector[Kept]:
    raise NotImplementedError


def exact(state: Exact, event: int) -> Exact:
    raise NotImplementedError


def unknown(state, event):  # type: ignore[no-untyped-def]
    raise NotImplementedError


def callable_state(state: Callable[[], int], event: int) -> Callable[[], int]:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("evolve", "value"),
    [
        (union, Kept(frozenset([3, 1]))),
        (union, Gone()),
        (mapping, pmap({"b": 1, "a": 2})),
        (vector, pvector([Kept(frozenset()), Kept(frozenset([1]))])),
    ],
)
def test_what_was_written_is_read_back(evolve: Callable[[Any, Any], Any], value: Any) -> None:
    codec: ValueCodec[Any] = ValueCodec(evolve)
    assert value == codec.decode(codec.encode(value))


@pytest.mark.parametrize("evolve", [unknown, callable_state, min])
def test_a_fold_that_does_not_say_what_it_folds_cannot_be_saved(evolve: Any) -> None:
    with pytest.raises(NotSavable):
        ValueCodec(evolve).decode(b"{}")


def test_what_would_not_come_back_equal_is_not_written() -> None:
    with pytest.raises(NotSavable, match="would not come back equal"):
        ValueCodec(exact).encode(Exact())


def test_what_has_no_json_is_not_written() -> None:
    with pytest.raises(NotSavable):
        ValueCodec(vector).encode(pvector([object()]))  # type: ignore[list-item]


def test_data_of_another_type_is_not_read() -> None:
    with pytest.raises(NotSavable):
        ValueCodec(mapping).decode(b'{"a":"b"}')


def test_a_digest_does_not_depend_on_the_order_of_making() -> None:
    one, other = pmap({"a": 1, "b": 2}), pmap({"b": 2}).set("a", 1)
    assert canonical((one, Kept(frozenset([3, 1])))) == canonical((other, Kept(frozenset([1, 3]))))
