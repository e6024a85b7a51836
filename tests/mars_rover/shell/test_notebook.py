"""In a real IPython, after ``%load_ext``, the kit's and the rover's values show themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from pyrsistent import pvector

from deciderkit import history, run
from deciderkit.picture.steps import steps
from deciderkit.picture.story import story
from deciderkit.testing.laws.decider import decide_is_total
from deciderkit.testing.laws.law import LawBroken
from mars_rover import ObstacleFound, Program, StartMarsRover, World, board, commands_of, rover
from mars_rover.picture import journey_of
from tests.deciderkit import turnstile

WORLD = World.create(4, 4, [(2, 2)]).unwrap()
COMMANDS = [StartMarsRover("r1", WORLD), *commands_of(Program("RMMLMM"), "r1")]
DONE: Any = run(rover, COMMANDS, halts=(ObstacleFound,))


@pytest.fixture
def ipython() -> Iterator[InteractiveShell]:
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    yield shell
    shell.history_manager.end_session()  # type: ignore[union-attr]


def shown(ipython: InteractiveShell, value: object) -> dict[str, str]:
    formats, _ = ipython.display_formatter.format(value)  # type: ignore[union-attr]
    return dict(formats)


def test_a_rovers_values_are_maps(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    assert "<svg" in shown(ipython, WORLD)["image/svg+xml"]
    assert "World 4x4, obstacle 2,2" == shown(ipython, WORLD)["text/plain"]
    journey = journey_of(DONE.events)
    assert 'id="rover" transform="translate(2.5 2.5)' in shown(ipython, journey)["image/svg+xml"]
    assert "Journey from 0:0:N to 2:1:N" == shown(ipython, journey)["text/plain"]
    for value in (DONE, history(rover, DONE.events)):
        assert 'id="rover" transform="translate(2.5 2.5)' in shown(ipython, value)["text/html"]
    assert shown(ipython, DONE)["text/plain"].startswith(
        "Run: 7 carried out, 7 events, state Blocked"
    )
    assert "4x4, obstacle 2,2" in shown(ipython, board.fold(DONE.events))["text/html"]


def test_what_is_not_a_rovers_is_shown_without_a_map(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "mars_rover")
    coins = [turnstile.InsertCoin("x", 1)]
    other: Any = run(turnstile.turnstile, coins)
    states = history(turnstile.turnstile, other.events)
    for value in (other, states, history(rover, [])):
        assert "<svg" not in shown(ipython, value)["text/html"]
    assert "text/html" not in shown(ipython, pvector([1, 2]))
    assert "text/html" not in shown(ipython, pvector())


def test_the_kit_alone_shows_tables_and_pages(ipython: InteractiveShell) -> None:
    ipython.run_line_magic("load_ext", "deciderkit")
    for value in (DONE, history(rover, DONE.events), board.fold(DONE.events)):
        assert "<table>" in shown(ipython, value)["text/html"]
    assert shown(ipython, board.fold([]))["text/plain"].startswith("BoardState after 0 events")
    assert "Obstacle Found" in shown(ipython, board)["image/svg+xml"]
    line = "Board of 2 aggregates, 2 policies, 3 projections"
    assert line == shown(ipython, board)["text/plain"]
    tale = story(board, steps([]), title="Nothing yet")
    assert "Story: Nothing yet" == shown(ipython, tale)["text/plain"]
    assert "<iframe srcdoc=" in shown(ipython, tale)["text/html"]
    assert "text/html" not in shown(ipython, pvector([1, 2]))


def test_a_broken_law_tells_its_story(ipython: InteractiveShell) -> None:
    broken = LawBroken(decide_is_total, {}, "it is <broken>")
    assert "<pre>it is &lt;broken&gt;</pre>" == shown(ipython, broken)["text/html"]
