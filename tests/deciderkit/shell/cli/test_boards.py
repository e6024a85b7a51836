"""Which board: found by its name, and every way in which it cannot be found is one line."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import BANK, TURNSTILE, Kit

SMALL = """
from msgspec import Struct
from deciderkit import Aggregate, Board, Decider

class Ring(Struct, frozen=True):
    door: str

class Rang(Struct, frozen=True):
    door: str

def decide(command: Ring, state: int) -> tuple[Rang, ...]:
    return (Rang(command.door),)

def evolve(state: int, event: Rang) -> int:
    return state + 1

bell = Decider(0, decide, evolve, lambda state: False)
board = Board((Aggregate("Bell", "bell", bell, lambda message: message.door),))
"""


def test_the_current_folder_is_importable_and_python_m_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "bells.py").write_text(SMALL, encoding="utf-8")
    for program in (
        [sys.executable, "-m", "deciderkit"],
        [str(Path(sys.executable).parent / "deciderkit")],
    ):
        done = subprocess.run(
            [
                *program,
                "--board",
                "bells:board",
                "--store",
                "bells.db",
                "do",
                '{"type":"Ring","door":"front"}',
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "1 of 1 command carried out\n" == done.stdout


def test_board_and_store_may_stand_before_the_command_or_behind_it(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DECIDERKIT_BOARD")
    monkeypatch.delenv("DECIDERKIT_STORE")
    where = ("--board", TURNSTILE, "--store", str(tmp_path / "t.db"))
    assert 1 == kit("do", "-q", *where, '{"type": "Push", "turnstile": "a"}').code
    assert 0 == kit("do", "-q", *where, '{"type": "InsertCoin", "turnstile": "a", "value": 1}').code
    for arguments in ((*where, "log"), ("log", *where)):
        assert "1 turnstile-a 1 CoinTaken 1\n" == kit(*arguments).out
    assert (
        "error: no store: expected --store FILE, or DECIDERKIT_STORE\n"
        == kit("log", "--board", BANK).err
    )
    assert kit("log").err.startswith(
        "error: no board: expected MODULE:NAME of a Board or a Program"
    )


BAD = {
    "no colon": ("bells", "there is bells:board"),
    "a file": ("bells.py:board", "did you mean bells:board?"),
    "a path": ("./bells.py", "did you mean bells:board?"),
    "no such module": ("nothing:board", "no module nothing: expected one that is installed"),
    "no such submodule": ("deciderkit.nothing:board", "no module deciderkit.nothing: expected"),
    "no such name": ("bells:wall", "bells has no 'wall': expected MODULE:NAME"),
    "no board": ("bells:bell", "bells 'bell' is a Decider: expected MODULE:NAME"),
    "a module without": ("json:board", "there is none in json"),
    "a missing import": (
        "lost:board",
        "lost cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
    ),
    "a mistake": (
        "wrong:board",
        "wrong cannot be imported: ZeroDivisionError: division by zero (wrong.py, line 2)",
    ),
    "an end": ("ends:board", "ends cannot be imported: SystemExit: bye"),
    "no syntax": ("broken:board", "broken cannot be imported: SyntaxError"),
    "a newline": ("a\nb:board", r"no module a\nb: expected"),
}


@pytest.mark.parametrize(("place", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_board_is_one_line(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, reason: str
) -> None:
    for name, text in (
        ("bells", SMALL),
        ("lost", "import nowhere\n"),
        ("wrong", "\n1 / 0\n"),
        ("ends", "raise SystemExit('bye')\n"),
        ("broken", "def\n"),
    ):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    ended = kit("log", "--board", place)
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert reason in ended.err


def test_an_unknown_command_is_answered_with_a_near_one(kit: Kit) -> None:
    assert (2, "", "error: no command 'lgo': did you mean log?\n") == kit("lgo")
    assert kit("\x1b[31mdance").err.startswith(
        r"error: no command '\x1b[31mdance': expected one of new, do, log"
    )


def test_every_command_has_a_help_with_an_example_and_no_summary_is_cut(kit: Kit) -> None:
    shown = kit("--help").out
    assert "..." not in shown.split("Commands:")[1]
    assert 1 == shown.count("Exit codes")
    for name in (
        "do",
        "log",
        "state",
        "view",
        "todo",
        "run",
        "replay",
        "verify",
        "export",
        "import",
        "salvage",
        "board",
    ):
        help_of_it = kit(name, "--help").out
        assert f"deciderkit {name}" in help_of_it.split("Example", 1)[1]
        assert "Exit codes: `deciderkit --help`." in help_of_it
        assert max(map(len, help_of_it.splitlines())) <= 100


def test_the_help_is_quick() -> None:
    """Less than 0.3 s of CPU time, in the best of some runs: others work on this machine as well."""

    def cpu() -> float:
        before = time.process_time(), sum(_children())
        subprocess.run(
            [sys.executable, "-m", "deciderkit", "--help"], capture_output=True, check=True
        )
        return sum(_children()) - before[1]

    assert min(cpu() for _ in range(3)) < 0.3


def _children() -> tuple[float, float]:
    import resource  # noqa: PLC0415

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime, used.ru_stime
