"""Damaged saved folds, as a person meets them: the log is read again, and no harm is done."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from deciderkit.shell import saved
from deciderkit.shell.stores.sqlite import side

from .conftest import MarsRover

WRONG = {
    "content of a state": """UPDATE saved SET content = replace(content, '"x":0', '"x":3')
        WHERE name = 'stream:rover-r'""",
    "a state of another rover": """UPDATE saved SET position = other.position,
        seal = other.seal, content = other.content
        FROM (SELECT * FROM saved WHERE name = 'stream:rover-s') AS other
        WHERE saved.name = 'stream:rover-r'""",
    "position": "UPDATE saved SET position = position - 1",
    "seal": "UPDATE saved SET seal = 'f'",
}
TRUTH = ("r MOVING 0:0:N\ns MOVING 5:5:N\n", "0:1:N\n")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mars_rover: MarsRover) -> Path:
    """A log in which two rovers went once around, with what was saved on the way."""
    path = tmp_path / "mission.log"
    monkeypatch.setenv("MARS_ROVER_STORE", str(path))
    monkeypatch.setattr(saved, "STEP", 5)
    assert 0 == mars_rover("drive", "M" * 10, "--rover", "r", "-q").code
    assert 0 == mars_rover("drive", "M" * 10, "--rover", "s", "-q", "--start", "5:5:N").code
    return path


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        assert connection.execute(statement).rowcount
    connection.commit()
    connection.close()


def told(mars_rover: MarsRover) -> tuple[str, str]:
    """What the log is said to lead to, and where the next move goes."""
    return mars_rover("rovers").out, mars_rover("drive", "M", "--rover", "r", "-q").out


def sealed_blindly(*parts: Any) -> str:
    return "sealed"


@pytest.mark.parametrize("statement", WRONG.values(), ids=WRONG)
def test_a_damaged_saved_fold_is_not_believed(
    mars_rover: MarsRover, path: Path, statement: str
) -> None:
    change(path, statement)
    assert TRUTH == told(mars_rover)
    assert 0 == mars_rover("verify").code


@pytest.mark.parametrize("name", ["content of a state", "a state of another rover"])
def test_control_without_the_seal_it_is_believed(
    mars_rover: MarsRover, path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(side, "seal", sealed_blindly)
    change(path, "UPDATE saved SET seal = 'sealed'", WRONG[name])
    assert TRUTH != told(mars_rover)


def test_control_what_is_believed_wrongly_spoils_the_log(
    mars_rover: MarsRover, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side, "seal", sealed_blindly)
    change(path, "UPDATE saved SET seal = 'sealed'", WRONG["content of a state"])
    told(mars_rover)
    assert 4 == mars_rover("verify").code


@pytest.fixture
def blocked(path: Path, mars_rover: MarsRover) -> Path:
    """The log, with a third rover that hit an obstacle at position 26, of which nothing is left to do."""
    hit = ("drive", "MM", "--rover", "t", "-q", "--grid", "3x3", "--obstacle", "0,2")
    assert 0 == mars_rover(*hit).code
    assert (0, "", "") == mars_rover("todo")
    change(path, """UPDATE saved SET content = '[["turn off", 25]]' WHERE name LIKE 'todos:%'""")
    return path


def test_damaged_saved_to_dos_are_not_believed(mars_rover: MarsRover, blocked: Path) -> None:
    assert (0, "", "") == mars_rover("todo")


def test_control_without_the_seal_saved_to_dos_are_believed(
    mars_rover: MarsRover, blocked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side, "seal", sealed_blindly)
    change(blocked, "UPDATE saved SET seal = 'sealed'")
    assert "25 turn off t: TurnOff\n" == mars_rover("todo").out


def other_log(path: Path, mars_rover: MarsRover) -> None:
    """Another log of the same length in the place of this one, with what this one had saved."""
    shutil.copy(path, path.with_suffix(".old"))
    path.unlink()
    for name, start in (("r", "2:0:N"), ("s", "5:5:N")):
        asked = ("drive", "M" * 10, "--rover", name, "-q", "--start", start)
        assert 0 == mars_rover(*asked).code
    change(path, "DELETE FROM saved")
    old = sqlite3.connect(path.with_suffix(".old"))
    rows = old.execute("SELECT * FROM saved").fetchall()
    old.close()
    connection = sqlite3.connect(path)
    connection.executemany("INSERT INTO saved VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


OTHER_TRUTH = ("r MOVING 2:0:N\ns MOVING 5:5:N\n", "2:1:N\n")


def test_what_was_saved_of_another_log_is_not_believed(mars_rover: MarsRover, path: Path) -> None:
    other_log(path, mars_rover)
    assert OTHER_TRUTH == told(mars_rover)


def test_control_without_the_seal_another_log_is_believed(
    mars_rover: MarsRover, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side, "seal", sealed_blindly)
    change(path, "UPDATE saved SET seal = 'sealed'")
    other_log(path, mars_rover)
    assert OTHER_TRUTH != told(mars_rover)


def test_what_is_whole_is_believed(mars_rover: MarsRover, path: Path) -> None:
    """Else the tests above would hold for a cache that is never used."""
    before = told(mars_rover)
    assert TRUTH == before
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM saved")}
    connection.close()
    assert {
        "todos:notify-obstacle-found,turn-off",
        "stream:rover-r",
        "stream:rover-s",
    } == names
