"""A run as the replay page tells it: any board, the steps of a run, and up to 100,000 events of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from deciderkit.board import Board, BoardState
from deciderkit.picture.lines import Lines
from deciderkit.picture.spelling import AS_IT_IS, Spelling
from deciderkit.picture.steps import Step
from deciderkit.picture.telling import Picture, Teller
from deciderkit.plain import shown

LIMIT: Final = 100_000
"""How many events a page shows at most: the last ones, and it says so."""


class Story(Struct, frozen=True):
    """A run as the page tells it: its ``title`` and its ``data``, for `page`."""

    title: str
    data: dict[str, Any]


def story(
    board: Board,
    steps: Sequence[Step],
    *,
    title: str = "Replay",
    spelling: Spelling = AS_IT_IS,
    picture: Picture | None = None,
    before: BoardState | None = None,
    limit: int = LIMIT,
) -> Story:
    """The story of ``steps`` on ``board``, which stood at ``before`` when they began.

    Of more than ``limit`` events the first are folded and not told. Raises `CorruptHistory`, as the
    fold does, for an event that cannot follow.
    """
    cut = _beginning(steps, limit)
    first = [each for step in steps[:cut] for each in step.events]
    ids = [each.command_id for each in first]
    base = board.fold([each.event for each in first], before, ids)
    teller = Teller(board, Lines(board, spelling), picture, base)
    for step in steps[cut:]:
        teller.tell(step)
    shown_title = shown(title)
    return Story(shown_title, {"title": shown_title, **teller.data()})


def _beginning(steps: Sequence[Step], limit: int) -> int:
    """The index of the first step to tell, so that at most about ``limit`` events are told."""
    count = 0
    for index in range(len(steps) - 1, -1, -1):
        count += max(1, len(steps[index].events))
        if count > limit:
            return index + 1
    return 0
