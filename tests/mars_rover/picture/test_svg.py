"""The SVG of a run: clean, the same bytes each time, and true to the run."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given

from mars_rover import Direction, Point, World
from mars_rover.picture.journey import Journey, Window, legs, window_of
from mars_rover.picture.svg import CELLS, CHEVRONS, svg_of, svg_of_world, trail_of
from mars_rover.projections import PathStep
from tests.mars_rover.picture.journeys import journey, journeys

SVG = "{http://www.w3.org/2000/svg}"
BLOCKED = World(4, 4, frozenset({Point(2, 2)}))


def by_id(text: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(text)
    return {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}


def test_the_drawing_of_a_run_is_this_one() -> None:
    text = svg_of(journey("RMMLMM", BLOCKED))
    assert [
        '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="0 0 4 4" role="img">',
        "<title>A rover's way from 0:0:N to 2:1:N in a world of 4 x 4 cells</title>",
        '<rect width="4" height="4" fill="#f3dfc8"/>',
    ] == text.split("\n")[:3]
    parts = by_id(text)
    assert "M0.5 3.5L1.5 3.5L2.5 3.5L2.5 2.5" == parts["trail"].attrib["d"]
    assert "translate(0.5 3.5)" == parts["start"].attrib["transform"]
    assert "translate(2.5 2.5) rotate(0)" == parts["rover"].attrib["transform"]
    assert "translate(2.5 1.5)" == parts["hit"].attrib["transform"]
    assert "hidden" == parts["off"].attrib["visibility"]
    assert '<path d="M2 1h1v1h-1z" fill="#8a5a3c"/>' in text


def test_over_the_edge_the_path_is_cut_in_two() -> None:
    assert "M0.5 0.5L0 0.5M2 0.5L1.5 0.5" == by_id(svg_of(journey("LM", World(2, 1))))["trail"].get(
        "d"
    )
    whole = "M0.5 1.5L0.5 0.5L0.5 0M0.5 2L0.5 1.5"
    assert whole == by_id(svg_of(journey("MM", World(1, 2))))["trail"].get("d")


@given(journeys())
def test_every_run_has_a_drawing_that_a_reader_of_xml_takes(found: Journey) -> None:
    text = svg_of(found)
    assert svg_of(found) == text
    parts = by_id(text)
    assert ["trail", "start", "hit", "rover", "off"] == list(parts)
    assert ("visibility" in parts["hit"].attrib) == (found.obstacle is None)
    assert ("visibility" in parts["off"].attrib) == (not found.is_off)


@given(journeys())
def test_the_pieces_of_a_trail_make_the_trail(found: Journey) -> None:
    window = window_of(found, CELLS, CELLS)
    steps = list(found.path)
    pieces = [
        trail_of(before, step, window)
        for before, step in pairwise(steps)
        if before.direction is step.direction
    ]
    whole = by_id(svg_of(found))["trail"].attrib["d"]
    start = re.match("M[0-9.]+ [0-9.]+", whole)
    assert start is not None
    assert whole == start[0] + "".join(pieces).replace("L ", "L").replace("M ", "M").replace(
        " L", "L"
    ).replace(" M", "M")


def test_turning_on_the_spot_adds_the_same_point_again() -> None:
    here = PathStep(Point(0, 0), Direction.NORTH), PathStep(Point(0, 0), Direction.EAST)
    assert "L 0.5 0.5" == trail_of(*here, Window(0, 0, 1, 1))


@pytest.mark.parametrize(
    ("found", "grid", "arrows"),
    [
        (journey("M", World(10, 10)), True, True),
        (journey("M", World(CELLS, CELLS)), True, False),
        (journey("M", World(1000, 1000)), True, False),
        (journey("M" * 90, World(100, 1000)), False, False),
        (journey("MR" * (CHEVRONS + 1), World(20, 21)), True, True),
        (journey("", World(3, 3)), True, False),
        (journey("M", World(1, 1)), False, True),
    ],
    ids=["small", "wide", "part", "huge", "round", "still", "one cell"],
)
def test_what_nobody_could_see_is_left_out(found: Journey, grid: bool, arrows: bool) -> None:
    text = svg_of(found)
    assert grid == ('stroke="#e0c4a4"' in text)
    assert arrows == ('stroke-width=".09"' in text)


def test_too_many_moves_have_no_arrows() -> None:
    program = "RM" + "LMMMMMMMMMMMMMMMMMMMRM" * 22
    found = journey(program, World(22, 20))
    assert len({(leg.begin, leg.direction) for leg in legs(found)}) > CHEVRONS
    assert 'stroke-width=".09"' not in svg_of(found)


def test_a_large_world_is_shown_around_the_path_or_with_larger_signs() -> None:
    far = journey("MM", World(10**6, 10**6), (Point(500, 500), Direction.NORTH))
    assert Window(471, 472, 60, 60) == window_of(far, CELLS, CELLS)
    assert 'viewBox="0 0 60 60"' in svg_of(far)
    everywhere = journey("LM", World(10**6, 10))
    assert "scale(50000)" in svg_of(everywhere)
    assert 'width="640" height="1"' in svg_of(everywhere)


def test_a_world_alone_has_all_signs_hidden() -> None:
    text = svg_of_world(BLOCKED)
    assert 4 == text.count('visibility="hidden"')
    assert "<title>A world of 4 x 4 cells</title>" in text
