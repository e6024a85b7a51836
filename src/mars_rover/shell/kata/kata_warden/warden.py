"""The process between the check and a kata: it starts the kata's, watches it, and ends it whole.

The kata runs in a session of its own below this one. When it ends, takes too much, or nobody asks any
more, all that it started is ended: its group, and on Linux also what left the group and its parents
behind, since orphans fall to the warden. The check holds the other end of a lifeline: however it
ends, also by SIGKILL, the lifeline closes and the kata goes with it.

This isolates accidents and not malice. A kata runs with the rights of who checks it: it reads and
writes their files, and one that means harm can kill its warden. Check only what you would also run.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Final

from . import limits
from .worker import nowhere, serve

TICK: Final = 0.05
"""How many seconds pass between two looks at what the kata takes."""


def main() -> None:
    """Serve one kata: arguments are the lifeline's file descriptor and the target."""
    lifeline, target = int(sys.argv[1]), sys.argv[2]
    me = os.getpid()
    limits.take_in_orphans()
    worker = os.fork()
    if worker == 0:
        os.close(lifeline)
        os.setsid()
        limits.end_with(me)
        limits.bound_this_process()
        try:
            serve(os.dup(0), os.dup(1), target)
            os._exit(0)
        finally:
            os._exit(1)
    nowhere()  # only the kata's processes hold the pipes now
    with socket.socket(fileno=lifeline) as line:
        why = watch(worker, line)
        limits.end_all(me, worker)
        tell(line, why)
    os._exit(0)  # who checks waits for the end, and there is nothing left to tidy up


def watch(worker: int, line: socket.socket) -> str:
    """Wait until the kata's process ends, takes too much, or the lifeline closes; say why."""
    ended, waking = socket.socketpair()
    for end in (ended, waking):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(waking.fileno())
    while True:
        ready, _, _ = select.select([line, ended], [], [], TICK)
        if line in ready:
            return ""
        if ended in ready:
            ended.recv(1024)
        status = limits.reap().get(worker)
        if status is not None:
            return f"its process ended ({_words(status)})"
        if too_much := limits.excess(os.getpid()):
            return too_much


def _words(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {-code}"


def tell(line: socket.socket, why: str) -> None:
    """Say why it is over, to whoever still listens."""
    with suppress(OSError):
        line.sendall(why.encode())
