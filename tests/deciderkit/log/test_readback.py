"""Whether what comes back out of a log is what went in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

from deciderkit.log.readback import difference

NAN = float("nan")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
TWICE = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)


class Part(Struct):
    rate: float


class Same(Struct, eq=False):
    """Compares by identity, and says the same as another with the same parts."""

    part: Any


@dataclass(eq=False)
class Plain:
    part: Any


class Attrs:
    """As the library ``attrs`` makes it: it keeps its fields in a list of their own."""

    __attrs_attrs__ = (type("Field", (), {"name": "part"}),)

    def __init__(self, part: Any) -> None:
        self.part = part


class Closed:
    """Has no parts that anybody could see."""

    def __repr__(self) -> str:
        return "Closed()"


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        (7, 7.0),
        (-0.0, 0.0),
        (Decimal("1.10"), Decimal("1.1")),
        (TWICE, TWICE.astimezone(UTC)),
        ({"at": [TWICE]}, {"at": [TWICE.astimezone(UTC)]}),
        (Same(1), Same(1)),
        (Plain((Same(1), TWICE)), Plain((Same(1), TWICE.astimezone(UTC)))),
        (Attrs([1]), Attrs([1])),
    ],
)
def test_what_says_the_same_is_no_difference(sent: Any, back: Any) -> None:
    assert "" == difference(sent, back)


def test_control_python_calls_an_hour_that_comes_twice_unequal() -> None:
    assert TWICE.astimezone(UTC) != TWICE


@pytest.mark.parametrize(
    ("sent", "back", "place"),
    [
        (NAN, None, "$"),
        (Part(NAN), Part(1.5), "$.rate"),
        ([Part(1.5), Part(NAN)], [Part(1.5), Part(0)], "$[1].rate"),
        ({"a": {"b": (1, 2)}}, {"a": {"b": (1, 3)}}, "$.a.b[1]"),
        ({"a": 1}, {"b": 1}, "$"),
        ([1, 2], [1], "$"),
        ([1], (1,), "$"),
        ({1}, {2}, "$"),
        (Plain([1]), Plain([2]), "$.part[0]"),
        (Attrs({"x": 1}), Attrs({"x": 2}), "$.part.x"),
        (Closed(), Closed(), "$"),
        (TWICE, (TWICE - HOUR).astimezone(UTC), "$"),
        (TWICE.replace(tzinfo=None), TWICE, "$"),
        (Part(1.5), Plain(1.5), "$"),
    ],
)
def test_a_difference_is_named_with_its_place(sent: Any, back: Any, place: str) -> None:
    assert difference(sent, back).endswith(f"- at `{place}`")


@pytest.mark.parametrize("kind", ["NaN", "sNaN", "-NaN12"])
def test_a_decimal_that_is_no_number_is_said_to_be_none(kind: str) -> None:
    price = Part(Decimal(kind))  # type: ignore[arg-type]
    back = Part(Decimal(kind))  # type: ignore[arg-type]
    assert f"{Decimal(kind)!r} is no number, and equal to nothing - at `$.rate`" == difference(
        price, back
    )


def test_a_difference_is_cut_where_it_is_long() -> None:
    assert len(difference("a" * 10_000, "b" * 10_000)) < 250


@pytest.mark.parametrize("make", [Same, Plain, Attrs])
def test_parts_of_parts_are_looked_at(make: Callable[[Any], Any]) -> None:
    assert "1 comes back as 2 - at `$.part.part`" == difference(make(make(1)), make(make(2)))


def test_control_a_signalling_nan_raises_where_it_is_compared() -> None:
    with pytest.raises(InvalidOperation):
        assert Part(Decimal("sNaN")) != Part(Decimal("sNaN"))  # type: ignore[arg-type]
