"""Several processes at once on one store: writers, readers that follow, and two runners of one policy."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from deciderkit.shell.event_store import Conflict, Page, StoreError
from deciderkit.shell.sqlite import SqliteEventStore
from returns.io import IOResult
from returns.pipeline import is_successful

from deciderkit.log.codec import CorruptEvent
from mars_rover import Move, TurnLeft
from tests.faults.harness import (
    BLOCKED_WORLD,
    WALL,
    Figures,
    all_ended,
    audited,
    dispatcher,
    error,
    forked,
    opened,
    start,
    started,
    value,
)
from tests.faults.kills import not_just_once

Say = Callable[[str], None]


class NoHeadCheck(SqliteEventStore):
    """F4's control: it appends wherever the stream stands, whatever version was expected.

    It rests before it appends, so that others get in between also where they rarely would.
    """

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        time.sleep(0.002)
        while True:
            result = super().append(stream, expected_version, events, command_id)
            if is_successful(result) or not isinstance(error(result), Conflict):
                return result
            expected_version = error(result).actual


def many_writers(
    path: Path, writers: int, programs: int, kind: type[SqliteEventStore] = SqliteEventStore
) -> Figures:
    """F4: processes drive one rover; wrong is what was lost, refused or does not follow."""
    with opened(path) as store:
        value(dispatcher(store).dispatch([start("r1")]))

    def work(say: Say) -> None:
        with opened(path) as plain:
            store = kind(plain.path, plain.codec, plain.connection)
            driver = dispatcher(store, tries=10_000)
            for _ in range(programs):
                report = driver.dispatch([Move("r1"), TurnLeft("r1")])
                say("ok" if is_successful(report) else str(error(report)))

    children = [forked(work) for _ in range(writers)]
    with all_ended(children):
        said = [line for child in children for line in child.lines()]
    wrong = sum(line != "ok" for line in said) + (writers * programs - len(said))
    try:
        version = audited(path).streams["rover-r1"][1]
    except CorruptEvent:
        return Figures(writers * programs, wrong + 1)
    return Figures(writers * programs, wrong + abs(version - 1 - 2 * writers * programs))


def tailing_reader(path: Path, writers: int, appends: int, size: int) -> Figures:
    """F5: a reader follows while others append; wrong is what it did not see, or saw out of order."""
    opened(path).close()

    def work(writer: int, say: Say) -> None:
        with opened(path, busy_seconds=60) as store:
            for number in range(appends):
                name = f"w{writer}-{number}"
                events = [started(name)] * size
                value(store.append(f"rover-{name}", 0, events, name))

    children = [forked(partial(work, writer)) for writer in range(writers)]
    with all_ended(children), opened(path) as store:
        seen: list[int] = []
        while len(seen) < writers * appends * size:
            seen.extend(each.position for each in value(store.read_all(seen[-1] if seen else 0)))
        for child in children:
            child.lines()
    expected = range(1, writers * appends * size + 1)
    return Figures(len(expected), sum(a != b for a, b in zip(seen, expected, strict=True)))


def identity_order(writers: int) -> Figures:
    """F5's control: identities are handed out at the start and seen at the commit, as on a server.

    A reader that goes on after the highest identity that it saw misses those that commit late.
    """
    commits_at = [identity + (identity % 3) * writers for identity in range(100)]
    after, seen = -1, set[int]()
    for now in range(max(commits_at) + 1):
        visible = {identity for identity, at in enumerate(commits_at) if at <= now}
        fresh = {identity for identity in visible if identity > after}
        seen |= fresh
        after = max(fresh, default=after)
    return Figures(len(commits_at), len(commits_at) - len(seen))


def two_runners(path: Path, obstacles: int) -> Figures:
    """F8: two dispatchers work off the same to-dos; wrong is what was not done just once."""
    with opened(path) as store:
        lonely = dispatcher(store)
        lonely = type(lonely)(replace(WALL, policies=()), store)
        for run in range(obstacles):
            value(lonely.dispatch([start(f"r{run}", BLOCKED_WORLD), Move(f"r{run}")]))

    def work(say: Say) -> None:
        with opened(path, busy_seconds=60) as store:
            runner = dispatcher(store)
            say("ready")
            value(runner.resume())
            say(f"parked {len(runner.parked)}")

    children = [forked(work) for _ in range(2)]
    with all_ended(children):
        said = [child.lines() for child in children]
    assert [["ready", "parked 0"]] * 2 == said
    audited(path)
    return Figures(obstacles, not_just_once(path, obstacles))
