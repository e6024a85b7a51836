"""A kata that is wrong, one that remembers and one that throws dice are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mars_rover import Direction, Point, Program, World
from mars_rover.shell.kata.check import check
from mars_rover.shell.kata.diagnosis import Diagnosis, Fault, diagnose
from mars_rover.shell.kata.kata import Kata
from mars_rover.shell.kata.question import Came, Question
from tests.mars_rover.shell.kata.test_attacks import kata_of

PLACE = World(50, 50), Point(0, 0), Direction.NORTH


def moves(number: int) -> Question:
    return Question(Program("M" * number), *PLACE)


def diagnosed(folder: Path, source: str, asked: list[int]) -> tuple[Came, Diagnosis]:
    """What came of the last of ``asked``, and why."""
    with Kata(kata_of(folder, source), timeout=1) as kata:
        came = [kata.ask(moves(number)) for number in asked][-1]
        assert came is not None
        return came, diagnose(kata, moves(asked[-1]), came)


@pytest.mark.parametrize(
    "source", ["return 'no'", "raise ValueError", "os._exit(2)", "time.sleep(9)"]
)
def test_a_kata_that_is_wrong_in_itself_is_wrong_each_time(tmp_path: Path, source: str) -> None:
    came, why = diagnosed(tmp_path, source, [1, 2])
    assert Diagnosis(Fault.ITSELF, came) == why


GOES_ON = """
global y
y = globals().get('y', 0) + len(program)
return f'0:{y}:N'
"""


def test_a_kata_that_goes_on_where_it_was_has_a_memory(tmp_path: Path) -> None:
    came, why = diagnosed(tmp_path, GOES_ON, [1, 3])
    assert Came("text", "0:4:N") == came
    assert Diagnosis(Fault.MEMORY, Came("text", "0:3:N"), (moves(1),)) == why


TIRES = """
global calls
calls = globals().get('calls', 0) + 1
if calls > 3: return 'tired'
"""


def test_as_few_questions_are_told_as_are_enough(tmp_path: Path) -> None:
    came, why = diagnosed(tmp_path, TIRES, list(range(1, 12)))
    assert Came("text", "tired") == came
    assert (Fault.MEMORY, 3) == (why.fault, len(why.before))
    _, why = diagnosed(tmp_path, TIRES, [1, 2, 3, 4])
    assert (moves(1), moves(2), moves(3)) == why.before


DICE = "import random\nif random.random() < {chance}: return 'unlucky'"
SEEDED = "if hash('seed') % 2: return 'odd'"
CLOCK = "return f'0:{time.monotonic()}:N'"


@pytest.mark.parametrize("source", [DICE.format(chance=0.5), CLOCK, SEEDED])
def test_a_kata_that_answers_the_same_differently_hangs_on_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """Asked until it is wrong, and then again until it shows: each pass misses by luck at times."""
    monkeypatch.setenv("PYTHONHASHSEED", "6640")
    for _ in range(20):
        came, why = diagnosed(tmp_path, source, [3])
        if came != Came("text", "0:3:N") and why.fault is Fault.CHANCE:
            break
    assert Fault.CHANCE is why.fault
    assert came != why.alone


def test_chance_that_shows_seldom_is_not_taken_for_memory(tmp_path: Path) -> None:
    once = f"path = {str(tmp_path / 'once')!r}\nif not os.path.exists(path): open(path, 'w').close(); return 'first'"
    came, why = diagnosed(tmp_path, once, [3])
    assert (Came("text", "first"), Fault.CHANCE) == (came, why.fault)


def test_the_search_for_what_is_remembered_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mars_rover.shell.kata.diagnosis.SEARCHED", 16)
    starts = tmp_path / "starts"
    source = f"if program == 'M': open({str(starts)!r}, 'a').write('.')\n{TIRES}"
    diagnosed(tmp_path, source, list(range(1, 21)))
    assert len(starts.read_text()) <= 2 * 16


def test_what_a_kata_remembers_is_told_as_a_story(tmp_path: Path) -> None:
    target = kata_of(tmp_path, GOES_ON.replace("'0:{y}:N'", "'{y}'") + "\n")
    source = Path(target.rpartition(":")[0])
    source.write_text(source.read_text().replace("return f'{y}'", "if y > 40: return f'{y}'"))
    result = CliRunner().invoke(check, [target, "--rules", "no-wrap"], catch_exceptions=False)
    assert 1 == result.exit_code
    assert "the kata remembers something\nbetween two calls.\n" in result.stdout
    assert result.stdout.count("  execute(") > 1


def test_of_many_calls_that_are_remembered_the_last_are_told(tmp_path: Path) -> None:
    target = kata_of(tmp_path, TIRES.replace("calls > 3", "calls > 6"))
    result = CliRunner().invoke(check, [target], catch_exceptions=False)
    assert 1 == result.exit_code
    assert "\n  ... 3 calls before, and then\n  execute(" in result.stdout
    assert 4 == result.stdout.count("  execute(")


def test_chance_is_told_as_a_story(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, [kata_of(tmp_path, CLOCK)], catch_exceptions=False)
    assert 1 == result.exit_code
    assert "The same, asked again, gave " in result.stdout
    assert "hangs on chance, on the\ntime, or on the order of a set.\n" in result.stdout
