from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Ended, MarsRover, at_a_terminal

OFF_GRID = "obstacle 10,0 is off the 10x10 grid: expected x 0 to 9 and y 0 to 9"


def failed(ended: Ended, code: int = 2) -> str:
    """The one line of a failure, with nothing on standard output."""
    assert (code, "") == (ended.code, ended.out)
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("error: ")
    return ended.err.removeprefix("error: ").rstrip("\n")


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_file_is_simulated(mars_rover: MarsRover, tmp_path: Path, end: str) -> None:
    file = tmp_path / "program"
    file.write_bytes(f"RMLMM{end}".encode())
    result = mars_rover("simulate", str(file), "--grid", "4x4")
    assert (
        result.code,
        result.out,
        result.err,
    ) == (0, "1:2:N\n5 commands carried out\n", "")


def test_standard_input_meets_an_obstacle(mars_rover: MarsRover) -> None:
    result = mars_rover("simulate", "-", "--grid", "4x4", "--obstacle", "2,2", stdin=b"RMMLMMMMMM")
    assert result.out == "O:2:1:N\n6 commands carried out\nobstacle 2,2\n"


def test_json_says_the_same(mars_rover: MarsRover) -> None:
    blocked = mars_rover("simulate", "-", "--obstacle", "0,1", "--json", stdin=b"M")
    free = mars_rover("simulate", "-", "--start", "9:9:E", "--json", stdin=b"M")
    assert json.loads(blocked.out) == {
        "position": "O:0:0:N",
        "carried_out": 1,
        "obstacle": {"x": 0, "y": 1},
    }
    assert json.loads(free.out) == {"position": "0:9:E", "carried_out": 1, "obstacle": None}


def test_obstacles_come_from_a_file_too(mars_rover: MarsRover, tmp_path: Path) -> None:
    cells = tmp_path / "cells"
    cells.write_text("5,5\n0,2\n")
    result = mars_rover(
        "simulate", "-", "--obstacles", str(cells), "--obstacle", "7,7", stdin=b"MMM"
    )
    assert result.out == "O:0:1:N\n2 commands carried out\nobstacle 0,2\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2;2", "bad cell '2;2': expected X,Y such as 2,2"),
        ("10,0", OFF_GRID),
    ],
)
def test_a_wrong_line_is_named_with_its_file(
    mars_rover: MarsRover, tmp_path: Path, line: str, problem: str
) -> None:
    cells = tmp_path / "cells"
    cells.write_text(f"5,5\n{line}\n")
    result = mars_rover("simulate", "-", "--obstacles", str(cells), stdin=b"M")
    assert f"{cells}, line 2: {problem}" == failed(result)


@pytest.mark.parametrize(
    ("arguments", "program", "problem"),
    [
        ([], "MX", "unknown command 'X' at index 1: expected L, R or M"),
        ([], "M\n\n", r"unknown command '\n' at index 1: expected L, R or M"),
        ([], "M\r\n", r"unknown command '\r' at index 1: expected L, R or M"),
        (["--obstacle", "10,0"], "M", "--obstacle: " + OFF_GRID),
        ([], "\n", "empty program: expected at least one of L, R or M"),
        ([], "", "empty program: expected at least one of L, R or M"),
        (
            ["--grid", "4*4"],
            "M",
            "--grid: bad grid '4*4': expected WIDTHxHEIGHT such as 10x10; did you mean --grid 4x4?",
        ),
        (["--grid", "0x4"], "M", "--grid 0x4: width 0: expected 1 to 9007199254740991 cells"),
        (
            ["--start", "N"],
            "M",
            "--start: bad position 'N': expected x:y:D with D one of N, E, S, W, such as 0:0:N",
        ),
        (["--obstacle", "a"], "M", "--obstacle: bad cell 'a': expected X,Y such as 2,2"),
        (["--obstacle", "0,0"], "M", "--start: 0,0 is an obstacle: expected a free cell"),
        (
            ["--obstacles", "nowhere"],
            "M",
            "--obstacles: nowhere: No such file or directory: expected a file that can be read, or -",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    mars_rover: MarsRover, arguments: list[str], program: str, problem: str
) -> None:
    assert problem == failed(mars_rover("simulate", "-", *arguments, stdin=program.encode()))


def test_a_folder_is_no_program(mars_rover: MarsRover, tmp_path: Path) -> None:
    problem = f"{tmp_path}: Is a directory: expected a file that can be read, or -"
    assert problem == failed(mars_rover("simulate", str(tmp_path)))


def test_without_numpy_it_says_what_to_install(
    mars_rover: MarsRover, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("mars_rover.batch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("mars_rover.batch", raising=False)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert "pip install 'mars-rover-decider[batch]'" in failed(
        mars_rover("simulate", "-", stdin=b"M"), code=1
    )


def test_a_pipe_of_many_blocks_is_streamed() -> None:
    program = b"MRMLL" * 10**6
    done = subprocess.run(
        [sys.executable, "-m", "mars_rover", "simulate", "-"],
        input=program + b"\n",
        capture_output=True,
        check=True,
    )
    assert (done.stdout.splitlines()[1], done.stderr) == (b"5000000 commands carried out", b"")


def test_a_terminal_is_shown_the_progress(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_bytes(b"M" * 20_000_000)
    shown = at_a_terminal("simulate", str(file))
    assert "20000000 commands carried out" in shown
    assert "/s" in shown
