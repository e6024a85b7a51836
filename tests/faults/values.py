"""Values that would not be read back: refused by every store, before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from returns.pipeline import is_successful

from deciderkit.log.codec import Codec
from deciderkit.log.errors import NotStorable
from deciderkit.shell import EventStore, MemoryEventStore, open_store
from deciderkit.testing.store_rules.examples import READABLE, UNREADABLE, codec, noted
from tests.faults.harness import Figures


def unreadable_values(path: Path) -> Figures:
    """F24: wrong is a value that is acknowledged and not read back equal, or that harms the others."""
    with open_store(path, codec) as store:
        on_disk = wrong_values(store)
    with open_store(path, codec) as store:
        on_disk += not is_successful(store.read_all())
    in_memory = wrong_values(MemoryEventStore(codec))
    return Figures(2 * (len(UNREADABLE) + len(READABLE)), on_disk + in_memory)


def wrong_values(store: EventStore) -> int:
    wrong, expected = 0, list[Any]()
    for event in (*UNREADABLE.values(), *READABLE.values()):
        good = any(event is each for each in READABLE.values())
        result = store.append("a-1", len(expected), [*noted("beside it"), event])
        if good:
            expected += [*noted("beside it"), event]
            wrong += not is_successful(result)
        else:
            wrong += not isinstance(result.swap().value_or(None), NotStorable)
        found = store.read_all().value_or(())
        wrong += [each.event for each in found] != expected
    return wrong


@contextmanager
def only_encoded() -> Iterator[None]:
    """F24's control: an event is written if it can be written, whoever reads it."""
    with patch.object(Codec, "readable", Codec.encode):
        yield
