"""``log``, ``state``, ``view``, ``replay``, ``board``: what a log says, at any position, on two boards."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deciderkit import Projection
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import canonical
from deciderkit.shell import Program
from deciderkit.shell.cli.edge import Stop
from deciderkit.shell.cli.replaying import Replay

from .bank import Deposited, board
from .conftest import TURNSTILE, Kit


@pytest.fixture
def bank(kit: Kit) -> Kit:
    """Two accounts; the second owes a reminder that is due, and has paid in what cannot be counted."""
    for number, each in enumerate(
        (
            {"type": "Deposit", "account": 7, "amount": "2.50"},
            {"type": "Lend", "account": 8, "back_by": "2001-02-03T00:00:00Z"},
            {"type": "Deposit", "account": 8, "amount": "13"},
            {"type": "Withdraw", "account": 7, "amount": "1.25"},
        )
    ):
        assert 0 == kit("do", "-q", "--id", f"k{number}", json.dumps(each)).code
    return kit


@pytest.fixture
def turnstile(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Kit:
    monkeypatch.setenv("DECIDERKIT_BOARD", TURNSTILE)
    north = '{"type": "InsertCoin", "turnstile": "north", "value": 2}'
    assert 0 == kit("do", "-q", north, '{"type": "Push", "turnstile": "north"}').code
    assert 0 == kit("do", "-q", '{"type": "Kick", "turnstile": "north"}').code
    return kit


def test_the_log_as_text_by_stream_and_behind_a_position(bank: Kit) -> None:
    lines = bank("log").out.splitlines()
    assert "1 account-7 1 Deposited 2.50" == lines[0]
    assert ["1", "2", "3", "4", "5"] == [line.split()[0] for line in lines]
    assert lines[3:] == bank("log", "--after", "3").out.splitlines()
    assert [lines[0], lines[4]] == bank("log", "--stream", "account-7").out.splitlines()
    assert [lines[4]] == bank("log", "--stream", "account-7", "--after", "1").out.splitlines()
    assert [1, 5] == [
        json.loads(line)["position"]
        for line in bank("log", "--stream", "account-7", "--json").out.splitlines()
    ]


def test_the_tree_shows_requests_and_what_policies_made_of_them(turnstile: Kit) -> None:
    assert (
        "request\n"
        "  1 turnstile-north CoinTaken 2\n"
        "  2 turnstile-north Unlocked\n"
        "  3 turnstile-north PersonPassed\n"
        "request\n"
        "  4 turnstile-north Jammed\n"
        "    call the mechanic -> CallMechanic\n"
        "      5 mechanic-north MechanicCalled\n"
    ) == turnstile("log", "--tree").out
    orphan = turnstile("log", "--tree", "--after", "4").out
    assert "call-the-mechanic@4\n  5 mechanic-north MechanicCalled\n" == orphan


def test_the_tree_names_requests_by_the_ids_that_they_were_given(bank: Kit) -> None:
    assert "request k0" == bank("log", "--tree").out.splitlines()[0]


def test_states_of_all_of_one_and_at_any_position(bank: Kit) -> None:
    assert (
        "account-7 2 Balance {amount: 1.25, reminded: 0}\n"
        "account-8 3 Balance {amount: 13, reminded: 1}\n"
    ) == bank("state", "Account").out
    assert (
        "account-7 1 Balance {amount: 2.50, reminded: 0}\n"
        == bank("state", "account", "7", "--until", "4").out
    )
    assert {
        "stream": "account-7",
        "key": "7",
        "version": 2,
        "type": "Balance",
        "state": {"amount": "1.25", "reminded": 0},
    } == json.loads(bank("state", "account", "7", "--json").out)
    ended = bank("state", "account", "8", "--until", "1")
    assert (1, "", "error: no account-8 up to position 1: expected one with events\n") == ended
    assert "did you mean 'account'?" in bank("state", "acount").err


def test_views_of_the_log_and_by_key_and_at_any_position(bank: Kit) -> None:
    assert "paid in\nturnover  one for each key\n" == bank("view").out
    assert (0, "15.50\n", "") == bank("view", "paid in")
    assert (0, '"2.50"\n', "") == bank("view", "Paid-In", "--until", "3", "--json")
    assert (0, "2\n") == bank("view", "turnover", "7")[:2]
    assert '{"key":"7","view":1}\n' == bank("view", "turnover", "--until", "3", "--json").out
    assert 2 == bank("view", "paid in", "7").code
    assert (1, "") == bank("view", "turnover", "nobody")[:2]
    assert (2, "") == bank("view", "nothing")[:2]


def test_a_view_that_stands_still_is_named_on_one_line_and_the_others_are_shown(bank: Kit) -> None:
    ended = bank("view", "turnover")
    assert (0, "7  2\n") == ended[:2]
    reason = r"stands still before position 4: ValueError: thirteen\nis not counted"
    assert f"note: turnover 8 {reason}\n" == ended.err
    assert (0, "7  1\n", f"note: turnover 8 {reason}\n") == bank("view", "turnover", "--until", "4")
    assert (0, "7  1\n", "") == bank("view", "turnover", "--until", "3")


def test_replay_folds_it_all_once_more(bank: Kit) -> None:
    assert (
        "position 5\n"
        "account 7 Balance {amount: 1.25, reminded: 0} 2 events\n"
        "account 8 Balance {amount: 13, reminded: 1} 3 events\n"
        "view paid in: 15.50\n"
    ) == bank("replay").out
    at_2 = bank("replay", "--until", "2").out.splitlines()
    assert "account 7 Balance {amount: 2.50, reminded: 0} 1 event" == at_2[1]
    assert "todo 2 remind 8: Remind  due 2001-02-03T00:00:00+00:00" == at_2[-1]


def test_the_digest_is_that_of_the_lines_and_of_no_other_log(bank: Kit) -> None:
    digest = bank("replay", "--digest").out
    assert re.fullmatch("[0-9a-f]{64}\n", digest)
    lines = bank("export").out
    assert digest == bank("replay", "-", "--digest", stdin=lines.encode()).out
    other = lines.replace('"amount":"1.25"', '"amount":"1.24"')
    assert digest != bank("replay", "-", "--digest", stdin=other.encode()).out


def test_verify_says_how_much_there_is(bank: Kit) -> None:
    assert (0, "ok: 5 events in 2 streams\n", "") == bank("verify")
    assert {"ok": True, "events": 5, "streams": 2} == json.loads(bank("verify", "--json").out)


def by_day(seen: dict[date, Decimal], event: Deposited) -> dict[date, Decimal]:
    return {**seen, date(2027, 1, event.account): event.amount}


def by_pair(
    seen: dict[tuple[int, int], Decimal], event: Deposited
) -> dict[tuple[int, int], Decimal]:
    return {**seen, (event.account, 1): event.amount}


def test_a_view_by_days_has_a_digest_and_one_that_has_none_is_named() -> None:
    digests = []
    for accounts in ((7, 8), (8, 7)):
        replay = replayed(Projection("days", {}, by_day), accounts)
        assert [date(2027, 1, each) for each in accounts] == list(replay.views["days"])
        assert re.fullmatch("[0-9a-f]{64}", replay.digest())
        digests.append(canonical(replay.views["days"]))
    assert digests[0] == digests[1]
    with pytest.raises(Stop, match=r"view 'pairs' has no digest .*: expected what JSON can hold, "):
        replayed(Projection("pairs", {}, by_pair), (7,)).digest()


def replayed(view: Projection[Any], accounts: tuple[int, ...]) -> Replay:
    program = Program.of(replace(board, projections=(view,)))
    replay = Replay(program, digesting=True)
    for position, account in enumerate(accounts, 1):
        event = Deposited(account, Decimal(2))
        replay.take(
            Recorded(position, f"account-{account}", 1, event, "a~1", "2026-01-01T00:00:00Z")
        )
    return replay
