"""What a notebook shows of the kit's values: a table in HTML, and one short line where there is no HTML.

These are plain functions. `deciderkit.shell.notebook` tells a running IPython of them: a value need not
know how it is shown, so imports run one way, and types that are not ours (a history is a `PVector`) are
shown as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from deciderkit.board import Board, BoardState
from deciderkit.decider import Run
from deciderkit.picture.spelling import AS_IT_IS, Speller, Spelling

MOST = 50
"""So many rows a table has at most: the last ones, and it says how many there are."""


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts.

    >>> table(["n"], [["<1>"]])
    '<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>&lt;1&gt;</td></tr></tbody></table>'
    """
    head = "".join(f"<th>{escape(each)}</th>" for each in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>" for row in rows[-MOST:]
    )
    left_out = len(rows) - MOST
    before = f"<p>the last {MOST} of {len(rows):,}</p>" if left_out > 0 else ""
    return f"{before}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def text_of_run(run: Run[Any, Any, Any, Any], spelling: Spelling = AS_IT_IS) -> str:
    """A run in one line.

    >>> text_of_run(Run(state=6, events=(1, 2, 3), carried_out=3, refused=None))
    'Run: 3 carried out, 3 events, state 6'
    """
    spell = Speller(spelling)
    counts = f"{run.carried_out:,} carried out, {len(run.events):,} events"
    refused = "" if run.refused is None else f", refused: {spell(run.refused.reason)}"
    return f"Run: {counts}, state {spell(run.state)}{refused}"


def html_of_run(run: Run[Any, Any, Any, Any], spelling: Spelling = AS_IT_IS) -> str:
    """A run as a line and the table of its events."""
    return f"<p>{escape(text_of_run(run, spelling))}</p>{_messages(run.events, spelling)}"


def _messages(messages: Iterable[Any], spelling: Spelling) -> str:
    spell = Speller(spelling)
    rows = [
        [f"{number:,}", type(each).__name__, _without_name(spell(each), each)]
        for number, each in enumerate(messages, start=1)
    ]
    return table(["", "event", ""], rows)


def _without_name(said: str, message: object) -> str:
    return said.removeprefix(type(message).__name__).strip()


def html_of_states(states: Sequence[Any], spelling: Spelling = AS_IT_IS) -> str:
    """A history as the table of its states: the one after n events in row n."""
    spell = Speller(spelling)
    rows = [
        [f"{number:,}", type(each).__name__, _without_name(spell(each), each)]
        for number, each in enumerate(states)
    ]
    return table(["after", "state", ""], rows)


def text_of_board(board: Board) -> str:
    """A board in one line.

    >>> text_of_board(Board(()))
    'Board of 0 aggregates, 0 policies, 0 projections'
    """
    counts = f"{len(board.aggregates)} aggregates, {len(board.policies)} policies"
    return f"Board of {counts}, {len(board.projections)} projections"


def text_of_board_state(state: BoardState) -> str:
    """A board's state in one line.

    >>> text_of_board_state(BoardState())
    'BoardState after 0 events: 0 streams, 0 views, 0 to do'
    """
    streams = sum(len(by_key) for by_key in state.streams.values())
    views = sum(len(by_key) for by_key in state.views.values())
    counts = f"{streams:,} streams, {views:,} views, {len(state.todos()):,} to do"
    return f"BoardState after {state.position:,} events: {counts}"


def html_of_board_state(state: BoardState, spelling: Spelling = AS_IT_IS) -> str:
    """A board's state as one table: streams, views and what is to do."""
    spell = Speller(spelling)
    rows = [
        [name, key, spell(value)]
        for held in (state.streams, state.views)
        for name, by_key in sorted(held.items())
        for key, value in sorted(by_key.items())
    ]
    rows += [
        ["to do", todo.key or "", f"{todo.policy.name} #{todo.position}"] for todo in state.todos()
    ]
    return f"<p>{escape(text_of_board_state(state))}</p>{table(['', 'key', ''], rows)}"


def framed(page: str) -> str:
    """A page of its own, in a frame: what it does stays in there."""
    return f'<iframe srcdoc="{escape(page)}" style="width:100%;height:960px;border:0"></iframe>'
