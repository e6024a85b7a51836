"""An import is all or nothing, and in nobody's way while its lines are on their way."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import pytest

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptLine
from deciderkit.log.lines import line, read_line
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell import (
    Claim,
    Dispatcher,
    EventStore,
    MemoryEventStore,
    Overtaken,
    StoreFailure,
    import_log,
    open_store,
    verify_log,
    whole_log,
)
from deciderkit.shell.stores import importing
from tests.deciderkit import bank
from tests.deciderkit.turnstile import CoinTaken, InsertCoin, Jammed, Kick, Push, board

codec = Codec.of(board)
AT = "2026-01-01T00:00:00+00:00"
Opened = Callable[[], EventStore]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """One more handle on one log."""
    memory = MemoryEventStore(codec)
    server = request.param == "postgres"
    where = request.getfixturevalue("server_log") if server else tmp_path / "log"
    with ExitStack() as stack:

        def opened() -> EventStore:
            if request.param == "memory":
                return memory
            return stack.enter_context(open_store(where, codec, busy_seconds=0))

        yield opened


def coin(position: int, version: int, gate: str = "north", **changed: Any) -> Recorded[Any]:
    told = {"command_id": f"c{position}", "recorded_at": AT, "tally": Tally(1), **changed}
    return Recorded(position, f"turnstile-{gate}", version, CoinTaken(gate, 1), **told)


LINES = [coin(1, 1), coin(2, 2), coin(3, 1, "south")]


def test_what_is_imported_is_read_back(opened: Opened) -> None:
    store = opened()
    assert 3 == import_log(store, board, codec, LINES).unwrap()
    assert tuple(LINES) == store.read_all().unwrap()
    assert 1 == import_log(store, board, codec, [coin(4, 2, "south")]).unwrap()
    assert 4 == verify_log(store, board).unwrap().position


def test_a_log_comes_back_whole_by_its_lines_with_tallies_and_to_dos(opened: Opened) -> None:
    first = MemoryEventStore(codec)
    dispatcher = Dispatcher(board, first, chunk=2)
    dispatcher.dispatch([InsertCoin("a", 2), Push("a"), Push("a"), Kick("a")], command_id="c1")
    dispatcher.dispatch([InsertCoin("b", 2), Kick("c")]).unwrap()
    text = [line(codec, each) for each in whole_log(first)]
    store = opened()
    lines = (read_line(codec, each, number) for number, each in enumerate(text, 1))
    assert len(text) == import_log(store, board, codec, lines).unwrap()
    assert list(whole_log(first)) == list(whole_log(store))
    assert first.tally("c1") == store.tally("c1")
    again = Dispatcher(board, store).dispatch(
        [InsertCoin("a", 2), Push("a"), Push("a"), Kick("a")], command_id="c1"
    )
    assert 3 == again.unwrap().carried_out
    assert len(text) == store.head().unwrap()
    late = Claim("call-the-mechanic@4", 0, Tally(1))
    assert isinstance(store.append("turnstile-x", 0, [Jammed("x")], late).failure(), Overtaken)


def test_two_commits_of_one_request_are_kept_apart(opened: Opened) -> None:
    store = opened()
    told = [coin(1, 1, command_id="c1"), coin(2, 2, command_id="c1", tally=Tally(2))]
    import_log(store, board, codec, told).unwrap()
    assert told == list(whole_log(store))
    assert Tally(2) == store.tally("c1").unwrap()


def test_others_record_while_the_lines_are_on_their_way(opened: Opened) -> None:
    def coming() -> Iterator[Recorded[Any]]:
        yield from LINES
        opened().append("turnstile-east", 0, [CoinTaken("east", 1)]).unwrap()

    store = opened()
    failure = import_log(store, board, codec, coming()).failure()
    assert isinstance(failure, StoreFailure)
    assert "somebody else recorded after position 0" in failure.reason
    assert [CoinTaken("east", 1)] == [each.event for each in whole_log(store)]


def test_nothing_is_imported_beside_what_others_record(opened: Opened) -> None:
    def coming() -> Iterator[Recorded[Any]]:
        opened().append("turnstile-east", 0, [CoinTaken("east", 1)]).unwrap()
        yield from ()

    assert 0 == import_log(opened(), board, codec, coming()).unwrap()


@pytest.mark.parametrize(
    "bad",
    [
        coin(5, 1),
        coin(3, 2, "south"),
        coin(4, 7, "south"),
        coin(4, 2, "south", command_id="../c"),
        coin(4, 2, "south", command_id="c\0"),
        Recorded(4, "turnstile-a", 1, "no event", "c4", AT),
        Recorded(4, "../turnstile", 1, CoinTaken("../", 1), "c4", AT),
    ],
    ids=range(7),
)
def test_a_bad_line_leaves_the_store_as_it_was(opened: Opened, bad: Recorded[Any]) -> None:
    store = opened()
    with pytest.raises(CorruptLine) as caught:
        import_log(store, board, codec, [*LINES, bad])
    assert 4 == caught.value.number
    assert 0 == store.head().unwrap()
    assert store.tally("c1").unwrap() is None


def test_whatever_the_lines_raise_leaves_the_store_as_it_was(opened: Opened) -> None:
    def broken() -> Iterator[Recorded[Any]]:
        yield from LINES
        raise ConnectionResetError

    store = opened()
    with pytest.raises(ConnectionResetError):
        import_log(store, board, codec, broken())
    assert 0 == store.head().unwrap()


@pytest.mark.parametrize("text", ["bla", "", f"{AT}\0", "2026-01-01T00:00:00"], ids=ascii)
def test_a_time_is_iso_8601_with_an_offset(opened: Opened, text: str) -> None:
    store = opened()
    with pytest.raises(CorruptLine, match="line 2: bad time"):
        import_log(store, board, codec, [coin(1, 1), coin(2, 2, recorded_at=text)])
    assert 0 == store.head().unwrap()


@pytest.mark.parametrize("step", ["write", "seek"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (OSError("no more"), "no more"),
    ],
    ids=["disk", "other"],
)
def test_no_room_to_put_the_lines_aside_is_a_failure_in_words(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, step: str, error: OSError, words: str
) -> None:
    def full(*_: Any) -> int:
        raise error

    monkeypatch.setattr(
        importing, "SpooledTemporaryFile", type("Full", (SpooledTemporaryFile,), {step: full})
    )
    failure = import_log(opened(), board, codec, LINES).failure()
    assert f"the lines cannot be put aside: {words}; nothing was recorded" == str(failure)


def test_an_import_leaves_nothing_beside_the_log(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with open_store(path, codec) as store:
        before = sorted(tmp_path.iterdir())
        seen: list[list[Path]] = []

        def coming() -> Iterator[Recorded[Any]]:
            for number in range(1, 30_000):
                yield coin(number, 1, f"gate{number}")
            seen.append(sorted(tmp_path.iterdir()))

        import_log(store, board, codec, coming(), str(tmp_path)).unwrap()
        assert [before] == seen
        assert before == sorted(tmp_path.iterdir())


def test_a_log_that_is_damaged_takes_nothing_in(opened: Opened) -> None:
    store = opened()
    store.append("turnstile-north", 0, [CoinTaken("south", 1)]).unwrap()
    failure = import_log(store, board, codec, [coin(2, 1)]).failure()
    assert "position 1" in str(failure)
    assert 1 == store.head().unwrap()


def test_a_decimal_and_a_uuid_come_through() -> None:
    money = Codec.of(bank.bank)
    first, second = MemoryEventStore(money), MemoryEventStore(money)
    sent = bank.Send(1, UUID(int=7), 2, Decimal("1.10"))
    Dispatcher(bank.bank, first).dispatch([sent]).unwrap()
    assert 4 == import_log(second, bank.bank, money, whole_log(first)).unwrap()
    assert list(whole_log(first)) == list(whole_log(second))
