"""The wall as text: printed and parsed again it is the same wall, and what is not understood says where."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from deciderkit.plain import shown
from deciderkit.wall import Field, Wall, WallError, parse_wall, print_wall, wall_of
from tests.deciderkit.turnstile import board as turnstile_board
from tests.deciderkit.wall.walls import few, library, walls


@given(walls())
@example(library)
@example(Wall())
@example(wall_of(turnstile_board))
@example(parse_wall(f"Go -> [{'order ' * 30}] -> Gone").unwrap())
def test_a_printed_wall_is_parsed_into_the_same_wall(wall: Wall) -> None:
    assert wall == parse_wall(print_wall(wall)).unwrap()


@few
@given(walls())
def test_a_printed_wall_is_one_line_a_note_and_can_be_shown(wall: Wall) -> None:
    assert all(line.isprintable() for line in print_wall(wall).split("\n"))


SAID = """\
Lend Copy, Renew Loan -> [Copy] -> Copy Lent
Return Copy           -> [Copy] -> Copy Returned
Report Loss           -> [Copy]
[Copy] -> Copy Found
Remind                -> [Mail] -> Reminded

whenever Copy Lent: Remind at its due, until Reminded, unless Copy Returned, by copy
whenever Copy Found: Remind, until Reminded, by copy, called say that it is back
whenever Copy Returned: Remind or Report Loss at (computed), until Reminded or Copy Found,
    by (computed), called "by, or at"

view due by copy and due: Copy Lent
view shelf by copy: Copy Lent, Copy Returned
view "found by day" by (computed): Copy Found

system Post: Reminded

[Copy] by copy (number)
[Copy] refuses: not lent, "lent, or lost", by nobody
Lend Copy, Copy Lent: due (datetime)

[Mail] streams mails
Remind, Reminded: copy (number)
"""
"""Every form that a line can have, as it is printed."""


def test_a_wall_is_printed_as_it_was_said() -> None:
    assert SAID == print_wall(parse_wall(SAID).unwrap())


def test_what_people_write_is_understood_however_they_write_it() -> None:
    loose = """\ufeff# a storm
turn left->[Mars Rover]->Mars Rover moved   # both
TurnLeft, move -> [Mars Rover] -> ObstacleFound: Obstacle (string)
\tand: x
"""
    assert is_successful(parse_wall(loose.replace("\tand: x\n", "")))
    wall = parse_wall(
        loose.replace("\tand: x", "  , Rover Stuck").replace(": Obstacle (string)", "")
    )
    assert {"Turn Left": ("Mars Rover Moved", "Obstacle Found", "Rover Stuck")} == {
        "Turn Left": wall.unwrap().leads_to("Turn Left")
    }


def test_what_goes_without_saying_is_filled_in() -> None:
    wall = parse_wall("""
Move: steps (int) -> [Mars Rover] -> Moved: x (int), mars rover id, y (int or none)
Tell -> [???] -> Told
whenever Moved: Tell
whenever Told: Tell
""").unwrap()
    rover, unnamed = wall.aggregates
    first, second = wall.policies
    rover_id = Field("mars rover id")
    assert (rover_id, "mars_rover") == (rover.key, rover.category)
    assert (rover_id, Field("steps", "number")) == wall.fields["Move"]
    assert (Field("x", "number"), rover_id, Field("y", "number or nothing")) == wall.fields["Moved"]
    assert (Field("aggregate id"), "aggregate") == (unnamed.key, unnamed.category)
    assert ("tell", ("Told",)) == (first.name, first.until)
    assert ("tell after told", ("Told",)) == (second.name, second.until)


MOVE = "Move -> [Rover] -> Moved\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Move", "line 1: 'Move' begins no line that the wall knows: expected 'Command -> "),
        ("Move -> Moved", "line 1: 'Moved' after the arrow: expected '['"),
        ("Move -> [Rover", "line 1: nothing after the aggregate: expected ']'"),
        ("Move -> [Rover] ->", "line 1: nothing where an event should stand: expected an event"),
        ("Move [Rover] -> Moved", "line 1: '[' after the commands: expected '->'"),
        ("A, B: x -> [R] -> C", "line 1: fields behind 2 notes of a chain: expected a line of its"),
        ("A!! -> [R] -> C", "line 1: 'A!!' cannot name a note: expected letters and digits"),
        ("True -> [R] -> C", "line 1: 'True' cannot name a note: expected letters and digits"),
        ("A -> [R] -> A", "line 1: 'A' is a command of 'R', and here an event of 'R': expected a"),
        (
            MOVE + "X -> [Y] -> Moved",
            "line 2: 'Moved' is an event of 'Rover', and here an event of",
        ),
        (MOVE + "\n# so\nMvoe: x", "line 4: no chain has the note 'Mvoe': expected 'Move'"),
        (MOVE + "Move: x\nMove: y", "line 3: 'Move' says what it carries a second time: expected"),
        (
            MOVE + "Move: x, y, X (int)",
            "line 2: two fields are called 'x': expected a name for each",
        ),
        (MOVE + "Move: 2nd", "line 2: '2nd' cannot name a field: expected letters and digits, a"),
        (MOVE + "Move: x (a-b!)", "line 2: 'a-b!' cannot name a type: expected text, number, date"),
        (MOVE + "Move: x (list text)", "line 2: 'text' after 'list': expected 'of'"),
        (MOVE + "Move: x (map of a)", "line 2: ')' after the type of its keys: expected 'to'"),
        (MOVE + "Move: x (text", "line 2: nothing after the type: expected ')'"),
        (
            MOVE + " Stop -> [Rover] -> Stopped",
            "line 1: '->' after the end of what the line says: expected a new line, not indented",
        ),
        (MOVE + "Move: x (text) y", "line 2: 'y' after the end of what the line says: expected a"),
        (MOVE + "[Rovr] by x", "line 2: no chain has an aggregate 'Rovr': expected 'Rover'"),
        (MOVE + "[Rover] has x", "line 2: 'has' after the aggregate: expected 'by', 'streams' or"),
        (MOVE + "[Rover] by x\n[Rover] by y", "line 3: 'Rover' says what it is told apart by a"),
        (MOVE + "[Rover] streams a-b", "line 2: streams called 'a-b': expected a word of A-Z"),
        (
            MOVE + 'whenever Moved: Move, called "!"',
            "line 2: a policy called '!': expected a name with",
        ),
        (
            MOVE + "whenever Moved: Move, called a b\nwhenever Moved: Move, called a-b",
            "line 3: 'a-b' and 'a b' look the same in a log: expected",
        ),
        (
            MOVE + "system A: Moved\nsystem B: Moved",
            "line 3: 'Moved' is told to 'A' already: expected",
        ),
        (MOVE + "A -> [rover] -> B", "'Rover' and 'rover' have streams of one name: expected"),
        (MOVE + "whenever Moved: Go", "line 2: no chain takes the command 'Go': expected 'Move'"),
        (MOVE + "whenever Move: Move", "line 2: no chain leads to 'Move': expected 'Moved'"),
        (MOVE + "whenever Moved: Move, at x", "line 2: 'at' in a policy: expected 'until',"),
        (MOVE + "whenever Moved: Move at its x", "line 2: 'Moved' has no field 'x': expected 'rov"),
        ("A -> [R]\nB -> [R] -> C\nwhenever C: A", "line 3: 'A' leads to nothing that would end"),
        (MOVE + "view Rover: Moved", "line 2: two notes are called 'Rover': expected a name for"),
        (
            MOVE + "view x by rover id and y: Moved",
            "line 2: 'Moved' has no field 'y': expected 'rover id'",
        ),
        (MOVE + "view a by (x): Moved", "line 2: '(' where a field should stand: expected a"),
        (MOVE + 'view "a: Moved', 'line 2: a quote that does not end: expected one more "'),
        (
            MOVE + 'view "\\q": Moved',
            "line 2: '\"\\q\"' is not a quoted name: expected a name in",
        ),
        ("\x1b[2J -> [R] -> C", "line 1: '\\x1b' cannot name a note: expected letters"),
    ],
)
def test_a_line_that_is_not_understood_is_named_with_what_would_do(text: str, said: str) -> None:
    error = parse_wall(text).failure()
    assert said == str(error)[: len(said)]


_SOUP = (
    *("->", "[", "]", ",", ":", "(", ")", "whenever ", "view ", "system ", "until ", "\n", "    "),
    *("A", "B ", "by ", "or ", "at ", '"', '"x"', "#", "refuses", "streams", "list of ", "\x00"),
)


@given(st.text() | st.lists(st.sampled_from(_SOUP)).map("".join))
def test_any_text_is_a_wall_or_one_line_that_says_where_it_is_none(text: str) -> None:
    result = parse_wall(text)
    if is_successful(result):
        assert result == parse_wall(print_wall(result.unwrap()))
    else:
        assert isinstance(result.failure(), WallError)
        assert str(result.failure()) == shown(str(result.failure()), 1000)
