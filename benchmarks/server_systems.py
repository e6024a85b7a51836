"""Three ways to keep the events of rovers on a PostgreSQL server: ours, a bare script, and a peer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from itertools import count
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from deciderkit.shell import open_store
from deciderkit.shell.stores.postgres.doors import create_store
from mars_rover import (
    Direction,
    MarsRoverMoved,
    StartMarsRover,
    World,
    commands_of,
    evolve,
    initial_state,
    parse_program,
    rover,
)
from mars_rover.codec import codec

PAGE = 1_000
NUMBERS = count(1)


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


def filled(system: System, place: str) -> str:
    with system.writer(place, "r1") as write:
        for at in range(0, len(EVENTS), PAGE):
            write(at, len(EVENTS[at : at + PAGE]))
    return place
