"""The check's end of a kata's process: a line out, a line in, and neither ever waits without an end.

What comes is data from a stranger: it is read up to a length and a moment, and decoded as one of the
few things that can be said. See `warden` for what holds the process, and for what does not.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Literal

import msgspec
from msgspec import Struct

from mars_rover.shell.kata.kata_warden.limits import STUBBORN

MOST: Final = 64 * 1024
"""How many bytes one line may have; the longest that the worker sends is far below."""

WARDEN: Final = (
    sys.executable,
    "-P",
    "-c",
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from kata_warden.warden import main; "
    "del sys.path[0]; [sys.modules.pop(each) for each in [*sys.modules] if 'kata_warden' in each]; "
    "main()",
    str(Path(__file__).parent),
)
"""The command that starts a warden, by itself; no folder that one stands in is on its path.

A kata may have any name: what stands for the warden is none of its modules any more.
"""


class Silent(Exception):
    """Nothing came in time."""


class Ended(Exception):
    """The process is over; the text says why."""


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a worker: what the kata takes, why it cannot be used, or an answer."""

    takes: tuple[Literal["grid", "obstacles", "start"], ...] = ()
    unusable: str = ""
    number: int = 0
    ended: Literal["text", "other", "raised", ""] = ""
    text: str = ""
    printed: str = ""


_decode = msgspec.json.Decoder(Said).decode


class Process:
    """A warden and the kata's process below it. `end` it, whatever came."""

    def __init__(self, target: str) -> None:
        self._lifeline, other = socket.socketpair()
        self._rest = b""
        with other:
            self._warden = subprocess.Popen(
                [*WARDEN, str(other.fileno()), target],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=_surroundings(),
                pass_fds=[other.fileno()],
                start_new_session=True,
            )

    def ask(self, number: int, program: str, arguments: dict[str, Any], seconds: float) -> Said:
        """What is said to question ``number``. Raises `Silent` or `Ended`."""
        line = json.dumps([number, program, arguments]).encode() + b"\n"
        try:
            os.write(_pipe(self._warden.stdin).fileno(), line)
        except OSError:
            raise Ended(self._why()) from None
        until = time.monotonic() + seconds
        while (said := self._said(until)).number != number:
            pass  # the answer to a question before, from a process that the kata forked
        return said

    def hear(self, seconds: float) -> Said:
        """The next thing that is said. Raises `Silent` or `Ended`."""
        return self._said(time.monotonic() + seconds)

    def _said(self, until: float) -> Said:
        try:
            return _decode(self._line(until))
        except msgspec.MsgspecError:
            raise Ended("it wrote among its answers what is none") from None

    def _line(self, until: float) -> bytes:
        """The next line that comes before the moment ``until``."""
        answers = _pipe(self._warden.stdout)
        while b"\n" not in self._rest:
            if len(self._rest) > MOST:
                raise Ended("it wrote without an end among its answers")
            left = max(0.0, until - time.monotonic())
            pipes = [answers.fileno(), self._lifeline.fileno()]
            ready, _, _ = select.select(pipes, [], [], left)
            if not ready:
                raise Silent
            piece = os.read(pipes[0], MOST) if pipes[0] in ready else b""
            if not piece:
                raise Ended(self._why())
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _why(self) -> str:
        """The warden's last word, which comes when all that the kata started has ended."""
        self._lifeline.settimeout(2 * STUBBORN)
        with suppress(OSError):
            return self._lifeline.recv(1024).decode(errors="replace") or "its warden ended"
        return "its warden did not say why it ended"

    def end(self) -> None:
        """End the kata and all that it started; the warden ends with them."""
        self._lifeline.close()
        for pipe in (self._warden.stdin, self._warden.stdout):
            _pipe(pipe).close()
        try:
            self._warden.wait(2 * STUBBORN)
        except subprocess.TimeoutExpired:
            self._warden.kill()
            self._warden.wait()


def _surroundings() -> dict[str, str]:
    """Where a kata runs: with a hash seed of its own each time, or what hangs on it would not show."""
    return {name: each for name, each in os.environ.items() if name != "PYTHONHASHSEED"}


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
