"""The disk is full, and then it is not."""

from __future__ import annotations

import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from returns.pipeline import is_successful

from deciderkit.shell import StoreFailure
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from deciderkit.testing.store_contract import claim
from tests.faults.harness import Figures, Say, deposited, die, forked, opened, whole


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A disk of that size, or None where none may be mounted."""
    folder.mkdir(parents=True)
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

    def work(say: Say) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
        figures = fill_up(
            folder / "log", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        )
        say(f"{figures.tried} {figures.wrong}")

    (line,) = forked(work).lines()
    tried, wrong = map(int, line.split())
    return Figures(tried, wrong)


def fill_up(path: Path, make_room: Callable[[], object]) -> Figures:
    """Fill the disk, look at what is there while it is full, also from a store that is opened then."""
    acknowledged: list[str] = []
    with opened(path) as store:
        failures: list[object] = []
        while len(failures) < 3 and len(acknowledged) < 10_000:
            number = len(acknowledged) + len(failures)
            said = claim(f"c{number}", 0, 1)
            result = store.append(f"account-{number}", 0, [deposited(number)] * 20, said)
            if is_successful(result):
                acknowledged.append(f"account-{number}")
            else:
                failures.append(result.failure())
        assert acknowledged
        assert 3 == len(failures), "the disk was never full"
        wrong = sum(not isinstance(each, StoreFailure) for each in failures)
        wrong += unread(store, acknowledged)
        with opened(path, create=False) as late:
            wrong += unread(late, acknowledged)
            wrong += is_successful(late.append("account-late", 0, [deposited(1)] * 2_000))
        make_room()
        for name in ("after", "again"):
            wrong += not is_successful(store.append(f"account-{name}", 0, [deposited(1)]))
        wrong += not is_successful(store.integrity(20 * len(acknowledged) + 2))
    with opened(path) as store:
        wrong += 20 * len(acknowledged) + 2 != store.head().unwrap()
    return Figures(len(acknowledged) + 5, wrong)


def unread(store: SqliteEventStore, streams: list[str]) -> int:
    """How many of ``streams`` cannot be read whole."""
    return sum(20 != len(store.read(stream).value_or(())) for stream in streams)


def opened_on_a_full_disk(folder: Path, crashes: int) -> Figures:
    """F6: a writer is killed, its disk is full, and the log is opened; wrong is what cannot be read.

    A killed writer leaves its write-ahead log behind, and perhaps no index of it: to read one, SQLite
    wants to make the index, for which there is no room.
    """
    wrong = 0
    for crash in range(crashes):
        with small_disk(folder / str(crash), 2) as disk:
            if disk is None:
                return Figures(0, 0)
            path = disk / "log"

            def work(say: Say, path: Path = path) -> None:
                store = opened(path)
                for number in range(9):
                    store.append(f"account-{number}", 0, [deposited(number)] * 20).unwrap()
                die()

            forked(work).lines()
            if crash % 2:
                path.with_name("log-shm").unlink()
            with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
                while True:
                    filler.write(bytes(1_024))
            for _ in range(2):
                with opened(path, create=bool(crash % 4 < 2)) as store:
                    wrong += unread(store, [f"account-{number}" for number in range(9)])
            (disk / "filler").unlink()
            with opened(path) as store:
                wrong += not is_successful(store.append("account-late", 0, [deposited(1)]))
                wrong += 181 != len(list(whole(store)))
    return Figures(crashes, wrong)
