"""The commands that work on a store, as a person meets them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from returns.result import Success

from deciderkit.shell import open_store
from mars_rover.codec import codec
from mars_rover.events import MarsRoverMoved
from mars_rover.values import Direction, Point

from .conftest import Ended, MarsRover

Run = Callable[..., Ended]
NEW_WORLD = ("--grid", "4x4", "--obstacle", "2,2")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that the variable names: r1 drives, r2 hit an obstacle, r3 is off."""
    path = tmp_path / "mission.log"
    monkeypatch.setenv("MARS_ROVER_STORE", str(path))
    return path


@pytest.fixture
def run(mars_rover: MarsRover, path: Path) -> Run:
    assert "1:2:N\n" == mars_rover("drive", "RMLMM", "--rover", "r1", "-q", "--grid", "4x4").out
    assert 0 == mars_rover("drive", "RMMLMMMMMM", "--rover", "r2", "-q", *NEW_WORLD).code
    assert (0, "r3\n") == mars_rover("start", "r3")[:2]
    assert 0 == mars_rover("off", "r3").code
    return mars_rover


def test_a_rover_goes_on_where_it_stands(run: Run) -> None:
    assert (0, "2:2:E\n", "") == run("drive", "RM", "--rover", "r1", "-q")
    assert (0, "3:2:E\n", "") == run("drive", "M", "--rover", "r1", "-q", "--grid", "4x4")


def test_a_rover_does_not_change_its_world(run: Run) -> None:
    ended = run("drive", "RM", "--rover", "r1", "-q", "--grid", "5x5")
    assert (2, "") == ended[:2]
    assert "rover r1 was started in another world" in ended.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("drive", "M", "-q", "--rover", "r2"), "error: Move r2: turned off\n"),
        (("off", "r3"), "error: TurnOff r3: turned off\n"),
        (("off", "r9"), "error: TurnOff r9: not started\n"),
        (("start", "r1"), "error: StartMarsRover r1: already started\n"),
        (("show", "r9"), "error: no rover r9: expected one that was started\n"),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_1(
    run: Run, arguments: tuple[str, ...], line: str
) -> None:
    ended = run(*arguments)
    assert (1, line) == (ended.code, ended.err)


@pytest.mark.parametrize(
    "arguments",
    [("show", "r4"), ("rovers",), ("drive", "M", "--rover", "r4", "-q"), ("off", "r4")],
    ids=lambda arguments: str(arguments[0]),
)
def test_a_corrupt_history_is_one_line_with_its_position_and_exit_code_4(
    run: Run, path: Path, arguments: tuple[str, ...]
) -> None:
    """Its checksums hold: it was appended by something that did not decide."""
    assert 0 == run("start", "r4", "--grid", "4x4").code
    jump = MarsRoverMoved("r4", Point(3, 2), Direction.NORTH)
    with open_store(path, codec) as store:
        assert isinstance(store.append("rover-r4", 1, [jump]), Success)
    ended = run(*arguments)
    assert 4 == ended.code
    assert ended.err.startswith("error: corrupt event at position 19: MarsRoverMoved")
    assert 1 == ended.err.count("\n")


def test_start_makes_an_id_where_none_is_given(run: Run) -> None:
    made = run("start").out.strip()
    assert f"{made} STARTED 0:0:N" in run("rovers").out.splitlines()


def test_a_request_with_an_id_is_done_once(run: Run) -> None:
    request = ("drive", "RM", "--rover", "r4", "-q", "--command-id", "k1")
    assert (0, "1:0:E\n", "") == run(*request)
    assert (0, "1:0:E\n", "") == run(*request)
    other = run("drive", "LL", "--rover", "r4", "-q", "--command-id", "k1")
    assert 1 == other.code
    assert "command id 'k1' has 3 other commands done: expected those of its first try" in other.err


def test_no_id_that_is_given_is_that_of_the_start_or_of_a_part(run: Run) -> None:
    longest = "k" * 128
    program = "RM" * 1_500
    assert 0 == run("drive", program, "--rover", "r4", "-q", "--command-id", longest).code
    assert 3_001 == len(run("log", "--json", "--after", "17").out.splitlines())
    assert 0 == run("drive", program, "--rover", "r5", "-q", "--command-id", "k1").code
    for given in ("k1.start", "k1.1"):
        before = len(run("log").out.splitlines())
        assert 0 == run("drive", "LM", "--rover", "r5", "-q", "--command-id", given).code
        assert before + 2 == len(run("log").out.splitlines())
    assert "bad command id" in run("drive", "M", "--command-id", "k1~start").err


def test_the_views_are_printed(run: Run) -> None:
    rovers = "r1 MOVING 1:2:N\nr2 TURNED_OFF O:2:1:N\nr3 TURNED_OFF 0:0:N\n"
    assert (0, rovers, "") == run("rovers")
    assert (0, "r2 2,2\n", "") == run("obstacles")
    assert (0, "", "") == run("todo")
    shown = (
        "status    TURNED_OFF\nat        O:2:1:N\n"
        "path      0:0:N 0:0:E 1:0:E 2:0:E 2:0:N 2:1:N\nobstacle  2,2\n"
    )
    assert (0, shown, "") == run("show", "r2")


def test_the_log_is_printed_as_text_and_as_json(run: Run) -> None:
    text, lines = run("log").out.splitlines(), run("log", "--json").out.splitlines()
    assert len(text) == len(lines) == 17
    assert "17 rover-r3 2 MarsRoverTurnedOff" == text[-1]
    assert list(range(1, 18)) == [json.loads(line)["position"] for line in lines]
    assert text[14:] == run("log", "--after", "14").out.splitlines()


def test_followers_see_what_is_recorded_later(run: Run, path: Path) -> None:
    command = [sys.executable, "-m", "mars_rover", "log", "--follow", "--after", "15"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as follower:
        try:
            assert follower.stdout
            seen = [follower.stdout.readline() for _ in range(2)]
            run("drive", "M", "--rover", "r1", "-q")
            seen.append(follower.stdout.readline())
        finally:
            follower.kill()
    assert ["16", "17", "18"] == [line.split()[0] for line in seen]


def test_replay_tells_where_the_log_led_to_at_any_point(run: Run) -> None:
    assert run("replay").out.splitlines() == [
        "position 17",
        "rover r1 MOVING 1:2:N 6 events",
        "rover r2 TURNED_OFF O:2:1:N 8 events",
        "notification r2 NOTIFIED 1 event",
        "rover r3 TURNED_OFF 0:0:N 2 events",
        "view started rovers: [r1, r2, r3]",
        "view obstacles: [2,2 by r2]",
    ]
    assert [
        "view obstacles: [2,2 by r2]",
        "todo 13 turn off r2: TurnOff",
    ] == run("replay", "--until", "14").out.splitlines()[-2:]
    at_3 = "status    MOVING\nat        1:0:E\npath      0:0:N 0:0:E 1:0:E\n"
    assert at_3 == run("show", "r1", "--until", "3").out
    assert (
        "rover r1 MOVING 1:0:E 3 events\n"
        == run("replay", "--until", "3", "--stream", "rover-r1").out
    )


def test_the_digest_is_the_same_from_the_store_a_file_and_a_pipe(
    run: Run, path: Path, tmp_path: Path
) -> None:
    digest = run("replay", "--digest").out
    lines = run("log", "--json").out.encode()
    file = tmp_path / "lines.jsonl"
    file.write_bytes(lines)
    assert digest == run("replay", str(path), "--digest").out
    assert digest == run("replay", str(file), "--digest").out
    assert digest == run("replay", "-", "--digest", stdin=lines).out
    assert digest != run("replay", "--digest", "--until", "16").out


DIGEST = "208d4fc8"


def test_the_digest_is_the_same_on_every_machine_python_and_hash_seed(
    mars_rover: MarsRover, tmp_path: Path
) -> None:
    """Recorded once; the events of the article's second run, in any order of hashing."""
    world = '{"width":4,"height":4,"obstacles":[{"x":2,"y":2},{"x":3,"y":3}]}'
    start = f'{{"rover_id":"r1","world":{world},"point":{{"x":2,"y":1}},"direction":"N"}}'
    found = '{"rover_id":"r1","obstacle":{"x":2,"y":2}}'
    rows = [("MarsRoverStarted", start), ("ObstacleFound", found)]
    lines = "".join(
        f'{{"position":{place},"stream":"rover-r1","version":{place},"type":"{name}","schema":1,'
        f'"command_id":"c{place}","recorded_at":"2026-01-0{place}T00:00:00Z","data":{data}}}\n'
        for place, (name, data) in enumerate(rows, start=1)
    )
    assert DIGEST == mars_rover("replay", "-", "--digest", stdin=lines.encode()).out[:8]
    later = lines.replace("2026-01", "2027-02").replace('"c1"', '"k7"')
    assert DIGEST == mars_rover("replay", "-", "--digest", stdin=later.encode()).out[:8]


def test_an_import_is_the_same_log(run: Run, tmp_path: Path) -> None:
    lines = run("log", "--json").out
    copy = str(tmp_path / "copy.log")
    assert (0, "17 events recorded\n", "") == run(
        "import", "-", "--store", copy, stdin=lines.encode()
    )
    assert lines == run("log", "--json", "--store", copy).out
    assert (0, "ok: 17 events in 4 streams\n", "") == run("verify", "--store", copy)
    more = run("drive", "MM", "--rover", "r1", "-q").code or run("log", "--json", "--after", "17")
    assert isinstance(more, Ended)
    assert (0, "2 events recorded\n", "") == run(
        "import", "-", "--store", copy, stdin=more.out.encode()
    )
    assert run("replay", "--digest").out == run("replay", copy, "--digest").out


def swap(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def second_world(lines: list[str]) -> list[str]:
    again = lines[0].replace('"position":1,', '"position":3,').replace('"version":1', '"version":3')
    return [*lines[:2], again.replace('"width":4', '"width":9')]


BAD_FILES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "a bad line": (lambda lines: [*lines[:2], "{nonsense}", *lines[3:]], "line 3: "),
    "an empty line": (lambda lines: [*lines[:2], "", *lines[2:]], "line 3: the line is empty"),
    "half a line": (lambda lines: [*lines[:2], lines[2][:30]], "line 3: "),
    "a gap": (lambda lines: [*lines[:2], *lines[3:]], "line 3: position 4 leaves a gap"),
    "a duplicate": (
        lambda lines: [*lines[:2], lines[1], *lines[2:]],
        "line 3: position 2 stands twice",
    ),
    "out of order": (swap, "line 3: position 4 leaves a gap"),
    "two worlds for one rover": (second_world, "line 3: MarsRoverStarted("),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("old", [True, False], ids=["into a store", "into a new file"])
def test_a_bad_file_is_named_with_its_line_and_nothing_is_written(
    run: Run, tmp_path: Path, name: str, old: bool
) -> None:
    lines = run("log", "--json").out.splitlines()
    make, reason = BAD_FILES[name]
    file, target = tmp_path / "bad.jsonl", tmp_path / "target.log"
    file.write_text("\n".join(make(lines)) + "\n", encoding="utf-8")
    if old:
        sqlite3.connect(target).close()
        assert 0 == run("import", "-", "--store", str(target), stdin=b"").code
    before = set(tmp_path.iterdir())
    ended = run("import", str(file), "--store", str(target))
    assert (2, "") == ended[:2]
    assert ended.err.startswith(f"error: {file}, {reason}")
    assert 1 == ended.err.count("\n")
    assert before == set(tmp_path.iterdir())
    if old:
        assert "" == run("log", "--store", str(target)).out


def test_an_import_into_what_cannot_be_a_store_says_why(run: Run, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    lines = run("log", "--json").out.encode()
    for path, reason in (
        (loop, "Too many levels of symbolic links"),
        (tmp_path / ("a" * 300), "File name too long"),
        (Path("/dev/null"), "is a device or a pipe"),
        (Path("/proc/new.db"), "cannot be written"),
    ):
        ended = run("import", "-", "--store", str(path), stdin=lines)
        assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
        assert reason in ended.err


def test_an_import_makes_the_store_that_a_link_names(run: Run, tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / ("a" * 250)
    link.symlink_to(target)
    lines = run("log", "--json").out
    assert 0 == run("import", "-", "--store", str(link), stdin=lines.encode()).code
    assert lines == run("log", "--json", "--store", str(target)).out


def test_a_log_that_does_not_fold_is_corrupt(run: Run) -> None:
    lines = "\n".join(second_world(run("log", "--json").out.splitlines())) + "\n"
    ended = run("replay", "-", stdin=lines.encode())
    assert (4, "") == ended[:2]
    assert ended.err.startswith("error: -: corrupt event at position 3: MarsRoverStarted(")


def test_one_flipped_byte_is_named_by_verify(run: Run, path: Path) -> None:
    assert (0, "ok: 17 events in 4 streams\n", "") == run("verify")
    content = bytearray(path.read_bytes())
    content[content.index(b'"obstacle":{"x":2') + 12] ^= 1
    path.write_bytes(content)
    ended = run("verify")
    assert (4, "error: corrupt event at position 13: the checksum does not fit\n") == (
        ended.code,
        ended.err,
    )
    assert 4 == run("replay").code


@pytest.mark.parametrize(
    "command", [("rovers",), ("show", "r1"), ("obstacles",), ("log",), ("verify",), ("todo",)]
)
def test_a_store_that_is_none_is_bad_input(
    mars_rover: MarsRover, tmp_path: Path, command: tuple[str, ...]
) -> None:
    text = tmp_path / "text"
    text.write_text("hello " * 100, encoding="utf-8")
    for where, reason in (
        (tmp_path, "is a directory"),
        (tmp_path / "missing", "no such store"),
        (text, "not an SQLite file"),
    ):
        ended = mars_rover(*command, "--store", str(where))
        assert (2, "") == ended[:2]
        assert f"error: {where}: {reason}" in ended.err
    assert "error: no store: expected --store FILE" in mars_rover(*command).err


def test_a_store_that_cannot_be_written_is_read(run: Run, path: Path) -> None:
    commands = [("rovers",), ("log",), ("verify",), ("replay", str(path)), ("show", "r1")]
    before = [run(*command) for command in commands]
    with read_only(path) as copy:
        again = [
            ("replay", str(copy)) if "replay" in command else (*command, "--store", str(copy))
            for command in commands
        ]
        assert before == [run(*command) for command in again]
        for command in (("off", "r1"), ("drive", "M", "--rover", "r1", "-q"), ("start", "r9")):
            ended = run(*command, "--store", str(copy))
            assert ended.code in (1, 2)
            assert "cannot be written: expected a file and a folder" in ended.err


@contextmanager
def read_only(path: Path) -> Iterator[Path]:
    """A copy of the store that nobody may write, not even root."""
    user = os.geteuid()
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        copy.chmod(0o444)
        Path(folder).chmod(0o555)
        if user == 0:
            os.seteuid(65534)
        try:
            yield copy
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o755)


HOSTILE = ["", "../r1", "a/b", "'; DROP TABLE events; --", "\U0001f680", "a" * 3_000, "-", "a b"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_a_hostile_id_is_refused_by_every_command(run: Run, hostile: str) -> None:
    for arguments in (
        ("drive", "M", "--rover", hostile),
        ("drive", "M", "--command-id", hostile),
        ("start", "--", hostile),
        ("off", "--", hostile),
        ("show", "--", hostile),
        ("replay", "--stream", hostile),
        ("log", "--stream", hostile),
    ):
        ended = run(*arguments)
        assert (2, "") == ended[:2]
        assert "bad" in ended.err
    assert 17 == len(run("log").out.splitlines())


def test_what_is_parked_is_shown_and_done_once_it_is_let_go(run: Run, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO parked VALUES (1, 'turn-off@19', 'no line')")
    connection.commit()
    connection.close()
    run("drive", "M", "--rover", "r5", "-q", "--grid", "2x2", "--obstacle", "0,1")
    assert "19 turn off r5: TurnOff  parked: no line\n" == run("todo").out
    assert "19 turn off r5: TurnOff  parked: no line\n" == run("todo", "--run").out
    assert (0, "", "") == run("todo", "--retry", "-q")
    assert "r5 TURNED_OFF O:0:0:N" == run("rovers").out.splitlines()[-1]


def test_a_rover_that_is_there_is_not_started_anew(run: Run) -> None:
    ended = run("drive", "M", "--rover", "r1", "-q", "--start", "3:3:S")
    assert (2, "") == ended[:2]
    assert ended.err.startswith("error: --start: rover r1 is started already: expected no --start")


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (
            ("--stream", "rover-r1", "--digest"),
            2,
            "--stream with --digest: expected one of them, a digest is of the whole log",
        ),
        (("x.jsonl", "--store", "y"), 2, "x.jsonl with --store: expected one of them"),
        (
            ("--stream", "rover-r9"),
            1,
            "no rover-r9 up to position 17: expected one with events by then",
        ),
    ],
)
def test_replay_ignores_nothing_that_it_was_told(
    run: Run, arguments: tuple[str, ...], code: int, line: str
) -> None:
    assert (code, "", f"error: {line}\n") == run("replay", *arguments)
