"""The drawn board in a real browser: every text inside its sticky, and Mermaid reads what we write.

They need Debian's packages ``chromium`` and ``chromium-driver``, and Mermaid from npm: ``MERMAID`` names
its ``mermaid.min.js``. Where these are not, the tests stand back and say so; with
``BROWSER_REQUIRED=1`` they fail instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from deciderkit.picture.board import mermaid, svg
from deciderkit.picture.board.lettering import title
from deciderkit.picture.board.scenes import scenes_of
from deciderkit.picture.stickies import COLOURS
from deciderkit.plain import shown
from deciderkit.wall import Wall, parse_wall, wall_of
from mars_rover import board as rover_board
from tests.browser.conftest import stand_back
from tests.deciderkit.picture.board.test_svg import hostile
from tests.deciderkit.turnstile import board as turnstile_board
from tests.deciderkit.wall.walls import library

LONG = parse_wall("""
Incomprehensible Transubstantiation Of Everything, Go, Stay, Run, Jump -> [Donaudampfschifffahrt] -> Gone
Go -> [Donaudampfschifffahrt] -> Über Die Brücke Gegangen, Stuck In A Very Long Traffic Jam Once More
Call Help -> ["WWWWWWWWWWWWWWWWWWWW mmmmmmmmmmmm @@@@@@@@@@@@@"] -> Help Called
whenever Gone: Call Help, until Help Called, called "MMMMMMMM WWWWWWWW MMMMMMMM WWWWWWWW MMMMMMMM"
view ЖЖЖЖЖЖЖЖЖЖЖЖЖЖ ЩЩЩЩЩЩЩЩЩЩЩЩЩ ΩΩΩΩΩΩΩΩΩΩ: Gone, Help Called
[Donaudampfschifffahrt] refuses: "because it is far too late at night, and nobody would be there anyway, would they"
""").unwrap()
WALLS = {
    "rover": wall_of(rover_board),
    "turnstile": wall_of(turnstile_board),
    "library": library,
    "long names": LONG,
    "hostile names": hostile,
}
OUTSIDE = """
return [...document.querySelectorAll('svg > g')].flatMap((note) => {
  const sheet = note.querySelector('rect');
  if (!sheet) return [];
  const edge = sheet.getBBox();
  return [...note.querySelectorAll('text')].filter((text) => {
    const box = text.getBBox();
    return box.x < edge.x || box.x + box.width > edge.x + edge.width
      || box.y < edge.y || box.y + box.height > edge.y + edge.height + 1;
  }).map((text) => text.textContent);
});
"""
LABELS = "return [...document.querySelectorAll('.nodeLabel')].map((each) => each.innerText);"
FILLS = """
return Object.fromEntries([...document.querySelectorAll('.node')].map((node) =>
  [node.classList[2], getComputedStyle(node.querySelector('rect, path, polygon')).fill]));
"""


def opened(chromium: webdriver.Chrome, file: Path, body: str) -> None:
    """A page from a file, 1,000 pixels wide."""
    metrics = {"width": 1000, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{body}', encoding="utf-8")
    for kind in ("browser", "performance"):
        chromium.get_log(kind)  # type: ignore[no-untyped-call]
    chromium.get(file.as_uri())


def complaints(chromium: webdriver.Chrome) -> list[str]:
    """What stands on the console, and what was asked of anybody but the files beside the page."""
    said = [each["message"] for each in chromium.get_log("browser")]  # type: ignore[no-untyped-call]
    log: list[Any] = chromium.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(each["message"])["message"] for each in log]
    asked = [
        each["params"]["request"]["url"]
        for each in events
        if each["method"] == "Network.requestWillBeSent"
    ]
    return [*said, *(url for url in asked if not url.startswith("file:"))]


@pytest.mark.parametrize("name", WALLS)
def test_every_text_is_inside_its_sticky_and_the_board_inside_the_page(
    chromium: webdriver.Chrome, tmp_path: Path, name: str
) -> None:
    opened(chromium, tmp_path / "board.html", svg(WALLS[name]))
    assert [] == chromium.execute_script(OUTSIDE)
    assert 1000 >= chromium.execute_script("return document.documentElement.scrollWidth")
    assert [] == complaints(chromium)


def test_control_a_text_that_is_too_long_is_seen(
    chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    opened(
        chromium, tmp_path / "board.html", svg(library).replace(">Copy Lent<", f">{'Copy ' * 9}<")
    )
    assert ["Copy " * 9] == chromium.execute_script(OUTSIDE)


@pytest.fixture(scope="module")
def script() -> str:
    """Where Mermaid is."""
    file = os.environ.get("MERMAID", "")
    if not file:
        stand_back("no Mermaid: expected MERMAID to name mermaid.min.js (npm install mermaid)")
    return Path(file).absolute().as_uri()


def flowchart(chromium: webdriver.Chrome, file: Path, text: str, script: str) -> None:
    """The page of a flowchart, drawn."""
    run = 'mermaid.initialize({startOnLoad: false, securityLevel: "loose"}); window.drawn = mermaid.run();'
    body = f'<pre class="mermaid">{escape(text)}</pre><script src="{script}"></script><script>{run}</script>'
    opened(chromium, file, body)
    wait = "const done = arguments[arguments.length - 1]; window.drawn.then(() => done(''), (e) => done(`${e}`));"
    assert "" == chromium.execute_async_script(wait)


@pytest.mark.parametrize("name", WALLS)
def test_mermaid_draws_every_note_under_its_name(
    chromium: webdriver.Chrome, tmp_path: Path, script: str, name: str
) -> None:
    wall = WALLS[name]
    flowchart(chromium, tmp_path / "board.html", mermaid(wall), script)
    labels: list[str] = chromium.execute_script(LABELS)
    assert sorted(map(_plain, _names(wall))) == sorted(map(_plain, labels))
    assert [] == complaints(chromium)


def _plain(text: str) -> str:
    """A text as a browser lays it out: spaces and line ends are all the same."""
    return " ".join(text.split())


def _names(wall: Wall) -> Iterator[str]:
    yield from map(title, [*wall.commands, *wall.events])
    for aggregate in wall.aggregates:
        yield from [title(aggregate.name)] * len(list(scenes_of(aggregate)))
        if aggregate.refuses:
            yield " ".join(map(shown, aggregate.refuses))
    yield from map(title, wall.names[len(wall.aggregates) :])


def test_mermaid_gives_every_kind_its_colour(
    chromium: webdriver.Chrome, tmp_path: Path, script: str
) -> None:
    flowchart(chromium, tmp_path / "board.html", mermaid(library), script)
    fills: dict[str, str] = chromium.execute_script(FILLS)
    expected = {kind: _rgb(colour) for kind, colour in COLOURS.items() if kind != "actor"}
    assert expected == fills


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_control_a_name_that_is_not_escaped_is_seen(
    chromium: webdriver.Chrome, tmp_path: Path, script: str
) -> None:
    raw = 'flowchart LR\n    c0["<img src=x onerror=window.acted=1>hi"]'
    flowchart(chromium, tmp_path / "board.html", raw, script)
    labels: list[str] = chromium.execute_script(LABELS)
    assert ["<img src=x onerror=window.acted=1>hi"] != labels
