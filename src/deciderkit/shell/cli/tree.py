"""What led to what, read off a log: requests, the events of each, and what policies made of those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from deciderkit.board import Board
from deciderkit.ids import is_id, todo_of
from deciderkit.log.recorded import Recorded
from deciderkit.policy import Policy, ToDo

_STEP: Final = "  "
Commits = list[tuple[str, list[Recorded[Any]]]]


def tree(events: Iterable[Recorded[Any]], board: Board) -> Iterator[str]:
    """The lines of the tree: requests in the order of the log, what came of an event below it.

    What a to-do led to stands below the event that asked for it, with the policy and its command; it
    stands by itself where that event is not among ``events``.
    """
    by_slug = {slug: policy for policy in board.policies for slug in policy.slugs}
    roots: Commits = []
    led_to: dict[int, Commits] = defaultdict(list)
    known: dict[int, Recorded[Any]] = {}
    for command_id, together in groupby(events, key=lambda each: each.command_id):
        commit = list(together)
        known.update((each.position, each) for each in commit)
        told = todo_of(command_id)
        asking = None if told is None else known.get(told[1])
        (roots if asking is None else led_to[asking.position]).append((command_id, commit))
    for command_id, commit in roots:
        yield f"request {command_id}" if is_id(command_id) else _orphan(command_id)
        yield from _events(commit, led_to, by_slug, known, _STEP)


def _orphan(command_id: str) -> str:
    return command_id if todo_of(command_id) else "request"


def _events(
    commit: list[Recorded[Any]],
    led_to: dict[int, Commits],
    by_slug: dict[str, Policy[Any, Any]],
    known: dict[int, Recorded[Any]],
    indent: str,
) -> Iterator[str]:
    for recorded in commit:
        yield f"{indent}{recorded.position} {recorded.stream} {recorded.event}"
        for command_id, made in led_to.get(recorded.position, ()):
            yield f"{indent}{_STEP}{_asked(command_id, recorded, by_slug)}"
            yield from _events(made, led_to, by_slug, known, indent + 2 * _STEP)


def _asked(command_id: str, asking: Recorded[Any], by_slug: dict[str, Policy[Any, Any]]) -> str:
    """Which policy, and which command it asked for."""
    slug = command_id.rpartition("@")[0]
    policy = by_slug.get(slug)
    if policy is None:
        return f"{slug}, a policy that is no longer on the board"
    try:
        return f"{policy.name} -> {ToDo(policy, asking.position, None, asking.event).command}"
    except Exception:  # somebody's `then`, which may have changed since
        return policy.name
