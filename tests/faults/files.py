"""The file under an open store is deleted, replaced or restored; side files are stale; links lead astray."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from returns.pipeline import is_successful

from deciderkit.shell.stores.sqlite.file import LogFile
from tests.faults.harness import Figures, deposited, opened, whole

Exchange = Callable[[Path, Path], object]


def unlinked(path: Path, backup: Path) -> None:
    path.unlink()


def unlinked_with_all_beside_it(path: Path, backup: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink()


def replaced(path: Path, backup: Path) -> None:
    os.replace(backup, path)


def restored_without_its_side_files(path: Path, backup: Path) -> None:
    unlinked_with_all_beside_it(path, backup)
    shutil.copy(backup, path)


def moved(path: Path, backup: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def linked_elsewhere(path: Path, backup: Path) -> None:
    moved(path, backup)
    path.symlink_to(backup)


def write_ahead_log_unlinked(path: Path, backup: Path) -> None:
    Path(f"{path}-wal").unlink()


def write_ahead_log_replaced(path: Path, backup: Path) -> None:
    wal = Path(f"{path}-wal")
    content = wal.read_bytes()
    wal.unlink()
    wal.write_bytes(content)


def folder_moved(path: Path, backup: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


EXCHANGES: tuple[Exchange, ...] = (
    unlinked,
    unlinked_with_all_beside_it,
    replaced,
    restored_without_its_side_files,
    moved,
    linked_elsewhere,
    write_ahead_log_unlinked,
    write_ahead_log_replaced,
    folder_moved,
)


def exchanged(folder: Path, rounds: int) -> Figures:
    """F26: wrong is an append that is acknowledged, and that nobody finds who opens the log by its name."""
    wrong = 0
    for number in range(rounds):
        for exchange in EXCHANGES:
            wrong += one_exchange(folder / f"{exchange.__name__}{number}" / "in", exchange, number)
    return Figures(rounds * len(EXCHANGES), wrong)


def one_exchange(folder: Path, exchange: Exchange, before: int) -> int:
    """How many appends were acknowledged into nothing, or damaged what had been there."""
    folder.mkdir(parents=True)
    path, backup = folder / "log", folder / "backup"
    with opened(path) as store:
        store.append("account-1", 0, [deposited(1)]).unwrap()
    shutil.copy(path, backup)
    name = path
    if before % 2:  # by a link, beside which no side files lie
        name = folder / "link"
        name.symlink_to(path)
    with opened(name) as store:
        for number in range(before + 1):
            store.append("account-2", number, [deposited(2)]).unwrap()
        exchange(path, backup)
        told = [store.append("account-3", number, [deposited(3)]) for number in range(3)]
        read = store.read_all()
    acknowledged = sum(is_successful(each) for each in told)
    said = (
        all("expected the same file" in str(each.failure()) for each in (*told, read))
        if (not acknowledged and not is_successful(read))
        else not acknowledged
    )
    if not path.exists():
        return acknowledged + (not said)
    with opened(path) as store:
        there = store.version("account-3").value_or(0)
        whole_still = is_successful(store.integrity(len(list(whole(store)))))
    return max(acknowledged - there, 0) + (not whole_still) + (not said)


@contextmanager
def unwatched() -> Iterator[None]:
    """F26's control: nobody looks whether the file is the one that was opened."""
    with patch.object(LogFile, "replaced", property(lambda self: "")):
        yield


def stale_side_files(folder: Path) -> Figures:
    """F26: a log beside which another's side files lie; wrong is one that is a mixture of the two.

    A write-ahead log says by itself which pages it has, and not of which file: where a whole one of
    another log is put beside a log that was closed, SQLite takes it for its own.
    """
    wrong = 0
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
        store = opened(folder / name / "log")
        for number in range(5):
            events = [deposited(1 if name == "one" else 2)] * 3
            store.append(f"account-{1 if name == 'one' else 2}", 3 * number, events).unwrap()
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(folder / name / f"log{suffix}", folder / name / f"copy{suffix}")
        store.close()
    cases = [
        ("one/log", ("two/copy-wal",)),
        ("one/log", ("two/copy-wal", "two/copy-shm")),
        ("one/log", ("one/copy-wal", "one/copy-shm")),
        ("one/log", ("two/copy-shm",)),
    ]
    for number, (log, beside) in enumerate(cases):
        path = folder / f"case{number}"
        shutil.copy(folder / log, path)
        for each in beside:
            shutil.copy(folder / each, f"{path}-{each.rpartition('-')[2]}")
        with opened(path) as store:
            (found,) = {each.stream for each in whole(store)}
            wrong += 15 != store.head().unwrap()
            wrong += found != "account-1" and "two/copy-wal" not in beside
            event = deposited(int(found[-1]))
            wrong += not is_successful(store.append(found, 15, [event]))
            wrong += 16 != len(list(whole(store))) or not is_successful(store.integrity(16))
    return Figures(len(cases), wrong)


def links(folder: Path) -> Figures:
    """F26: links by which a log is reached, and names of side files that lead into somebody's file."""
    folder.mkdir(parents=True)
    precious = folder / "precious"
    precious.write_text("not yours")
    path, link = folder / "log", folder / "link"
    opened(path).close()
    link.symlink_to(path)
    wrong = 0
    with opened(link) as store, opened(path) as other:
        wrong += not is_successful(store.append("account-1", 0, [deposited(1)]))
        wrong += not is_successful(other.append("account-1", 1, [deposited(1)]))
        link.unlink()
        link.symlink_to(precious)
        wrong += is_successful(store.append("account-1", 2, [deposited(1)]))
    wrong += precious.read_text() != "not yours"
    with opened(path) as store:
        wrong += store.head().unwrap() not in (2, 3)  # recorded perhaps, and not acknowledged
    return Figures(5, wrong)
