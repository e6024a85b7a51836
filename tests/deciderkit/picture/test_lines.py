"""A line says what happened, briefly; whom it is about is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct

from deciderkit import Aggregate, Board, Refused
from deciderkit.log.recorded import Recorded
from deciderkit.picture.lines import Line, Lines
from deciderkit.picture.stickies import COLOURS, INK, style
from tests.deciderkit.picture import bank
from tests.deciderkit.turnstile import CoinTaken, InsertCoin, Push, Reason
from tests.deciderkit.turnstile import board as turnstiles

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LINES = Lines(bank.board)


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (Push("north"), "[COMMAND] Push"),
        (InsertCoin("north", 2), "[COMMAND] InsertCoin 2"),
        (CoinTaken("north", 2), "[EVENT] CoinTaken 2"),
        (Refused(Push("north"), Reason.NOT_PAID), "[REFUSED] Push: not paid"),
        (Refused(Push("north"), "a reason in words"), "[REFUSED] Push: a reason in words"),
    ],
)
def test_a_line_says_what_the_article_says(happened: object, expected: str) -> None:
    assert expected == str(Lines(turnstiles)(happened))


def test_a_message_with_several_values_names_them() -> None:
    line = LINES(bank.Deposit(12, Decimal("9.50"), NOON))
    assert "[COMMAND] Deposit amount=9.50 at=2026-11-25T12:00:00Z" == str(line)


def test_a_key_is_left_out_also_where_it_is_a_number_and_only_there() -> None:
    assert Line("event", "Withdrawn", "12", "13") == LINES(bank.Withdrawn(12, 13))  # type: ignore[arg-type]
    assert "12" == LINES(bank.FeeCharged(12, "twelve")).key
    assert "true" == LINES(bank.ChargeFee(1, True)).text  # type: ignore[arg-type]


def test_a_recorded_event_and_a_to_do_have_lines_too() -> None:
    event = bank.Overdrawn(12)
    assert LINES(event) == LINES(Recorded(1, "account-12", 1, event, "c1", ""))
    [todo] = bank.fee.todos([event])
    assert str(LINES(todo)).startswith("[TO-DO] charge fee: ChargeFee ")


def test_whom_it_is_about_is_said_where_it_changes() -> None:
    lines = [LINES(bank.Overdrawn(number)) for number in (1, 1, 2)]
    befores = [None, *lines]
    assert ["Overdrawn 1", "Overdrawn", "Overdrawn 2"] == [
        line.said(before) for line, before in zip(lines, befores, strict=False)
    ]


def test_what_is_hostile_stays_on_its_line() -> None:
    line = LINES(bank.FeeCharged(1, "\x1b[31m\n[EVENT] forged\u202e"))
    assert r'[EVENT] FeeCharged "\x1b[31m\n[EVENT] forged\u202e"' == str(line)


def test_a_spelling_says_how_a_message_is_spelled() -> None:
    lines = Lines(bank.board, {bank.Withdrawn: lambda event: f"{event.amount} EUR"})
    assert "[EVENT] Withdrawn 5 EUR" == str(lines(bank.Withdrawn(1, Decimal(5))))


class Stranger(Struct, frozen=True):
    name: str


def no_key(message: Any) -> str:
    raise LookupError("no key")


def test_nothing_makes_a_line_fail() -> None:
    assert Line("event", "Stranger", "", "x") == LINES(Stranger("x"))
    assert Line("event", "str", "", '"a text"') == LINES("a text")
    assert Line("event", "Broken", "", "") == LINES(Broken())
    keyless = Board((Aggregate("Account", "account", bank.accounts.decider, no_key),))
    assert Line("event", "Overdrawn", "", "1") == Lines(keyless)(bank.Overdrawn(1))


class Broken(Struct, frozen=True):
    name: str = "x"

    def __getattribute__(self, name: str) -> Any:
        if name == "name":
            raise RuntimeError("no")
        return super().__getattribute__(name)


def test_every_sticky_has_a_colour_with_contrast_to_its_ink() -> None:
    for kind, colour in COLOURS.items():
        assert f"{INK} on {colour}" == style(kind)
        assert contrast(INK, colour) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_to_do_whose_then_raises_has_a_line() -> None:
    def then(event: bank.Overdrawn) -> bank.ChargeFee:
        raise RuntimeError("no")

    [todo] = replace(bank.fee, then=then).todos([bank.Overdrawn(7)])
    assert "[TO-DO] charge fee: raised RuntimeError" == str(LINES(todo))
