"""An import is all or nothing, and in nobody's way while its lines are on their way."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from deciderkit.shell.event_store import StoreFailure
from deciderkit.shell.sqlite import SqliteEventStore, open_store
from deciderkit.shell.sqlite_import import import_lines
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit.log.codec import Codec, CorruptLine, EventType
from deciderkit.log.recorded import Recorded
from deciderkit.shell import sqlite_import
from tests.deciderkit.turnstile import CoinTaken, board

codec = Codec([EventType("CoinTaken", CoinTaken)])
AT = "2026-01-01T00:00:00+00:00"


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def opened(path: Path) -> SqliteEventStore:
    store: SqliteEventStore = value(open_store(path, codec, busy_seconds=0))
    return store


def coin(position: int, version: int, gate: str = "north", **changed: str) -> Recorded[Any]:
    places = {"command_id": f"c{position}", "recorded_at": AT, **changed}
    return Recorded(position, f"turnstile-{gate}", version, CoinTaken(gate, 1), **places)


LINES = [coin(1, 1), coin(2, 2), coin(3, 1, "south")]


def test_what_is_imported_is_read_back(tmp_path: Path) -> None:
    with opened(tmp_path / "log") as store:
        assert 3 == value(import_lines(store, board, LINES))
        assert tuple(LINES) == value(store.read_all())
        assert 1 == value(import_lines(store, board, [coin(4, 2, "south")]))


def test_others_record_while_the_lines_are_on_their_way(tmp_path: Path) -> None:
    def coming(count: int) -> Iterator[Recorded[Any]]:
        yield from LINES[:count]
        with opened(tmp_path / "log") as other:
            value(other.append("turnstile-east", 0, [CoinTaken("east", 1)], "e1"))

    with opened(tmp_path / "log") as store:
        failure = unsafe_perform_io(import_lines(store, board, coming(3)).failure())
        assert isinstance(failure, StoreFailure)
        assert "somebody else recorded after position 0 meanwhile" in failure.reason
        assert [CoinTaken("east", 1)] == [each.event for each in value(store.read_all())]


def test_nothing_is_imported_beside_what_others_record(tmp_path: Path) -> None:
    def coming() -> Iterator[Recorded[Any]]:
        with opened(tmp_path / "log") as other:
            value(other.append("turnstile-east", 0, [CoinTaken("east", 1)], "e1"))
        yield from ()

    with opened(tmp_path / "log") as store:
        assert 0 == value(import_lines(store, board, coming()))


def test_a_bad_line_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path / "log") as store:
        for bad in (coin(5, 1), coin(4, 2, "south", command_id="c1")):
            with pytest.raises(CorruptLine):
                import_lines(store, board, [*LINES, bad])
            assert 0 == value(store.head())


@pytest.mark.parametrize("text", ["bla", "", f"{AT}\0", "2026-01-01T00:00:00"], ids=ascii)
def test_a_time_is_iso_8601_with_an_offset(tmp_path: Path, text: str) -> None:
    with opened(tmp_path / "log") as store:
        with pytest.raises(CorruptLine, match="line 2: bad time"):
            import_lines(store, board, [coin(1, 1), coin(2, 2, recorded_at=text)])
        with pytest.raises(CorruptLine, match="line 1: bad id"):
            import_lines(store, board, [coin(1, 1, command_id=f"c{text}\0")])
        assert 0 == value(store.head())


def test_no_room_to_put_the_lines_aside_is_a_failure_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(SpooledTemporaryFile[bytes]):
        def write(self, _: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sqlite_import, "SpooledTemporaryFile", Full)
    with opened(tmp_path / "log") as store:
        failure = unsafe_perform_io(import_lines(store, board, LINES).failure())
        assert "No space left on device; nothing was recorded" in str(failure)
