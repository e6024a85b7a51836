"""What the fault tests share: real stores, processes that are killed, and how their figures are told.

The domain is the bank of the kit's own tests: amounts, and nothing is refused for having been done
before, so whatever is done twice or never shows in the log.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, NoReturn, TypeAlias, overload

from deciderkit import Board
from deciderkit.log.audit import Audit
from deciderkit.log.codec import Codec
from deciderkit.log.places import is_address
from deciderkit.log.recorded import Recorded
from deciderkit.shell import Dispatcher, EventStore, whole_log
from deciderkit.shell.stores.opening import opened_file
from deciderkit.shell.stores.postgres.doors import opened_server
from deciderkit.shell.stores.sqlite.store import SqliteEventStore
from tests.deciderkit.bank import Deposited, FeeCharged, Overdrawn, Withdraw, bank, whole_bank

CODEC = Codec.of(whole_bank)
Say = Callable[[str], None]
Where: TypeAlias = Path | str
"""A log: the name of a file, or the address of a server."""


class Figures(NamedTuple):
    """How often a fault was made, and how often something was wrong then."""

    tried: int
    wrong: int


def goes_wrong(control: Callable[[Path], Figures], folder: Path, tries: int = 5) -> bool:
    """Whether ``control`` goes wrong in one of some tries, each in a folder of its own.

    Where a fault is a race, chance may spare a wrong program once.
    """
    for number in range(tries):
        at = folder / f"try{number}"
        at.mkdir()
        if control(at).wrong > 0:
            return True
    return False


@overload
def opened(path: Path, **how: Any) -> SqliteEventStore: ...
@overload
def opened(path: Where, **how: Any) -> Any: ...
def opened(path: Where, **how: Any) -> Any:
    """The log at ``path``."""
    if is_address(str(path)):
        return opened_server(str(path), CODEC, patience=how.get("busy_seconds", 5))
    return opened_file(Path(path), CODEC, **how)


def as_a(kind: type | None, store: Any) -> Any:
    """``store`` as one of ``kind``, which does something else and holds nothing else."""
    if kind is not None:
        store.__class__ = kind
    return store


def whole(store: EventStore) -> Iterator[Recorded[Any]]:
    """The log, page by page."""
    return whole_log(store)


def audited(path: Where) -> Audit:
    """The log in ``path`` after an audit: no gap anywhere, and all of it folds."""
    audit = Audit(whole_bank)
    with opened(path) as store:
        for recorded in whole(store):
            audit.take(recorded)
    return audit


def deposited(account: int, amount: int = 1) -> Deposited:
    return Deposited(account, Decimal(amount))


def overdraw(account: int, amount: int = 1) -> Withdraw:
    """Takes more out of an empty account than there is."""
    return Withdraw(account, Decimal(amount))


def dispatcher(store: EventStore, board: Board = bank, **how: Any) -> Dispatcher:
    return Dispatcher(board, store, **how)


def unanswered(path: Where) -> tuple[int, int]:
    """How many fees were asked for, and how many of these were not charged just once, under their id."""
    asked: list[str] = []
    charged = Counter[str]()
    with opened(path) as store:
        for recorded in whole(store):
            if isinstance(recorded.event, Overdrawn):
                asked.append(f"charge-fee@{recorded.position}")
            elif isinstance(recorded.event, FeeCharged):
                charged[recorded.command_id] += 1
    wrong = sum(charged[each] != 1 for each in asked)
    return len(asked), wrong + sum((charged - Counter(asked)).values())


def die() -> NoReturn:
    """What ``kill -9`` does, from inside."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


class Child(NamedTuple):
    """A process of our own, and the file of what it says: a pipe would hold it up where nobody reads."""

    pid: int
    said: IO[bytes]

    def lines(self) -> list[str]:
        """All that it has said, once it has ended."""
        os.waitpid(self.pid, 0)
        with self.said as file:
            file.seek(0)
            return file.read().decode("ascii").split("\n")[:-1]

    def so_far(self) -> list[str]:
        """What it has said by now."""
        file = self.said.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode("ascii").split("\n")[:-1]

    def speaks(self, more_than: int = 0, within: float = 10) -> bool:
        """Whether it says so many lines and one more; it waits for that, or for its end."""
        end, over = time.monotonic() + within, False
        while len(self.so_far()) <= more_than:
            if over or time.monotonic() > end:
                return False
            over = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            time.sleep(0.001)
        return True

    def kill_after(self, seconds: float) -> list[str]:
        """Kill it that long after its first word; what it said until then."""
        self.speaks()
        time.sleep(seconds)
        # It is not waited for yet, so the number is still its own.
        os.kill(self.pid, signal.SIGKILL)
        return self.lines()


def forked(work: Callable[[Say], None]) -> Child:
    """Run ``work`` in a process of its own; it is given a function that says one line at once."""
    file = TemporaryFile(buffering=0)  # noqa: SIM115 - whoever reads the lines closes it
    with warnings.catch_warnings():  # no lock is held by a thread that the child would miss
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            # A tracer of coverage has a lock of its own, which an alarm in its midst would leave locked.
            sys.settrace(None)
            work(lambda line: (os.write(file.fileno(), f"{line}\n".encode("ascii")), None)[1])
            code = 0
        finally:
            os._exit(code)
    return Child(pid, file)


@contextmanager
def all_ended(children: list[Child]) -> Iterator[None]:
    """Whatever happens in the block, no child is left behind."""
    try:
        yield
    finally:
        for child in children:
            child.said.close()
            try:
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue
