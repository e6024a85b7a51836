"""``python -m benchmarks.durable``: what durability costs, beside a bare script and beside a peer.

Everything is on the disk when it returns (write-ahead log, ``synchronous=FULL``). Rows take turns, so
ratios hold on a busy machine; the answer of each is checked. The bare script is `sqlite3` with one
table and the least that a log needs; the peer is the SQLite recorder of ``eventsourcing``, which is
given its events encoded and gives them back so, while ours are encoded, checksummed and decoded.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

from deciderkit.shell import Dispatcher, EventStore, MemoryEventStore, open_store, whole_log
from mars_rover import (
    MarsRoverStarted,
    ObstacleNotified,
    Point,
    StartMarsRover,
    World,
    board,
    commands_of,
    evolve,
    initial_state,
    parse_program,
)
from mars_rover import rover as decider
from mars_rover.codec import codec
from mars_rover.values import Direction

STREAM, ROVER = "rover-r1", UUID(int=1)
PROGRAM = parse_program("MRML" * 250).unwrap()
PAGE = 1_000


class Measured(NamedTuple):
    """Events per second in each round of one row."""

    name: str
    rates: list[float]

    def ratio(self, other: Measured) -> float:
        return median(mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True))


Timed = Callable[[Path], tuple[int, float]]
"""Works in a new folder; how many events, and in how many seconds."""


def programs(count: int) -> tuple[list[tuple[Any, ...]], Any]:
    """The events of ``count`` programs of 1,000, the start as one of its own, and the last state."""
    start = MarsRoverStarted("r1", World(10, 10), Point(0, 0), Direction.NORTH)
    state = evolve(initial_state, start)
    batches: list[tuple[Any, ...]] = [(start,)]
    letters = list(commands_of(PROGRAM, "r1"))
    for _ in range(count):
        events = []
        for command in letters:
            (event,) = decider.decide(command, state)
            state = evolve(state, event)
            events.append(event)
        batches.append(tuple(events))
    return batches, state


BATCHES, LAST = programs(200)
EVENTS = [event for batch in BATCHES for event in batch]
ENCODED = [codec.encode(event) for event in EVENTS]


def fill(store: EventStore, size: int, events: int) -> float:
    """Append the first ``events`` in batches of ``size``; the seconds it took."""
    batches = [EVENTS[at : at + size] for at in range(0, events, size)]
    began, version = perf_counter(), 0
    for batch in batches:
        store.append(STREAM, version, batch).unwrap()
        version += len(batch)
    took = perf_counter() - began
    assert events == store.head().unwrap()
    return took


def fold_all(store: EventStore) -> float:
    """Read the whole log and fold it; the seconds it took."""
    began, state = perf_counter(), initial_state
    for recorded in whole_log(store):
        state = evolve(state, recorded.event)
    took = perf_counter() - began
    assert state == LAST
    return took


def fold_memory(_: Path) -> tuple[int, float]:
    began, state = perf_counter(), initial_state
    for event in EVENTS:
        state = evolve(state, event)
    took = perf_counter() - began
    assert state == LAST
    return len(EVENTS), took


def replay_memory(_: Path) -> tuple[int, float]:
    store = MemoryEventStore()
    fill(store, PAGE, len(EVENTS))
    return len(EVENTS), fold_all(store)


def append(size: int, events: int) -> Timed:
    def run(folder: Path) -> tuple[int, float]:
        with open_store(folder / "log", codec) as store:
            return events, fill(store, size, events)

    return run


def replay(size: int, *, fold: bool) -> Timed:
    def run(folder: Path) -> tuple[int, float]:
        with open_store(folder / "log", codec) as store:
            count = len(EVENTS) if size > 1 else 20_000
            fill(store, size, count)
            if fold:
                return count, fold_all(store)
            began, after = perf_counter(), 0
            while page := store.read_all(after, PAGE).unwrap():
                after = page[-1].position
            assert count == after
            return count, perf_counter() - began

    return run


def dispatch(commands: int) -> Timed:
    """The whole board, a call a command."""

    def run(folder: Path) -> tuple[int, float]:
        with open_store(folder / "log", codec) as store:
            dispatcher = Dispatcher(board, store, deliveries={ObstacleNotified: tell_nobody})
            dispatcher.dispatch([StartMarsRover("r1", World(10, 10))]).unwrap()
            letters = list(commands_of(PROGRAM, "r1"))
            began = perf_counter()
            for number in range(commands):
                dispatcher.dispatch([letters[number % len(letters)]])
            took = perf_counter() - began
            assert commands + 1 == store.head().unwrap()
            return commands, took

    return run


def tell_nobody(event: object, key: str) -> None:
    pass


BARE_TABLE = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, version INTEGER NOT NULL,
    type TEXT NOT NULL, data BLOB NOT NULL, command_id TEXT NOT NULL, UNIQUE (stream, version)
)
"""


def bare(size: int, events: int) -> Timed:
    """The script that one writes by hand: begin, look at the head, insert, commit."""

    def run(folder: Path) -> tuple[int, float]:
        connection = sqlite3.connect(folder / "bare", isolation_level=None)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", BARE_TABLE):
            connection.execute(statement)
        began = perf_counter()
        for at in range(0, events, size):
            connection.execute("BEGIN IMMEDIATE")
            head = "SELECT ifnull(max(version), 0) FROM events WHERE stream = ?"
            (version,) = connection.execute(head, (STREAM,)).fetchone()
            rows = [
                (STREAM, version + place, stored.type, stored.data, f"c{at}")
                for place, stored in enumerate(ENCODED[at : at + size], start=1)
            ]
            connection.executemany(
                "INSERT INTO events (stream, version, type, data, command_id) "
                "VALUES (?, ?, ?, ?, ?)",
                rows,
            )
            connection.execute("COMMIT")
        took = perf_counter() - began
        assert (events,) == connection.execute("SELECT count(*) FROM events").fetchone()
        connection.close()
        return events, took

    return run


@contextmanager
def peer_recorder(folder: Path) -> Iterator[Any]:
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore  # noqa: PLC0415

    datastore = SQLiteDatastore(str(folder / "peer"))
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    try:
        yield recorder
    finally:
        datastore.close()


def fill_peer(recorder: Any, size: int, events: int) -> float:
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415

    stored = [
        StoredEvent(ROVER, version, each.type, each.data)
        for version, each in enumerate(ENCODED[:events], start=1)
    ]
    began = perf_counter()
    for at in range(0, events, size):
        recorder.insert_events(stored[at : at + size])
    took = perf_counter() - began
    assert events == recorder.max_notification_id()
    return took


def append_peer(size: int, events: int) -> Timed:
    def run(folder: Path) -> tuple[int, float]:
        with peer_recorder(folder) as recorder:
            return events, fill_peer(recorder, size, events)

    return run


def read_peer(folder: Path) -> tuple[int, float]:
    with peer_recorder(folder) as recorder:
        fill_peer(recorder, PAGE, len(EVENTS))
        began, after = perf_counter(), 0
        while page := recorder.select_notifications(after + 1, PAGE):
            after = page[-1].id
        took = perf_counter() - began
        assert len(EVENTS) == after
        return len(EVENTS), took


ONE, TEN, ALL = 2_000, 20_000, len(EVENTS)
ROWS: dict[str, Timed] = {
    "append by 1,000": append(1_000, ALL),
    "append by 1,000, bare sqlite3": bare(1_000, ALL),
    "append by 1,000, eventsourcing": append_peer(1_000, ALL),
    "append by 10": append(10, TEN),
    "append by 10, bare sqlite3": bare(10, TEN),
    "append by 10, eventsourcing": append_peer(10, TEN),
    "append by 1": append(1, ONE),
    "append by 1, bare sqlite3": bare(1, ONE),
    "dispatch by 1": dispatch(ONE),
    "append by 1, eventsourcing": append_peer(1, ONE),
    "read the log": replay(1_000, fold=False),
    "read the log, eventsourcing": read_peer,
    "read the log of single appends": replay(1, fold=False),
    "read, decode and fold": replay(1_000, fold=True),
    "read and fold, memory store": replay_memory,
    "fold, from memory": fold_memory,
}
FLOORS = {
    "append by 1,000": 250_000,
    "read, decode and fold": 500_000,
    "fold, from memory": 1_500_000,
}
"""What the best round is to reach, in events per second, on a machine that is not busy."""

RATIOS = [
    ("append by 1", "append by 1, bare sqlite3", 0.9),
    ("dispatch by 1", "append by 1, bare sqlite3", 0.8),
    ("append by 1,000", "append by 1,000, eventsourcing", 1.0),
    ("append by 10", "append by 10, eventsourcing", 1.0),
    ("append by 1", "append by 1, eventsourcing", 1.0),
    ("read the log", "read the log, eventsourcing", 2.0),
]


def measure(rounds: int) -> dict[str, Measured]:
    """Run all rows in turn, a warm-up and then ``rounds`` times."""
    measured = {name: Measured(name, []) for name in ROWS}
    for round_ in range(-1, rounds):
        for name, run in ROWS.items():
            with TemporaryDirectory() as folder:
                count, seconds = run(Path(folder))
            if round_ >= 0:
                measured[name].rates.append(count / seconds)
    return measured


def main(rounds: int = 5) -> None:
    """Print the table."""
    measured = measure(rounds)
    print(f"{'':<34}{'median':>12}{'best':>12}  events/s")
    for name, each in measured.items():
        print(f"{name:<34}{median(each.rates):>12,.0f}{max(each.rates):>12,.0f}")
    print()
    for mine, theirs, floor in RATIOS:
        ratio = measured[mine].ratio(measured[theirs])
        verdict = "reached" if ratio >= floor else "not reached"
        print(f"{mine} / {theirs}: {ratio:.2f} (to reach: {floor}, {verdict})")
    for name, rate in FLOORS.items():
        best = max(measured[name].rates)
        verdict = "reached" if best >= rate else "not reached"
        print(f"{name}: {best:,.0f} (to reach: {rate:,}, {verdict})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
