"""Opening a store by where it is: a file's name, ``:memory:``, or the address of a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deciderkit.log.codec import Codec
from deciderkit.log.places import is_address
from deciderkit.log.port import EventStore
from deciderkit.shell.stores.clock import Clock
from deciderkit.shell.stores.memory import MemoryEventStore
from deciderkit.shell.stores.postgres.doors import opened_server
from deciderkit.shell.stores.sqlite.file import LogFile
from deciderkit.shell.stores.sqlite.store import SqliteEventStore


@contextmanager
def open_store(
    where: str | Path,
    codec: Codec,
    *,
    create: bool = True,
    clock: Clock | None = None,
    busy_seconds: float = 5,
) -> Iterator[EventStore]:
    """The log at ``where``, made if there is none and ``create`` says so; closed at the end of the ``with``.

    ``where`` is the name of a file, ``:memory:`` for a log that goes with the process, or the address
    of a server, ``postgresql://...`` (extra ``postgres``), where `create_store` has made the log.

    Raises `StoreFailure`, naming the file and what would do, for a folder, a file that is no log or
    from a newer program, one that is missing or cannot be written, and one that is locked for
    ``busy_seconds``; the same of a server, which may be out of reach for so long. Raises
    `CorruptEvent` for a log that is damaged where its tables begin.

    Without ``create``, a log that cannot be written is opened to be read; appends to it fail.

    >>> from deciderkit.log.codec import EventType
    >>> with open_store(":memory:", Codec([EventType("Rang", int)])) as store:
    ...     store.append("door-front", 0, [1]).map(len)
    <Success: 1>
    """
    if str(where) == ":memory:":
        yield MemoryEventStore(codec, clock)
        return
    if is_address(where):
        with opened_server(str(where), codec, clock=clock, patience=busy_seconds) as server:
            yield server
        return
    with opened_file(
        Path(where), codec, create=create, clock=clock, busy_seconds=busy_seconds
    ) as store:
        yield store


def opened_file(
    path: Path,
    codec: Codec,
    *,
    create: bool = True,
    clock: Clock | None = None,
    busy_seconds: float = 5,
) -> SqliteEventStore:
    """The log in the file ``path``; see `open_store`. Close it, or use it in a ``with``."""
    file = LogFile(path, create=create, busy_seconds=busy_seconds)
    return SqliteEventStore(file, codec, clock)
