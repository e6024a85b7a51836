from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mars_rover.shell.simulate import simulate


def run(*arguments: str, program: str | bytes = b"") -> Result:
    return CliRunner().invoke(simulate, arguments, input=program)


def failed(result: Result, code: int = 2) -> str:
    """The one line of a failure, with nothing on standard output."""
    assert (code, "") == (result.exit_code, result.stdout)
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: ")
    return result.stderr.removeprefix("error: ").rstrip("\n")


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_is_simulated(tmp_path: Path, end: str) -> None:
    file = tmp_path / "program"
    file.write_bytes(f"RMLMM{end}".encode())
    result = run(str(file), "--grid", "4x4")
    assert (
        result.exit_code,
        result.stdout,
        result.stderr,
    ) == (0, "1:2:N\n5 commands carried out\n", "")


def test_standard_input_meets_an_obstacle() -> None:
    result = run("-", "--grid", "4x4", "--obstacle", "2,2", program="RMMLMMMMMM")
    assert result.stdout == "O:2:1:N\n6 commands carried out\nobstacle 2,2\n"


def test_json_says_the_same() -> None:
    blocked = run("-", "--obstacle", "0,1", "--json", program="M")
    free = run("-", "--start", "9:9:E", "--json", program="M")
    assert json.loads(blocked.stdout) == {
        "position": "O:0:0:N",
        "carried_out": 1,
        "obstacle": {"x": 0, "y": 1},
    }
    assert json.loads(free.stdout) == {"position": "0:9:E", "carried_out": 1, "obstacle": None}


def test_obstacles_come_from_a_file_too(tmp_path: Path) -> None:
    cells = tmp_path / "cells"
    cells.write_text("5,5\n0,2\n")
    result = run("-", "--obstacles", str(cells), "--obstacle", "7,7", program="MMM")
    assert result.stdout == "O:0:1:N\n2 commands carried out\nobstacle 0,2\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2;2", "bad cell '2;2': expected X,Y such as 2,2"),
        ("", "bad cell '': expected X,Y such as 2,2"),
        ("10,0", "obstacle 10,0 is off the 10x10 grid: expected x 0 to 9 and y 0 to 9"),
    ],
)
def test_a_wrong_line_is_named_with_its_file(tmp_path: Path, line: str, problem: str) -> None:
    cells = tmp_path / "cells"
    cells.write_text(f"5,5\n{line}\n")
    result = run("-", "--obstacles", str(cells), program="M")
    assert f"{cells}, line 2: {problem}" == failed(result)


@pytest.mark.parametrize(
    ("arguments", "program", "problem"),
    [
        ([], "MX", "unknown command 'X' at index 1: expected L, R or M"),
        ([], "M\n\n", r"unknown command '\n' at index 1: expected L, R or M"),
        ([], "\n", "empty program: expected at least one of L, R or M"),
        ([], "", "empty program: expected at least one of L, R or M"),
        (["--grid", "4*4"], "M", "bad grid '4*4': expected WIDTHxHEIGHT such as 10x10"),
        (["--grid", "0x4"], "M", "width 0: expected 1 to 9007199254740991 cells"),
        (
            ["--start", "N"],
            "M",
            "bad position 'N': expected x:y:D with D one of N, E, S, W, such as 0:0:N",
        ),
        (["--obstacle", "a"], "M", "bad cell 'a': expected X,Y such as 2,2"),
        (["--obstacle", "0,0"], "M", "start 0,0 is on an obstacle: expected a free cell"),
        (
            ["--obstacles", "nowhere"],
            "M",
            "nowhere: No such file or directory: expected a file that can be read, or -",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    arguments: list[str], program: str, problem: str
) -> None:
    assert problem == failed(run("-", *arguments, program=program))


def test_a_folder_is_no_program(tmp_path: Path) -> None:
    problem = f"{tmp_path}: Is a directory: expected a file that can be read, or -"
    assert problem == failed(run(str(tmp_path)))


def test_without_numpy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mars_rover.batch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("mars_rover.batch", raising=False)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert "pip install 'mars-rover-decider[batch]'" in failed(run("-", program="M"), code=1)


def test_a_pipe_of_many_blocks_is_streamed() -> None:
    program = b"MRMLL" * 10**6
    command = "from mars_rover.shell.simulate import simulate; simulate(prog_name='simulate')"
    done = subprocess.run(
        [sys.executable, "-c", command, "-"], input=program + b"\n", capture_output=True, check=True
    )
    assert (done.stdout.splitlines()[1], done.stderr) == (b"5000000 commands carried out", b"")


def test_a_terminal_is_shown_the_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "program"
    file.write_bytes(b"M" * 3_000_000)
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = run(str(file))
    assert shown.stdout.splitlines()[1] == "3000000 commands carried out"
    assert "/s" in shown.stderr
