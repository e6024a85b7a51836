"""The kit's command line as a person meets it, in this process or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from deciderkit.shell.cli.kit import main

ROOT = Path(__file__).parents[4]
BANK = "tests.deciderkit.shell.cli.bank:board"
TURNSTILE = "tests.deciderkit.turnstile:board"


class Ended(NamedTuple):
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


Kit = Callable[..., Ended]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], store: Path) -> Kit:
    """Run ``deciderkit`` on the bank and the store, with arguments, and ``stdin`` as bytes."""
    monkeypatch.setenv("DECIDERKIT_BOARD", BANK)
    monkeypatch.setenv("DECIDERKIT_STORE", str(store))

    def run(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["deciderkit", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ended(code, out, err)

    return run


@contextmanager
def started(store: Path, *arguments: str, board: str = BANK) -> Iterator[subprocess.Popen[str]]:
    """A process of its own, in the folder in which the boards of the tests are found; gone at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "deciderkit", *arguments],
        cwd=ROOT,
        env={**os.environ, "DECIDERKIT_BOARD": board, "DECIDERKIT_STORE": str(store)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(store: Path, *arguments: str, board: str = BANK) -> Ended:
    """How a process of its own ended."""
    with started(store, *arguments, board=board) as process:
        out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out, err)
