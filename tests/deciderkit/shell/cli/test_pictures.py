"""The replay page of any board: from a store and from lines, written whole, refused in one line."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from deciderkit.log.recorded import Recorded
from deciderkit.picture import story as telling
from deciderkit.shell.cli.bound import Bound
from deciderkit.shell.cli.commands.replay import replay
from deciderkit.shell.cli.edge import Stop
from deciderkit.shell.cli.pictures import RunPage

from . import bank
from .conftest import Kit, ended
from .pages import data_of, events_of


def deposit(amount: str) -> str:
    return json.dumps({"type": "Deposit", "account": 7, "amount": amount})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "bank.html"


def test_a_page_tells_the_log_of_any_board(kit: Kit, page: Path) -> None:
    kit("do", "-q", deposit("2.50"))
    kit("do", "-q", deposit("1.50"))
    plain = kit("replay")
    assert plain == kit("replay", "--html", str(page))
    assert ["Deposited 2.50", "Deposited 1.50"] == events_of(page)
    assert "Replay of log.db" == data_of(page)["title"]


def test_a_page_ends_where_the_replay_ends(kit: Kit, page: Path) -> None:
    kit("do", "-q", deposit("2.50"))
    kit("do", "-q", deposit("1.50"))
    lines = kit("log", "--json").out.encode()
    kit("replay", "-", "--until", "1", "--html", str(page), stdin=lines)
    assert ["Deposited 2.50"] == events_of(page)
    assert "Replay of standard input" == data_of(page)["title"]


def test_a_view_that_cannot_be_folded_stands_still_and_the_page_goes_on(
    kit: Kit, page: Path
) -> None:
    for amount in ("2.50", "13", "1.50"):
        kit("do", "-q", deposit(amount))
    assert 0 == kit("replay", "--html", str(page)).code
    assert ["Deposited 2.50", "Deposited 13", "Deposited 1.50"] == events_of(page)
    said = r"stands still: ValueError: thirteen\nis not counted"
    assert said in data_of(page)["texts"]


def test_a_damaged_log_has_no_page(kit: Kit, page: Path) -> None:
    kit("do", "-q", deposit("2.50"))
    lines = kit("log", "--json").out.encode()
    assert 4 == kit("replay", "-", "--html", str(page), stdin=lines + b"{\n").code
    assert not page.exists()


def test_a_page_in_a_process_of_its_own(kit: Kit, store: Path, page: Path) -> None:
    kit("do", "-q", deposit("2.50"))
    done = ended(store, "replay", "--html", str(page), "--digest")
    assert (0, "") == (done.code, done.err)
    assert ["Deposited 2.50"] == events_of(page)


def test_a_page_is_written_over_and_a_log_is_not(kit: Kit, store: Path, page: Path) -> None:
    kit("do", "-q", deposit("2.50"))
    page.write_text("<!doctype html>old")
    assert 0 == kit("replay", "--html", str(page)).code
    before = store.read_bytes()
    refused = kit("replay", "--html", str(store))
    said = f"error: --html: {store}: this is no drawing: expected a new file"
    assert (2, "") == (refused.code, refused.out)
    assert refused.err.startswith(said)
    assert before == store.read_bytes()


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("", "this is a folder: expected a file"),
        ("no/page.html", "there is no such folder: expected one that exists"),
        ("x" * 300, "File name too long: expected a new file"),
        ("a\x1b[2Jb/page.html", "there is no such folder: expected one that exists"),
    ],
)
def test_where_no_page_can_go_is_said_in_one_line_before_anything_is_done(
    kit: Kit, tmp_path: Path, place: str, problem: str
) -> None:
    refused = kit("replay", "--html", f"{tmp_path}/{place}")
    assert (2, "", 1) == (refused.code, refused.out, refused.err.count("\n"))
    assert problem in refused.err
    assert "\x1b" not in refused.err


def test_a_full_disk_is_one_line(kit: Kit) -> None:
    kit("do", "-q", deposit("2.50"))
    if not os.path.exists("/dev/full"):  # pragma: no cover - Linux has it
        return
    refused = kit("board", "--svg", "/dev/full")
    assert (1, "", "error: --svg: /dev/full: No space left on device\n") == refused


def test_a_long_run_keeps_what_the_page_shows_and_folds_the_rest(
    monkeypatch: pytest.MonkeyPatch, page: Path
) -> None:
    monkeypatch.setattr(telling, "LIMIT", 2)
    with replay.make_context("replay", [], obj=Bound("bank", "STORE", lambda: bank.program)):
        kept = RunPage(page)
        for number in range(1, 22):
            event = bank.Deposited(7, Decimal(number * 100))
            kept(Recorded(number, "account-7", number, event, f"c{number}", ""))
        kept.write("Long")
    told = data_of(page)
    assert told["before"] + len(told["sizes"]) == 21
    assert 4 <= len(told["sizes"]) <= 8
    assert "23100" in told["texts"]


def test_a_view_that_fails_before_the_page_begins_is_one_line(
    monkeypatch: pytest.MonkeyPatch, page: Path
) -> None:
    monkeypatch.setattr(telling, "LIMIT", 1)
    thirteen = Recorded(1, "account-7", 1, bank.Deposited(7, Decimal(13)), "c1", "")
    with replay.make_context("replay", [], obj=Bound("bank", "STORE", lambda: bank.program)):
        kept = RunPage(page)
        for _ in range(3):
            kept(thirteen)
        with pytest.raises(Stop, match="a view cannot be folded: ValueError: thirteen"):
            kept(thirteen)
