"""Opening a store by where it is: a file's name, ``:memory:``, or the address of a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deciderkit.log.answers import StoreFailure
from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.shell.stores.clock import Clock
from deciderkit.shell.stores.memory import MemoryEventStore
from deciderkit.shell.stores.places import is_address
from deciderkit.shell.stores.port import EventStore
from deciderkit.shell.stores.sqlite.file import CannotOpen, Damaged, LogFile
from deciderkit.shell.stores.sqlite.store import SqliteEventStore

if TYPE_CHECKING:
    from deciderkit.shell.stores.postgres.store import PostgresEventStore


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


def opened_server(
    url: str, codec: Codec, *, clock: Clock | None = None, patience: float = 5
) -> PostgresEventStore:
    """The log on the server at ``url``; see `open_store`. Close it, or use it in a ``with``."""
    with _extra():
        from deciderkit.shell.stores.postgres.store import opened  # noqa: PLC0415
    return opened(url, codec, clock, patience)


def create_store(url: str, *, writers: Iterable[str] = (), readers: Iterable[str] = ()) -> int:
    """Make the log at ``url`` on a server, or bring its tables up to date; the version before, 0 for none.

    All or nothing, and nothing where they are up to date. The roles in ``writers`` may then append and
    read, park to-dos and save folds; those in ``readers`` may read. Neither can change or delete what
    stands in the log. Raises `StoreFailure`.
    """
    if not is_address(url):
        raise StoreFailure(
            f"{url[:200]!a} is no server: expected postgresql://...; a file needs no making"
        )
    with _extra():
        from deciderkit.shell.stores.postgres.creating import create  # noqa: PLC0415
    return create(url, tuple(writers), tuple(readers))


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"psycopg", "psycopg_pool"}:
            raise
        raise StoreFailure(
            "a log on a server needs an extra: pip install 'mars-rover-decider[postgres]'"
        ) from None


def opened_file(
    path: Path,
    codec: Codec,
    *,
    create: bool = True,
    clock: Clock | None = None,
    busy_seconds: float = 5,
) -> SqliteEventStore:
    """The log in the file ``path``; see `open_store`. Close it, or use it in a ``with``."""
    try:
        file = LogFile(path, create=create, busy_seconds=busy_seconds)
    except CannotOpen as error:
        raise StoreFailure(str(error)) from None
    except Damaged as error:
        raise CorruptEvent(1, str(error)) from None
    return SqliteEventStore(file, codec, clock)
