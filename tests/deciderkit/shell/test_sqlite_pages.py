"""What a page of an embedded log costs: as many rows as it has, however long the stream is behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deciderkit.log.codec import Codec
from deciderkit.shell import open_store
from deciderkit.shell.stores.sqlite import rows
from tests.deciderkit.turnstile import CoinTaken, board


def test_a_page_of_a_stream_reads_the_commits_of_its_events_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    make = rows._commit

    def counted(row: tuple[Any, ...]) -> Any:
        made.append(row)
        return make(row)

    with open_store(tmp_path / "log.db", Codec.of(board)) as store:
        for number in range(20):
            events = [CoinTaken("a", number)] * 10
            store.append("turnstile-a", 10 * number, events).unwrap()
        monkeypatch.setattr(rows, "_commit", counted)
        page = store.read("turnstile-a", 35, 10).unwrap()
    assert [*range(36, 46)] == [each.version for each in page]
    assert 2 == len(made)
