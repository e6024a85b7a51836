"""What a kata may do to who checks it: each attack in a real process, beside a control.

A control is the same attack on the product's code with one line of it wrong, or the attack without
its sting: so each test shows that it would notice.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mars_rover import Direction, Point, Program, World
from mars_rover.shell.kata import process
from mars_rover.shell.kata.check import check
from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.question import Came, Question
from tests.mars_rover.shell.kata import katas

RIGHT = Path(katas.__file__).read_text(encoding="utf-8") + "\nimport os, sys, time, threading\n"
QUESTION = Question(Program("M"), World(3, 3), Point(0, 0), Direction.NORTH)
ANSWER = Came("text", "0:1:N")


def kata_of(folder: Path, source: str) -> str:
    """A kata that does what ``source`` says on each call, and then answers what is right."""
    lines = "".join(f"    {line}\n" for line in source.splitlines())
    path = folder / "kata.py"
    body = f"def execute(program, grid, obstacles, start):\n{lines}"
    path.write_text(f"{RIGHT}{body}    return right(program, grid, obstacles, start)\n")
    return f"{path}:execute"


def came_of(folder: Path, source: str, timeout: float = 5.0) -> Came | None:
    with Kata(kata_of(folder, source), timeout) as kata:
        return kata.ask(QUESTION)


WardenWith = Callable[[str], None]


@pytest.fixture
def warden_with(monkeypatch: pytest.MonkeyPatch) -> WardenWith:
    """The product's warden with some of its lines replaced."""

    def replace(lines: str) -> None:
        code = f"from mars_rover.shell.kata.kata_warden import limits, warden, worker\n{lines}\nwarden.main()"
        monkeypatch.setattr(process, "WARDEN", (sys.executable, "-P", "-c", code))

    return replace


BLIND = "limits.excess = lambda root: ''"
INTO_ALL_PIPES = """
def into_all_pipes(data):
    for each in range(3, 20):
        try:
            os.write(each, data)
        except OSError:
            pass
into_all_pipes({data!r})
time.sleep({seconds})
"""


class Payload:
    """Something that, once unpickled, makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


def test_a_kata_stands_alone_with_the_path_of_its_python(tmp_path: Path) -> None:
    """What runs beside it brings none of the packages along, and leaves no folder and no name of its own."""
    said = """
names = ("mars_rover", "deciderkit", "kata_warden")
ours = [each for each in sys.modules if each.split(".")[0] in names]
return f"{ours} {[each for each in sys.path if os.path.isdir(os.path.join(each, 'kata_warden'))]}"
"""
    assert Came("text", "[] []") == came_of(tmp_path, said)


def test_what_a_kata_sends_is_data_and_never_run(tmp_path: Path) -> None:
    made = tmp_path / "made by unpickling"
    data = pickle.dumps(Payload(made))
    came = came_of(tmp_path, INTO_ALL_PIPES.format(data=data + b"\n", seconds=0))
    assert Came("died", "it wrote among its answers what is none") == came
    assert not made.exists()
    pickle.loads(data)  # the control: the payload is a live one
    assert made.exists()


@pytest.mark.parametrize("data", [b"\x7f\xff\xff\xff", b"{", b'{"number": 1'])
def test_a_beginning_without_an_end_hangs_nobody(tmp_path: Path, data: bytes) -> None:
    before = time.monotonic()
    came = came_of(tmp_path, INTO_ALL_PIPES.format(data=data, seconds=60), timeout=0.3)
    assert Came("hung", "nothing within 0.3 s") == came
    assert 10 > time.monotonic() - before
    assert ANSWER == came_of(tmp_path, INTO_ALL_PIPES.format(data=b"", seconds=0.1), timeout=5)


def test_a_kata_is_read_as_it_stands_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiled copy would be taken for one of the same length that was written in the same second."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for answer in "123":
        assert Came("text", answer) == came_of(tmp_path, f"return {answer!r}")
    assert [tmp_path / "kata.py"] == list(tmp_path.iterdir())


def test_an_answer_that_does_not_end_is_given_up(tmp_path: Path) -> None:
    endless = INTO_ALL_PIPES.format(data=b"M" * 4096, seconds=0).replace(
        "into_all_pipes(b", "while True: into_all_pipes(b"
    )
    assert Came("died", "it wrote without an end among its answers") == came_of(tmp_path, endless)


@pytest.mark.parametrize(
    "forged",
    [
        b'{"number": 1, "ended": "text", "text": "0:1:N", "more": 1}',
        b'{"number": 1, "ended": "carried out", "text": "0:1:N"}',
        b'{"number": "1"}',
        b"null",
    ],
)
def test_an_answer_is_one_of_few_things_or_none(tmp_path: Path, forged: bytes) -> None:
    came = came_of(tmp_path, INTO_ALL_PIPES.format(data=forged + b"\n", seconds=0))
    assert Came("died", "it wrote among its answers what is none") == came


def test_a_process_that_dies_between_questions_is_told_of(tmp_path: Path) -> None:
    later = "threading.Timer(0.1, lambda: {}).start()"
    for what, expected in (
        ("os._exit(3)", Came("died", "its process ended (exit code 3)")),
        ("os.kill(os.getpid(), 9)", Came("died", "its process ended (signal 9)")),
        ("None", Came("text", "0:2:N")),
    ):
        with Kata(kata_of(tmp_path, later.format(what)), timeout=5) as kata:
            assert ANSWER == kata.ask(QUESTION)
            time.sleep(0.4)
            assert expected == kata.ask(Question(Program("MM"), *_place()))


def _place() -> tuple[World, Point, Direction]:
    return QUESTION.world, QUESTION.point, QUESTION.direction


def test_a_death_has_its_word_and_its_exit_code_on_the_command_line(tmp_path: Path) -> None:
    target = kata_of(tmp_path, "if len(program) > 1: os._exit(7)")
    result = CliRunner().invoke(check, [target], catch_exceptions=False)
    assert 1 == result.exit_code
    assert "  came      died: its process ended (exit code 7)\n" in result.stdout


def test_a_kata_that_died_too_often_is_asked_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mars_rover.shell.kata.kata.DEATHS", 3)
    programs = [Program("M" * size) for size in range(1, 6)]
    with Kata(kata_of(tmp_path, "os._exit(1)"), timeout=5) as kata:
        ended = [kata.ask(Question(program, *_place())) for program in programs]
    assert [True, True, True, False, False] == [came is not None for came in ended]


def test_a_kata_that_forks_is_asked_once(tmp_path: Path) -> None:
    with Kata(kata_of(tmp_path, "os.fork()"), timeout=5) as kata:
        for size in range(1, 20):
            world = World(30, 30)
            question = Question(Program("M" * size), world, Point(0, 0), Direction.NORTH)
            assert Came("text", f"0:{size}:N") == kata.ask(question)


@pytest.mark.parametrize("closes", ["os.closerange(3, 256)", "os.closerange(0, 256)"])
def test_a_kata_that_closes_its_pipes_is_told_of(tmp_path: Path, closes: str) -> None:
    came = came_of(tmp_path, closes)
    assert came is not None
    assert ("died", "its process ended (exit code 1)") == (came.ended, came.text)


DAEMONS = """
for _ in range({many}):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open({notes!r}, "a") as notes:
                notes.write(f"{{os.getpid()}}\\n")
            time.sleep(60)
        os._exit(0)
time.sleep(0.3)
"""


def alive(notes: Path) -> list[int]:
    """Which of the processes that noted their number are there, and not only waiting to be buried."""
    pids = [int(line) for line in notes.read_text().split()] if notes.exists() else []
    return [pid for pid in pids if _state(pid) not in ("", "Z")]


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def die_out(notes: Path) -> list[int]:
    """Who is left of them after a while."""
    until = time.monotonic() + 10
    while alive(notes) and time.monotonic() < until:
        time.sleep(0.02)
    return alive(notes)


def end(pids: list[int]) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def test_daemons_that_a_kata_left_behind_end_with_it(tmp_path: Path) -> None:
    notes = tmp_path / "daemons"
    assert ANSWER == came_of(tmp_path, DAEMONS.format(many=10, notes=str(notes)))
    assert 10 == len(notes.read_text().split())
    assert [] == alive(notes)


def test_control_a_warden_that_does_not_look_for_orphans_leaves_them(
    tmp_path: Path, warden_with: WardenWith
) -> None:
    notes = tmp_path / "daemons"
    warden_with("limits.descendants = lambda root: []")
    came_of(tmp_path, DAEMONS.format(many=3, notes=str(notes)))
    left = alive(notes)
    end(left)
    assert 3 == len(left)


def test_a_kata_with_too_many_processes_is_ended_whole(tmp_path: Path) -> None:
    notes = tmp_path / "daemons"
    came = came_of(tmp_path, DAEMONS.format(many=42, notes=str(notes)) + "time.sleep(5)")
    assert Came("died", "it had more than 32 processes") == came
    assert [] == alive(notes)


def test_control_a_warden_that_counts_no_processes_lets_them_be(
    tmp_path: Path, warden_with: WardenWith
) -> None:
    warden_with(BLIND)
    notes = tmp_path / "daemons"
    assert ANSWER == came_of(tmp_path, DAEMONS.format(many=42, notes=str(notes)))


BOMB = """
for _ in range(8):
    os.fork()
with open({notes!r}, "a") as notes:
    notes.write(f"{{os.getpid()}}\\n")
time.sleep(5)
"""


def test_processes_that_multiply_are_ended_faster_than_they_do(tmp_path: Path) -> None:
    notes = tmp_path / "bombs"
    came = came_of(tmp_path, BOMB.format(notes=str(notes)), timeout=20)
    assert Came("died", "it had more than 32 processes") == came
    assert [] == alive(notes)


HOARD = """
hoard = bytearray(os.urandom(1)) * (150 << 20)
time.sleep(0.5)
"""


def test_memory_is_bounded_for_all_processes_together(
    tmp_path: Path, warden_with: WardenWith
) -> None:
    warden_with("limits.MEMORY = 100 << 20")
    assert Came("died", "it held more than 100 MB of memory") == came_of(tmp_path, HOARD)
    warden_with(f"limits.MEMORY = 100 << 20; {BLIND}")
    assert ANSWER == came_of(tmp_path, HOARD)


def test_more_memory_than_there_is_for_one_process_is_an_error_in_the_kata(tmp_path: Path) -> None:
    came = came_of(tmp_path, "hoard = bytearray(3 << 30)")
    assert came is not None
    assert ("raised", True) == (came.ended, came.text.startswith("MemoryError (kata.py, line "))


FILE = """
with open({path!r}, "wb", buffering=0) as file:
    for _ in range(20): file.write(bytes(1 << 20))
"""


def test_a_file_may_be_so_long_and_no_longer(tmp_path: Path, warden_with: WardenWith) -> None:
    path = tmp_path / "written"
    warden_with("limits.FILE = 10 << 20")
    came = came_of(tmp_path, FILE.format(path=str(path)))
    assert came is not None
    assert ("raised", 10 << 20) == (came.ended, path.stat().st_size)
    warden_with("limits.bound_this_process = lambda: None")
    assert ANSWER == came_of(tmp_path, FILE.format(path=str(path)))


CHATTER = """
import resource
for _ in range(100): print("M" * (1 << 20))
print(end="", file=sys.stderr)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
return "much" if grown > 80 * 1024 else "little"
"""


def test_what_is_printed_without_an_end_is_not_kept(
    tmp_path: Path, warden_with: WardenWith
) -> None:
    assert Came("text", "little", "M" * 500) == came_of(tmp_path, CHATTER)
    warden_with("import io; worker.Cut = type('Cut', (io.StringIO,), {'kept': ''})")
    assert Came("text", "much") == came_of(tmp_path, CHATTER)


def test_printing_for_ever_is_a_hang(tmp_path: Path) -> None:
    came = came_of(tmp_path, "while True: print('M' * 1000)", timeout=0.3)
    assert came is not None
    assert "hung" == came.ended


HOSTILE = "0:0:N\n\x1b[31mok: all answers are right\u202e"


def test_answers_are_printed_escaped_on_one_line_and_cut(tmp_path: Path) -> None:
    target = kata_of(tmp_path, f"print({HOSTILE!r}); return {HOSTILE!r}")
    lines = CliRunner().invoke(check, [target], catch_exceptions=False).stdout.splitlines()
    shown = r"0:0:N\n\x1b[31mok: all answers are right\u202e"
    assert f'  came      "{shown}"' in lines
    assert rf"  printed   '{shown}\n', where it should return" in lines
    assert all(line.isprintable() for line in lines)
    long = CliRunner().invoke(check, [kata_of(tmp_path, "return 'M' * 10_000")]).stdout
    assert max(map(len, long.splitlines())) < 300
    plain = CliRunner().invoke(check, [kata_of(tmp_path, "return 'Zoë 🤖'")]).stdout
    assert '  came      "Zoë 🤖"\n' in plain


@pytest.mark.parametrize(
    "source",
    [
        f"raise ValueError({HOSTILE!r})",
        f"{HOSTILE!r}.nothing",
        "raise ValueError('M' * 10_000)",
        "class E(Exception):\n    def __str__(self): raise KeyError\nraise E",
        "return '\\ud800'",
    ],
)
def test_errors_are_printed_as_carefully(tmp_path: Path, source: str) -> None:
    result = CliRunner().invoke(check, [kata_of(tmp_path, source)], catch_exceptions=False)
    assert 1 == result.exit_code
    lines = result.stdout.splitlines()
    assert all(line.isprintable() and len(line) < 300 for line in lines)
    assert 1 == sum(line.startswith("  came      ") for line in lines)


def test_an_error_at_import_is_one_line_as_well(tmp_path: Path) -> None:
    path = tmp_path / "kata.py"
    path.write_text(f"raise ValueError({HOSTILE!r} + 'M' * 10_000)")
    result = CliRunner().invoke(check, [f"{path}:execute"], catch_exceptions=False)
    assert 2 == result.exit_code
    (line,) = result.stderr.splitlines()
    assert line.isprintable()
    assert 1300 > len(line)


def start_check(target: str, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mars_rover", "check", target, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SLEEPY = """
with open({notes!r}, "a") as notes: notes.write(f"{{os.getpid()}}\\n")
time.sleep({seconds})
"""


def wait_for(notes: Path, lines: int) -> None:
    until = time.monotonic() + 30
    while not notes.exists() or len(notes.read_text().splitlines()) < lines:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_interrupted_it_ends_with_a_clean_line_and_takes_the_kata_with_it(tmp_path: Path) -> None:
    notes = tmp_path / "asked"
    target = kata_of(tmp_path, SLEEPY.format(notes=str(notes), seconds=0.1))
    with start_check(target) as run:
        wait_for(notes, lines=3)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=30)
    assert (130, "") == (run.returncode, out)
    assert err.startswith("error: interrupted: ")
    assert err.endswith(f" different examples asked of {target}\n")
    assert 1 == len(err.splitlines())
    assert [] == alive(notes)


def test_when_the_check_is_killed_the_kata_goes_with_it(tmp_path: Path) -> None:
    notes = tmp_path / "asked"
    source = DAEMONS.format(many=2, notes=str(notes)) + "time.sleep(60)"
    with start_check(kata_of(tmp_path, source), "--timeout=100") as run:
        wait_for(notes, lines=2)
        assert 2 == len(alive(notes))  # the control: until then it was there
        run.kill()
        run.communicate(timeout=30)
    assert [] == die_out(notes)


def test_a_kata_that_kills_its_warden_ends_with_it(tmp_path: Path) -> None:
    notes = tmp_path / "asked"
    kills = f"{SLEEPY.format(notes=str(notes), seconds=0)}os.kill(os.getppid(), 9)\ntime.sleep(60)"
    came = came_of(tmp_path, kills)
    assert Came("died", "its warden ended") == came
    assert [] == die_out(notes)
