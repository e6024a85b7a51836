"""The doors to a log on a server: without the extra that they need, they say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deciderkit.log.answers import StoreFailure
from deciderkit.log.codec import Codec
from deciderkit.log.places import is_address
from deciderkit.shell.stores.clock import Clock

if TYPE_CHECKING:
    from deciderkit.shell.stores.postgres.store import PostgresEventStore


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
