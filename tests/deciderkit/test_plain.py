"""Text from outside is printed on one line, escaped and cut."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit.plain import shown

BIDI_CONTROLS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rover r1 hit obstacle", "Rover r1 hit obstacle"),
        ("one\ntwo\r\n\tthree", r"one\ntwo\r\n\tthree"),
        ("\x1b[2J\x07\x9b31m\x7f", r"\x1b[2J\x07\x9b31m\x7f"),
        ("a\u2028b\u2029c\x85d", r"a\u2028b\u2029c\x85d"),
        ("\u202etxt.exe\u2066\u061c", r"\u202etxt.exe\u2066\u061c"),
        ("r1\u200b\ufeff\xad", r"r1\u200b\ufeff\xad"),
        ("half \ud83d", r"half \ud83d"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("", ""),
    ],
)
def test_what_acts_or_hides_is_escaped(text: str, expected: str) -> None:
    assert expected == shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë",
        "Ελλάδα",
        "עברית",
        "العربية",
        "नमस्ते",
        "火星探査車",
        "👩‍🚀🇮🇹",
        r"C:\new",
        "<script>'\"`",
    ],
)
def test_ordinary_unicode_is_left_alone(text: str) -> None:
    assert text == shown(text)


@given(st.text(st.characters()))
def test_every_text_is_one_line_that_can_be_written_and_acts_on_nothing(text: str) -> None:
    line = shown(text, limit=len(text))
    assert [line] == (line.splitlines() or [""])
    assert line == line.encode().decode()
    assert set() == {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(letter) for letter in line}
    assert set() == BIDI_CONTROLS & {unicodedata.bidirectional(letter) for letter in line}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 200 + "... (201 characters)"),
        ("\n" * 300, r"\n" * 200 + "... (300 characters)"),
    ],
)
def test_long_text_is_cut_after_so_many_of_its_own_characters(text: str, expected: str) -> None:
    assert expected == shown(text)
