"""A poison event stops the one view that cannot take it."""

from __future__ import annotations

from dataclasses import replace

from deciderkit.shell.follower import Follower, UnreadView

from deciderkit import Board, Projection
from tests.deciderkit.turnstile import CoinTaken, board, by_turnstile, takings


def pick(total: int, event: CoinTaken) -> int:
    if event.value == 13:
        raise ValueError("unlucky")
    return total + event.value


by_door = Projection[int]("by door", 0, pick, key=by_turnstile)
wall = replace(board, projections=(takings, by_door))
EVENTS = [
    *(CoinTaken("north", 1), CoinTaken("south", 1), CoinTaken("north", 13)),
    *(CoinTaken("north", 2), CoinTaken("south", 3)),
]


def test_the_view_stands_still_and_is_named_and_the_others_go_on() -> None:
    follower = Follower(wall)
    reading = follower.follow(EVENTS, wall.follow([]))
    assert (1, 4, 20) == (
        reading.view(by_door, "north"),
        reading.view(by_door, "south"),
        reading.view(takings),
    )
    assert (UnreadView("by door", "north", 3, "ValueError: unlucky"),) == follower.unread
    assert 5 == reading.position


def test_once_mended_the_log_is_read_again_in_order() -> None:
    mended = replace(by_door, evolve=takings.evolve)
    good: Board = replace(wall, projections=(takings, mended))
    reading = Follower(good).follow(EVENTS, good.follow([]))
    assert 16 == reading.view(mended, "north")


def test_an_event_without_the_key_stops_only_that_projection() -> None:
    lost = Projection[int]("lost", 0, pick, key=lambda event: str(event.nothing))
    follower = Follower(replace(board, projections=(takings, lost)))
    assert 20 == follower.follow(EVENTS, board.follow([])).view(takings)
    assert ["lost"] * len(follower.unread) == [each.projection for each in follower.unread]
