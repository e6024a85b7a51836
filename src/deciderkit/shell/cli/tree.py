"""What led to what, read off a log: requests, the events of each, and what policies made of those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from deciderkit.board import Board
from deciderkit.ids import is_id, todo_of
from deciderkit.log.recorded import Recorded
from deciderkit.picture.lines import Lines
from deciderkit.policy import Policy, ToDo

_STEP: Final = "  "
Commits = list[tuple[str, list[Recorded[Any]]]]


def tree(events: Iterable[Recorded[Any]], board: Board, lines: Lines) -> Iterator[str]:
    """The lines of the tree: requests in the order of the log, what came of an event below it.

    What a to-do led to stands below the event that asked for it, with the policy and its command; it
    stands by itself where that event is not among ``events``.
    """
    roots: Commits = []
    led_to: dict[int, Commits] = defaultdict(list)
    known: set[int] = set()
    for command_id, together in groupby(events, key=lambda each: each.command_id):
        commit = list(together)
        known.update(each.position for each in commit)
        told = todo_of(command_id)
        asked = told is not None and told[1] in known
        (led_to[told[1]] if told and asked else roots).append((command_id, commit))
    branches = _Branches(
        led_to, {slug: each for each in board.policies for slug in each.slugs}, lines
    )
    for command_id, commit in roots:
        yield _root(command_id)
        yield from branches.of(commit, _STEP)


def _root(command_id: str) -> str:
    """A request under the id that it was given, or a to-do whose event is not shown."""
    if is_id(command_id):
        return f"request {command_id}"
    return command_id if todo_of(command_id) else "request"


class _Branches:
    """What is printed below a request: its events, and below each what policies made of it."""

    def __init__(
        self,
        led_to: dict[int, Commits],
        policies: dict[str, Policy[Any, Any]],
        lines: Lines,
    ) -> None:
        self._led_to = led_to
        self._policies = policies
        self._lines = lines

    def of(self, commit: list[Recorded[Any]], indent: str) -> Iterator[str]:
        """The lines of ``commit`` and of all that came of it."""
        for recorded in commit:
            line = self._lines(recorded)
            yield f"{indent}{recorded.position} {recorded.stream} {line.said(line)}"
            for command_id, made in self._led_to.get(recorded.position, ()):
                yield f"{indent}{_STEP}{self._asked(command_id, recorded)}"
                yield from self.of(made, indent + 2 * _STEP)

    def _asked(self, command_id: str, asking: Recorded[Any]) -> str:
        """Which policy, and which command it asked for."""
        slug = command_id.rpartition("@")[0]
        policy = self._policies.get(slug)
        if policy is None:
            return f"{slug}, a policy that is no longer on the board"
        line = self._lines(ToDo(policy, asking.position, None, asking.event))
        return f"{policy.name} -> {line.text}"
