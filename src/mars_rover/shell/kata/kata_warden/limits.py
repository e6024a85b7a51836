"""What a kata may take of the machine, and how to find and end all that it started.

POSIX, and the standard library only: it runs in the process beside the kata. On Linux processes that
made themselves orphans are found as well, since they fall to the warden; elsewhere only those that
stayed in the kata's process group are.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from glob import glob
from typing import Final

MEMORY: Final = 1 << 30
"""How many bytes of memory all processes of a kata may hold together."""

FILE: Final = 64 << 20
"""How many bytes one file that it writes may have."""

PROCESSES: Final = 32
"""How many processes it may have at a time."""

STUBBORN: Final = 5.0
"""How many seconds are spent on ending them."""

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36
_PAGE_SIZE: Final = os.sysconf("SC_PAGESIZE")


def take_in_orphans() -> None:
    """Make this process the parent of all its descendants that lose theirs. Linux only."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def end_with(parent: int) -> None:
    """End this process when ``parent``, which started it, ends. Linux only."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def bound_this_process() -> None:
    """Bound what this process and each of its children may take of memory and of the disk."""
    for kind, most in (
        (resource.RLIMIT_DATA, 2 * MEMORY),  # an error in the kata, before all the rest is ended
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (lower, hard))


def excess(root: int) -> str:
    """What the descendants of ``root`` have too much of, in words; nothing where they have not."""
    pids = descendants(root)
    if len(pids) > PROCESSES:
        return f"it had more than {PROCESSES} processes"
    if sum(map(_resident, pids)) > MEMORY:
        return f"it held more than {MEMORY >> 20} MB of memory"
    return ""


def descendants(root: int) -> list[int]:
    """The processes that descend from ``root``, parents first. Linux only; elsewhere there are none."""
    found: list[int] = []
    todo = [root]
    while todo:
        for path in glob(f"/proc/{todo.pop()}/task/*/children"):
            with suppress(OSError), open(path, encoding="ascii") as children:
                todo += (below := [int(pid) for pid in children.read().split()])
                found += below
    return found


def _resident(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * _PAGE_SIZE
    return 0


def end_all(root: int, group: int) -> None:
    """End the process group ``group``, and all that descends from this process, ``root``.

    What forks faster than it is ended is stopped first; a pass that finds nobody is the last.
    """
    until = time.monotonic() + STUBBORN
    _signal_group(group)
    while time.monotonic() < until:
        reap()
        left = descendants(root)
        for what in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                with suppress(OSError):
                    os.kill(pid, what)
        if not left:
            return
        time.sleep(0.001)


def _signal_group(group: int) -> None:
    with suppress(OSError):
        os.killpg(group, signal.SIGKILL)


def reap() -> dict[int, int]:
    """The children that ended, with their wait status; they leave nothing behind."""
    ended: dict[int, int] = {}
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            ended[pid] = status
    return ended
