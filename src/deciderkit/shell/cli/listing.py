"""A board as lines of text: a plain listing of its notes, each kind in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deciderkit.board import Board


def listing(board: Board) -> Iterator[str]:
    """A line for each command, policy, projection and external system of ``board``."""
    for aggregate in board.aggregates:
        for command, events in aggregate.leads_to.items():
            yield f"{command.__name__} -> [{aggregate.name}] -> {_names(events)}"
    for policy in board.policies:
        unless = f", unless {_names(policy.excuses)}" if policy.excuses else ""
        due = ", once it is due" if policy.due else ""
        asks, until = _names(policy.asks_for), _names(policy.answers)
        yield f"whenever {policy.whenever.__name__}: {asks}, until {until}{unless}{due}"
    for projection in board.projections:
        yield f"view {projection.name}: {_names(projection.takes)}"
    for external in board.externals:
        yield f"told {external.name}: {_names(external.hears)}"


def _names(types: Iterable[type]) -> str:
    return ", ".join(each.__name__ for each in types)
