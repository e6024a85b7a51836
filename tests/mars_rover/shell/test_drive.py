"""``mars-rover drive``: the article's two runs, every bad input, and the ways in and out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mars_rover.shell.program_source import from_stream

from .conftest import MarsRover, at_a_terminal

HIT = ("drive", "RMMLMMMMMM", "--grid", "4x4", "--obstacle", "2,2")


def test_the_article_without_obstacles_ends_at_1_2_north(mars_rover: MarsRover) -> None:
    assert (0, "1:2:N\n", "") == mars_rover("drive", "RMLMM", "--grid", "4x4", "--quiet")


def test_the_article_with_an_obstacle_ends_before_it(mars_rover: MarsRover) -> None:
    assert (0, "O:2:1:N\n", "") == mars_rover(*HIT, "--quiet")


def test_a_quiet_run_on_a_store_still_notifies_for_its_log_says_so(
    mars_rover: MarsRover, tmp_path: Path
) -> None:
    ended = mars_rover(*HIT, "--rover", "r1", "--quiet", "--store", str(tmp_path / "log"))
    assert (0, "O:2:1:N\n", "Rover r1 hit obstacle\n") == ended


def test_the_log_tells_the_article_s_story_in_its_order(mars_rover: MarsRover) -> None:
    ended = mars_rover(*HIT, "--rover", "r1")
    *told, last = ended.err.splitlines()
    assert "6 of 10 commands carried out" == last
    lines = [" ".join(line.split()[:2]) for line in told]
    assert [
        "[EVENT] ObstacleFound",
        "[COMMAND] NotifyObstacle",
        "Rover r1",
        "[EVENT] ObstacleNotified",
        "[COMMAND] TurnOff",
        "[EVENT] MarsRoverTurnedOff",
    ] == lines[-6:]
    assert "O:2:1:N\n" == ended.out


def test_json_is_one_recorded_event_a_line(mars_rover: MarsRover) -> None:
    ended = mars_rover("drive", "RMLMM", "--grid", "4x4", "--rover", "r1", "--json", "--quiet")
    events = [json.loads(line) for line in ended.out.splitlines()]
    expected_keys = [
        "position",
        "stream",
        "version",
        "type",
        "schema",
        "command_id",
        "recorded_at",
        "data",
    ]
    assert [expected_keys] * 6 == [list(event) for event in events]
    assert list(range(1, 7)) == [event["position"] for event in events]
    assert ["MarsRoverStarted", *["MarsRoverMoved"] * 5] == [event["type"] for event in events]
    path = [
        f"{data['point']['x']}:{data['point']['y']}:{data['direction']}"
        for data in (event["data"] for event in events)
    ]
    assert ["0:0:N", "0:0:E", "1:0:E", "1:0:N", "1:1:N", "1:2:N"] == path
    assert {"rover-r1"} == {event["stream"] for event in events}


def test_without_an_id_a_rover_gets_the_next_short_one(
    mars_rover: MarsRover, tmp_path: Path
) -> None:
    stores: tuple[list[str], ...] = (
        [],
        ["--store", str(tmp_path / "log")],
        ["--store", str(tmp_path / "log")],
    )
    outs = [mars_rover("drive", "R", "--json", "--quiet", *store).out for store in stores]
    ids = [json.loads(out.splitlines()[0])["data"]["rover_id"] for out in outs]
    assert ["r1", "r1", "r2"] == ids


@pytest.mark.parametrize("arguments", [["drive", "-"], ["drive"]])
@pytest.mark.parametrize(
    "program",
    [b"RMLMM", b"RMLMM\n", b"RMLMM\r\n", b"\n  RMLMM \t\r\n\n", b"RMLMM" + b" " * (3 << 20)],
)
def test_a_pipe_is_read_with_or_without_white_space_around_it(
    mars_rover: MarsRover, arguments: list[str], program: bytes
) -> None:
    ended = mars_rover(*arguments, "--grid", "4x4", "--quiet", stdin=program)
    assert (0, "1:2:N\n", "") == ended


def test_an_obstacle_fails_only_when_asked_to(mars_rover: MarsRover) -> None:
    assert (3, "O:2:1:N\n", "") == mars_rover(*HIT, "--quiet", "--fail-on-obstacle")
    assert 0 == mars_rover("drive", "R", "--quiet", "--fail-on-obstacle").code


BAD_INPUT = {
    "unknown letter": (["RMX"], "unknown command 'X' at index 2: expected L, R or M"),
    "lower case": (
        ["RMm"],
        "unknown command 'm' at index 2: expected L, R or M; did you mean: mars-rover drive RMM",
    ),
    "letters of another kata": (
        ["FFRFL"],
        "unknown command 'F' at index 0: expected L, R or M; "
        "M moves one cell ahead: mars-rover drive MMRML",
    ),
    "backwards": (
        ["FFRBL"],
        "unknown command 'F' at index 0: expected L, R or M; "
        "M moves one cell ahead, and there is no letter for backwards",
    ),
    "a mission": (
        ["5 5\n1 2 N\nLMLM"],
        "unknown command '5' at index 0: expected L, R or M; "
        "it looks like a mission: mars-rover drive LMLM --grid 6x6 --start 1:2:N",
    ),
    "a file": (
        ["/etc/passwd"],
        "unknown command '/' at index 0: expected L, R or M; "
        "to read it from the file: mars-rover drive - < /etc/passwd",
    ),
    "white space inside": (
        [" RM M"],
        "unknown command ' ' at index 3: expected L, R or M",
    ),
    "a large X": (
        ["R", "--grid", "5X5"],
        "--grid: bad grid '5X5': expected WIDTHxHEIGHT such as 10x10; did you mean --grid 5x5?",
    ),
    "a comma": (
        ["R", "--grid", "5,5"],
        "--grid: bad grid '5,5': expected WIDTHxHEIGHT such as 10x10; did you mean --grid 5x5?",
    ),
    "a start with spaces": (
        ["R", "--start", "1 2 n"],
        "--start: bad position '1 2 n': expected x:y:D with D one of N, E, S, W, such as 0:0:N; "
        "did you mean --start 1:2:N?",
    ),
    "no file of obstacles": (
        ["R", "--obstacles", "/nowhere"],
        "--obstacles: /nowhere: No such file or directory: expected a file that can be read, or -",
    ),
    "full width": (["\uff2d"], "unknown command '\\uff2d' at index 0: expected L, R or M"),
    "emoji": (["R\U0001f680"], "unknown command '\\U0001f680' at index 1: expected L, R or M"),
    "no letters": ([""], "empty program: expected at least one of L, R or M"),
    "no cells": (
        ["R", "--grid", "0x0"],
        "--grid 0x0: width 0: expected 1 to 9007199254740991 cells",
    ),
    "negative": (
        ["R", "--grid", "-1x4"],
        "--grid: bad grid '-1x4': expected WIDTHxHEIGHT such as 10x10",
    ),
    "huge grid": (
        ["R", "--grid", "4x9007199254740992"],
        "--grid 4x9007199254740992: height 9007199254740992: expected 1 to 9007199254740991 cells",
    ),
    "hostile grid": (
        ["R", "--grid", "9" * 5000 + "x1"],
        f"--grid: bad grid '{'9' * 40}'... (5002 characters): expected WIDTHxHEIGHT such as 10x10",
    ),
    "obstacle text": (
        ["R", "--obstacle", "2;2"],
        "--obstacle: bad cell '2;2': expected X,Y such as 2,2",
    ),
    "obstacle off grid": (
        ["R", "--obstacle", "9,10"],
        "--obstacle: obstacle 9,10 is off the 10x10 grid: expected x 0 to 9 and y 0 to 9",
    ),
    "start text": (
        ["R", "--start", "0:0:Q"],
        "--start: bad position '0:0:Q': expected x:y:D with D one of N, E, S, W, such as 0:0:N",
    ),
    "start off grid": (
        ["R", "--start", "0:10:N"],
        "--start: 0,10 is off the 10x10 grid: expected x 0 to 9 and y 0 to 9",
    ),
    "start on obstacle": (
        ["R", "--obstacle", "0,0"],
        "--start: 0,0 is an obstacle: expected a free cell",
    ),
    "bad id": (
        ["R", "--rover", "../r1"],
        "--rover: bad rover id '../r1': "
        "expected 1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_is_one_line_and_nothing_half_done(
    mars_rover: MarsRover, arguments: list[str], message: str
) -> None:
    assert (2, "", f"error: {message}\n") == mars_rover("drive", *arguments)


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (b"", "empty program: expected at least one of L, R or M"),
        (b"\n", "empty program: expected at least one of L, R or M"),
        (b" \r\n\t\n", "empty program: expected at least one of L, R or M"),
        (b"RM\n\nR", "unknown command '\\n' at index 2: expected L, R or M"),
        (b"\r\n RM\r\nR\n", "unknown command '\\r' at index 5: expected L, R or M"),
        (b"\xef\xbb\xbfRM", "unknown command '\\ufeff' at index 0: expected L, R or M"),
        (b"R\x00M", "unknown command '\\x00' at index 1: expected L, R or M"),
        (b"RM\xff", "unknown command '\\udcff' at index 2: expected L, R or M"),
        (b"R\xc4\xb0", "unknown command '\\u0130' at index 1: expected L, R or M"),
        (b"RM\xc4", "unknown command '\\udcc4' at index 2: expected L, R or M"),
        (b"M" * 3_000_000 + b"x", "unknown command 'x' at index 3000000: expected L, R or M"),
    ],
)
def test_a_bad_stream_is_refused_with_the_index_in_the_whole_of_it(
    mars_rover: MarsRover, stream: bytes, message: str
) -> None:
    assert (2, "", f"error: {message}\n") == mars_rover("drive", "-", stdin=stream)


def test_newlines_inside_a_stream_count_also_where_pieces_meet(mars_rover: MarsRover) -> None:
    stream = b"M" * ((1 << 20) - 1) + b"\nM"
    message = "error: unknown command '\\n' at index 1048575: expected L, R or M\n"
    assert (2, "", message) == mars_rover("drive", stdin=stream)


def test_a_stream_gives_the_same_commands_each_time_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_bytes(b"RML\n")
    with file.open("rb") as stream, from_stream(stream).unwrap() as source:
        assert 3 == source.length
        assert list(source.commands("r1")) == list(source.commands("r1"))


def test_an_unknown_option_is_one_line(mars_rover: MarsRover) -> None:
    ended = mars_rover("drive", "R", "--fast")
    assert 2 == ended.code
    assert 1 == len(ended.err.splitlines())
    assert ended.err.startswith("error: No such option")
    assert "'--fast'" in ended.err or ": --fast" in ended.err


def test_help_teaches_and_documents_the_exit_codes(mars_rover: MarsRover) -> None:
    ended = mars_rover("drive", "--help")
    assert 0 == ended.code
    assert "mars-rover drive RMLMM --grid 4x4" in ended.out
    assert "Exit codes: `mars-rover --help`." in ended.out
    assert "4    the log is corrupt" in mars_rover("--help").out


def test_no_command_shows_the_help(mars_rover: MarsRover) -> None:
    ended = mars_rover()
    assert 2 == ended.code
    assert "Usage: mars-rover" in ended.out


def test_an_interrupt_is_one_line(mars_rover: MarsRover, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mars_rover.shell.drive.from_text", interrupted)
    ended = mars_rover("drive", "R")
    assert (130, "error: interrupted") == (ended.code, ended.err.strip())


def module(
    *arguments: str, shell: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m mars_rover {' '.join(arguments)} {shell}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_python_m_is_the_same_program() -> None:
    assert "1:2:N\n" == module("drive", "RMLMM", "--grid", "4x4", "--quiet").stdout


def test_a_closed_pipe_is_silent() -> None:
    done = module("drive", "M" * 20_000, "--json", "--quiet", shell="| head -n 1")
    assert 1 == len(done.stdout.splitlines())
    assert "" == done.stderr


def test_colour_is_for_terminals_only_and_no_color_is_honoured() -> None:
    truly = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    note = "\x1b[38;2;26;26;26;48;2;166;204;245m[COMMAND]\x1b[0m"
    assert note in at_a_terminal("drive", "R", **truly)
    for environment in ({**truly, "NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = at_a_terminal("drive", "R", **environment)
        assert "[COMMAND]" in plain
        assert "\x1b" not in plain
    assert "\x1b" not in module("drive", "R").stderr
    forced = {**os.environ, "FORCE_COLOR": "1", **truly}
    assert note in module("drive", "R", environment=forced).stderr


def test_a_person_at_a_terminal_is_told_what_to_give() -> None:
    message = "error: no program: expected letters such as RMLMM, or - to read them from a pipe"
    assert message == at_a_terminal("drive").strip()


def test_a_long_quiet_run_shows_its_progress_on_a_terminal() -> None:
    assert "driving" in at_a_terminal("drive", "M" * 100_000, "--quiet")
    assert "driving" not in at_a_terminal("drive", "M" * 100, "--quiet")


@pytest.mark.parametrize(
    ("arguments", "redirection", "code", "message"),
    [
        (
            "drive RM -q",
            ">/dev/full",
            1,
            "error: the answer could not be printed: No space left on device\n",
        ),
        (
            "drive RM -q",
            ">&-",
            1,
            "error: the answer could not be printed: standard output is closed\n",
        ),
        ("drive", "<&-", 2, "error: empty program: expected at least one of L, R or M\n"),
        ("simulate -", "<&-", 2, "error: empty program: expected at least one of L, R or M\n"),
    ],
)
def test_a_world_that_does_not_play_along_is_one_line_at_most(
    arguments: str, redirection: str, code: int, message: str
) -> None:
    done = module(arguments, shell=redirection)
    assert (code, "", message) == (done.returncode, done.stdout, done.stderr)
