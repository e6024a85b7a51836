"""The map on terminals of all kinds: no line wraps, and colour and letters are what the terminal can."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper

import pytest
from rich.console import Console

from mars_rover import Point, World
from mars_rover.picture.terminal import map_of, plain
from mars_rover.shell.mapping import print_map
from tests.mars_rover.picture.journeys import journey

JOURNEY = journey("RMMLMMM", World(4, 4, frozenset({Point(2, 2)})))
WIDE = journey("R" + "M" * 95, World(100, 50))


def printed(width: int, environment: dict[str, str], encoding: str = "utf-8") -> str:
    """What a terminal of ``width`` columns is sent."""
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding=encoding)
    console = Console(
        file=stream, width=width, height=24, force_terminal=True, _environ=environment
    )
    print_map(WIDE if width < 50 else JOURNEY, console)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(width, {"TERM": "xterm-256color", "NO_COLOR": "1"}).splitlines()
    found = WIDE if width < 50 else JOURNEY
    plainly = [
        line.replace("\x1b[0m", "").replace("\x1b[1m", "").replace("\x1b[2m", "") for line in lines
    ]
    assert plain(map_of(found, width, 20)) == "\n".join(line.rstrip() for line in plainly)
    assert max(map(len, plainly)) <= width


def test_colours_are_sent_to_a_terminal_that_has_them() -> None:
    assert "\x1b[1;38;2;26;26;26;48;2;255;157;72m" in printed(80, {"COLORTERM": "truecolor"})


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_are_not_sent_where_they_are_not_wanted(environment: dict[str, str]) -> None:
    text = printed(80, environment)
    assert "38;" not in text
    assert "48;" not in text


@pytest.mark.parametrize(
    ("environment", "encoding"), [({"TERM": "dumb"}, "utf-8"), ({"TERM": "xterm"}, "ascii")]
)
def test_letters_are_ascii_where_the_terminal_can_no_more(
    environment: dict[str, str], encoding: str
) -> None:
    text = printed(80, environment, encoding)
    assert text.isascii()
    assert "+---------+" in text


def test_what_is_no_terminal_gets_eighty_columns_and_no_colour() -> None:
    stream = TextIOWrapper(BytesIO(), encoding="utf-8")
    print_map(JOURNEY, Console(file=stream, _environ={}))
    stream.seek(0)
    assert plain(map_of(JOURNEY, 80, 20)) == "\n".join(
        line.rstrip() for line in stream.read().splitlines()
    )
