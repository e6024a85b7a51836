"""States and views to JSON and back, so that a fold need not begin at the beginning each time.

What is written so is a cache: it is read back as the type that the fold is annotated with, and what
would not come back equal is not written at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec
from pyrsistent import PMap, PVector, pmap, pvector

from deciderkit.discovery import hints_of, parameter_name

V = TypeVar("V")


def _plain(value: Any) -> Any:
    if isinstance(value, PMap):
        return dict(value)
    if isinstance(value, PVector):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


_encode = msgspec.json.Encoder(order="deterministic", enc_hook=_plain).encode


class NotSavable(Exception):
    """A value that would not come back as it was; it has to be folded each time."""


class ValueCodec(Generic[V]):
    """Values of the type that the first parameter of ``evolve`` is annotated with.

    Takes what ``msgspec`` takes, and a `PVector` or a `PMap` of it. Raises `NotSavable`.

    >>> def add(names: PVector[str], event: int) -> PVector[str]: ...
    >>> codec = ValueCodec(add)
    >>> codec.encode(pvector(["a", "b"]))
    b'["a","b"]'
    >>> codec.decode(b'["a","b"]')
    pvector(['a', 'b'])
    """

    def __init__(self, evolve: Callable[[V, Any], V]) -> None:
        try:
            kind = hints_of(evolve)[parameter_name(evolve, 0)]
            plain, self._build = _plain_type(kind)
            self._read = msgspec.json.Decoder(plain, strict=True).decode
        except (TypeError, ValueError, KeyError, NameError) as error:
            raise NotSavable(str(error)) from None

    @classmethod
    def of(cls, evolve: Callable[[V, Any], V]) -> ValueCodec[V] | None:
        """The codec for what ``evolve`` folds; none where that cannot be kept."""
        try:
            return cls(evolve)
        except NotSavable:
            return None

    def encode(self, value: V) -> bytes:
        """``value`` as JSON, the same for equal values."""
        try:
            data = _encode(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise NotSavable(str(error)) from None
        if self.decode(data) != value:
            raise NotSavable(f"{type(value).__name__} would not come back equal")
        return data

    def decode(self, data: bytes) -> V:
        """The value in ``data``."""
        try:
            value: V = self._build(self._read(data))
        except (TypeError, ValueError, RecursionError) as error:
            raise NotSavable(str(error)) from None
        return value


def canonical(value: Any) -> bytes:
    """``value`` as JSON for a digest: the same bytes for equal values, on every machine.

    Raises ``TypeError`` for what has no JSON.

    >>> canonical({"b": pvector([2]), "a": pmap({"y": 1, "x": 0})})
    b'{"a":{"x":0,"y":1},"b":[2]}'
    >>> canonical({2027: "open", 2026: "full"})
    b'{"2026":"full","2027":"open"}'
    """
    try:
        return _encode(value)
    except TypeError:  # perhaps a map whose keys are no texts: it can be put in order only as one
        texts = msgspec.to_builtins(value, str_keys=True, enc_hook=_plain)
        return _encode(texts)


def _plain_type(kind: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The type that JSON is read as, and what makes a value of ``kind`` of it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is PVector:
        return list[arguments], pvector  # type: ignore[valid-type]
    if origin is PMap:
        return dict[arguments], pmap  # type: ignore[valid-type, misc]
    return kind, _as_is


def _as_is(value: Any) -> Any:
    return value
