"""Pages, pictures and drawn worlds of the rover's commands: what they show, and how they are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mars_rover import Point, World
from mars_rover.picture import journey_of, svg_of
from tests.deciderkit.shell.cli.pages import data_of, events_of
from tests.mars_rover.picture.journeys import events_of as events_of_run

from .conftest import MarsRover, at_a_terminal

HIT = ("RMMLMMM", "--grid", "4x4", "--obstacle", "2,2")
WORLD = World(4, 4, frozenset({Point(2, 2)}))


@pytest.fixture
def store(mars_rover: MarsRover, tmp_path: Path) -> str:
    """A log with two rovers: the first was stopped, the second goes on."""
    where = str(tmp_path / "mission.db")
    mars_rover("drive", *HIT, "--rover", "r1", "--store", where, "--quiet")
    mars_rover("drive", "RM", "--rover", "r2", "--store", where, "--quiet")
    return where


def test_the_page_of_a_drive_tells_commands_policies_and_the_refusal(
    mars_rover: MarsRover, tmp_path: Path
) -> None:
    page = tmp_path / "drive.html"
    ended = mars_rover("drive", *HIT, "--rover", "r1", "--html", str(page), "--quiet")
    assert (0, "O:2:1:N\n") == (ended.code, ended.out)
    told = data_of(page)
    assert "Drive of r1" == told["title"]
    assert {"StartMarsRover", "Move", "NotifyObstacle", "turn off"} <= set(told["texts"])
    assert [
        "ObstacleFound 2,2",
        "ObstacleNotified Rover r1 hit obstacle",
        "MarsRoverTurnedOff",
    ] == (events_of(page)[-3:])


def test_the_page_of_a_drive_that_goes_on_begins_where_the_log_ended(
    mars_rover: MarsRover, store: str, tmp_path: Path
) -> None:
    page = tmp_path / "drive.html"
    ended = mars_rover("drive", "MM", "--rover", "r2", "--store", store, "--html", str(page), "-q")
    assert "3:0:E\n" == ended.out
    assert ["MarsRoverMoved 2:0:E", "MarsRoverMoved 3:0:E"] == events_of(page)
    assert 12 == data_of(page)["before"]
    refused = mars_rover("drive", "M", "--rover", "r1", "--store", store, "--html", str(page), "-q")
    assert 1 == refused.code
    assert (["-"], 14) == (events_of(page), data_of(page)["before"])
    assert "turned off" in data_of(page)["texts"]


def test_the_picture_is_the_same_by_every_way_to_it(
    mars_rover: MarsRover, store: str, tmp_path: Path
) -> None:
    journey = journey_of(events_of_run("RMMLMMM", WORLD, off=True))
    assert journey is not None
    file = tmp_path / "way.svg"
    for call in (
        ["drive", *HIT, "--quiet"],
        ["show", "r1", "--store", store],
        ["replay", "--store", store],
        ["replay", "--store", store, "--stream", "rover-r1"],
    ):
        file.unlink(missing_ok=True)
        assert 0 == mars_rover(*call, "--svg", str(file)).code
        assert svg_of(journey) == file.read_text(encoding="utf-8")


def test_the_way_is_that_of_the_stream_that_is_asked_for_and_ends_where_it_is_asked_to(
    mars_rover: MarsRover, store: str, tmp_path: Path
) -> None:
    file = tmp_path / "way.svg"
    mars_rover("replay", "--store", store, "--stream", "rover-r2", "--svg", str(file))
    assert "from 0:0:N to 1:0:E in" in file.read_text()
    mars_rover("show", "r1", "--store", store, "--until", "3", "--svg", str(file))
    assert "from 0:0:N to 1:0:E in" in file.read_text()


def test_where_there_is_no_way_to_draw_one_line_says_so(
    mars_rover: MarsRover, store: str, tmp_path: Path
) -> None:
    file = tmp_path / "way.svg"
    ended = mars_rover("replay", "--store", store, "--until", "0", "--svg", str(file))
    said = "error: --svg: no rover was started there, so there is no way to draw\n"
    assert (1, "", said) == ended
    assert not file.exists()


def test_a_picture_is_refused_before_the_rover_moves(mars_rover: MarsRover, store: str) -> None:
    for option in ("--svg", "--html"):
        ended = mars_rover("drive", "R", "--rover", "r2", "--store", store, option, store)
        assert (2, "") == (ended.code, ended.out)
        assert ended.err.startswith(f"error: {option}: {store}: this is no drawing: ")
    assert "at        1:0:E\n" in mars_rover("show", "r2", "--store", store).out


def test_a_terminal_sees_the_map_of_drive_show_and_replay(store: str) -> None:
    for call in (["drive", *HIT], ["show", "r1", "--store", store], ["replay", "--store", store]):
        assert "2 │ · · ✕ · │" in at_a_terminal(*call, NO_COLOR="1")
        assert "2 | . . X . |" in at_a_terminal(*call, TERM="dumb")
        assert "│" not in at_a_terminal(*call, "--no-map", NO_COLOR="1")


DRAWN = ". . . .\n. . # .\n. . . .\n> . . .\n"


def test_a_world_that_is_printed_is_read_back(mars_rover: MarsRover, tmp_path: Path) -> None:
    printed = mars_rover("world", "--grid", "4x4", "--obstacle", "2,2", "--start", "0:0:E")
    assert (0, DRAWN, "") == printed
    file = tmp_path / "mars.txt"
    file.write_text(DRAWN)
    assert printed == mars_rover("world", "--world", str(file))
    drive = mars_rover("drive", "MMLMMM", "--world", str(file), "--quiet")
    assert (0, "O:2:1:N\n", "") == drive
    assert "O:2:1:N\n" in mars_rover("simulate", "-", "--world", str(file), stdin=b"MMLMMM").out
    where = str(tmp_path / "log.db")
    assert 0 == mars_rover("start", "r1", "--store", where, "--world", str(file)).code
    assert "at        0:0:E\n" in mars_rover("show", "r1", "--store", where).out
    again = mars_rover("drive", "M", "--rover", "r1", "--store", where, "--world", str(file), "-q")
    assert (0, "1:0:E\n", "") == again


def test_options_go_before_what_is_drawn_and_obstacles_are_added(
    mars_rover: MarsRover, tmp_path: Path
) -> None:
    file = tmp_path / "mars.txt"
    file.write_text(DRAWN)
    given = ("--world", str(file), "--start", "3:3:S", "--obstacle", "0,0")
    assert ". . . v\n. . # .\n. . . .\n# . . .\n" == mars_rover("world", *given).out


@pytest.mark.parametrize(
    ("text", "more", "problem"),
    [
        ("..x\n", [], "unknown cell 'x' in row 1, column 3"),
        ("..\n", ["--grid", "3x3"], "--world with --grid: expected one of them"),
        ("." * 4_000_001, [], "too large to be a drawing: expected at most 1,000,000 cells"),
        ("\x1b[2J", [], r"unknown cell '\x1b'"),
        ("#\n", [], "--start: 0,0 is an obstacle"),
    ],
)
def test_a_drawing_that_cannot_be_used_is_one_line(
    mars_rover: MarsRover, tmp_path: Path, text: str, more: list[str], problem: str
) -> None:
    file = tmp_path / "mars.txt"
    file.write_text(text)
    ended = mars_rover("drive", "M", "--world", str(file), *more)
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert problem in ended.err


def test_a_world_that_is_too_large_is_not_printed(mars_rover: MarsRover) -> None:
    ended = mars_rover("world", "--grid", "1001x1000")
    assert (2, "") == (ended.code, ended.out)
    assert "a 1001x1000 grid has too many cells to be drawn" in ended.err
