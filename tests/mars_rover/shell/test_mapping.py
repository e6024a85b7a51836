"""The map on terminals of all kinds: no line wraps, and colour and letters are what the terminal can."""

from __future__ import annotations

import sys
from io import BytesIO, TextIOWrapper

import pytest

from mars_rover import Point, World
from mars_rover.picture.terminal import map_of, plain
from mars_rover.shell.mapping import show
from tests.mars_rover.picture.journeys import journey

SHORT = journey("RMMLMMM", World(4, 4, frozenset({Point(2, 2)})))
LONG = journey("R" + "M" * 95, World(100, 50))
SAID = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TERM")


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    return Printed(monkeypatch)


class Printed:
    """What a terminal of so many columns is sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, width: int, encoding: str = "utf-8", **environment: str) -> str:
        raw = BytesIO()
        stream = TextIOWrapper(raw, encoding=encoding)
        self._monkeypatch.setattr(sys, "stderr", stream)
        for name in SAID:
            self._monkeypatch.delenv(name, raising=False)
        for name, value in {"COLUMNS": str(width), **environment}.items():
            self._monkeypatch.setenv(name, value)
        show(LONG if width < 50 else SHORT)
        stream.flush()
        return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(printed: Printed, width: int) -> None:
    lines = printed(width).splitlines()
    assert plain(map_of(LONG if width < 50 else SHORT, width, 20)).splitlines() == lines
    assert max(map(len, lines)) <= width


def test_colours_are_sent_to_a_terminal_that_has_them(printed: Printed) -> None:
    text = printed(80, FORCE_COLOR="1", COLORTERM="truecolor", TERM="xterm-256color")
    assert "\x1b[1;38;2;26;26;26;48;2;255;157;72m" in text


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_colours_are_not_sent_where_they_are_not_wanted(
    printed: Printed, environment: dict[str, str]
) -> None:
    assert "\x1b" not in printed(80, **environment)


def test_letters_are_ascii_where_the_terminal_can_no_more(printed: Printed) -> None:
    text = printed(80, encoding="ascii")
    assert text.isascii()
    assert "+---------+" in text
