"""The order in which a wall is read: what leads to what, each note in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hypothesis import given

from deciderkit.picture.board.scenes import Elsewhere, Reacts, Reads, Row, Scene, rows_of
from deciderkit.wall import Wall, parse_wall
from tests.deciderkit.wall.walls import few, library, walls


def hung(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield from _in_scene(row.scene)


def _in_scene(scene: Scene) -> Iterator[tuple[str, str]]:
    yield from (("command", each) for each in scene.commands)
    for event in scene.events:
        yield ("event", event.name)
        for each in event.follows:
            match each:
                case Reads(kind, name):
                    yield (kind, name)
                case Reacts(policy, leads_to):
                    yield ("policy", policy.name)
                    for led in leads_to:
                        if isinstance(led, Scene):
                            yield from _in_scene(led)
                case Elsewhere():
                    pass


def notes_of(wall: Wall) -> set[tuple[str, str]]:
    """Every note of a wall but its aggregates, which hang wherever they are needed."""
    return {
        *(("command", each) for each in wall.commands),
        *(("event", each) for each in wall.events),
        *(("policy", each.name) for each in wall.policies),
        *(("view", each.name) for each in wall.views),
        *(("external", each.name) for each in wall.systems),
    }


@few
@given(walls())
def test_every_note_hangs_in_one_place(wall: Wall) -> None:
    assert Counter(notes_of(wall)) == Counter(hung(rows_of(wall)))


def test_the_rover_is_read_as_on_its_board() -> None:
    wall = parse_wall("""
Start -> [Rover] -> Started
Turn Left, Turn Right -> [Rover] -> Moved
Move -> [Rover] -> Moved, Obstacle Found
Turn Off -> [Rover] -> Turned Off
whenever Obstacle Found: Turn Off
view path: Started, Moved
""").unwrap()
    start, drive = rows_of(wall)
    assert ("Start",) == start.scene.commands
    assert (Elsewhere("view", "path"),) == start.scene.events[0].follows
    assert ("Turn Left", "Turn Right", "Move") == drive.scene.commands
    moved, found = drive.scene.events
    assert (Reads("view", "path"),) == moved.follows
    [reaction] = found.follows
    assert isinstance(reaction, Reacts)
    [turned_off] = reaction.leads_to
    assert isinstance(turned_off, Scene)
    assert ("Turn Off",) == turned_off.commands


def test_what_would_be_too_wide_begins_a_row_of_its_own_behind_its_policy() -> None:
    rows = {row.scene.commands: row.policy for row in rows_of(library)}
    block = rows["Block Member",]
    assert block is not None
    assert "block member" == block.name
    assert rows["Return Copy",] is None


def test_policies_that_only_feed_each_other_hang_too() -> None:
    wall = parse_wall("""
Ping -> [A] -> Pinged
Pong -> [A] -> Ponged
whenever Pinged: Pong
whenever Ponged: Ping
""").unwrap()
    assert ["ping", "pong"] == [row.policy.name for row in rows_of(wall) if row.policy]


def test_commands_share_a_scene_if_their_events_meet_over_others() -> None:
    wall = parse_wall("""
One -> [A] -> X
Two -> [A] -> Y
Three -> [A] -> X, Y
Four -> [A]
[A] -> Z
""").unwrap()
    assert [("One", "Two", "Three"), ("Four",), ()] == [row.scene.commands for row in rows_of(wall)]
