"""``export``, ``import`` and ``salvage``: whole or not at all, and never through somebody else's link."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import BANK, ROOT, Kit, ended

COUNT = 5


@pytest.fixture
def bank(kit: Kit) -> Kit:
    deposits = [f'{{"type": "Deposit", "account": {each}, "amount": "1"}}' for each in range(COUNT)]
    assert 0 == kit("do", "-q", *deposits).code
    return kit


def test_an_export_is_whole_and_overwrites_nothing(bank: Kit, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    assert (0, "5 events written to out.jsonl\n", "") == bank("export", str(file))
    assert file.read_text() == bank("log", "--json").out == bank("export").out
    ended = bank("export", str(file))
    assert (2, "") == ended[:2]
    assert "there is such a file already" in ended.err
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert 2 == bank("export", str(link)).code
    assert not (tmp_path / "elsewhere").exists()
    assert 2 == bank("export", str(tmp_path / "no" / "folder")).code
    assert 3 == len(bank("export", "--after", "2").out.splitlines())


def test_a_damaged_log_is_not_exported_at_all(bank: Kit, store: Path, tmp_path: Path) -> None:
    spoil(store, 3)
    assert 4 == bank("export", str(tmp_path / "out.jsonl")).code
    assert [store] == list(tmp_path.iterdir())


def test_a_new_store_that_fails_leaves_nothing_behind(
    bank: Kit, tmp_path: Path, store: Path
) -> None:
    lines = bank("export").out.splitlines()
    bad = "\n".join([*lines[:2], *lines[3:]]).encode()
    ended = bank("import", "-", "--store", str(tmp_path / "copy.db"), stdin=bad)
    reason = (
        "error: standard input, line 3: position 4 leaves a gap: expected 3; nothing was recorded\n"
    )
    assert (2, "", reason) == ended
    assert [store] == list(tmp_path.iterdir())


def test_an_import_that_is_killed_leaves_no_store_and_the_next_one_starts_anew(
    bank: Kit, tmp_path: Path, store: Path
) -> None:
    lines = bank("export").out
    target = tmp_path / "copy.db"
    with subprocess.Popen(
        [sys.executable, "-m", "deciderkit", "import", "-", "--store", str(target)],
        cwd=ROOT,
        env={**os.environ, "DECIDERKIT_BOARD": BANK},
        stdin=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        process.stdin.write(lines.splitlines()[0] + "\n")
        process.stdin.flush()
        wait_for(lambda: any(each.name.startswith(".unfinished-") for each in tmp_path.iterdir()))
        process.send_signal(signal.SIGKILL)
    assert not target.exists()
    assert (0, "5 events recorded\n", "") == bank(
        "import", "-", "--store", str(target), stdin=lines.encode()
    )
    assert "ok: 5 events in 5 streams\n" == bank("verify", "--store", str(target)).out


def test_an_import_goes_nowhere_by_links_that_stand_beside_it(bank: Kit, tmp_path: Path) -> None:
    """Links of the names that were foreseeable once, to somebody else's file."""
    lines = bank("export").out.encode()
    victim, folder = tmp_path / "victim", tmp_path / "folder"
    victim.write_text("mine")
    folder.mkdir()
    for pid in range(os.getpid() - 3, os.getpid() + 50):
        (folder / f".import.{pid}").symlink_to(victim)
    assert 0 == bank("import", "-", "--store", str(folder / "copy.db"), stdin=lines).code
    assert "mine" == victim.read_text()


def test_an_interrupted_import_says_that_nothing_was_recorded(bank: Kit, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with subprocess.Popen(
        [sys.executable, "-m", "deciderkit", "import", "-", "--store", str(target)],
        cwd=ROOT,
        env={**os.environ, "DECIDERKIT_BOARD": BANK},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for(lambda: any(each.name.startswith(".unfinished-") for each in tmp_path.iterdir()))
        process.send_signal(signal.SIGINT)
        assert process.stderr
        said = process.stderr.read().strip()
    assert (130, "error: interrupted; nothing was recorded") == (process.returncode, said)
    assert [] == [each for each in tmp_path.iterdir() if each.name.startswith((".", "copy"))]


def test_what_is_good_before_a_damage_is_printed_and_the_place_is_named(
    bank: Kit, store: Path
) -> None:
    before = bank("log").out.splitlines()
    spoil(store, 4)
    ended = bank("log")
    assert (4, before[:3]) == (ended.code, ended.out.splitlines())
    assert "error: corrupt event at position 4: the checksum does not fit\n" == ended.err
    assert 3 == len(bank("log", "--json").out.splitlines())
    assert (4, "") == bank("log", "--after", "3")[:2]


def test_salvage_copies_what_is_sound_and_lists_the_rest_with_reasons(
    bank: Kit, store: Path, tmp_path: Path
) -> None:
    before = bank("log", "--json").out.splitlines()
    spoil(store, 3)
    content = store.read_bytes()
    new = str(tmp_path / "rescued.db")
    ended = bank("salvage", new)
    assert (0, "") == (ended.code, ended.err)
    head, third, fourth, fifth = ended.out.splitlines()
    assert f"2 events copied to {new}; left out:" == head
    assert "3: the checksum does not fit" == third
    assert [
        "4: stands behind position 3  " + before[3],
        "5: stands behind position 3  " + before[4],
    ] == [fourth, fifth]
    assert before[:2] == bank("log", "--json", "--store", new).out.splitlines()
    assert "ok: 2 events in 2 streams\n" == bank("verify", "--store", new).out
    assert content == store.read_bytes()


def test_salvage_as_json_and_of_a_sound_log(bank: Kit, store: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.db"
    assert f"5 events copied to {sound}: the log is sound\n" == bank("salvage", str(sound)).out
    spoil(store, 4)
    rest = [
        json.loads(each)
        for each in bank("salvage", str(tmp_path / "b.db"), "--json").out.splitlines()
    ]
    assert [(4, None), (5, 5)] == [
        (each["position"], (each["event"] or {}).get("position")) for each in rest
    ]
    assert (2, "") == bank("salvage", str(sound))[:2]


def test_salvage_lists_a_long_rest_with_every_further_damage(
    kit: Kit, store: Path, tmp_path: Path
) -> None:
    deposits = '{"type": "Deposit", "account": 1, "amount": "1"}\n' * 2_500
    assert 0 == kit("do", "-q", stdin=deposits.encode()).code
    spoil(store, 3)
    spoil(store, 1_700)
    rest = kit("salvage", str(tmp_path / "rescued.db"), "--json").out.splitlines()
    said = [json.loads(each) for each in rest]
    assert [*range(3, 2_501)] == [each["position"] for each in said]
    assert [3, 1_700] == [each["position"] for each in said if each["event"] is None]
    assert {"the checksum does not fit", "stands behind position 3"} == {
        each["reason"] for each in said
    }


def test_names_of_files_are_printed_on_one_line(bank: Kit, tmp_path: Path) -> None:
    name = str(tmp_path / "a\nok: 9 events\x1b[31m")
    shown = name.replace("\n", r"\n").replace("\x1b", r"\x1b")
    assert f"5 events copied to {shown}: the log is sound\n" == bank("salvage", name).out
    assert bank("export", f"{name}.jsonl").out.count("\n") == 1
    ended = bank("verify", "--store", f"{name}2")
    assert (2, "") == ended[:2]
    assert f"error: {shown}2: no such store: expected a file written by this program\n" == ended.err


def test_salvage_leaves_out_what_cannot_follow_though_its_checksums_hold(
    bank: Kit, store: Path, tmp_path: Path
) -> None:
    from decimal import Decimal  # noqa: PLC0415

    from deciderkit.shell import open_store  # noqa: PLC0415

    from .bank import Deposited, Withdrawn, program  # noqa: PLC0415

    with open_store(store, program.codec) as log:
        log.append("account-1", 1, [Withdrawn(1, Decimal(9)), Deposited(1, Decimal(9))]).unwrap()
    ended = bank("salvage", str(tmp_path / "rescued.db"))
    assert ended.out.startswith(
        f"5 events copied to {tmp_path / 'rescued.db'}; left out:\n6: Withdrawn("
    )


def spoil(store: Path, position: int) -> None:
    """Change the data of one event, as decay would."""
    connection = sqlite3.connect(store)
    connection.execute("DROP TRIGGER events_UPDATE")
    connection.execute(
        "UPDATE events SET data = replace(data, '\"1\"', '\"2\"') WHERE position = ?", (position,)
    )
    connection.execute(
        "CREATE TRIGGER events_UPDATE BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
    )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def wait_for(holds: object) -> None:
    deadline = time.monotonic() + 30
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_of_its_own_says_the_same(bank: Kit, store: Path) -> None:
    assert bank("log") == ended(store, "log")
