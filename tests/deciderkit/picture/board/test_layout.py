"""Where things stand on the picture: nothing on top of another, all of it on the paper, every note there."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given

from deciderkit.picture.board.blocks import Note
from deciderkit.picture.board.layout import Drawing, laid_out
from deciderkit.wall import Wall, parse_wall
from tests.deciderkit.picture.board.test_scenes import notes_of
from tests.deciderkit.wall.walls import LIBRARY, few, library, walls


def overlaps(one: Note, other: Note) -> bool:
    """Whether two notes lie on one another; in a stack of commands they may."""
    if "command" == one.kind == other.kind and (one.covered or other.covered):
        return False
    return (
        one.x < other.x + other.wide
        and other.x < one.x + one.wide
        and one.y < other.y + other.high
        and other.y < one.y + one.high
    )


@few
@given(walls())
def test_no_note_lies_on_another_and_all_are_on_the_paper(wall: Wall) -> None:
    drawing = laid_out(wall)
    assert [] == [pair for pair in combinations(drawing.notes, 2) if overlaps(*pair)]
    for note in drawing.notes:
        assert 0 <= note.x
        assert note.x + note.wide <= drawing.wide
        assert 0 <= note.y
        assert note.y + note.high <= drawing.high


def test_control_notes_on_one_another_are_seen() -> None:
    first, *_ = laid_out(library).notes
    assert overlaps(first, first)


@few
@given(walls())
def test_every_note_and_every_reason_is_drawn_once(wall: Wall) -> None:
    drawn = [(note.kind, note.name) for note in laid_out(wall).notes if not note.again]
    aggregates = [name for kind, name in drawn if kind == "aggregate"]
    reasons = [name for kind, name in drawn if kind == "refusal"]
    rest = [each for each in drawn if each[0] not in ("aggregate", "refusal")]
    assert Counter(notes_of(wall)) == Counter(rest)
    assert {each.name for each in wall.aggregates} == set(aggregates)
    assert Counter(each for one in wall.aggregates for each in one.refuses) == Counter(reasons)


def arrows(drawing: Drawing) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Which note leads to which; whoever asks is no note."""
    return {(by, to) for arrow in drawing.arrows for by in arrow.by for to in arrow.to}


def test_the_arrows_are_what_leads_to_what() -> None:
    wall = parse_wall("""
Turn, Move -> [Rover] -> Moved, Stuck
Call -> [Help] -> Called
whenever Stuck: Call
view path: Moved
system Radio: Called
""").unwrap()
    rover, stuck = ("aggregate", "Rover"), ("event", "Stuck")
    assert {
        (("command", "Turn"), rover),
        (("command", "Move"), rover),
        (rover, ("event", "Moved")),
        (rover, stuck),
        (("event", "Moved"), ("view", "path")),
        (stuck, ("policy", "call")),
        (("policy", "call"), ("command", "Call")),
        (("command", "Call"), ("aggregate", "Help")),
        (("aggregate", "Help"), ("event", "Called")),
        (("event", "Called"), ("external", "Radio")),
    } == arrows(laid_out(wall))


@pytest.mark.parametrize(
    ("line", "event", "command"),
    [
        ("whenever Hold Placed: Cancel Hold, called drop", "Hold Placed", "Cancel Hold"),
        ("whenever Fine Charged: Remind Member, called drop", "Fine Charged", "Remind Member"),
        ("whenever Copy Offered: Block Member, called drop", "Copy Offered", "Block Member"),
    ],
)
def test_one_more_policy_changes_the_drawing_by_that(line: str, event: str, command: str) -> None:
    before, after = laid_out(library), laid_out(parse_wall(f"{LIBRARY}\n{line}").unwrap())
    notes = [{(each.kind, each.name) for each in drawing.notes} for drawing in (before, after)]
    policy = ("policy", "drop")
    assert {policy} == notes[0] ^ notes[1]
    links = {(("event", event), policy), (policy, ("command", command))}
    assert links == arrows(before) ^ arrows(after)


def test_a_board_of_forty_notes_can_be_read_at_a_thousand_pixels() -> None:
    drawing = laid_out(library)
    assert 40 <= len({(note.kind, note.name) for note in drawing.notes if note.kind != "refusal"})
    scale = min(1.0, 1000 / drawing.wide)
    assert 9 <= min(note.text.size for note in drawing.notes) * scale


def labels_of(due: str) -> dict[bool, tuple[str, ...]]:
    """What stands above the name of a hotel's policy that waits for ``due``, where it hangs, and hangs again."""
    wall = parse_wall(f"""
Book Room -> [Stay] -> Room Booked
Ask -> [Bill] -> Asked
Let Go -> [Stay] -> Room Freed
whenever Room Booked: Ask, until Asked
whenever Asked: Let Go at its {due}, until Room Freed, called let the room go that nobody paid
view rooms: Room Freed
Ask, Asked: {due} (datetime)
""").unwrap()
    notes = [each for each in laid_out(wall).notes if each.name.startswith("let the room")]
    for note in notes:
        assert f"at its {due}, until Room Freed" in note.tip
        assert note.label.height + note.text.height < note.high
    return {note.again: note.label.lines for note in notes}


def test_the_time_of_a_policy_has_a_line_of_its_own_where_it_does_not_fit() -> None:
    one_line = ("whenever at its due",)
    assert {False: one_line, True: one_line} == labels_of("due")
    assert {False: ("whenever at its", "paid until"), True: ("whenever",)} == labels_of(
        "paid until"
    )


def test_a_time_that_is_longer_than_a_line_is_cut_and_stands_whole_in_the_tip() -> None:
    lines = labels_of("the last day on which anybody may pay")[False]
    assert ("whenever at its", "the last day on…") == lines
