"""The command line as a person meets it: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from mars_rover.shell.cli import main


class Ended(NamedTuple):
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


MarsRover = Callable[..., Ended]


@pytest.fixture
def mars_rover(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> MarsRover:
    """Run ``mars-rover`` with arguments, and ``stdin`` as bytes, in this process."""

    def run(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["mars-rover", *arguments])
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


def at_a_terminal(*arguments: str, **environment: str) -> str:
    """What a person at a terminal sees: stdin, stdout and stderr are one."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "mars_rover", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "NO_COLOR": "", "TERM": "xterm", **environment},
    ) as process:
        os.close(slave)
        seen = b""
        # Linux ends a terminal whose programs are gone with an error.
        with contextlib.suppress(OSError):
            while piece := os.read(master, 1 << 16):
                seen += piece
        process.wait()
    os.close(master)
    return seen.decode()
