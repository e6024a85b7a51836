"""The rover's friendly edge: files of obstacles, requests that are tried again, interrupts, maps."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import MarsRover, at_a_terminal


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = tmp_path / "mission.db"
    monkeypatch.setenv("MARS_ROVER_STORE", str(store))
    return store


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    file = tmp_path / "cells.txt"
    file.write_bytes(b"# the rocks\r\n\r\n  2,2  # a large one\r\n0,9\n")
    return file


def test_obstacles_come_from_a_file_with_comments(
    mars_rover: MarsRover, store: Path, cells: Path
) -> None:
    asked = ("--obstacles", str(cells), "--obstacle", "5,5")
    assert "O:2:1:N\n" == mars_rover("drive", "RMMLMMM", "-q", *asked).out
    assert (0, "r2\n", "") == mars_rover("start", *asked)
    started = json.loads(mars_rover("log", "--json", "--stream", "rover-r2").out)
    taken = [(each["x"], each["y"]) for each in started["data"]["world"]["obstacles"]]
    assert [(0, 9), (2, 2), (5, 5)] == sorted(taken)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2;2", "bad cell '2;2': expected X,Y such as 2,2"),
        ("10,0", "obstacle 10,0 is off the 10x10 grid: expected x 0 to 9 and y 0 to 9"),
    ],
)
def test_a_wrong_line_of_obstacles_is_named(
    mars_rover: MarsRover, store: Path, cells: Path, line: str, problem: str
) -> None:
    cells.write_text(f"1,1\n\n{line}\n")
    for command in (("drive", "M"), ("start",)):
        ended = mars_rover(*command, "--obstacles", str(cells))
        assert (2, "", f"error: {cells}, line 3: {problem}\n") == ended
    assert not store.exists()


def test_short_ids_go_on_behind_the_last_that_is_taken(mars_rover: MarsRover, store: Path) -> None:
    assert ["r1\n", "r2\n", "r3\n", "r4\n", "r5\n"] == [mars_rover("start").out for _ in range(5)]
    assert "r9\n" == mars_rover("start", "r9").out
    assert "r6\n" == mars_rover("start").out


def test_a_new_rover_under_a_command_id_has_an_id_that_follows_from_it(
    mars_rover: MarsRover, store: Path
) -> None:
    for program, at in (("RM", "4:3:E\n"), ("RM", "4:3:E\n"), ("RMM", "5:3:E\n")):
        asked = ("drive", program, "-q", "--command-id", "k1", "--start", "3:3:N")
        assert (0, at, "") == mars_rover(*asked)
    assert "5:3:E\n" == mars_rover("drive", "RMM", "-q", "--command-id", "k1").out
    assert 1 == len(mars_rover("rovers").out.splitlines())
    assert "6:3:E\n" != mars_rover("drive", "RMM", "-q", "--command-id", "k2").out
    first, second = (line.split()[0] for line in mars_rover("rovers").out.splitlines())
    assert first != second


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ("--start", "0:0:N"),
            "--start: command id k1 has started rover r7 at 3:3:N: expected the same, or a new",
        ),
        (
            ("--grid", "9x9"),
            "command id k1 has started rover r7 in another world: expected the same --grid",
        ),
    ],
)
def test_another_start_under_the_same_command_id_does_not_pass_in_silence(
    mars_rover: MarsRover, store: Path, arguments: tuple[str, ...], reason: str
) -> None:
    asked = ("drive", "RM", "-q", "--command-id", "k1", "--rover", "r7")
    assert 0 == mars_rover(*asked, "--start", "3:3:N").code
    ended = mars_rover(*asked, *arguments)
    assert (2, "") == ended[:2]
    assert ended.err.startswith(f"error: {reason}")
    assert 3 == len(mars_rover("log").out.splitlines())


def test_a_rover_of_somebody_else_is_not_started_by_a_request(
    mars_rover: MarsRover, store: Path
) -> None:
    assert 0 == mars_rover("start", "r7", "--start", "3:3:N").code
    asked = ("drive", "RM", "-q", "--command-id", "k1", "--rover", "r7")
    ended = mars_rover(*asked, "--start", "5:5:N")
    assert "error: --start: rover r7 is started already" in ended.err
    for _ in range(2):
        assert (0, "4:3:E\n", "") == mars_rover(*asked)
    assert 3 == len(mars_rover("log").out.splitlines())


def test_a_refusal_under_a_command_id_names_the_letter(mars_rover: MarsRover, store: Path) -> None:
    asked = ("drive", "MMRL", "-q", "--obstacle", "0,2", "--command-id", "k1", "--rover", "r7")
    assert "O:0:1:N\n" == mars_rover(*asked).out
    ended = mars_rover("drive", "LM", "-q", "--command-id", "k2", "--rover", "r7")
    assert (1, "error: TurnLeft r7: turned off\n") == (ended.code, ended.err)


def test_a_program_in_the_place_of_a_command_is_meant_to_be_driven(mars_rover: MarsRover) -> None:
    assert "error: no command 'RML': did you mean: mars-rover drive RML\n" == mars_rover("RML").err
    assert "error: no command 'drvie': did you mean drive?\n" == mars_rover("drvie", "M").err


def interrupted(store: Path, *arguments: str) -> tuple[int, str, int]:
    """How a drive ends by Ctrl-C once it has recorded something, and how many events it left."""
    command = [sys.executable, "-m", "mars_rover", "drive", "-", "-q", "--rover", "r1", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdin
            process.stdin.write("M" * 2_000_000)
            process.stdin.close()
            wait_for(lambda: head(store) > 2_000)
            process.send_signal(signal.SIGINT)
            assert process.stderr
            said = process.stderr.read().strip()
        finally:
            process.kill()
    return process.wait(), said, head(store)


def head(store: Path) -> int:
    import sqlite3  # noqa: PLC0415

    if not store.exists():
        return 0
    try:
        with sqlite3.connect(store, timeout=5) as connection:
            (found,) = connection.execute("SELECT ifnull(max(position), 0) FROM events").fetchone()
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()
    return int(found)


def test_ctrl_c_says_what_is_recorded_and_how_to_go_on(store: Path) -> None:
    code, said, events = interrupted(store)
    assert 130 == code
    assert (
        f"error: interrupted; {events} events were recorded in {store}, the last at position {events}: "
        f"see `mars-rover log --after 0 --store {store}`; go on with `mars-rover drive - --rover r1` "
        f"and the letters behind the first {events - 1}"
    ) == said


def test_ctrl_c_under_a_command_id_says_that_the_same_call_goes_on(
    mars_rover: MarsRover, store: Path
) -> None:
    code, said, events = interrupted(store, "--command-id", "k1")
    assert 130 == code
    assert said.endswith("; the same call again does the rest")
    assert 2_000 < events < 2_000_000


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_a_move_whose_answer_nobody_took_is_said_to_be_recorded(
    store: Path, redirection: str
) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m mars_rover drive M -q {redirection}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert f"; 2 events were recorded in {store}, the last at position 2: " in done.stderr


def test_the_kit_s_command_line_says_the_same_of_the_same_log(
    mars_rover: MarsRover, store: Path
) -> None:
    hit = ("--grid", "4x4", "--obstacle", "2,2", "-q")
    assert 0 == mars_rover("drive", "RMMLMMM", *hit).code
    kit = [sys.executable, "-m", "deciderkit", "--board", "mars_rover.shell.program:program"]
    for command in (("log", "--json"), ("verify",), ("replay", "--digest"), ("todo", "--json")):
        done = subprocess.run(
            [*kit, *command, "--store", str(store)], capture_output=True, text=True, check=True
        )
        assert (mars_rover(*command).out, "") == (done.stdout, done.stderr)


def test_a_person_at_a_terminal_sees_the_log_the_map_and_the_place() -> None:
    seen = at_a_terminal(
        "drive", "RMMLMM", "--grid", "4x4", "--obstacle", "2,2", NO_COLOR="1", COLUMNS="80"
    )
    assert "[EVENT] MarsRoverMoved 1:0:E\r\n" in seen
    assert re.search(r"2 │ · · ✕ · │\r\n *1 │ · · ▲ · │", seen)
    assert seen.endswith("O:2:1:N\r\n6 of 6 commands carried out\r\n")
    assert max(map(len, seen.splitlines())) <= 80
    assert "✕" not in at_a_terminal("drive", "RMMLMM", "--obstacle", "2,2", "-q", NO_COLOR="1")


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_no_command_of_the_kit_but_replay_stands_in_the_rover_a_second_time() -> None:
    from deciderkit.shell.cli.group import KIT  # noqa: PLC0415
    from mars_rover.shell.cli import OWN  # noqa: PLC0415

    assert {"replay"} == set(KIT) & set(OWN)
    assert all(place.startswith("deciderkit.") for place in KIT.values())


def test_every_help_speaks_of_rovers_and_has_an_example(mars_rover: MarsRover) -> None:
    from mars_rover.shell.cli import cli  # noqa: PLC0415

    for name in cli.table:
        said = mars_rover(name, "--help").out.lower()
        assert "mars-rover" in said
        for strange in ("deciderkit", "kettle", "switchon"):
            assert strange not in said, name
        if name != "check":
            assert "example" in said, name
