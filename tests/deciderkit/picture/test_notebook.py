"""What a notebook shows of the kit's values: a short line, or a table in which a text is a text."""

from __future__ import annotations

from typing import Any

from deciderkit import Refused, Run, history, run
from deciderkit.picture.notebook import (
    MOST,
    framed,
    html_of_board_state,
    html_of_run,
    html_of_states,
    table,
    text_of_board_state,
    text_of_run,
)
from tests.deciderkit import turnstile
from tests.deciderkit.picture import bank

COINS = [turnstile.InsertCoin("north", 1), turnstile.InsertCoin("north", 1), turnstile.Kick("x")]


def test_a_run_is_a_line_and_a_table_of_its_events() -> None:
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, COINS)
    assert "Run: 3 carried out, 3 events, state Open" == text_of_run(done)
    text = html_of_run(done)
    assert "<p>Run: 3 carried out, 3 events, state Open</p><table>" in text
    assert "<td>1</td><td>CoinTaken</td><td>{turnstile: north, value: 1}</td>" in text


def test_a_refusal_is_said() -> None:
    push = turnstile.Push("north")
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, [push, *COINS])
    assert isinstance(done.refused, Refused)
    line = "Run: 0 carried out, 0 events, state Locked {paid: 0}, refused: not paid"
    assert line == text_of_run(done)


def test_a_history_is_a_table_of_its_states() -> None:
    done: Run[Any, Any, Any, Any] = run(turnstile.turnstile, COINS[:2])
    text = html_of_states(history(turnstile.turnstile, done.events))
    assert "<td>0</td><td>Locked</td><td>{paid: 0}</td>" in text
    assert "<td>3</td><td>Open</td><td></td>" in text


def test_a_boards_state_is_a_table_of_streams_views_and_to_dos() -> None:
    state = turnstile.board.fold([turnstile.CoinTaken("north", 1), turnstile.Jammed("north")])
    assert "BoardState after 2 events: 1 streams, 2 views, 1 to do" == text_of_board_state(state)
    text = html_of_board_state(state)
    assert "<td>Turnstile</td><td>north</td><td>Broken</td>" in text
    assert "<td>takings</td><td></td><td>1</td>" in text
    assert "<td>to do</td><td>north</td><td>call the mechanic #2</td>" in text


def test_a_text_is_a_text() -> None:
    events = [bank.FeeCharged(1, "</td><script>alert(1)</script>")]
    assert "<script" not in html_of_board_state(bank.board.fold(events))
    assert '<iframe srcdoc="&lt;p&gt;&quot;x&quot;"' in framed('<p>"x"')


def test_a_long_table_shows_its_last_rows_and_says_so() -> None:
    rows = [[str(number)] for number in range(MOST + 1)]
    assert "<p>" not in table([""], rows[1:])
    text = table([""], rows)
    assert text.startswith(f"<p>the last {MOST} of {MOST + 1}</p>")
    assert "<td>0</td>" not in text
