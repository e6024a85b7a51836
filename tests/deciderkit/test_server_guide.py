"""What the guide to a server shows is run: its files as programs, its console blocks as commands, on a real server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import deciderkit
from deciderkit.shell import create_store
from deciderkit.testing.follower import FollowerLaw
from deciderkit.testing.postgres import PostgresServer
from tests.pages import differences, files, run
from tests.servers.receiver import receiver

TEXT = (Path(deciderkit.__file__).parent / "SERVER.md").read_text(encoding="utf-8")
PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, code in files(TEXT):
        (tmp_path / name).write_text(code, encoding="utf-8")
    return tmp_path


@pytest.fixture
def database(server: PostgresServer) -> str:
    """An empty database, so that the schema need not be named."""
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS guide")
        admin.execute("CREATE DATABASE guide")
    return server.url("guide")


def test_every_command_prints_what_is_shown(folder: Path, database: str) -> None:
    assert [] == differences(TEXT, folder, STORE=database)


def test_the_notifier_tells_what_happened_while_it_was_down_and_what_happens_then(
    folder: Path, database: str
) -> None:
    create_store(database)
    run('python rovers.py "$STORE" r3', folder, STORE=database)
    with receiver() as hearing:
        notifier = subprocess.Popen(
            [sys.executable, "notifier.py", database, hearing.url], cwd=folder
        )
        try:
            _wait_for(lambda: len(hearing.once) == 1)
            run('python rovers.py "$STORE" r4', folder, STORE=database)
            _wait_for(lambda: len(hearing.once) == 2)
        finally:
            notifier.kill()
            notifier.wait()
    assert ["r3", "r4"] == [each["data"]["rover_id"] for each in hearing.once]
    assert {"type", "schema", "key", "data"} == set(hearing.heard[0].body)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that everybody may enter, as the server of somebody who is root must."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_the_server_to_try_it_on_runs_until_it_is_interrupted(open_folder: Path) -> None:
    assert "python -m deciderkit.testing.postgres /tmp/mars-server" in TEXT
    command = [sys.executable, "-m", "deciderkit.testing.postgres", str(open_folder / "server")]
    for _ in range(2):  # the second finds the data of the first
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        with running.stdout as said:
            url = said.readline().strip()
            create_store(url)
            running.send_signal(signal.SIGINT)
            assert 0 == running.wait(60)


def test_root_is_told_of_a_folder_that_nobody_may_enter(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (open_folder / "closed").mkdir(0o700)
    with pytest.raises(OSError, match="expected a folder below others that everybody may enter"):
        PostgresServer(open_folder / "closed" / "server").start()


def test_what_the_guide_installs_is_there_to_be_installed() -> None:
    extras = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extra in re.findall(r"mars-rover-decider\[(\w+)\]", TEXT):
        assert extra in extras


def test_the_law_of_the_guide_is_the_law_of_the_kit() -> None:
    law = FollowerLaw.test_followers_see_every_acknowledged_event_once_and_in_order
    assert "def opened" in TEXT
    assert "opened" in law.__annotations__


def _wait_for(done: object) -> None:
    assert callable(done)
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "it was not told"
        time.sleep(0.02)
