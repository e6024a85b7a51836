"""A log that an older program wrote, in the file that it wrote: read, brought up to date, gone on with.

``schema_1.txt`` is such a file, packed: a request of three parts, a policy's work, a to-do that was
parked, a saved fold. That program knew no tallies, and random ids for what policies did.
"""

from __future__ import annotations

import sqlite3
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import decompress

import pytest
from returns.result import Success

from deciderkit.log.codec import Codec
from deciderkit.log.lines import line, read_line
from deciderkit.log.recorded import Recorded
from deciderkit.shell import (
    Conflict,
    Dispatcher,
    MemoryEventStore,
    StoreFailure,
    import_log,
    verify_log,
    whole_log,
)
from deciderkit.shell.stores.sqlite import tables
from deciderkit.testing.store_contract import claim
from tests.deciderkit.shell.stores.sqlite.files import (
    damage,
    failure_of,
    nobody_may_write,
    opened,
)
from tests.deciderkit.turnstile import (
    CoinTaken,
    InsertCoin,
    Jammed,
    MechanicCalled,
    PersonPassed,
    Push,
    Unlocked,
    board,
    takings,
)

CODEC = Codec.of(board)
PACKED = Path(__file__).with_name("schema_1.txt")
RANDOM = "0" * 31
LOG = tuple(
    Recorded(position, stream, version, event, command_id, f"2026-01-01T00:00:0{second}+00:00")
    for position, stream, version, event, command_id, second in (
        (1, "turnstile-north", 1, CoinTaken("north", 1), "visit-1", 1),
        (2, "turnstile-north", 2, CoinTaken("north", 1), "visit-1", 1),
        (3, "turnstile-north", 3, Unlocked("north"), "visit-1", 1),
        (4, "turnstile-north", 4, PersonPassed("north"), "visit-1~1", 2),
        (5, "turnstile-east", 1, CoinTaken("east", 2), "visit-1~2", 3),
        (6, "turnstile-east", 2, Unlocked("east"), "visit-1~2", 3),
        (7, "turnstile-north", 5, Jammed("north"), f"{RANDOM}0", 4),
        (8, "mechanic-north", 1, MechanicCalled("north"), f"{RANDOM}1", 5),
        (9, "turnstile-south", 1, Jammed("south"), f"{RANDOM}2", 6),
        (10, "turnstile-west", 1, CoinTaken("west", 1), f"{RANDOM}4", 7),
        (11, "turnstile-east", 3, PersonPassed("east"), "visit-2", 8),
    )
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old"
    path.write_bytes(decompress(b64decode(PACKED.read_text())))
    return path


def schema_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(found)


def test_it_is_read_as_it_was_written_and_brought_up_to_date(old: Path) -> None:
    assert 1 == schema_of(old)
    for _ in range(2):
        with opened(old, CODEC) as store:
            assert Success(LOG) == store.read_all()
            assert 11 == verify_log(store, board).unwrap().position
        assert tables.SCHEMA == schema_of(old)


def test_it_is_brought_up_to_date_by_whoever_may_write_whether_or_not_one_would_be_made(
    old: Path,
) -> None:
    with opened(old, CODEC, create=False) as store:
        assert list(LOG) == list(whole_log(store))
    assert tables.SCHEMA == schema_of(old)


def test_its_tables_are_then_those_of_a_new_log(old: Path, tmp_path: Path) -> None:
    for path in (old, tmp_path / "new"):
        opened(path, CODEC).close()
    found = []
    for path in (old, tmp_path / "new"):
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2")
        columns = [
            connection.execute(f"SELECT * FROM {table} LIMIT 0").description
            for table in ("streams", "kinds", "commits", "events", "log", "parked", "saved")
        ]
        found.append((rows.fetchall(), columns))
        connection.close()
    assert found[0] == found[1]


def test_no_row_of_its_events_is_touched(old: Path) -> None:
    seen = []
    for _ in range(2):
        connection = sqlite3.connect(old)
        rows = connection.execute("SELECT * FROM events ORDER BY position").fetchall()
        places = connection.execute(
            "SELECT first, size, stream, version, command_id, recorded_at, chained_to FROM commits"
        ).fetchall()
        seen.append((rows, places))
        connection.close()
        opened(old, CODEC).close()
    assert seen[0] == seen[1]


def test_it_goes_on_and_stays_whole(old: Path) -> None:
    with opened(old, CODEC) as store:
        said = claim("c1", 0, 1)
        store.append("turnstile-west", 1, [CoinTaken("west", 1)], said).unwrap()
        assert Conflict("turnstile-west", 1, 2) == (
            store.append("turnstile-west", 1, [CoinTaken("west", 1)]).failure()
        )
        assert said.tally == store.tally("c1").unwrap()
        assert 12 == verify_log(store, board).unwrap().position
    connection = sqlite3.connect(old)
    with pytest.raises(sqlite3.IntegrityError, match="the log is never changed"):
        connection.execute("DELETE FROM commits")
    connection.close()


@pytest.mark.parametrize("command_id", ["visit-1", "visit-2"])
def test_a_retry_of_one_of_its_requests_is_refused_in_words(old: Path, command_id: str) -> None:
    with opened(old, CODEC) as store:
        stopped = Dispatcher(board, store).dispatch([Push("east")], command_id=command_id).failure()
        assert (
            StoreFailure(
                f"{old}: request {command_id!r} is from a log without tallies: nobody can tell how far it "
                "got; expected another id"
            )
            == stopped.because
        )
        assert isinstance(store.tally(command_id).failure(), StoreFailure)
        assert 11 == store.head().unwrap()


def test_a_request_under_an_id_that_it_does_not_know_is_none_of_its_own(old: Path) -> None:
    with opened(old, CODEC) as store:
        for free in ("visit-3", "visit-1.1", "visit"):
            assert store.tally(free).unwrap() is None


def test_nobody_takes_an_old_request_up_by_a_claim(old: Path) -> None:
    """Whoever does not ask for the tally first is refused all the same."""
    with opened(old, CODEC) as store:
        said = claim("visit-1", 0, 1)
        refused = store.append("turnstile-west", 1, [CoinTaken("west", 1)], said).failure()
        assert isinstance(refused, StoreFailure)
        assert "is from a log without tallies" in refused.reason
        assert 11 == store.head().unwrap()


def test_bringing_it_up_to_date_does_no_to_do_by_itself_and_what_was_parked_is_tried_once_more(
    old: Path,
) -> None:
    with opened(old, CODEC) as store:
        assert () == store.notes().unwrap()
        dispatcher = Dispatcher(board, store)
        (todo,) = dispatcher.todos().unwrap()
        assert (9, "south") == (todo.position, todo.key)
        assert 11 == store.head().unwrap()
        for _ in range(2):
            dispatcher.resume().unwrap()
        (*_, last) = store.read_all().unwrap()
        assert (MechanicCalled("south"), "call-the-mechanic@9") == (last.event, last.command_id)
        assert 12 == store.head().unwrap()


def test_what_it_had_saved_is_not_believed(old: Path) -> None:
    with opened(old, CODEC) as store:
        assert store.load("reading", "old").unwrap() is None
        assert Success(5) == Dispatcher(board, store, version="old").view(takings)


def test_its_lines_are_those_of_a_new_log(old: Path) -> None:
    with opened(old, CODEC) as store:
        text = [line(CODEC, each) for each in whole_log(store)]
        assert not [each for each in text if b"tally" in each]
    other = MemoryEventStore(CODEC)
    lines = (read_line(CODEC, each, number) for number, each in enumerate(text, 1))
    assert 11 == import_log(other, board, CODEC, lines).unwrap()
    assert list(LOG) == list(whole_log(other))


def test_in_a_store_that_took_its_lines_in_a_retry_is_refused_as_well(
    old: Path, tmp_path: Path
) -> None:
    with opened(tmp_path / "new", CODEC) as store:
        import_log(store, board, CODEC, LOG).unwrap()
        assert "without tallies" in str(store.tally("visit-1").failure())
        assert store.tally("visit-3").unwrap() is None


def test_damage_is_found_as_it_was_before(old: Path) -> None:
    damage(old, "UPDATE events SET data = '{}' WHERE position = 4")
    with opened(old, CODEC) as store:
        assert "corrupt event at position 4" in str(verify_log(store, board).failure())


def test_who_may_not_write_is_told_that_somebody_has_to_once() -> None:
    with TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        old.write_bytes(decompress(b64decode(PACKED.read_text())))
        before = old.read_bytes()
        with nobody_may_write(old.parent):
            said = failure_of(old, create=False)
        assert before == old.read_bytes()
    assert f"{old}: written by an older program (schema 1): expected write permission once" in said


def test_two_who_bring_it_up_to_date_at_once_do_it_once(old: Path) -> None:
    def read(_: int) -> int:
        with opened(old, CODEC) as store:
            return len(store.read_all().unwrap())

    with ThreadPoolExecutor(4) as threads:
        assert [11] * 4 == list(threads.map(read, range(4)))


def test_an_interrupted_change_leaves_it_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupt(BaseException):
        pass

    done = tables.bring_up_to_date

    def half(connection: sqlite3.Connection) -> None:
        done(connection)
        raise Interrupt

    monkeypatch.setattr(tables, "bring_up_to_date", half)
    with pytest.raises(Interrupt):
        opened(old, CODEC)
    assert 1 == schema_of(old)
    monkeypatch.undo()
    with opened(old, CODEC) as store:
        assert list(LOG) == list(whole_log(store))


def test_a_new_request_reads_on_where_the_old_log_ends(old: Path) -> None:
    with opened(old, CODEC) as store:
        sent = [InsertCoin("west", 1), Push("west")]
        for _ in range(2):
            report = Dispatcher(board, store).dispatch(sent, command_id="visit-3").unwrap()
            assert 2 == report.carried_out
        tally = store.tally("visit-3").unwrap()
        assert tally is not None
        assert 2 == tally.done
