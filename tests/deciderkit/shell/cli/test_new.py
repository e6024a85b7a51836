"""``new``: a package appears whole or not at all, and nothing is ever written over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deciderkit.shell.cli.new import new, write_package

WALL = "Ring -> [Bell] -> Rung\nview rings: Rung\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    for name in [each for each in sys.modules if each.split(".")[0] == "tower"]:
        del sys.modules[name]


def run(wall: str | bytes, *arguments: str) -> Result:
    return CliRunner().invoke(new, ["-", "--to", "tower", *arguments], input=wall)


def test_a_package_is_written_and_its_files_are_named() -> None:
    result = run(WALL)
    assert 0 == result.exit_code
    there = sorted(str(each) for each in Path("tower").rglob("*.py"))
    assert there == sorted(result.stdout.split())
    assert "tower/tests/test_gaps.py" in there
    assert [Path("tower")] == list(Path().iterdir())


def test_the_same_wall_again_has_nothing_to_add_and_writes_nothing() -> None:
    run(WALL)
    before = {each: each.read_bytes() for each in Path("tower").rglob("*.py")}
    again = run(WALL)
    assert ("", "tower is that wall: nothing to add\n") == (again.stdout, again.stderr)
    assert before == {each: each.read_bytes() for each in Path("tower").rglob("*.py")}


def test_a_wall_that_grew_says_what_to_add_where() -> None:
    run(WALL)
    grown = run(WALL + "Mute -> [Bell] -> Muted\n")
    assert 0 == grown.exit_code
    assert "# tower/commands.py: command Mute\nclass Mute(Struct, frozen=True):\n" in grown.stdout
    assert "# tower/bell.py: in decide: Mute\n        case Mute():\n" in grown.stdout
    assert "Mute" not in Path("tower/commands.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        ("Ring -> [Bell", "Error: stdin: line 1: nothing after the aggregate: expected ']'\n"),
        (b"\xff", "Error: stdin: byte 0 is no text: expected UTF-8\n"),
        ("", "Error: stdin: an empty wall: expected a line 'Command -> [Aggregate] -> Event'\n"),
    ],
)
def test_a_wall_that_cannot_be_made_is_one_line_and_writes_nothing(
    wall: str | bytes, said: str
) -> None:
    result = run(wall)
    assert (2, said) == (result.exit_code, result.stderr)
    assert [] == list(Path().iterdir())


def test_a_wall_that_is_not_there_is_one_line() -> None:
    result = CliRunner().invoke(new, ["wall.txt", "--to", "tower"])
    assert (2, "Error: wall.txt: No such file or directory: expected a file with a wall\n") == (
        result.exit_code,
        result.stderr,
    )
    Path("wall.txt").write_text(WALL, encoding="utf-8")
    assert 0 == CliRunner().invoke(new, ["wall.txt", "--to", "tower"]).exit_code


def test_what_is_there_is_left_alone() -> None:
    Path("tower").mkdir()
    kept = Path("tower/notes.txt")
    kept.write_text("mine", encoding="utf-8")
    result = run(WALL)
    assert (2, "Error: tower is there already: expected a folder that is not\n") == (
        result.exit_code,
        result.stderr,
    )
    assert [kept] == list(Path("tower").iterdir())
    assert "mine" == kept.read_text(encoding="utf-8")


def test_an_empty_folder_is_filled() -> None:
    Path("tower").mkdir()
    assert 0 == run(WALL).exit_code
    assert Path("tower/board.py").exists()


def test_a_board_that_cannot_be_imported_is_one_line() -> None:
    Path("tower").mkdir()
    Path("tower/board.py").write_text("import not_there", encoding="utf-8")
    said = "Error: tower/board.py cannot be imported: No module named 'not_there'\n"
    assert said == run(WALL).stderr
    Path("tower/board.py").write_text("board = 1", encoding="utf-8")
    sys.modules.pop("tower", None)
    sys.modules.pop("tower.board", None)
    assert "'board' is no Board" in run(WALL).stderr


def test_a_package_that_cannot_be_written_is_not_there_in_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    error = write_package({"a.py": "", "b/c.py": ""}, Path("tower")).failure()
    assert "tower: No space left on device" == str(error)
    assert [] == list(Path().iterdir())


def test_a_place_where_no_folder_can_be_is_one_line() -> None:
    Path("file").write_text("", encoding="utf-8")
    error = write_package({"a.py": ""}, Path("file/tower")).failure()
    assert str(error).startswith("file/tower: ")
