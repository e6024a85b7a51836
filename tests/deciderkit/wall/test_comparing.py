"""A kept drawing is true as long as the board is the same, whatever the line ends are."""

from __future__ import annotations

import pytest
from hypothesis import given

from deciderkit.picture.board import mermaid, svg
from deciderkit.wall import Wall, differs, print_wall
from tests.deciderkit.wall.walls import few, library, walls


@few
@given(walls())
def test_a_drawing_that_was_kept_is_true_of_its_board(wall: Wall) -> None:
    for drawn in (print_wall(wall), mermaid(wall), svg(wall)):
        assert None is differs(drawn, drawn)
        assert None is differs(drawn, drawn.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("drawn", "kept", "said"),
    [
        ("a\nb", "a", "line 2: the board says 'b', what was kept says nothing"),
        ("a", "a\n\nc", "line 2: the board says nothing, what was kept says ''"),
        ("a\x1b", "b", "line 1: the board says 'a\\x1b', what was kept says 'b'"),
    ],
)
def test_the_first_line_that_differs_is_named(drawn: str, kept: str, said: str) -> None:
    assert said == differs(drawn, kept)


def test_a_drawing_of_another_board_is_not_true() -> None:
    other = Wall(library.aggregates, library.policies[1:], library.views, library.systems)
    for draw in (print_wall, mermaid, svg):
        assert None is not differs(draw(library), draw(other))
