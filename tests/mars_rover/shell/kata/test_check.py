"""``mars-rover check``: wrong katas are found out, right ones are not, and none is suffered."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mars_rover import Direction, Point, Program, World
from mars_rover.shell.kata.asking import Rule, reference, within_the_edges
from mars_rover.shell.kata.check import RULES, check
from mars_rover.shell.kata.kata import PATIENCE, Kata
from mars_rover.shell.kata.kata_warden.worker import Unusable, answer, load, taken
from mars_rover.shell.kata.question import Question
from mars_rover.shell.kata.telling import world_map
from tests.mars_rover.shell.kata import katas

KATAS = Path(katas.__file__)


def run(target: str, *options: str) -> Result:
    return CliRunner().invoke(check, [target, *options], catch_exceptions=False)


def hold(kata: str, *options: str) -> Result:
    return run(f"{KATAS}:{kata}", *options)


WRONG = {
    "wrong_wrap": ('"MM"', '"0:0:N"', '"0:1:N"'),
    "ignored_obstacle": ('"M"', '"O:', '"'),
    "mirrored_turn": ('"L"', '"0:0:W"', '"0:0:E"'),
    "dropped_last_letter": ('"L"', '"0:0:W"', '"0:0:N"'),
    "off_by_one": ('"M"', '"0:0:E"', '"1:0:E"'),
}


@pytest.mark.parametrize("kata", WRONG)
def test_a_wrong_kata_is_found_out_by_its_smallest_example(kata: str) -> None:
    result = hold(kata)
    program, expected, came = WRONG[kata]
    assert 1 == result.exit_code
    assert f"{kata}({program}, grid=(" in result.stdout
    assert f"expected  {expected}" in result.stdout
    assert f"came      {came}" in result.stdout


def test_the_smallest_example_is_told_as_a_story() -> None:
    result = hold("off_by_one")
    head, *story = result.stdout.splitlines()
    assert head.endswith(" different examples asked:")
    assert head.startswith(f"{KATAS}:off_by_one is wrong, and this is the smallest of ")
    assert [
        "",
        "  world     1x1  (> the rover, # an obstacle)",
        "",
        "   0  >",
        "",
        "  start     0:0:E",
        "  program   M",
        '  expected  "0:0:E"',
        '  came      "1:0:E"',
        "",
        '  off_by_one("M", grid=(1, 1), obstacles=[], start="0:0:E")',
    ] == story


@pytest.mark.parametrize(
    ("kata", "rules"),
    [
        ("right", ""),
        ("takes_anything", ""),
        ("without_obstacles", " (no-obstacles)"),
        ("program_alone", " (no-obstacles, same-grid, same-start)"),
    ],
)
def test_a_right_kata_is_praised_with_what_it_was_asked(kata: str, rules: str) -> None:
    result = hold(kata)
    assert 0 == result.exit_code
    assert result.stdout.startswith(f"{KATAS}:{kata} is right in ")
    assert result.stdout.endswith(f" different examples{rules}\n")


def test_a_module_is_found_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_kata.py").write_text(KATAS.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "my_kata:right is right in " in run("my_kata:right", "--examples=20").stdout


@pytest.mark.parametrize(
    ("kata", "rule"),
    [("ignored_obstacle", "no-obstacles"), ("wrong_wrap", "no-wrap"), ("off_by_one", "no-wrap")],
)
def test_a_kata_is_right_where_the_rules_leave_out_what_it_cannot_do(kata: str, rule: str) -> None:
    assert 1 == hold(kata).exit_code
    result = hold(kata, f"--rules={rule}")
    assert 0 == result.exit_code
    assert result.stdout.endswith(f" ({rule})\n")


def test_rules_may_stand_together() -> None:
    result = hold("right", "--rules", "square,no-narrow", "--rules", "huge")
    assert result.stdout.endswith(" (huge, no-narrow, square)\n")


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_stands_in_the_help_with_its_meaning(rule: Rule) -> None:
    listed = CliRunner().invoke(check, ["--help"]).stdout
    assert f"  {rule.value:14}{RULES[rule.value]}\n" in listed
    assert len(Rule) == len(RULES)


def kata_of(tmp_path: Path, source: str) -> str:
    path = tmp_path / "kata.py"
    path.write_text(source, encoding="utf-8")
    return f"{path}:execute"


BAD_KATAS = {
    "raises": (
        "def execute(program):\n    raise ValueError('no\\nidea')",
        "raised: ValueError: no idea (kata.py, line 2)",
    ),
    "exits": (
        "def execute(program):\n    raise SystemExit",
        "raised: SystemExit (kata.py, line 2)",
    ),
    "dies": ("import os\ndef execute(program):\n    os._exit(3)", "died: its process ended"),
    "returns nothing": ("def execute(program):\n    pass", "other: None, of type NoneType"),
    "returns a tuple": (
        "def execute(program):\n    return (0, 0, 'N')",
        "other: (0, 0, 'N'), of type tuple",
    ),
    "cannot be shown": (
        "class Odd:\n    def __repr__(self): raise KeyError('x')\ndef execute(program): return Odd()",
        "raised: KeyError: 'x' (kata.py, line 2)",
    ),
    "asks at the keyboard": ("def execute(program):\n    return input()", "raised: EOFError"),
}


@pytest.mark.parametrize(("source", "came"), BAD_KATAS.values(), ids=BAD_KATAS)
def test_what_is_no_answer_is_reported_and_not_suffered(
    tmp_path: Path, source: str, came: str
) -> None:
    result = run(kata_of(tmp_path, source))
    assert 1 == result.exit_code
    assert f"  came      {came}" in result.stdout


def test_what_is_printed_instead_of_returned_is_shown(tmp_path: Path) -> None:
    result = run(kata_of(tmp_path, "def execute(program):\n    print('0:0:W')"))
    assert "  came      other: None, of type NoneType\n" in result.stdout
    assert r"  printed   '0:0:W\n', where it should return" in result.stdout


def test_what_a_right_kata_prints_is_noted(tmp_path: Path) -> None:
    text = KATAS.read_text(encoding="utf-8")
    chatty = (
        f"{text}\nimport os\ndef execute(program):\n    print('hi')\n    os.write(1, b'past')\n"
    )
    result = run(kata_of(tmp_path, f"{chatty}    return right(program)"), "--examples=20")
    assert 0 == result.exit_code
    assert result.stdout.endswith(
        r"note: it printed 'hi\n'; only what it returns was looked at" "\n"
    )


def test_a_hang_is_interrupted_and_the_search_for_a_smaller_one_ends(tmp_path: Path) -> None:
    hangs = "def execute(program):\n    while 'M' in program: pass\n    return right(program)\n"
    target = kata_of(tmp_path, f"{KATAS.read_text(encoding='utf-8')}\n{hangs}")
    before = time.monotonic()
    result = run(target, "--timeout=1")
    assert 1 == result.exit_code
    assert "  came      hung: nothing within 1 s" in result.stdout
    assert "  program   M\n" in result.stdout
    assert 30 > time.monotonic() - before


def test_a_kata_that_hung_too_often_is_asked_no_more(tmp_path: Path) -> None:
    target = kata_of(tmp_path, "def execute(program):\n    while True: pass")
    question = Question(Program("M"), World(1, 1), Point(0, 0), Direction.NORTH)
    asked = [Question(Program("M" * size), *_place(question)) for size in range(1, PATIENCE + 3)]
    with Kata(target, timeout=0.1) as kata:
        ended = [came and came.ended for came in map(kata.ask, asked)]
        assert ["hung"] * PATIENCE + [None, None] == ended
        assert PATIENCE == kata.asked


def _place(question: Question) -> tuple[World, Point, Direction]:
    return question.world, question.point, question.direction


def test_a_question_is_asked_once(tmp_path: Path) -> None:
    count = "calls = []\ndef execute(program):\n    calls.append(1)\n    return str(len(calls))"
    question = Question(Program("M"), World(1, 1), Point(0, 0), Direction.NORTH)
    with Kata(kata_of(tmp_path, count), timeout=5) as kata:
        assert kata.ask(question) is kata.ask(question)
        assert (1, "") == (kata.asked, kata.printed)


UNUSABLE = {
    "no colon": ("kata", "bad target 'kata': expected MODULE:FUNCTION or path/to/file.py:FUNCTION"),
    "no function": ("kata.py:", "bad target 'kata.py:': expected MODULE:FUNCTION or "),
    "no module": ("no_such_kata:execute", "no module 'no_such_kata' in "),
    "no such file": ("no/such/kata.py:execute", "no file 'no/such/kata.py': expected "),
    "no such name": (f"{KATAS}:execute", "has no 'execute': expected one of over_the_edge, "),
    "not callable": (f"{KATAS}:NOT_A_FUNCTION", "'NOT_A_FUNCTION' of "),
}


@pytest.mark.parametrize(("target", "complaint"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_asked_is_bad_usage_in_one_line(target: str, complaint: str) -> None:
    result = run(target)
    assert 2 == result.exit_code
    assert result.stderr.startswith("Error: ")
    assert complaint in result.stderr
    assert 1 == len(result.stderr.splitlines())


BAD_SOURCES = {
    "a syntax error": ("def execute(:", "cannot import ", "SyntaxError"),
    "an error at import": ("raise KeyError('x')", "cannot import ", "KeyError: 'x'"),
    "an exit at import": ("raise SystemExit(1)", "cannot import ", "SystemExit: 1"),
    "another import": ("import no_such_library", "cannot import ", "No module named"),
    "a death at import": ("import os; os._exit(1)", "the process that imported ", " ended"),
    "a need of something else": (
        "def execute(program, speed): ...",
        "cannot be called as execute(program): ",
        "'speed'",
    ),
    "no program": ("def execute(): ...", "cannot be called as execute(program): ", "too many"),
    "nothing in it": ("", "has no 'execute': expected a function", "there is none"),
}


@pytest.mark.parametrize(("source", "complaint", "detail"), BAD_SOURCES.values(), ids=BAD_SOURCES)
def test_a_file_that_cannot_be_used_is_bad_usage_in_one_line(
    tmp_path: Path, source: str, complaint: str, detail: str
) -> None:
    result = run(kata_of(tmp_path, source))
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert detail in result.stderr
    assert 1 == len(result.stderr.splitlines())


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (
            "--rules=no-gravity",
            "--rules: unknown rule 'no-gravity': expected no-obstacles, no-wrap",
        ),
        ("--rules=", "--rules: unknown rule '': expected"),
        ("--examples=0", "Invalid value for '--examples'"),
        ("--timeout=0", "Invalid value for '--timeout'"),
    ],
)
def test_bad_options_are_bad_usage(option: str, complaint: str) -> None:
    result = hold("right", option)
    assert 2 == result.exit_code
    assert complaint in result.stderr


def test_an_import_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mars_rover.shell.kata.kata.LOADING", 0.5)
    with pytest.raises(Unusable, match=r"was not imported within 0\.5 s"):
        Kata(kata_of(tmp_path, "while True: pass"), timeout=1)


class Unreadable:
    """A callable that will not say what it takes."""

    __signature__ = "none of your business"

    def __call__(self, program: str, **told: object) -> str:
        return program


def test_without_the_extra_there_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("mars_rover.shell.kata.asking", "mars_rover.testing"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    result = hold("right")
    assert 1 == result.exit_code
    said = "Error: check needs hypothesis: pip install 'mars-rover-decider[testing]'\n"
    assert said == result.stderr


def test_the_worker_loads_and_answers_in_any_process() -> None:
    right = load(f"{KATAS}:right")
    assert ("grid", "obstacles", "start") == taken(right)
    assert ("text", "1:2:N", "") == answer(right, "RMLMM", {})
    assert ("grid", "obstacles", "start") == taken(Unreadable())
    assert ("grid", "start") == taken(load(f"{KATAS}:without_obstacles"))


def test_without_a_way_over_the_edge_letters_are_left_out() -> None:
    question = Question(Program("MLMRMM"), World(2, 3), Point(1, 0), Direction.NORTH)
    kept = within_the_edges(question)
    assert (Program("MLMRM"), "0:2:N") == (kept.program, reference(kept))
    cornered = Question(Program("MM"), World(1, 1), Point(0, 0), Direction.NORTH)
    assert Program("L") == within_the_edges(cornered).program


def test_a_world_that_is_too_large_for_a_map_is_told_in_words() -> None:
    cells = frozenset({Point(5, 5), Point(0, 1)})
    far = Question(Program("M"), World(100, 3), Point(0, 0), Direction.NORTH)
    assert ["  world     100x3, no obstacle"] == world_map(far)
    far = Question(Program("M"), World(10, 13, cells), Point(0, 0), Direction.NORTH)
    assert ["  world     10x13, obstacles at 0,1 5,5"] == world_map(far)


def test_a_map_has_north_at_the_top() -> None:
    world = World(3, 2, frozenset({Point(2, 1)}))
    rows = world_map(Question(Program("M"), world, Point(0, 0), Direction.WEST))
    assert ["   1  . . #", "   0  < . ."] == rows[2:4]
