"""Killed at the worst moment: during an append, after a commit, between an event and its policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from deciderkit.shell.event_store import StoreError
from deciderkit.shell.happenings import Happening
from deciderkit.shell.log_reader import LogReader
from deciderkit.shell.saved_views import Saved
from deciderkit.shell.sqlite_side import SqliteSavedViews
from returns.io import IOResult

from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import canonical
from deciderkit.shell import saved_folds
from mars_rover import (
    MarsRoverTurnedOff,
    Move,
    ObstacleFound,
    ObstacleNotified,
    TurnLeft,
    TurnRight,
)
from mars_rover.policies import notify_obstacle, turn_off
from tests.faults.harness import (
    BLOCKED_WORLD,
    WALL,
    Figures,
    audited,
    die,
    dispatcher,
    forked,
    opened,
    start,
    started,
    value,
    whole,
)

Say = Callable[[str], None]


def killed_appends(path: Path, kills: int, *, acknowledge_first: bool = False) -> Figures:
    """F1: a child appends and acknowledges until it is killed; wrong is what it said and is not there."""
    chance, lost = Random(1), 0
    opened(path).close()
    for run in range(kills):

        def work(say: Say, run: int = run) -> None:
            mine, number = Random(run), 0
            with opened(path) as store:
                while True:
                    stream = f"rover-{run}-{number}"
                    events = [started(stream.removeprefix("rover-"))] * mine.choice((1, 3, 40))
                    if acknowledge_first:
                        say(f"{stream} {len(events)}")
                    value(store.append(stream, 0, events, stream))
                    if not acknowledge_first:
                        say(f"{stream} {len(events)}")
                    number += 1

        said = forked(work).kill_after(chance.uniform(0, 0.02))
        with opened(path) as store:
            for stream, size in (line.split() for line in said):
                lost += int(size) != len(value(store.read(stream)))
    with opened(path) as store:
        positions = [each.position for each in whole(store)]
    assert list(range(1, len(positions) + 1)) == positions
    return Figures(kills, lost)


def unknown_outcomes(path: Path, kills: int, *, fresh_id: bool = False) -> Figures:
    """F3: killed after a commit and before it was told, then tried again; wrong is what is doubled."""
    wrong = 0
    for run in range(kills):
        rover_id, dies_at = f"r{run}", Random(run).randrange(6)
        program = [start(rover_id), *[Move(rover_id), TurnLeft(rover_id)] * 2]

        def first(say: Say, program: list[Any] = program, dies_at: int = dies_at) -> None:
            seen = Counter[str]()

            def kill_when_recorded(happening: Happening) -> None:
                if isinstance(happening, Recorded):
                    seen["recorded"] += 1
                    if seen["recorded"] > dies_at:
                        die()

            with opened(path) as store:
                chunked = dispatcher(store, observe=kill_when_recorded, chunk=2)
                chunked.dispatch(program, command_id=program[0].rover_id)

        forked(first).lines()
        with opened(path) as store:
            again = f"{rover_id}-again" if fresh_id else rover_id
            report = value(dispatcher(store, chunk=2).dispatch(program, command_id=again))
            count = len(value(store.read(f"rover-{rover_id}")))
            wrong += (count, report.carried_out) != (5, 5)
    audited(path)
    return Figures(kills, wrong)


def killed_policies(path: Path, kills: int) -> Figures:
    """F7: killed between an obstacle and what follows from it; wrong is what is not there just once."""
    for run in range(kills):

        def work(say: Say, run: int = run) -> None:
            patience = Random(run).randrange(6)
            seen: list[Happening] = []

            def kill_after_obstacle(happening: Happening) -> None:
                found = isinstance(happening, Recorded) and isinstance(
                    happening.event, ObstacleFound
                )
                if found or seen:
                    seen.append(happening)
                if len(seen) > patience:
                    die()

            with opened(path) as store:
                program = [start(f"r{run}", BLOCKED_WORLD), Move(f"r{run}")]
                dispatcher(store, observe=kill_after_obstacle).dispatch(program)

        forked(work).lines()
    with opened(path) as store:
        value(dispatcher(store).resume())
    return Figures(kills, not_just_once(path, kills))


def not_just_once(path: Path, rovers: int) -> int:
    """How many of the rovers found an obstacle and were not notified of and turned off just once."""
    with opened(path) as store:
        told = Counter((type(each.event), each.event.rover_id) for each in whole(store))
    expected = (ObstacleFound, ObstacleNotified, MarsRoverTurnedOff)
    return sum([1] * 3 != [told[kind, f"r{run}"] for kind in expected] for run in range(rovers))


def killed_with_checkpoints(path: Path, kills: int) -> Figures:
    """F7's control: a policy that keeps its place in a file of its own, outside the log's transaction."""
    checkpoint = path.with_name("checkpoint")
    with opened(path) as store:
        for run in range(kills):
            rover_id = f"r{run}"
            alone = [started(rover_id), ObstacleFound(rover_id, started(rover_id).point)]
            value(store.append(f"rover-{rover_id}", 0, alone, rover_id))

    def work(say: Say) -> None:
        with opened(path) as store:
            at = int(checkpoint.read_text()) if checkpoint.exists() else 0
            for recorded in list(whole(store))[at:]:
                if isinstance(recorded.event, ObstacleFound):
                    checkpoint.write_text(str(recorded.position))
                    if Random(recorded.position).random() < 0.5:
                        die()
                    rover_id = recorded.event.rover_id
                    notified = ObstacleNotified(rover_id, notify_obstacle(recorded.event).message)
                    stream = f"notification-{rover_id}"
                    value(store.append(stream, 0, [notified], stream))
                    off = MarsRoverTurnedOff(turn_off(recorded.event).rover_id)
                    value(store.append(f"rover-{rover_id}", 2, [off], f"off-{rover_id}"))

    for _ in range(kills + 1):
        forked(work).lines()
    return Figures(kills, not_just_once(path, kills))


class TornSaves(SqliteSavedViews):
    """F17's control: it saves the position in one transaction, and what was folded in the next.

    Every other time it is killed in between, which a kill from outside seldom meets.
    """

    def save(self, name: str, saved: Saved) -> IOResult[None, StoreError]:
        before = value(self.load(name, saved.fingerprint)) or Saved(
            0, saved.fingerprint, b'{"todos":[],"views":{}}'
        )
        value(super().save(name, Saved(saved.position, saved.fingerprint, before.content)))
        if name == "reading" and Random(saved.position).random() < 0.5:
            die()
        return super().save(name, saved)


def killed_saves(
    path: Path, kills: int, views: type[SqliteSavedViews] = SqliteSavedViews, within: float = 0.04
) -> Figures:
    """F17: killed while folds are saved; wrong is a reading that differs from the full rebuild."""
    chance, wrong = Random(2), 0
    with patch.object(saved_folds, "STEP", 3):  # so that it is saved all the time
        for run in range(kills):

            def work(say: Say, run: int = run) -> None:
                with opened(path) as store:
                    saving = dispatcher(store, saved=views(store))
                    for number in range(1_000):
                        rover_id = f"r{run}-{number}"
                        say(rover_id)
                        moves = [TurnRight(rover_id), Move(rover_id)]
                        value(saving.dispatch([start(rover_id, BLOCKED_WORLD), *moves]))

            forked(work).kill_after(chance.uniform(0, within))
            with opened(path) as store:
                resumed = LogReader(WALL, store, SqliteSavedViews(store))
                resumed.catch_up()
                rebuilt = WALL.follow(each.event for each in whole(store))
                wrong += state_of(resumed.reading) != state_of(rebuilt)
    return Figures(kills, wrong)


def state_of(reading: Any) -> bytes:
    return canonical([reading.position, reading.pending, reading.views])
