"""``python -m benchmarks.server``: a log on a PostgreSQL server, beside a bare script and beside a peer.

The server is a real one, started for the run, and what is appended is on its disk. Rows take turns, so
ratios hold on a busy machine; the answer of each is checked. The bare script is one function in the
database and one call of it, as one writes it by hand: lock, look at the stream and at the end of the
log, insert. It is given events encoded, while ours are encoded, read back, checksummed and linked. The
peer is the recorder of ``eventsourcing``, with the lock that it takes unless it is told otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from itertools import count
from multiprocessing import get_context
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg

from deciderkit.shell import Dispatcher, open_store
from deciderkit.shell.stores.opening import create_store
from deciderkit.shell.stores.postgres.store import PostgresEventStore
from mars_rover import (
    Direction,
    MarsRoverMoved,
    StartMarsRover,
    TurnLeft,
    World,
    board,
    commands_of,
    evolve,
    initial_state,
    parse_program,
    rover,
)
from mars_rover.codec import codec
from tests.servers.fixtures import server_of_its_own

PAGE = 1_000
NUMBERS = count(1)
SIZES = {1: 300, 10: 200, 1_000: 20}
"""How many appends of how many events a writer makes in one round."""


def driven(programs: int) -> list[Any]:
    """The events of one rover that is started and driven through so many programs of 1,000 letters."""
    letters = list(commands_of(parse_program("MRML" * 250).unwrap(), "r1"))
    state, events = initial_state, []
    for command in (StartMarsRover("r1", World.create(10, 10).unwrap()), *letters * programs):
        (event,) = rover.decide(command, state)
        state = evolve(state, event)
        events.append(event)
    return events


EVENTS = driven(100)
ENCODED = [codec.encode(event) for event in EVENTS]


def folded(turns: int, event: Any) -> int:
    """A fold that takes any events of the rover, also those of several writers in one log."""
    return turns + (type(event) is MarsRoverMoved and event.direction is Direction.NORTH)


TURNS = reduce(folded, EVENTS, 0)


class Writer(Protocol):
    """What appends the events at ``version``, for one stream."""

    def __call__(self, version: int, size: int) -> None: ...


class System(NamedTuple):
    """One way to keep events: how its place is made, and how a writer or a reader of it is opened."""

    made: Callable[[str], str]
    writer: Callable[[str, str], Any]
    read: Callable[[str], int]


# Ours.


def made(url: str) -> str:
    place = f"{url}?schema=ours_{next(NUMBERS)}"
    create_store(place)
    return place


@contextmanager
def writer(place: str, name: str) -> Iterator[Writer]:
    with open_store(place, codec) as store:

        def write(version: int, size: int) -> None:
            at = version % len(EVENTS)
            store.append(f"rover-{name}", version, EVENTS[at : at + size]).unwrap()

        yield write


def read(place: str) -> int:
    after, turns = 0, 0
    with open_store(place, codec) as store:
        while page := store.read_all(after, PAGE).unwrap():
            for recorded in page:
                turns = folded(turns, recorded.event)
            after = page[-1].position
    assert len(EVENTS) != after or turns == TURNS
    return after


# A bare script.

BARE = """
CREATE SCHEMA {schema};
CREATE TABLE {schema}.events (
    position bigint PRIMARY KEY, stream text NOT NULL, version bigint NOT NULL, type text NOT NULL,
    data text NOT NULL, command_id text NOT NULL, recorded_at text NOT NULL, UNIQUE (stream, version)
);
CREATE FUNCTION {schema}.append(
    _stream text, _expected bigint, _command_id text, _at text, _types text[], _data text[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    _version bigint;
    _position bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    SELECT version INTO _version FROM {schema}.events
    WHERE stream = _stream ORDER BY version DESC LIMIT 1;
    IF coalesce(_version, 0) <> _expected THEN
        RETURN 0;
    END IF;
    SELECT position INTO _position FROM {schema}.events ORDER BY position DESC LIMIT 1;
    INSERT INTO {schema}.events
    SELECT coalesce(_position, 0) + n, _stream, _expected + n, type, data, _command_id, _at
    FROM unnest(_types, _data) WITH ORDINALITY AS each (type, data, n);
    RETURN coalesce(_position, 0) + 1;
END $$;
"""


def bare_made(url: str) -> str:
    number = next(NUMBERS)
    with psycopg.connect(url, autocommit=True) as connection:
        filled = BARE.replace("{schema}", f"bare_{number}").replace("{lock}", str(number))
        connection.execute(filled)
    return f"{url}?schema=bare_{number}"


@contextmanager
def bare_writer(place: str, name: str) -> Iterator[Writer]:
    url, _, schema = place.partition("?schema=")
    call = f"SELECT {schema}.append(%s, %s, %s, %s, %s, %s)"
    encoded = [(each.type, each.data.decode()) for each in ENCODED]
    with psycopg.connect(url, autocommit=True) as connection:

        def write(version: int, size: int) -> None:
            at = version % len(encoded)
            part = encoded[at : at + size]
            types, data = [each[0] for each in part], [each[1] for each in part]
            asked = (name, version, f"c{version}", "2026-01-01T00:00:00Z", types, data)
            (position,) = connection.execute(call, asked).fetchone() or (0,)
            assert position

        yield write


def bare_read(place: str) -> int:
    url, _, schema = place.partition("?schema=")
    asked = (
        f"SELECT position, data FROM {schema}.events WHERE position > %s ORDER BY position LIMIT %s"
    )
    after = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while rows := connection.execute(asked, (after, PAGE)).fetchall():
            after = rows[-1][0]
    return after


# The peer.


@contextmanager
def peer_recorder(place: str) -> Iterator[Any]:
    from eventsourcing.postgres import (  # noqa: PLC0415
        PostgresApplicationRecorder,
        PostgresDatastore,
    )

    url, _, table = place.partition("?schema=")
    parts: Any = urlsplit(url)
    with PostgresDatastore(
        parts.path[1:], parts.hostname, parts.port, parts.username, parts.password
    ) as datastore:
        yield PostgresApplicationRecorder(datastore, events_table_name=table)


def peer_made(url: str) -> str:
    place = f"{url}?schema=peer_{next(NUMBERS)}"
    with peer_recorder(place) as recorder:
        recorder.create_table()
    return place


@contextmanager
def peer_writer(place: str, name: str) -> Iterator[Writer]:
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415

    rover = UUID(int=sum(map(ord, name)))
    with peer_recorder(place) as recorder:

        def write(version: int, size: int) -> None:
            at = version % len(ENCODED)
            recorder.insert_events(
                [
                    StoredEvent(rover, version + place, each.type, each.data)
                    for place, each in enumerate(ENCODED[at : at + size], start=1)
                ]
            )

        yield write


def peer_read(place: str) -> int:
    decoders = {each.type: codec.decoder(each.type, each.schema) for each in ENCODED}
    after, turns = 0, 0
    with peer_recorder(place) as recorder:
        while page := recorder.select_notifications(after + 1, PAGE):
            for each in page:
                turns = folded(turns, decoders[each.topic](each.state))
            after = page[-1].id
    assert len(EVENTS) != after or turns == TURNS
    return after


SYSTEMS = {
    "ours": System(made, writer, read),
    "bare script": System(bare_made, bare_writer, bare_read),
    "eventsourcing": System(peer_made, peer_writer, peer_read),
}


def appended(system: System, place: str, writers: int, size: int) -> float:
    """Events per second while so many processes append, from the first that begins to the last that ends."""
    context = get_context("fork")
    barrier, times = context.Barrier(writers), context.SimpleQueue()

    def work(number: int) -> None:
        with system.writer(place, f"r{number}") as write:
            for warm in range(3):
                write(warm, 1)
            barrier.wait()
            began = perf_counter()
            for each in range(SIZES[size]):
                write(3 + each * size, size)
            times.put((began, perf_counter()))

    children = [context.Process(target=work, args=(each,)) for each in range(writers)]
    for child in children:
        child.start()
    said = [times.get() for _ in children]
    for child in children:
        child.join()
    seconds = max(ended for _, ended in said) - min(began for began, _ in said)
    assert system.read(place) == writers * (3 + SIZES[size] * size)
    return float(writers * SIZES[size] * size / seconds)


def whole_log(system: System, place: str) -> float:
    """Events per second, read a page at a time and folded."""
    began = perf_counter()
    assert len(EVENTS) == system.read(place)
    return len(EVENTS) / (perf_counter() - began)


def filled(system: System, place: str) -> str:
    with system.writer(place, "r1") as write:
        for at in range(0, len(EVENTS), PAGE):
            write(at, len(EVENTS[at : at + PAGE]))
    return place


def follower_delays(url: str, appends: int, *, woken: bool) -> list[float]:
    """Seconds from the moment at which an append returned until a follower in another process had read it."""
    place, context = made(url), get_context("fork")
    times = context.SimpleQueue()

    def work() -> None:
        with writer(place, f"r{uuid4()}") as write:
            sleep(0.3)
            for version in range(appends):
                write(version, 1)
                times.put(perf_counter())
                sleep(0.01)

    child = context.Process(target=work)
    seen: list[float] = []
    with open_store(place, codec) as store:
        assert isinstance(store, PostgresEventStore)
        store.wait(0)
        child.start()
        while len(seen) < appends:
            page = store.read_all(len(seen)).unwrap()
            seen += [perf_counter()] * len(page)
            if not page:
                store.wait(0.1) if woken else sleep(0.1)
    told = [times.get() for _ in range(appends)]
    child.join()
    return [max(at - by, 0) for at, by in zip(seen, told, strict=True)]


def dispatched(url: str, calls: int) -> float:
    """Seconds for each dispatch of one command by a dispatcher that has its rover at hand."""
    with open_store(made(url), codec) as store:
        quiet = {each: lambda event, key: None for each in board.delivered}
        dispatcher = Dispatcher(board, store, deliveries=quiet)
        dispatcher.dispatch([StartMarsRover("r1", World.create(10, 10).unwrap())]).unwrap()
        began = perf_counter()
        for _ in range(calls):
            dispatcher.dispatch([TurnLeft("r1")]).unwrap()
        return (perf_counter() - began) / calls


def bare_calls(url: str, calls: int) -> float:
    with bare_writer(bare_made(url), "r1") as write:
        write(0, 1)
        began = perf_counter()
        for version in range(1, calls + 1):
            write(version, 1)
        return (perf_counter() - began) / calls


class Ratio(NamedTuple):
    """Ours against another, round by round; ``floor`` is what it is to reach."""

    name: str
    rates: list[float]
    floor: float

    @property
    def median(self) -> float:
        return median(self.rates)

    def line(self) -> str:
        verdict = "reached" if self.median >= self.floor else "NOT REACHED"
        return f"{self.name:<58}{self.median:>7.2f}  (to reach {self.floor}: {verdict})"


def append_rows(url: str, rounds: int, size: int, writers: int) -> list[Ratio]:
    rates: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    for _ in range(rounds):
        for name, system in SYSTEMS.items():
            rates[name].append(appended(system, system.made(url), writers, size))
    told = "  ".join(f"{name} {median(each):>9,.0f}" for name, each in rates.items())
    label = f"append by {size:,}, {writers} writer{'s' if writers > 1 else ''}"
    print(f"{label:<30}{told}  events/s", flush=True)
    return [
        Ratio(
            f"{label}: ours / {name}",
            [mine / other for mine, other in zip(rates["ours"], rates[name], strict=True)],
            floor,
        )
        for name, floor in (("bare script", 0.9), ("eventsourcing", 1.0))
    ]


def read_rows(url: str, rounds: int) -> list[Ratio]:
    places = {name: filled(each, each.made(url)) for name, each in SYSTEMS.items()}
    rates: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    for _ in range(rounds):
        for name, system in SYSTEMS.items():
            rates[name].append(whole_log(system, places[name]))
    told = "  ".join(f"{name} {median(each):>9,.0f}" for name, each in rates.items())
    print(f"{'read and fold the log':<30}{told}  events/s", flush=True)
    pairs = zip(rates["ours"], rates["eventsourcing"], strict=True)
    return [Ratio("read and fold: ours / eventsourcing", [a / b for a, b in pairs], 2.0)]


def dispatch_rows(url: str, rounds: int) -> list[Ratio]:
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(dispatched(url, 300))
        bare.append(bare_calls(url, 300))
    told = f"{1e6 * median(ours):,.0f} us, a bare call {1e6 * median(bare):,.0f} us"
    print(f"{'dispatch of one command':<30}{told}", flush=True)
    pairs = zip(bare, ours, strict=True)
    return [Ratio("bare call / dispatch", [a / b for a, b in pairs], 1 / 1.3)]


def print_delays(url: str) -> None:
    for woken in (True, False):
        delays = follower_delays(url, 300, woken=woken)
        name = f"follower's delay, {'woken' if woken else 'looking every 0.1 s'}"
        high = quantiles(delays, n=100)[98]
        print(f"{name:<42}median {1e3 * median(delays):.1f} ms, 99% {1e3 * high:.1f} ms")


def main(rounds: int = 5) -> int:
    """Print the table; 1 where a ratio is not reached."""
    ratios: list[Ratio] = []
    with server_of_its_own() as server:
        url = server.url()
        for writers in (1, 4):
            for size in SIZES:
                ratios += append_rows(url, rounds, size, writers)
        ratios += read_rows(url, rounds)
        ratios += dispatch_rows(url, rounds)
        print_delays(url)
    print()
    for ratio in ratios:
        print(ratio.line())
    return 0 if all(each.median >= each.floor for each in ratios) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
