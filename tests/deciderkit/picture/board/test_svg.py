"""The board as an SVG file: well-formed whatever the names are, closed in itself, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import example, given

from deciderkit.picture.board import mermaid, svg
from deciderkit.picture.board.layout import laid_out
from deciderkit.picture.stickies import COLOURS, INK
from deciderkit.plain import shown
from deciderkit.wall import AggregateNote, CommandNote, Wall, parse_wall
from tests.deciderkit.wall.walls import few, library, walls

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('1')</script>\" & ]]> \x1b[2J \u202e \ud800 `x` --> %% end"
hostile = Wall(
    (AggregateNote(HOSTILE, "x", None, (CommandNote("Go", (), ()),), (), (HOSTILE,)),),
)


@few
@given(walls())
@example(library)
@example(hostile)
@example(Wall())
def test_any_wall_is_a_well_formed_picture_that_loads_nothing(wall: Wall) -> None:
    picture = svg(wall)
    root = ElementTree.fromstring(picture.encode())
    elements = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert elements <= {"svg", "rect", "g", "path", "title", "text", "circle"}
    assert "href" not in picture.replace("http://www.w3.org/2000/svg", "")


def test_hostile_names_are_text() -> None:
    root = ElementTree.fromstring(svg(hostile).encode())
    titles = [each.text or "" for each in root.iter(f"{SVG}title")]
    assert f"refusal: {shown(HOSTILE)}" in titles


def test_a_note_says_its_kind_in_words_too() -> None:
    root = ElementTree.fromstring(svg(library).encode())
    said = {each.text for each in root.iter(f"{SVG}text")}
    assert {"command", "aggregate", "event", "whenever", "whenever at its due", "view"} < said
    assert "external system" in said


def test_a_policy_tells_until_when() -> None:
    assert (
        "policy: Remind Member at its due, until Member Reminded, unless Copy Returned or Copy Lost"
        in svg(library)
    )


def test_an_arrow_that_leads_down_has_its_head_at_the_bottom() -> None:
    down = [each for each in laid_out(library).arrows if each.x == each.to_x]
    level = [each for each in laid_out(library).arrows if each.x != each.to_x]
    heads = re.findall(r"l(\S+) \S+z", svg(library))
    assert down
    assert len(down) == heads.count("-3.2")
    assert len(level) == heads.count("-6")


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS.keys())
def test_ink_is_read_on_every_sticky(colour: str) -> None:
    """A contrast of 4.5 to 1, as WCAG 2 asks."""
    light, dark = sorted(map(_luminance, (colour, INK)), reverse=True)
    assert 4.5 <= (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_picture_is_the_same_under_every_hash_seed() -> None:
    script = (
        "from deciderkit.picture.board import mermaid, svg;"
        "from tests.deciderkit.wall.walls import few, library;"
        "print(svg(library) + mermaid(library))"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert f"{svg(library)}{mermaid(library)}\n" == run.stdout


def test_a_stack_shows_all_of_its_commands() -> None:
    wall = parse_wall("Turn Left, Turn Right, Move -> [Rover] -> Moved").unwrap()
    picture = svg(wall)
    assert picture.index("Turn Left<") < picture.index("Turn Right<") < picture.index("Move<")
