"""Stores for the promises: each is asked on every store that comes with the kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deciderkit import Board
from deciderkit.log.codec import Codec
from deciderkit.shell import EventStore, MemoryEventStore, open_store

Stores = Callable[[Board], EventStore]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Makes a store for a board; asked again, another handle on the same log where there are such."""
    server = request.param == "postgres"
    where = request.getfixturevalue("server_log") if server else tmp_path / "log.db"
    with ExitStack() as stack:
        memory: dict[int, EventStore] = {}

        def make(board: Board) -> EventStore:
            codec = Codec.of(board)
            if request.param == "memory":
                return memory.setdefault(0, MemoryEventStore(codec))
            return stack.enter_context(open_store(where, codec))

        yield make
