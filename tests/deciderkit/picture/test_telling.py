"""What the page says after event N is the fold up to N, for any board, any run and any part of a log."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit import Board, CorruptHistory
from deciderkit.log.recorded import Recorded
from deciderkit.picture.columns import NONE
from deciderkit.picture.page import Template, page
from deciderkit.picture.steps import Failed, Origin, Step, origins_on, steps
from deciderkit.picture.story import Story, story
from deciderkit.picture.telling import Picture
from tests.deciderkit import turnstile
from tests.deciderkit.picture import bank
from tests.deciderkit.picture.bank import told
from tests.deciderkit.picture.reading import expected, moments


def positions(tale: Story) -> list[int]:
    """How many events stand before or at each moment."""
    reached = [tale.data["before"]]
    for name in tale.data["moments"][1]:
        reached.append(reached[-1] + (name != NONE))
    return reached


def check(board: Board, tale: Story, log: list[Any]) -> None:
    for position, said in zip(positions(tale), moments(tale), strict=True):
        fold = expected(board, board.fold(log[:position]))
        touched = {thing: facts for thing, facts in said.items() if thing in fold}
        assert {thing: fold[thing] for thing in touched} == touched
        assert {thing for thing in fold if fold[thing]} <= set(said) | set(missing(tale, fold))


def missing(tale: Story, fold: Any) -> set[Any]:
    """What a page of the last events need not know: what did not change in them."""
    return set(fold) if tale.data["before"] else set()


@given(st.lists(bank.commands(), max_size=12))
def test_what_a_page_says_is_the_fold_at_every_moment(commands: list[Any]) -> None:
    run = told(bank.board, commands)
    log = [each.event for each in run if isinstance(each, Recorded)]
    check(bank.board, story(bank.board, steps(run)), log)


@given(st.lists(turnstile.board_commands(), max_size=20))
def test_it_is_so_for_another_board_and_for_its_log_alone(commands: list[Any]) -> None:
    log = [each for each in told(turnstile.board, commands) if isinstance(each, Recorded)]
    check(turnstile.board, story(turnstile.board, steps(log)), [each.event for each in log])


@given(st.lists(bank.commands(), min_size=4, max_size=16), st.integers(1, 8))
def test_of_a_long_log_the_last_events_are_told(commands: list[Any], limit: int) -> None:
    log = [each for each in told(bank.board, commands) if isinstance(each, Recorded)]
    tale = story(bank.board, steps(log), limit=limit)
    told_of = len(tale.data["sizes"])
    assert tale.data["before"] + told_of == len(log)
    assert told_of <= limit
    check(bank.board, tale, [each.event for each in log])


@given(st.lists(bank.commands(), min_size=2, max_size=12), st.data())
def test_a_page_may_begin_anywhere(commands: list[Any], data: st.DataObject) -> None:
    log = [each for each in told(bank.board, commands) if isinstance(each, Recorded)]
    cut = data.draw(st.integers(0, len(log)))
    before = bank.board.fold([each.event for each in log[:cut]])
    tale = story(bank.board, steps(log[cut:]), before=before)
    assert cut == tale.data["before"]
    check(bank.board, tale, [each.event for each in log])


KICK = [
    turnstile.Push("north"),
    turnstile.InsertCoin("north", 2),
    turnstile.Push("north"),
    turnstile.Kick("north"),
]


def test_marks_are_what_was_refused_what_woke_a_policy_and_what_ended_a_stream() -> None:
    tale = story(turnstile.board, steps(told(turnstile.board, KICK)))
    marks = [(moment, tale.data["texts"][name]) for moment, name in tale.data["marks"]]
    assert [(1, "refused"), (5, "Jammed"), (6, "MechanicCalled")] == marks


def test_what_a_policy_asked_for_is_led_back_to_the_event_that_woke_it() -> None:
    tale = story(turnstile.board, steps(told(turnstile.board, KICK)))
    command, _, _, policy, woken_at, refused, _ = tale.data["steps"]
    texts = tale.data["texts"]
    assert "CallMechanic" == texts[command[-1]]
    assert "call the mechanic" == texts[policy[-1]]
    assert 5 == woken_at[-1]
    assert "not paid" == texts[refused[0]]
    assert [NONE] * 4 == woken_at[:-1]


def test_a_parked_to_do_and_a_command_without_events_are_moments_of_their_own() -> None:
    run = [
        Failed(turnstile.CallMechanic("x"), "no\nline", Origin("call", 9)),
        Step(turnstile.Kick("x")),
    ]
    tale = story(turnstile.board, [*steps(run[:1]), run[1]])  # type: ignore[list-item, arg-type]
    assert [0, 0] == tale.data["sizes"]
    assert [(1, tale.data["texts"].index("failed"))] == tale.data["marks"]
    assert r"no\nline" in tale.data["texts"]


def test_a_history_that_cannot_be_folded_is_named_by_its_place() -> None:
    def log(*events: Any) -> tuple[Step, ...]:
        return steps([Recorded(n, "s", n, each, "c", "") for n, each in enumerate(events, start=1)])

    for events, index in (
        ([turnstile.PersonPassed("x")], 0),
        ([turnstile.CoinTaken("x", 1), "a stranger"], 1),
    ):
        with pytest.raises(CorruptHistory) as found:
            story(turnstile.board, log(*events))
        assert index == found.value.index


class Drawing:
    """A picture that counts how often it was drawn."""

    def __init__(self) -> None:
        self.drawn: list[Any] = []

    def draw(self, scene: Any) -> str:
        self.drawn.append(scene)
        return f"<svg>{scene}\ud800</svg>"


def test_a_picture_is_drawn_once_for_each_scene_and_its_moves_are_facts() -> None:
    drawing = Drawing()
    picture = Picture(
        turnstile.turnstiles,
        scene=lambda state: state.paid // 2 if isinstance(state, turnstile.Locked) else None,
        draw=drawing.draw,
        moves=lambda before, after: {"coin": f"translate({after.paid})"},
    )
    coins = [turnstile.InsertCoin("x", 1)] * 2
    tale = story(turnstile.board, steps(told(turnstile.board, coins)), picture=picture)
    assert [0, 1] == drawing.drawn
    last = moments(tale)[2]["picture", "Turnstile", "x"]
    assert {"drawing": "<svg>1?</svg>", "coin": "translate(2)"} == last


def test_a_page_does_not_depend_on_the_hash_seed() -> None:
    code = """
from hypothesis import find, settings
from tests.deciderkit.picture import bank
from tests.deciderkit.picture.bank import *
from deciderkit.picture.steps import steps
from deciderkit.picture.story import story
import msgspec
noon = datetime(2026, 11, 25, tzinfo=UTC)
run = [Deposit(n, Decimal(n), noon) for n in range(1, 30)] + [Withdraw(n, Decimal(50)) for n in range(1, 30)]
print(msgspec.json.encode(story(bank.board, steps(told(bank.board, run))).data).decode())
"""
    pages = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12"
    }
    assert 1 == len(pages)


def test_all_that_comes_from_a_board_is_data_and_ends_no_script() -> None:
    hostile = '</script><script>alert("1")</script>\u202e\x1b[31m\ud83d'
    log = [Recorded(1, "account-1", 1, bank.FeeCharged(1, hostile), "c", "")]
    tale = story(bank.board, steps(log), title=hostile)
    text = page(tale, Template("<h1>{{title}}</h1>{{data}}", "", ""))
    _, title, data = text.split("h1>")
    assert (
        r"&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\u202e\x1b[31m\ud83d</"
        == title
    )
    assert "<" not in data
    assert msgspec.json.encode(tale.data) == msgspec.json.encode(msgspec.json.decode(data))
    assert text.encode().decode() == text


def test_a_log_alone_knows_what_its_to_dos_asked_for() -> None:
    log = [each for each in told(turnstile.board, KICK) if isinstance(each, Recorded)]
    tale = story(turnstile.board, steps(log, origins_on(turnstile.board)))
    command, _, key, policy, woken_at, _, _ = tale.data["steps"]
    texts = tale.data["texts"]
    assert ["CallMechanic", "north", "call the mechanic", 4] == [
        texts[command[-1]],
        texts[key[-1]],
        texts[policy[-1]],
        woken_at[-1],
    ]
    assert {NONE} == set(command[:-1])


def raising(event: bank.Overdrawn) -> bank.ChargeFee:
    raise RuntimeError("no fee")


def with_policy(**changes: Any) -> Board:
    return replace(bank.board, policies=(replace(bank.fee, **changes),))


def recorded(*events: tuple[Any, str]) -> list[Recorded[Any]]:
    return [
        Recorded(position, f"account-{event.account}", 1, event, command_id, "")
        for position, (event, command_id) in enumerate(events, start=1)
    ]


WITHDRAWN = (bank.Withdrawn(1, Decimal(3)), "a")
OVERDRAWN = (bank.Overdrawn(1), "a")


def test_a_then_that_raises_stops_no_page() -> None:
    board = with_policy(then=raising)
    log = recorded(WITHDRAWN, OVERDRAWN, (bank.FeeCharged(1, "x"), "charge-fee@2"))
    tale = story(board, steps(log, origins_on(board)))
    assert NONE == tale.data["steps"][0][-1]
    assert {"charge fee #2": "raised RuntimeError (1)"} == moments(tale)[2]["todo", "to do", ""]
    assert {} == moments(tale)[3]["todo", "to do", ""]


@pytest.mark.parametrize("command_id", ["b", "charge-fee@9", "another@2", "charge-fee@3"])
def test_to_dos_are_taken_off_as_the_fold_takes_them_off(command_id: str) -> None:
    board = with_policy(unless=bank.Deposited)
    noon = datetime(2026, 11, 25, tzinfo=UTC)
    log = recorded(
        WITHDRAWN,
        *[OVERDRAWN] * 4,
        (bank.FeeCharged(1, "x"), command_id),
        (bank.Deposited(1, Decimal(1), noon), "c"),
    )
    tale = story(board, steps(log, origins_on(board)))
    for position, said in enumerate(moments(tale)[1:], start=1):
        events, ids = zip(*[(each.event, each.command_id) for each in log[:position]], strict=True)
        fold = expected(board, board.fold(events, command_ids=ids))
        assert fold["todo", "to do", ""] == said.get(("todo", "to do", ""), {})
    assert {} == moments(tale)[-1]["todo", "to do", ""]
