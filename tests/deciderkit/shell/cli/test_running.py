"""``run`` and ``todo`` in real processes: due times, parking, two at once, Ctrl-C, and nobody listening."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .conftest import BANK, ROOT, TURNSTILE, Kit, started

PROGRAM = BANK.replace(":board", ":program")


def lend(account: int, back_by: datetime | str) -> str:
    when = back_by if isinstance(back_by, str) else back_by.isoformat()
    return json.dumps({"type": "Lend", "account": account, "back_by": when})


def test_what_is_not_due_waits_and_is_listed_with_its_time(kit: Kit) -> None:
    assert 0 == kit("do", "-q", lend(7, "2999-01-01T00:00:00Z")).code
    line = "1 remind 7: Remind  due 2999-01-01T00:00:00+00:00\n"
    assert (0, line, "") == kit("todo")
    assert (0, line, "") == kit("todo", "--run")
    assert {
        "id": "remind@1",
        "position": 1,
        "policy": "remind",
        "key": "7",
        "command": {"type": "Remind", "account": 7},
        "due": "2999-01-01T00:00:00Z",
        "parked": None,
    } == json.loads(kit("todo", "--json").out)


def test_a_board_without_deliveries_tells_on_stderr(kit: Kit) -> None:
    ended = kit("do", "-q", lend(7, "2001-01-01T00:00:00Z"))
    assert (0, "[Post] Reminded(account=7)\n") == (ended.code, ended.err)


def test_what_is_parked_is_shown_on_one_line_and_tried_again_once_it_is_let_go(kit: Kit) -> None:
    deliver = ("--board", PROGRAM)
    ended = kit("do", *deliver, lend(99, "2001-01-01T00:00:00Z"))
    assert 0 == ended.code
    reason = r"Reminded was not delivered: OSError: no such\naddress"
    assert f"[PARKED] remind: Remind: {reason}" == ended.err.splitlines()[-1]
    line = f"1 remind 99: Remind  due 2001-01-01T00:00:00+00:00  parked: {reason}\n"
    for arguments in ((), ("--run",), ("--retry", "-q")):
        assert (0, line, "") == kit("todo", *deliver, *arguments)
    assert (0, "", "[Post] Reminded(account=99)\n") == kit("todo", "--retry", "-q")
    assert 2 == len(kit("log").out.splitlines())


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_run_does_what_comes_up_when_it_is_due_and_ends_clean(
    kit: Kit, store: Path, stop: signal.Signals
) -> None:
    assert 0 == kit("do", "-q", '{"type": "Deposit", "account": 1, "amount": "1"}').code
    with started(store, "run", "--json", "--quiet", board=PROGRAM) as process:
        due = datetime.now(UTC) + timedelta(seconds=1.5)
        assert 0 == kit("do", "-q", lend(7, due)).code
        assert process.stdout
        reminded = json.loads(process.stdout.readline())
        late = (datetime.fromisoformat(reminded["recorded_at"]) - due).total_seconds()
        process.send_signal(stop)
        out, err = process.communicate(timeout=30)
    assert ("Reminded", "remind@2") == (reminded["type"], reminded["command_id"])
    assert -0.01 <= late < 5
    assert (130, "", "") == (process.returncode, out, err)


def test_two_that_run_do_everything_once(kit: Kit, store: Path) -> None:
    assert 0 == kit("do", "-q", lend(0, "2999-01-01T00:00:00Z")).code
    when = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    commands = "\n".join(lend(each, when) for each in range(1, 41)).encode()
    asked = (store, "run", "--quiet")
    with started(*asked, board=PROGRAM) as one, started(*asked, board=PROGRAM) as other:
        assert 0 == kit("do", "-q", stdin=commands).code
        wait_for(lambda: 1 == len(kit("todo").out.splitlines()))
        for each in (one, other):
            each.send_signal(signal.SIGINT)
            assert ("", "") == each.communicate(timeout=30)
    balances = [
        json.loads(each)["state"] for each in kit("state", "account", "--json").out.splitlines()
    ]
    assert [0, *[1] * 40] == [each["reminded"] for each in balances]


def test_run_of_one_policy_leaves_the_others_alone(kit: Kit, store: Path) -> None:
    ended = kit("run", "--policy", "nothing")
    assert (2, "", "error: --policy: no policy 'nothing': expected 'remind'\n") == ended


@pytest.mark.parametrize("of", [(), ("--stream", "account-8")], ids=["the log", "a stream"])
def test_a_follower_sees_what_is_recorded_later(kit: Kit, store: Path, of: tuple[str, ...]) -> None:
    for account in (7, 8, 8):
        assert 0 == kit("do", "-q", lend(account, "2999-01-01T00:00:00Z")).code
    with started(store, "log", "-f", "--after", "2", *of) as follower:
        assert follower.stdout
        assert follower.stdout.readline().startswith("3 account-8 2 Lent 2999")
        assert 0 == kit("do", "-q", lend(8, "2999-01-01T00:00:00Z")).code
        assert follower.stdout.readline().startswith("4 account-8 3 Lent 2999")
        follower.send_signal(signal.SIGINT)
        _, err = follower.communicate(timeout=30)
    assert (130, "") == (follower.returncode, err)


DO = """do -q '{"type": "InsertCoin", "turnstile": "a", "value": 1}'"""


def shell(store: Path, line: str, board: str = TURNSTILE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m deciderkit {line}"],
        cwd=ROOT,
        env={**os.environ, "DECIDERKIT_BOARD": board, "DECIDERKIT_STORE": str(store)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "standard output is closed")],
)
def test_an_answer_that_nobody_took_says_what_was_recorded(
    store: Path, redirection: str, reason: str
) -> None:
    done = shell(store, f"{DO} {redirection}")
    assert (1, "") == (done.returncode, done.stdout)
    assert (
        f"error: the answer could not be printed: {reason}; 1 event was recorded in {store}, the last "
        f"at position 1: see `deciderkit log --after 0 --store {store}`\n"
    ) == done.stderr
    assert 1 == len(shell(store, "log").stdout.splitlines())


def test_an_answer_that_nobody_took_of_a_command_that_only_reads(store: Path) -> None:
    assert 0 == shell(store, DO).returncode
    done = shell(store, "log >/dev/full")
    assert (1, "error: the answer could not be printed: No space left on device\n") == (
        done.returncode,
        done.stderr,
    )


def test_a_closed_pipe_is_silent(store: Path) -> None:
    commands = store.with_name("commands")
    commands.write_text('{"type": "Deposit", "account": 1, "amount": "1"}\n' * 3_000)
    assert 0 == shell(store, f"do -q < {commands}", BANK).returncode
    done = shell(store, "log | head -n 1", BANK)
    assert ("", 1) == (done.stderr, len(done.stdout.splitlines()))


def test_stderr_that_nobody_takes_is_an_end_and_no_traceback(store: Path) -> None:
    for redirection in ("2>/dev/full", "2>&-"):
        done = shell(store, f"lgo {redirection}")
        assert (2, "") == (done.returncode, done.stdout + done.stderr)


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
