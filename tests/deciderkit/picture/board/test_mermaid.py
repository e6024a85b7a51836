"""The board as a flowchart: each line a note, an arrow or a colour, and no name that Mermaid could read."""

from __future__ import annotations

import re

from hypothesis import example, given

from deciderkit.picture.board import mermaid
from deciderkit.picture.stickies import COLOURS
from deciderkit.wall import Wall, parse_wall
from tests.deciderkit.picture.board.test_svg import hostile
from tests.deciderkit.wall.walls import LIBRARY, few, library, walls

LABEL = r'"((?:[^\W_]|\ |\#\d+;|<br/>)*)"'
LINES = re.compile(
    rf"""flowchart\ LR
      | \ {{4}}[a-z]\d+(_\d+)?[\[({{/]+{LABEL}[\])}}/]+:::[a-z]+
      | \ {{4}}[a-z]\d+(_\d+)?\ (-->|-\.-|-->\|whenever\|)\ [a-z]\d+(_\d+)?
      | \ {{4}}classDef\ [a-z]+\ [a-z:,\#\d\ -]+""",
    re.VERBOSE,
)


@few
@given(walls())
@example(library)
@example(hostile)
def test_every_line_is_a_note_an_arrow_or_a_colour(wall: Wall) -> None:
    assert [] == [line for line in mermaid(wall).splitlines() if not LINES.fullmatch(line)]


def test_one_more_policy_is_three_more_lines() -> None:
    longer = parse_wall(f"{LIBRARY}\nwhenever Hold Placed: Cancel Hold, called drop").unwrap()
    before, after = mermaid(library).splitlines(), mermaid(longer).splitlines()
    assert [] == [line for line in before if line not in after]
    added = [line.strip() for line in after if line not in before]
    assert 'p6{{"Drop"}}:::policy' == added[0]
    assert [True, True] == [" --> " in added[2], "-->|whenever| p6" in added[1]]
    assert 3 == len(added)


def test_every_kind_has_its_colour_and_its_shape() -> None:
    text = mermaid(library)
    for kind in ("command", "aggregate", "event", "policy", "view", "external", "refusal"):
        assert f"classDef {kind} fill:{COLOURS[kind]},stroke:#1a1a1a" in text
        assert f":::{kind}\n" in text
