"""In a real IPython, after ``%load_ext``, the kit's and the rover's values show themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from IPython.core.interactiveshell import InteractiveShell
from pyrsistent import pvector

from deciderkit import history, run
from deciderkit.picture.steps import steps
from deciderkit.picture.story import story
from deciderkit.testing.laws.decider import decide_is_total
from deciderkit.testing.laws.law import LawBroken
from mars_rover import (
    Direction,
    MarsRoverMoved,
    Move,
    ObstacleFound,
    PathStep,
    Point,
    Program,
    StartMarsRover,
    World,
    board,
    commands_of,
    rover,
)
from mars_rover.picture import journey_of
from mars_rover.picture.journey import Journey
from tests.deciderkit import turnstile

WORLD = World.create(4, 4, [(2, 2)]).unwrap()
COMMANDS = [StartMarsRover("r1", WORLD), *commands_of(Program("RMMLMM"), "r1")]
DONE: Any = run(rover, COMMANDS, halts=(ObstacleFound,))

TURNS = tuple(MarsRoverMoved("r1", Point(0, 0), Direction(letter)) for letter in "ESWN")


@pytest.fixture
def ipython() -> Iterator[InteractiveShell]:
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    yield shell
    shell.history_manager.end_session()  # type: ignore[union-attr]


def shown(ipython: InteractiveShell, value: object) -> dict[str, str]:
    formats, _ = ipython.display_formatter.format(value)  # type: ignore[union-attr]
    return dict(formats)


def drawn(ipython: InteractiveShell, value: object) -> str:
    """The SVG in the image that a notebook is handed."""
    html = shown(ipython, value)["text/html"]
    assert html.startswith('<img alt="')
    return unquote(html.split('src="data:image/svg+xml,')[1].split('"')[0])


def test_a_rovers_values_are_maps(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    assert "<svg" in shown(ipython, WORLD)["image/svg+xml"]
    assert "World 4x4, obstacle 2,2" == shown(ipython, WORLD)["text/plain"]
    journey = journey_of(DONE.events)
    assert 'id="rover" transform="translate(2.5 2.5)' in shown(ipython, journey)["image/svg+xml"]
    assert "Journey from 0:0:N to 2:1:N" == shown(ipython, journey)["text/plain"]
    for value in (journey, DONE, history(rover, DONE.events)):
        assert 'id="rover" transform="translate(2.5 2.5)' in drawn(ipython, value)
    blocked = "Blocked {rover_id: r1, world: 4x4, obstacle 2,2, "
    assert f"Run: 7 carried out, 7 events, state {blocked}" in shown(ipython, DONE)["text/plain"]
    assert "4x4, obstacle 2,2" in shown(ipython, board.fold(DONE.events))["text/html"]


@pytest.mark.parametrize("extension", ["deciderkit", "mars_rover"])
def test_a_long_history_is_one_short_line_where_there_is_only_text(
    ipython: InteractiveShell, extension: str
) -> None:
    ipython.run_line_magic("load_ext", extension)
    states = history(rover, DONE.events[:1] + TURNS * 250)
    line = shown(ipython, states)["text/plain"]
    assert line.startswith("History of 1,002 states, the last Moving {rover_id: r1, world: ")
    assert len(line) < 250
    assert ("4x4, obstacle 2,2" in line) == (extension == "mars_rover")
    assert "pvector([1, 2])" == shown(ipython, pvector([1, 2]))["text/plain"]


def test_drawings_fit_into_a_notebook(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    for value in (board, WORLD, journey_of(DONE.events)):
        formats = shown(ipython, value)
        assert f'<img alt="{formats["text/plain"]}" style="max-width:100%' in formats["text/html"]
        assert formats["image/svg+xml"] == drawn(ipython, value)


def test_a_world_that_would_be_a_mere_line_is_said_instead(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    thin = World(100_000, 3)
    assert {"text/plain": "World 100000x3"} == shown(ipython, thin)
    around = Journey(thin, (PathStep(Point(0, 0), Direction.EAST),))
    far = Journey(thin, tuple(PathStep(Point(x, 0), Direction.EAST) for x in range(200)))
    assert "<svg" in drawn(ipython, around), "the part around a short way can be seen"
    assert ["text/plain"] == list(shown(ipython, far))
    moves = [StartMarsRover("r1", thin, direction=Direction.EAST), *[Move("r1")] * 200]
    done: Any = run(rover, moves)
    assert shown(ipython, done)["text/html"].startswith("<p>Run: 201 carried out")


def test_what_is_not_a_rovers_is_shown_without_a_map(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    coins = [turnstile.InsertCoin("x", 1)]
    other: Any = run(turnstile.turnstile, coins)
    states = history(turnstile.turnstile, other.events)
    for value in (other, states, history(rover, [])):
        assert "<img" not in shown(ipython, value)["text/html"]
    assert "text/html" not in shown(ipython, pvector([1, 2]))
    assert "text/html" not in shown(ipython, pvector())


def test_the_kit_alone_shows_tables_and_pages(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "deciderkit")
    for value in (DONE, history(rover, DONE.events), board.fold(DONE.events)):
        assert "<img" not in shown(ipython, value)["text/html"]
        assert "<table>" in shown(ipython, value)["text/html"]
    assert shown(ipython, board.fold([]))["text/plain"].startswith("BoardState after 0 events")
    assert "Obstacle Found" in shown(ipython, board)["image/svg+xml"]
    line = "Board of 2 aggregates, 2 policies, 3 projections"
    assert line == shown(ipython, board)["text/plain"]
    tale = story(board, steps([]), title="Nothing yet")
    assert "Story: Nothing yet" == shown(ipython, tale)["text/plain"]
    assert '<iframe title="Nothing yet" srcdoc="' in shown(ipython, tale)["text/html"]
    assert "text/html" not in shown(ipython, pvector([1, 2]))


def test_a_broken_law_tells_its_story(ipython: InteractiveShell) -> None:
    broken = LawBroken(decide_is_total, {}, "it is <broken>")
    assert "<pre>it is &lt;broken&gt;</pre>" == shown(ipython, broken)["text/html"]
    line = f"LawBroken: {decide_is_total.sentence} (decide_is_total)"
    assert line == shown(ipython, broken)["text/plain"]
