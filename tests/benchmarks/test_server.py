"""The benchmark of the server in short: every row runs, and its answers are right."""

from __future__ import annotations

from functools import reduce

import pytest

from benchmarks import server as rows
from benchmarks import server_systems as systems
from deciderkit.testing.postgres import PostgresServer


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    few = systems.EVENTS[:2_001]
    for module in (rows, systems):
        monkeypatch.setattr(module, "EVENTS", few)
    monkeypatch.setattr(systems, "ENCODED", systems.ENCODED[:2_001])
    monkeypatch.setattr(systems, "TURNS", reduce(systems.folded, few, 0))
    monkeypatch.setattr(rows, "SIZES", {1: 3, 10: 2, 1_000: 1})


@pytest.mark.parametrize("name", list(systems.SYSTEMS))
def test_every_system_keeps_what_its_writers_append(name: str, server: PostgresServer) -> None:
    system = systems.SYSTEMS[name]
    for size in rows.SIZES:
        assert 0 < rows.appended(system, server.url(), 2, size)
    assert 0 < rows.whole_log(system, systems.filled(system, system.made(server.url())))


def test_a_follower_sees_all_and_a_dispatcher_is_timed(server: PostgresServer) -> None:
    for woken in (True, False):
        assert 5 == len(rows.follower_delays(server.url(), 5, woken=woken))
    assert 0 < rows.dispatched(server.url(), 3)
    assert 0 < rows.bare_calls(server.url(), 3)


def test_a_ratio_says_whether_it_was_reached() -> None:
    assert "reached)" in rows.Ratio("quick", [1.0, 0.9], 0.9).line()
    assert "NOT REACHED" in rows.Ratio("slow", [0.5, 0.9, 0.8], 0.9).line()
