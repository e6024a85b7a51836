"""What keeps a board from running, each as a sentence: asked once, when the board is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from deciderkit.ids import is_category, is_id

if TYPE_CHECKING:
    from deciderkit.board import Aggregate, Board
    from deciderkit.policy import Policy


def problems(board: Board) -> Iterator[str]:
    """The problems of ``board``, the first first."""
    yield from _names(board)
    for aggregate in board.aggregates:
        yield from _of_aggregate(aggregate)
    for message in _twice([*board.commands, *board.events]):
        yield f"{message.__name__} has two owners: expected one aggregate for each message"
    for policy in board.policies:
        yield from _of_policy(policy, board)
    for projection in board.projections:
        yield from _strangers(f"projection {projection.name!r} takes", projection.takes, board)
    for external in board.externals:
        yield from _strangers(f"external system {external.name!r} hears", external.hears, board)
    for event in _twice([each for external in board.externals for each in external.hears]):
        yield f"two external systems hear {event.__name__}: expected one, which may tell the other"


def _names(board: Board) -> Iterator[str]:
    names = [
        *(each.name for each in board.aggregates),
        *(each.name for each in board.policies),
        *(each.name for each in board.projections),
        *(each.name for each in board.externals),
    ]
    for name in _twice(names):
        yield f"two notes are called {name!r}: expected a name for each"
    for category in _twice([each.category for each in board.aggregates]):
        yield f"two aggregates own the streams of {category!r}: expected a category for each"
    slugs = [slug for policy in board.policies for slug in policy.slugs]
    for slug in _twice(slugs):
        yield f"the names of two policies both become the id {slug!r}: expected one for each"


def _of_aggregate(aggregate: Aggregate) -> Iterator[str]:
    if not is_category(aggregate.category):
        yield (
            f"{aggregate.name}: category {aggregate.category!r}: expected a word without a hyphen, "
            "of A-Z a-z 0-9 . _ with a letter or digit first"
        )
    for event in aggregate.decided:
        if event not in aggregate.own:
            yield (
                f"{aggregate.name} decides {event.__name__}, which its evolve does not name: "
                "expected each type of event by itself"
            )
    for command, events in aggregate.leads.items():
        if command not in aggregate.commands:
            yield f"{aggregate.name} leads from {command.__name__}, which it does not take"
        for event in events:
            if event not in aggregate.own:
                yield f"{aggregate.name} leads to {event.__name__}, which it does not give"


def _of_policy(policy: Policy[Any, Any], board: Board) -> Iterator[str]:
    if not is_id(policy.slug) or len(policy.slug) > 128:
        yield f"policy {policy.name!r}: expected a name with 1 to 128 letters or digits"
    heard = (policy.whenever, *policy.answers, *policy.excuses)
    yield from _strangers(f"policy {policy.name!r} waits for", heard, board)
    for asked in policy.asks_for:
        if asked not in board.commands:
            yield f"policy {policy.name!r} asks for {asked.__name__}, which no aggregate takes"


def _strangers(who: str, events: Iterable[type], board: Board) -> Iterator[str]:
    for event in events:
        if event not in board.events:
            yield f"{who} {event.__name__}, which no aggregate gives"


def _twice(items: list[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]
