"""The power is cut: the writes that were not synced are lost, torn or reordered, and the disk is opened.

A writer runs under ``strace``. From its writes and syncs any state is rebuilt that the disk may have
been in at some moment: all that was synced, and any part of what was not, in any order, in sectors.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from deciderkit.log.errors import CorruptEvent
from deciderkit.shell import StoreFailure
from tests.faults.harness import Figures, deposited, opened, whole
from tests.seeding import ASKED

SECTOR = 512
_CALL = re.compile(r"^\d+ +(\w+)\((\d+)<([^>]*)>(?:, )?(.*)\) += +(-?\d+)")
_DATA = re.compile(r'^"((?:\\x[0-9a-f]{2})*)", \d+(?:, (\d+))?$')

WRITER = """
import tests.seeding
import os
import sys
from pathlib import Path
from random import Random
from tests.faults.harness import deposited, opened
path, appends = Path(sys.argv[1]), int(sys.argv[2])
chance = Random(5)
with opened(path) as store:
    for number in range(appends):
        events = [deposited(number)] * chance.choice((1, 2, 20, 200))
        store.append(f"account-{number}", 0, events).unwrap()
        os.write(1, f"account-{number} {len(events)}".encode())
"""
"""As a user of the product writes: nothing of how durable it is is said here."""

FILE: Final = "deciderkit.shell.stores.sqlite.file"
NORMAL: Final = (FILE, "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL")
OFF: Final = (FILE, "PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF")
"""F2's controls: the product with one word of it changed."""


class Step(NamedTuple):
    """One thing that the writer did: a write, a sync, a truncation, or an acknowledgement."""

    kind: str
    file: str
    offset: int = 0
    data: bytes = b""


def recorded_steps(folder: Path, bug: tuple[str, str, str] | None, appends: int) -> list[Step]:
    """What a writer of ``appends`` appends did to its store, which is new; its files stay beside."""
    path, trace = folder / "log", folder / "trace"
    opened(path).close()
    copyfile(path, folder / "before")
    calls = "pwrite64,write,fsync,fdatasync,ftruncate"
    strace = ["strace", "-f", "-yy", "-xx", "-s", "1000000", "-e", f"trace={calls}", "-o"]
    writer = [sys.executable, "-c", WRITER, str(path), str(appends)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, **({ASKED: json.dumps(bug)} if bug else {})}
    subprocess.run(
        [*strace, str(trace), *writer],
        check=True,
        cwd=root,
        stdout=subprocess.PIPE,
        env=environment,
    )
    with trace.open(encoding="ascii") as lines:
        return list(_steps(lines, path))


def _steps(lines: Iterator[str], path: Path) -> Iterator[Step]:
    suffixes = {_escaped(f"{path}{suffix}"): suffix for suffix in ("", "-wal")}
    suffixes |= {f"{path}{suffix}": suffix for suffix in ("", "-wal")}
    for line in lines:
        call = _CALL.match(line)
        if call is None:
            continue
        name, number, file, arguments, _ = call.groups()
        if name == "write" and number == "1":
            said = _bytes(arguments)[0]
            if said.startswith(b"account-"):  # and not what a process of a library's says
                yield Step("acknowledged", "", data=said)
        elif file in suffixes:
            if name == "pwrite64":
                data, offset = _bytes(arguments)
                yield Step("write", suffixes[file], offset, data)
            elif name == "ftruncate":
                yield Step("truncate", suffixes[file], int(arguments))
            elif name in ("fsync", "fdatasync"):
                yield Step("sync", suffixes[file])


def _escaped(text: str) -> str:
    return "".join(f"\\x{each:02x}" for each in text.encode())


def _bytes(arguments: str) -> tuple[bytes, int]:
    found = _DATA.match(arguments)
    assert found, arguments[:200]
    return bytes.fromhex(found[1].replace("\\x", "")), int(found[2] or 0)


def image(
    before: bytes, steps: list[Step], chance: Random
) -> tuple[dict[str, bytes], dict[str, int]]:
    """A disk as it may be after ``steps``, and the events that were acknowledged by then."""
    disk = {"": bytearray(before), "-wal": bytearray()}
    unsynced: dict[str, list[Step]] = {"": [], "-wal": []}
    acknowledged: dict[str, int] = {}
    for step in steps:
        if step.kind == "acknowledged":
            name, size = step.data.split()
            acknowledged[name.decode()] = int(size)
        elif step.kind == "sync":
            _apply(disk[step.file], unsynced[step.file])
            unsynced[step.file] = []
        else:
            unsynced[step.file].append(step)
    fate = chance.choice(("dropped", "torn", "reordered", "kept"))
    for file, waiting in unsynced.items():
        _apply(disk[file], _survivors(waiting, fate, chance))
    return {file: bytes(content) for file, content in disk.items()}, acknowledged


def _survivors(waiting: list[Step], fate: str, chance: Random) -> list[Step]:
    if fate in ("dropped", "kept"):
        return waiting if fate == "kept" else []
    pieces = [
        Step(each.kind, each.file, each.offset + at, each.data[at : at + SECTOR])
        for each in waiting
        for at in (range(0, len(each.data), SECTOR) if each.kind == "write" else (0,))
    ]
    kept = [each for each in pieces if chance.random() < chance.choice((0.1, 0.5, 0.9))]
    if fate == "reordered":
        chance.shuffle(kept)
    return kept


def _apply(content: bytearray, steps: list[Step]) -> None:
    for step in steps:
        if step.kind == "truncate":
            del content[step.offset :]
            content.extend(bytes(step.offset - len(content)))
        else:
            content.extend(bytes(max(0, step.offset - len(content))))
            content[step.offset : step.offset + len(step.data)] = step.data


def power_cuts(images: int, bug: tuple[str, str, str] | None = None, appends: int = 160) -> Figures:
    """F2: disks after a power cut; wrong is one that is unreadable or lacks what was acknowledged."""
    chance, wrong = Random(11), 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        steps = recorded_steps(folder, bug, appends)
        kinds = [step.kind for step in steps]
        assert appends == kinds.count("acknowledged")
        assert any(step.file == "" and step.kind == "write" for step in steps), "no checkpoint"
        before = (folder / "before").read_bytes()
        for _ in range(images):
            cut = chance.randrange(1, len(steps) + 1)
            disk, acknowledged = image(before, steps[:cut], chance)
            wrong += not survives(folder / "image", disk, acknowledged)
    return Figures(images, wrong)


def survives(path: Path, disk: dict[str, bytes], acknowledged: dict[str, int]) -> bool:
    """Whether ``disk`` opens as a log that holds all that was ``acknowledged``."""
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    for suffix, content in disk.items():
        path.with_name(f"{path.name}{suffix}").write_bytes(content)
    found: dict[str, int] = {}
    try:
        with opened(path) as store:
            for recorded in whole(store):
                found[recorded.stream] = found.get(recorded.stream, 0) + 1
                assert f"account-{recorded.event.account}" == recorded.stream
                assert deposited(recorded.event.account) == recorded.event
    except (StoreFailure, CorruptEvent):
        return False
    return all(found.get(name) == size for name, size in acknowledged.items())
