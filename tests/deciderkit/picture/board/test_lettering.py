"""Text on a sticky fits, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit.picture.board.lettering import fitted, small, title, width


@given(st.text() | st.text("WM ", min_size=60), st.sampled_from([18.0, 48.0]))
def test_text_fits_its_place(text: str, high: float) -> None:
    lettering = fitted(title(text), 92, high)
    assert lettering.height <= high
    assert all(width(line, lettering.size) <= 92 for line in lettering.lines)


@given(st.text(max_size=200), st.integers(1, 3))
def test_small_text_has_as_many_lines_as_it_may_have(text: str, most: int) -> None:
    lettering = small(text, 90, 9.5, most)
    assert len(lettering.lines) <= most
    assert all(width(line, 9.5) <= 90 for line in lettering.lines)


@pytest.mark.parametrize(
    ("text", "lines", "size"),
    [
        ("Move", ("Move",), 12.5),
        ("Notify Obstacle Found", ("Notify", "Obstacle", "Found"), 12.5),
        ("Reconciliation", ("Reconciliation",), 11.5),
        ("Incomprehensible", ("Incomprehensible",), 8.5),
        ("Transubstantiations", ("Transubstantiation", "s"), 8.5),
        ("", ("",), 12.5),
    ],
)
def test_lines_break_between_words_and_long_words_get_smaller(
    text: str, lines: tuple[str, ...], size: float
) -> None:
    found = fitted(text, 92, 48)
    assert (lines, size) == (found.lines, found.size)


def test_what_fits_nowhere_is_cut() -> None:
    assert "…" == fitted("word " * 40, 92, 48).lines[-1][-1]
    assert ("aaaaaaaaaaaaa…",) == small("a" * 40, 90, 9.5, 1).lines


def test_wide_scripts_are_wide() -> None:
    assert width("火", 10) > width("a", 10) > width("i", 10) > width("\u0301", 10)
