"""The notification as a system of its own: rovers drive on while it is down, and nothing is lost or told twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from deciderkit.testing.postgres import PostgresServer
from tests.servers.receiver import receiver

BLOCKED = ["RMM", "--grid", "4x4", "--obstacle", "2,0", "--quiet"]


def mars_rover(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mars_rover", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def notifier(store: str, url: str) -> subprocess.Popen[bytes]:
    options = ["--store", store, "--quiet", "--webhook", url]
    return subprocess.Popen([sys.executable, "-m", "mars_rover", "notifier", *options])


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the log is: one argument is all that differs."""
    if request.param == "file":
        return str(tmp_path / "mission.db")
    server: PostgresServer = request.getfixturevalue("server")
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS notifying")
        admin.execute("CREATE DATABASE notifying")
    url = server.url("notifying")
    made = mars_rover("store", "create", url)
    assert made.stdout.startswith("made: postgresql://")
    assert mars_rover("store", "create", url).stdout.startswith("brought up to date: ")
    return url


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_rovers_drive_on_while_the_notifier_is_down_and_each_is_told_once(store: str) -> None:
    for name in ("r1", "r2"):
        driven = mars_rover(
            "drive", *BLOCKED, "--rover", name, "--store", store, "--leave-notifying"
        )
        assert ("O:1:0:E\n", "") == (driven.stdout, driven.stderr)
    assert "ObstacleNotified" not in mars_rover("log", "--store", store).stdout
    with receiver() as hearing:
        first = notifier(store, hearing.url)
        until(lambda: len(hearing.once) == 2)
        first.kill()
        first.wait()
        mars_rover("drive", *BLOCKED, "--rover", "r3", "--store", store, "--leave-notifying")
        second = notifier(store, hearing.url)
        until(lambda: mars_rover("log", "--store", store).stdout.count("ObstacleNotified") == 3)
        second.send_signal(signal.SIGINT)
        assert 130 == second.wait(30)
    assert ["r1", "r2", "r3"] == [each["data"]["rover_id"] for each in hearing.once]
    assert 3 == mars_rover("log", "--store", store).stdout.count("ObstacleNotified")
    assert "ok: " in mars_rover("verify", "--store", store).stdout


def test_what_makes_no_sense_is_refused_with_the_way_out(tmp_path: Path) -> None:
    alone = mars_rover("drive", "M", "--leave-notifying")
    assert "expected --store WHERE" in alone.stderr
    made = mars_rover("store", "create", "mission.db")
    assert "expected postgresql://" in made.stderr
    wrong = mars_rover("notifier", "--store", str(tmp_path / "m.db"), "--webhook", "nowhere")
    assert "is no address: expected http://" in wrong.stderr
    assert (2, 2, 2) == (alone.returncode, made.returncode, wrong.returncode)
