"""Whether what comes back out of a log is what went in, and in which field it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct
from msgspec.structs import fields as struct_fields


def difference(sent: Any, back: Any, place: str = "$") -> str:
    """Where ``back`` is not what ``sent`` was, in words; nothing where the two say the same.

    Values that are equal are the same. So are two times of one instant, which Python calls unequal in
    an hour that a clock shows twice, and objects whose class compares by identity but whose parts are
    the same.

    >>> difference({"rate": float("nan"), "n": 1}, {"rate": None, "n": 1})
    'nan comes back as None - at `$.rate`'
    """
    return next(_differences(sent, back, place), "")


def _differences(sent: Any, back: Any, place: str) -> Iterator[str]:
    if _equal(sent, back):
        return
    if isinstance(sent, datetime) and isinstance(back, datetime):
        same = sent.tzinfo and back.tzinfo and sent.astimezone(UTC) == back.astimezone(UTC)
        parts: list[tuple[str, Any, Any]] | None = [] if same else None
    else:
        parts = _parts(sent, back, place)
    if parts is None:
        nan = isinstance(sent, Decimal) and sent.is_nan()
        said = "is no number, and equal to nothing" if nan else f"comes back as {back!r:.100}"
        yield f"{sent!r:.100} {said} - at `{place}`"
    else:
        for where, left, right in parts:
            yield from _differences(left, right, where)


def _equal(sent: Any, back: Any) -> bool:
    try:
        return bool(sent == back)
    except InvalidOperation:  # a signalling NaN in one of their parts
        return False


def _parts(sent: Any, back: Any, place: str) -> list[tuple[str, Any, Any]] | None:
    """The parts of two values of one kind, side by side; None where they are not alike."""
    if type(sent) is not type(back):
        return None
    if isinstance(sent, Mapping):
        if sent.keys() != back.keys():
            return None
        return [(f"{place}.{key}", value, back[key]) for key, value in sent.items()]
    if isinstance(sent, (list, tuple)):
        if len(sent) != len(back):
            return None
        pairs = zip(sent, back, strict=True)
        return [(f"{place}[{index}]", *pair) for index, pair in enumerate(pairs)]
    if isinstance(sent, Set) or not (names := _names(sent)):
        return None
    return [(f"{place}.{name}", getattr(sent, name), getattr(back, name)) for name in names]


def _names(value: Any) -> list[str]:
    if isinstance(value, Struct):
        return [field.name for field in struct_fields(value)]
    if is_dataclass(value):
        return [field.name for field in fields(value)]
    return [field.name for field in getattr(type(value), "__attrs_attrs__", ())]
