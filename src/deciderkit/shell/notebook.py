"""``%load_ext deciderkit``: in a notebook the kit's values show themselves as tables and pages.

IPython itself is not needed to import this: it hands itself over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pyrsistent import pvector

from deciderkit.board import Board, BoardState
from deciderkit.decider import Run
from deciderkit.picture.board import svg
from deciderkit.picture.notebook import (
    fitted,
    framed,
    html_of_board_state,
    html_of_run,
    html_of_states,
    text_of_board,
    text_of_board_state,
    text_of_run,
    text_of_states,
)
from deciderkit.picture.page import page
from deciderkit.picture.spelling import parts_of
from deciderkit.picture.story import Story
from deciderkit.shell.pages import read_template
from deciderkit.wall import wall_of

HTML: Final = "text/html"
SVG: Final = "image/svg+xml"
HISTORY: Final[type] = type(pvector(()))
"""What `history` gives: a type of another library, so a notebook has to be told of it."""


def show_in(ipython: Any) -> None:
    """Tell a running IPython how the kit's values are shown."""
    show_drawn(ipython, Board, lambda board: svg(wall_of(board)), text_of_board)
    show(ipython, Run, HTML, html_of_run)
    show(ipython, BoardState, HTML, html_of_board_state)
    show(ipython, Story, HTML, lambda story: framed(page(story, read_template()), story.title))
    show(ipython, HISTORY, HTML, _html_of_vector)
    say(ipython, Run, text_of_run)
    say(ipython, BoardState, text_of_board_state)
    say(ipython, HISTORY, _text_of_vector)
    say(ipython, Story, lambda story: f"Story: {story.title}")


def show(ipython: Any, kind: type, mime: str, draw: Callable[[Any], str | None]) -> None:
    """Show values of ``kind`` as ``draw`` says; None leaves it to somebody else."""
    ipython.display_formatter.formatters[mime].for_type(kind, draw)


def show_drawn(
    ipython: Any, kind: type, draw: Callable[[Any], str | None], tell: Callable[[Any], str]
) -> None:
    """Show values of ``kind`` as an SVG that ``draw`` gives, or None, and say them as ``tell`` does.

    A notebook prefers the HTML, in which the drawing is never too wide; the SVG is for what shows no
    HTML, or takes the picture out.
    """

    def fit(value: Any) -> str | None:
        drawn = draw(value)
        return None if drawn is None else fitted(drawn, tell(value))

    show(ipython, kind, SVG, draw)
    show(ipython, kind, HTML, fit)
    say(ipython, kind, tell)


def say(ipython: Any, kind: type, tell: Callable[[Any], str]) -> None:
    """Say values of ``kind`` in one line where only text is shown."""

    def print_into(value: Any, printer: Any, cycle: bool) -> None:
        printer.text(tell(value))

    ipython.display_formatter.formatters["text/plain"].for_type(kind, print_into)


def is_history(vector: Any) -> bool:
    """Whether a `PVector` is one of states; any other is shown as it always was."""
    return len(vector) > 0 and all(parts_of(type(each)) is not None for each in vector)


def _html_of_vector(vector: Any) -> str | None:
    return html_of_states(vector) if is_history(vector) else None


def _text_of_vector(vector: Any) -> str:
    return text_of_states(vector) if is_history(vector) else repr(vector)
