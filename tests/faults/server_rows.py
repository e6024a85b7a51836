"""The rows of the fault table that run on a PostgreSQL server: those of every store, and those of a network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.harness import Figures
from tests.faults.kills import (
    killed_appends,
    killed_policies,
    killed_saves,
    killed_with_checkpoints,
    unknown_outcomes,
)
from tests.faults.network import partitioned
from tests.faults.server import (
    NoHeadCheckThere,
    TornSavesThere,
    connections_cut,
    identity_order,
    on_a_server,
    server_killed,
)
from tests.faults.writers import many_writers, runners, runners_with_random_ids, tailing_reader

Run = Callable[[Path], Figures]


def there(run: Callable[[str], Figures]) -> Run:
    """``run`` on a server of its own, as a row of the table."""
    return lambda _: on_a_server(run)


SERVER_FAULTS: dict[str, tuple[Run, Run | None]] = {
    "F1 killed, server": (
        there(lambda url: killed_appends(url, 200)),
        there(lambda url: killed_appends(url, 200, acknowledge_first=True)),
    ),
    "F3 unknown, server": (
        there(lambda url: unknown_outcomes(url, 200)),
        there(lambda url: unknown_outcomes(url, 200, fresh_id=True)),
    ),
    "F4 two writers, server": (
        there(lambda url: many_writers(url, 2, 1_000)),
        there(lambda url: many_writers(url, 2, 1_000, NoHeadCheckThere)),
    ),
    "F4 8 writers, server": (
        there(lambda url: many_writers(url, 8, 250)),
        there(lambda url: many_writers(url, 8, 250, NoHeadCheckThere)),
    ),
    "F5 follower, server": (
        there(lambda url: tailing_reader(url, 4, 900, 10)),
        there(lambda url: identity_order(url, 4, 900, 10)),
    ),
    "F7 policy killed, server": (
        there(lambda url: killed_policies(url, 100)),
        lambda at: on_a_server(lambda url: killed_with_checkpoints(url, 100, at / "checkpoint")),
    ),
    "F8 runners, server": (
        there(lambda url: runners(url, 500)),
        there(lambda url: runners_with_random_ids(url, 500)),
    ),
    "F9 server killed": (
        lambda _: server_killed(10),
        lambda _: server_killed(10, guarded=False),
    ),
    "F9 connections cut": (
        lambda _: connections_cut(1_000),
        lambda _: connections_cut(1_000, fresh_id=True),
    ),
    "F9 network parted": (
        lambda _: partitioned(6, 10),
        lambda _: partitioned(6, 10, fresh_id=True),
    ),
    "F17 saves killed, server": (
        there(lambda url: killed_saves(url, 100)),
        there(partial(killed_saves, kills=100, kind=TornSavesThere, within=0.3)),
    ),
}
