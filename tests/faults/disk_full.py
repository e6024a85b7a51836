"""The disk is full, and then it is not."""

from __future__ import annotations

import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deciderkit.shell.event_store import StoreFailure
from returns.pipeline import is_successful

from tests.faults.harness import Figures, error, forked, opened, started, value


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A disk of that size, or None where none may be mounted."""
    folder.mkdir()
    size = f"size={megabytes}m"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def disk_full(folder: Path) -> Figures:
    """F6: wrong is an append that neither worked nor failed in words, or an event that is gone."""
    with small_disk(folder, 2) as disk:
        if disk is None:
            return no_longer_files(folder)
        filler = disk / "filler"
        filler.write_bytes(bytes(1_000_000))
        return fill_up(disk / "log", filler.unlink)


def no_longer_files(folder: Path) -> Figures:
    """The same where nothing can be mounted: the process may not make a file longer than 600 kB."""

    def work(say: object) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
        figures = fill_up(
            folder / "log", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        )
        assert callable(say)
        say(f"{figures.tried} {figures.wrong}")

    (line,) = forked(work).lines()
    tried, wrong = map(int, line.split())
    return Figures(tried, wrong)


def fill_up(path: Path, make_room: object) -> Figures:
    acknowledged: list[str] = []
    with opened(path) as store:
        failures: list[StoreFailure] = []
        for number in range(10_000):
            name = f"r{number}"
            result = store.append(f"rover-{name}", 0, [started(name)] * 20, name)
            if is_successful(result):
                acknowledged.append(name)
            else:
                failures.append(error(result))
            if len(failures) == 3:
                break
        assert acknowledged
        assert 3 == len(failures), "the disk was never full"
        wrong = sum(not isinstance(each, StoreFailure) for each in failures)
        wrong += sum(20 != len(value(store.outcome(name))) for name in acknowledged)
        assert callable(make_room)
        make_room()
        for name in ("after", "again"):
            wrong += not is_successful(store.append(f"rover-{name}", 0, [started(name)], name))
        (said,) = store.connection.execute("PRAGMA integrity_check").fetchone()
        wrong += said != b"ok"
    with opened(path) as store:
        wrong += 20 * len(acknowledged) + 2 != value(store.head())
    return Figures(len(acknowledged) + 5, wrong)
