"""The pictures of the README are what the code draws today."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit import run
from mars_rover import ObstacleFound, StartMarsRover, World, commands_of, parse_program, rover
from mars_rover.picture import journey_of, svg_of
from tests.pages import ROOT
from tests.pages import run as typed

PICTURES = ROOT / ".github"


@pytest.mark.parametrize("name", ["board.svg", "board.mermaid"])
def test_the_drawn_board_is_the_board(name: str) -> None:
    said = typed(f"mars-rover board --check '{PICTURES / name}' && echo true", ROOT)
    assert "true\n" == said


@pytest.mark.parametrize("name", ["board.svg", "board.mermaid"])
def test_control_a_drawing_without_a_note_is_noticed(name: str, tmp_path: Path) -> None:
    kept = (PICTURES / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(kept.replace("Turn Left", "Turn Round"), encoding="utf-8")
    said = typed(f"mars-rover board --check '{tmp_path / name}' && echo true", ROOT)
    assert "no longer" in said or "is not this board" in said


def test_the_drawn_run_is_that_of_the_first_command() -> None:
    world = World.create(4, 4, obstacles=[(2, 2)]).unwrap()
    program = parse_program("RMMLMMMMMM").unwrap()
    commands = [StartMarsRover("r1", world), *commands_of(program, "r1")]
    journey = journey_of(run(rover, commands, halts=(ObstacleFound,)).events)
    assert journey is not None
    assert svg_of(journey) == (PICTURES / "run.svg").read_text(encoding="utf-8")
