"""What a notebook shows of the kit's values: a table in HTML, and one short line where there is no HTML.

These are plain functions. `deciderkit.shell.notebook` tells a running IPython of them: a value need not
know how it is shown, so imports run one way, and types that are not ours (a history is a `PVector`) are
shown as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from deciderkit.board import Board, BoardState
from deciderkit.decider import Run
from deciderkit.picture.spelling import AS_IT_IS, Speller, Spelling
from deciderkit.plain import shown

MOST: Final = 50
"""So many messages or states a table has at most: the last ones, and it says how many there are."""

MOST_OF_EACH: Final = 12
"""So many rows each aggregate, each view and the list of to-dos have at most in a board's state."""

_KEY: Final = 40
_SHORT: Final = "text-align:{};vertical-align:top"
_LONG: Final = f"{_SHORT};overflow-wrap:anywhere"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, numbered: bool = False) -> str:
    """A table of texts; where it is ``numbered`` the first column is one of numbers.

    How cells are aligned is said for each: a notebook's own style sheet puts all text to the right.
    Only in the last column a word may be broken to make room.

    >>> table([], [])
    '<table><thead><tr></tr></thead><tbody></tbody></table>'
    """
    head = _cells("th", headings, numbered)
    body = "".join(f"<tr>{_cells('td', row, numbered)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(tag: str, texts: Sequence[str], numbered: bool) -> str:
    styles = [_SHORT] * (len(texts) - 1) + [_LONG] * bool(texts)
    sides = ["right" if numbered else "left", *["left"] * len(texts)]
    return "".join(
        f'<{tag} style="{style.format(side)}">{escape(text)}</{tag}>'
        for text, style, side in zip(texts, styles, sides, strict=False)
    )


def fitted(svg: str, told: str) -> str:
    """A drawing that is never wider than the notebook; ``told`` says in words what it shows.

    JupyterLab cuts off what is too wide of a drawing that it is handed as SVG. Inside an image nothing
    of a drawing can act, and it is shown even where a notebook is not trusted yet.

    >>> fitted("<svg/>", "A dot")
    '<img alt="A dot" style="max-width:100%;height:auto" src="data:image/svg+xml,%3Csvg/%3E">'
    """
    source = f"data:image/svg+xml,{quote(svg, safe=' /:=,;()')}"
    return f'<img alt="{escape(told)}" style="max-width:100%;height:auto" src="{source}">'


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def text_of_run(run: Run[Any, Any, Any, Any], spelling: Spelling = AS_IT_IS) -> str:
    """A run in one line.

    >>> text_of_run(Run(state=6, events=(1, 2, 3), carried_out=3, refused=None))
    'Run: 3 carried out, 3 events, state 6'
    """
    spell = Speller(spelling)
    counts = f"{run.carried_out:,} carried out, {_counted(len(run.events), 'event')}"
    refused = "" if run.refused is None else f", refused: {spell(run.refused.reason)}"
    return f"Run: {counts}, state {spell(run.state)}{refused}"


def html_of_run(run: Run[Any, Any, Any, Any], spelling: Spelling = AS_IT_IS) -> str:
    """A run as a line and the table of its events."""
    return f"<p>{escape(text_of_run(run, spelling))}</p>{_messages(run.events, spelling)}"


def _messages(messages: Sequence[Any], spelling: Spelling) -> str:
    return _numbered("", "event", messages, 1, spelling) if messages else ""


def text_of_states(states: Sequence[Any], spelling: Spelling = AS_IT_IS) -> str:
    """A history, which has at least one state, in one line.

    >>> text_of_states([1, 2])
    'History of 2 states, the last 2'
    """
    return f"History of {_counted(len(states), 'state')}, the last {Speller(spelling)(states[-1])}"


def html_of_states(states: Sequence[Any], spelling: Spelling = AS_IT_IS) -> str:
    """A history as the table of its states: the one after n events in row n."""
    return _numbered("after", "state", states, 0, spelling)


def _numbered(counts: str, kind: str, values: Sequence[Any], begin: int, spelling: Spelling) -> str:
    """The last of ``values``, numbered from ``begin``; of the others nothing is spelled at all."""
    spell = Speller(spelling)
    left_out = max(0, len(values) - MOST)
    rows = [
        [f"{number:,}", type(each).__name__, _without_name(spell(each), each)]
        for number, each in enumerate(values[left_out:], start=begin + left_out)
    ]
    before = f"<p>the last {MOST} of {len(values):,}</p>" if left_out else ""
    return before + table([counts, kind, ""], rows, numbered=True)


def _without_name(said: str, message: object) -> str:
    return said.removeprefix(type(message).__name__).strip()


def text_of_board(board: Board) -> str:
    """A board in one line.

    >>> text_of_board(Board(()))
    'Board of 0 aggregates, 0 policies, 0 projections'
    """
    aggregates = _counted(len(board.aggregates), "aggregate")
    policies = _counted(len(board.policies), "policy", "policies")
    return f"Board of {aggregates}, {policies}, {_counted(len(board.projections), 'projection')}"


def text_of_board_state(state: BoardState) -> str:
    """A board's state in one line.

    >>> text_of_board_state(BoardState())
    'BoardState after 0 events: 0 streams, 0 views, 0 to do'
    """
    streams = _counted(sum(map(len, state.streams.values())), "stream")
    views = _counted(sum(map(len, state.views.values())), "view")
    after = _counted(state.position, "event")
    return f"BoardState after {after}: {streams}, {views}, {len(state.todos()):,} to do"


def html_of_board_state(state: BoardState, spelling: Spelling = AS_IT_IS) -> str:
    """A board's state as one table: streams, views and what is to do, of each the first few."""
    spell = Speller(spelling)
    rows: list[list[str]] = []
    for held in (state.streams, state.views):
        for name, by_key in sorted(held.items()):
            some = ((key, spell(value)) for key, value in sorted(by_key.items()))
            rows += _first(name, some, len(by_key))
    todos = state.todos()
    some = ((todo.key or "", f"{todo.policy.name} #{todo.position}") for todo in todos)
    rows += _first("to do", some, len(todos))
    drawn = table(["", "key", ""], rows) if rows else ""
    return f"<p>{escape(text_of_board_state(state))}</p>{drawn}"


def _first(name: str, some: Iterable[tuple[str, str]], count: int) -> list[list[str]]:
    """The rows of one kind, and how many more there are; a key comes from outside and may be anything."""
    rows = [[name, shown(key, _KEY), said] for key, said in islice(some, MOST_OF_EACH)]
    left_out = count - len(rows)
    return [*rows, [name, "", f"... and {left_out:,} more"]] if left_out else rows


def framed(page: str, title: str) -> str:
    """A page of its own, in a frame named ``title``: what it does stays in there.

    The frame is a sandbox, in which the page's own script runs but cannot reach the notebook.
    """
    return (
        f'<iframe title="{escape(title)}" srcdoc="{escape(page)}" sandbox="allow-scripts" '
        'style="width:100%;height:960px;border:0"></iframe>'
    )
