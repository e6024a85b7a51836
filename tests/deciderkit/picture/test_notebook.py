"""What a notebook shows of the kit's values: a short line, or a table in which a text is a text."""

from __future__ import annotations

import re
from typing import Any

from deciderkit import Board, Refused, Run, history, run
from deciderkit.picture.notebook import (
    MOST,
    MOST_OF_EACH,
    fitted,
    framed,
    html_of_board_state,
    html_of_run,
    html_of_states,
    table,
    text_of_board,
    text_of_board_state,
    text_of_run,
    text_of_states,
)
from tests.deciderkit import turnstile
from tests.deciderkit.picture import bank

COINS = [turnstile.InsertCoin("north", 1), turnstile.InsertCoin("north", 1), turnstile.Kick("x")]


def rows_of(html: str) -> list[list[str]]:
    """What the cells of a table say."""
    rows = re.findall("<tr>(.*?)</tr>", html)
    return [re.findall("<t[hd] [^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_run_is_a_line_and_a_table_of_its_events() -> None:
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, COINS)
    assert "Run: 3 carried out, 3 events, state Open" == text_of_run(done)
    text = html_of_run(done)
    assert "<p>Run: 3 carried out, 3 events, state Open</p><table>" in text
    assert ["1", "CoinTaken", "{turnstile: north, value: 1}"] == rows_of(text)[1]


def test_a_refusal_is_said() -> None:
    push = turnstile.Push("north")
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, [push, *COINS])
    assert isinstance(done.refused, Refused)
    line = "Run: 0 carried out, 0 events, state Locked {paid: 0}, refused: not paid"
    assert line == text_of_run(done)
    assert f"<p>{line}</p>" == html_of_run(done), "and nothing happened: no table of nothing"


def test_a_history_is_a_table_of_its_states() -> None:
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, COINS[:2])
    text = html_of_states(history(turnstile.turnstile, done.events))
    assert ["0", "Locked", "{paid: 0}"] == rows_of(text)[1]
    assert ["3", "Open", ""] == rows_of(text)[-1]


def test_a_history_is_said_by_its_last_state() -> None:
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, COINS[:2])
    states = history(turnstile.turnstile, done.events)
    assert "History of 4 states, the last Open" == text_of_states(states)
    assert "History of 1 state, the last Locked {paid: 0}" == text_of_states(states[:1])


def test_a_boards_state_is_a_table_of_streams_views_and_to_dos() -> None:
    state = turnstile.board.fold([turnstile.CoinTaken("north", 1), turnstile.Jammed("north")])
    assert "BoardState after 2 events: 1 stream, 2 views, 1 to do" == text_of_board_state(state)
    rows = rows_of(html_of_board_state(state))
    assert ["Turnstile", "north", "Broken"] in rows
    assert ["takings", "", "1"] in rows
    assert ["to do", "north", "call the mechanic #2"] in rows
    empty = html_of_board_state(turnstile.board.fold([]))
    assert "<p>BoardState after 0 events: 0 streams, 0 views, 0 to do</p>" == empty


def test_one_of_a_kind_is_said_as_one() -> None:
    few = Board(turnstile.board.aggregates[:1])
    assert "Board of 1 aggregate, 0 policies, 0 projections" == text_of_board(few)
    one = turnstile.board.fold([turnstile.CoinTaken("north", 1)])
    assert text_of_board_state(one).startswith("BoardState after 1 event: 1 stream, ")


def test_of_many_streams_the_first_stand_and_no_view_is_crowded_out() -> None:
    many = MOST_OF_EACH + 3
    taken = [turnstile.CoinTaken(f"gate{number:02}", 1) for number in range(many)]
    rows = rows_of(html_of_board_state(turnstile.board.fold(taken)))
    streams = [row for row in rows if row[0] == "Turnstile"]
    assert [f"gate{number:02}" for number in range(MOST_OF_EACH)] == [
        row[1] for row in streams[:-1]
    ]
    assert ["Turnstile", "", "... and 3 more"] == streams[-1]
    assert ["takings", "", str(many)] in rows
    exact = turnstile.board.fold(taken[:MOST_OF_EACH])
    assert "more" not in html_of_board_state(exact)


def test_numbers_stand_to_the_right_and_texts_to_the_left() -> None:
    text = table(["n", "said"], [["1", "one"]], numbered=True)
    assert ["right", "left"] * 2 == re.findall("text-align:([a-z]+)", text)
    assert ["left", "left"] == re.findall("text-align:([a-z]+)", table([], [["1", "one"]]))


def test_only_in_the_last_column_words_are_broken_to_make_room() -> None:
    cells = re.findall("<td style=([^>]*)>", table([], [["name", "key", "long"]]))
    assert [False, False, True] == ["overflow-wrap:anywhere" in cell for cell in cells]


def test_a_text_is_a_text() -> None:
    events = [bank.FeeCharged(1, "</td><script>alert(1)</script>")]
    assert "<script" not in html_of_board_state(bank.board.fold(events))
    frame = framed('<p>"x"', '"><b>')
    assert 'srcdoc="&lt;p&gt;&quot;x&quot;"' in frame
    assert 'title="&quot;&gt;&lt;b&gt;"' in frame


def test_a_key_is_shown_and_never_printed_raw() -> None:
    key = "\u202e\x1b[31m<b>" + "x" * 100
    rows = rows_of(html_of_board_state(turnstile.board.fold([turnstile.CoinTaken(key, 1)])))
    assert rf"\u202e\x1b[31m&lt;b&gt;{'x' * 31}... (109 characters)" == rows[1][1]


def test_a_page_in_a_frame_cannot_reach_the_notebook() -> None:
    assert 'sandbox="allow-scripts"' in framed("", "")


def test_a_drawing_fits_and_nothing_in_it_gets_out() -> None:
    image = fitted('<svg id="a"><title>\'&</title></svg>', '"<b>')
    assert image.startswith('<img alt="&quot;&lt;b&gt;" style="max-width:100%;height:auto" ')
    source = image.split('src="')[1]
    assert source.endswith('">')
    assert not set("<>&'\"#") & set(source.removesuffix('">'))


def test_a_long_table_shows_its_last_rows_and_says_so() -> None:
    states = [turnstile.Locked(number) for number in range(MOST + 1)]
    assert "<p>" not in html_of_states(states[1:])
    text = html_of_states(states)
    assert text.startswith(f"<p>the last {MOST} of {MOST + 1}</p>")
    numbers = [row[0] for row in rows_of(text)[1:]]
    assert [str(number) for number in range(1, MOST + 1)] == numbers
    coins: list[Any] = [turnstile.InsertCoin("north", 0)] * (MOST + 2)
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, coins)
    assert [str(MOST + 2), "CoinTaken"] == rows_of(html_of_run(done))[-1][:2]
