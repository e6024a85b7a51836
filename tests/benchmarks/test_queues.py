"""The rows of the queues, each in short: they check their own answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from benchmarks import queues
from tests.nats_server import NatsServer

_names = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with NatsServer(Path(tmp_path_factory.mktemp("nats"))) as started:
        yield started


@pytest.fixture
def address(server: NatsServer) -> str:
    return server.address(f"bench{next(_names)}")


def test_the_rows_of_the_relay_check_their_answers(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "EVENTS", 30)
    for row in (queues.relayed, queues.published_bare):
        events, seconds = row(server.address(f"bench{next(_names)}"))
        assert (30, True) == (events, seconds > 0)


@pytest.mark.parametrize("row", [queues.worked(3, 5), queues.worked(3, 5, ":memory:")])
def test_the_rows_of_the_worker_check_their_answers(address: str, row: queues.Timed) -> None:
    commands, seconds = row(address)
    assert (15, True) == (commands, seconds > 0)


def test_the_row_of_the_bare_client_fetches_all(address: str) -> None:
    commands, seconds = queues.fetched_bare(3, 5)(address)
    assert (15, True) == (commands, seconds > 0)


def test_delays_are_measured_through_a_relay_in_its_own_process(address: str) -> None:
    seconds = queues.delays(address, 3)
    assert 3 == len(seconds)
    assert all(0 < each < 10 for each in seconds)
