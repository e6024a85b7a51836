"""A reader who may not write, beside a process that does: it sees what was recorded, or says what it needs.

The reader drops its rights where the tests run as root; where they do not, nobody may write any more once
the writer has opened its files. It is forked from a process that has no log open: SQLite would share it.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from deciderkit.shell import open_store
from deciderkit.shell.cli.edge import Exit
from deciderkit.shell.stores.sqlite.file import LogFile
from tests.deciderkit.shell.cli import bank
from tests.faults.asking import Ended, ask, asked
from tests.faults.harness import Child, Figures, Say, all_ended, forked
from tests.seeding import wrong as wrong_in

_NOBODY = 65534
_SIZE = 10  # events of an append
_OK = re.compile(r"ok: (\d+) events? in 1 stream\n")
_NEEDED = "this folder cannot be written: expected write permission in it"


def beside_a_writer(appends: int, patience: float = 5) -> Figures:
    """F29: ``verify`` again and again and ``log -f`` all the while, by somebody who may read everything.

    Wrong is an answer of ``verify`` other than "ok" with what was acknowledged by then, and each event
    that ``log -f`` has not shown in its place ``patience`` seconds after the last was recorded.
    """
    count, verified, wrong = appends * _SIZE, 0, 0
    with _written_to(appends) as (path, writer), TemporaryDirectory() as elsewhere:
        _nobody_may_write(path, index=0o444)
        said = Path(elsewhere) / "said"
        follower = forked(lambda say: _follow(path, said))
        with all_ended([follower]):
            acknowledged = 0
            while acknowledged < count:
                acknowledged = _acknowledged(writer, acknowledged)
                ok = _OK.fullmatch(_by_nobody(path, "verify").out)
                wrong += ok is None or not acknowledged <= int(ok[1]) <= count
                verified += 1
            wrong += count - _shown(said, count, patience)
    return Figures(verified + count, wrong)


def without_the_index(*commands: str) -> Figures:
    """F29: the index that a writer shares is none of the reader's, so nobody can tell what there is.

    Wrong is a command that does not end with one line that says what is needed.
    """
    with _written_to(1) as (path, _):
        _nobody_may_write(path, index=0o000)
        answers = [_by_nobody(path, *each.split()) for each in commands]
    wrong = sum(not (each.is_one_line(Exit.BAD_INPUT) and _NEEDED in each.err) for each in answers)
    return Figures(len(answers), wrong)


def taken_for_quiet() -> AbstractContextManager[object]:
    """A control of F29: the product reads a log as a file that nobody changes."""
    there = 'self._prepared("rwc" if self.create else "rw")'
    instead = 'self._prepared("rwc" if self.create else "ro&immutable=1")'
    return patch.object(LogFile, "_open", wrong_in(LogFile._open, there, instead))


def blind_to_writers() -> AbstractContextManager[object]:
    """The other: it does so where it cannot tell, though somebody has the log open."""
    there = 'if Path(f"{os.path.realpath(self._place)}-wal").exists():'
    return patch.object(LogFile, "_open", wrong_in(LogFile._open, there, "if False:"))


@contextmanager
def _written_to(appends: int) -> Iterator[tuple[Path, Child]]:
    """A log to which a process appends so often; it keeps it open until the end of the block."""

    def write(say: Say) -> None:
        with open_store(path, bank.program.codec) as store:
            for number in range(appends):
                events = [bank.Deposited(1, Decimal(1))] * _SIZE
                store.append("account-1", number * _SIZE, events).unwrap()
                say(f"{(number + 1) * _SIZE}")
                time.sleep(0.01)
            time.sleep(60)

    with TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        with open_store(path, bank.program.codec):
            pass
        for command in ("verify", "log"):  # whatever they import: nobody may not read that either
            assert asked(path, command).code == Exit.CARRIED_OUT
        writer = forked(write)
        with all_ended([writer]):
            writer.speaks()  # its files are open
            try:
                yield path, writer
            finally:
                Path(folder).chmod(0o755)


def _nobody_may_write(path: Path, index: int) -> None:
    for file in path.parent.iterdir():
        file.chmod(index if file.name.endswith("-shm") else 0o444)
    path.parent.chmod(0o555)


def _acknowledged(writer: Child, before: int) -> int:
    """How many events were acknowledged by now; it waits until there are more than ``before``."""
    writer.speaks(more_than=before // _SIZE)
    return int(writer.so_far()[-1])


def _by_nobody(path: Path, *arguments: str) -> Ended:
    """How the command line ends for somebody without rights, in a process of its own."""

    def work(say: Say) -> None:
        _drop_rights()
        say(json.dumps(asked(path, *arguments)))

    child = forked(work)
    with all_ended([child]):  # one that follows, and should not, says nothing
        return Ended(*json.loads(child.lines()[0])) if child.speaks() else Ended(None, "", "")


def _follow(path: Path, said: Path) -> None:
    """Write what ``log -f`` says into the file ``said``, until killed."""
    with said.open("w") as out:
        _drop_rights()
        ask(path, "log", "-f", out=out, err=out)


def _drop_rights() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


def _shown(said: Path, count: int, patience: float) -> int:
    """How many of ``count`` events stand in ``said``, each in its place; it waits for them a while."""
    deadline = time.monotonic() + patience
    while True:
        lines = said.read_text().splitlines() if said.exists() else []
        if len(lines) >= count or time.monotonic() > deadline:
            return sum(line.startswith(f"{place} ") for place, line in enumerate(lines, 1))
        time.sleep(0.02)
