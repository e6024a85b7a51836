"""The plugin, seen from outside: whole runs of pytest in a directory of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deciderkit.testing.laws.decider import DECIDER_LAWS
from pytest_deciderkit import IDLE, Verdict, summary

DOOR = '''
    from enum import Enum
    from hypothesis import strategies as st
    from deciderkit import Decider, Refused
    from deciderkit.testing import DeciderLaws, check_decider, given

    def decide(command, is_open):
        """Nobody opens an open door; but, in some versions of it, one that is not there."""
        return (Refused(command, "open"),) if is_open and command == "open" else (command,)

    def evolve(is_open, event):
        return is_open if isinstance(event, Refused) else event == "open"

    def never(is_open):
        return False

    door = Decider(False, decide, evolve, never)
    commands = st.sampled_from(["open", "close"])
'''
SOUND = f"""{DOOR}
    class TestDoor(DeciderLaws):
        decider = door
        commands = commands
"""
BROKEN = SOUND.replace("return False", "return is_open")


@pytest.fixture
def house(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of its own, whose runs do not look at how this one is run."""
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider --import-mode=importlib\n")
    return pytester


def test_there_is_one_test_for_each_law_and_a_line_that_counts_them(house: pytest.Pytester) -> None:
    house.makepyfile(SOUND)
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=17)
    result.stdout.fnmatch_lines(["laws: 17 checked for 1 decider, 0 broken"])


def test_a_broken_law_is_a_failure_that_tells_its_story(house: pytest.Pytester) -> None:
    house.makepyfile(BROKEN)
    result = house.runpytest_subprocess("--laws-seed=3")
    result.assert_outcomes(passed=16, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * broken law: A terminal state only refuses.",
            "E *     1. 'open'",
            "E *     2. 'close'",
            "E *     expected  one refusal",
            "E *     actual    ('close',)",
            "E * to see it again: pytest --laws-seed=3, *",
            "laws: 17 checked for 1 decider, 1 broken",
        ]
    )
    result.stdout.no_fnmatch_line("*hypothesis/core.py*")


ONE_LAW = ("-k", "a_terminal_state_only_refuses")


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_a_broken_law_is_written_as_a_page_where_that_is_asked_for(
    house: pytest.Pytester, options: tuple[str, ...]
) -> None:
    house.makepyfile(BROKEN)
    result = house.runpytest_subprocess("--laws-html=pages", *ONE_LAW, *options)
    [file] = (house.path / "pages").iterdir()
    assert file.name.startswith("a_terminal_state_only_refuses-")
    result.stdout.fnmatch_lines([f"E * as a page: {file}"])
    text = file.read_text(encoding="utf-8")
    assert "<title>Broken law: A terminal state only refuses.</title>" in text
    assert '"broken law"' in text


def test_control_no_page_is_written_where_no_law_is_broken_or_nobody_asks(
    house: pytest.Pytester,
) -> None:
    house.makepyfile(SOUND)
    sound = house.runpytest_subprocess("--laws-html=pages", *ONE_LAW)
    sound.assert_outcomes(passed=1, deselected=len(DECIDER_LAWS) - 1)
    house.makepyfile(BROKEN)
    result = house.runpytest_subprocess(*ONE_LAW)
    result.stdout.no_fnmatch_line("*as a page*")
    assert not (house.path / "pages").exists()


COUNTING = f"""{DOOR}
    from hypothesis import given as drawn, strategies as st
    from deciderkit.testing.laws import check
    from deciderkit.testing.laws.law import about

    seen = []

    @about("name", lambda subject, number: [])
    def note(subject, number):
        seen.append(number)

    def test_count():
        check(note, ("it",), st.integers())
        print("seen", len(seen), sum(seen))
"""


def test_the_options_say_how_many_examples_and_from_which_seed(house: pytest.Pytester) -> None:
    house.makepyfile(COUNTING)
    arguments = ("--laws-examples=17", "-s", "--laws-seed")
    lines = [
        next(
            line for line in house.runpytest_subprocess(*arguments, seed).outlines if "seen" in line
        )
        for seed in ("1", "1", "2")
    ]
    assert ["17"] * 3 == [line.split()[-2] for line in lines]
    assert lines[0] == lines[1] != lines[2]


@pytest.mark.parametrize("bad", ["0", "-1", "many"])
def test_a_number_of_examples_is_at_least_one(house: pytest.Pytester, bad: str) -> None:
    house.makepyfile(SOUND)
    result = house.runpytest_subprocess(f"--laws-examples={bad}")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*argument --laws-examples: invalid*"])


def test_a_scenario_without_a_then_fails_its_test(house: pytest.Pytester) -> None:
    house.makepyfile(
        f"""{DOOR}
    def test_forgotten():
        given(door).when("open")

    def test_without_brackets():
        assert given(door).when("open").then

    def test_remembered():
        given(door).when("open").then("open")

    def test_that_fails_anyway():
        scenario = given(door).when("open")
        raise RuntimeError("before the then")

    def test_after_it():
        pass
"""
    )
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        ["nothing was asserted: expected .then...(...) after", "given  nothing", "when   'open'"]
    )


def test_a_broken_law_that_a_test_expects_is_no_news(house: pytest.Pytester) -> None:
    house.makepyfile(
        f"""{BROKEN.split("class TestDoor")[0]}
    import pytest

    def test_expected():
        with pytest.raises(AssertionError, match="broken law: A terminal state only refuses."):
            check_decider(door, commands)
"""
    )
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["laws: 6 checked for 1 decider, 0 broken"])


def test_a_run_without_laws_has_no_line_about_them(house: pytest.Pytester) -> None:
    house.makepyfile("def test_nothing(): pass")
    result = house.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("laws:*")


def test_the_plugin_loads_nothing_of_the_kit() -> None:
    code = (
        "import sys, pytest_deciderkit; "
        "print([name for name in ('deciderkit', 'hypothesis', 'msgspec') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == run.stdout


def verdict(kind: str, subject: str, came: str, law: str = "law") -> Verdict:
    return Verdict(kind, subject, law, came)


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([verdict("decider", "a", "held")], "laws: 1 checked for 1 decider, 0 broken"),
        ([verdict("decider", "a", "held")] * 2, "laws: 1 checked for 1 decider, 0 broken"),
        (
            [verdict("policy", name, "held") for name in "ab"],
            "laws: 2 checked for 2 policies, 0 broken",
        ),
        (
            [verdict(kind, "a", "held") for kind in ("decider", "board", "codec")],
            "laws: 3 checked for 1 board, 1 codec and 1 decider, 0 broken",
        ),
        (
            [verdict("decider", "a", "broken"), verdict("decider", "a", "held")],
            "laws: 1 checked for 1 decider, 1 broken",
        ),
        (
            [verdict("decider", "a", "held"), verdict("decider", "a", "left out", "other")],
            "laws: 1 checked for 1 decider, 0 broken, 1 left out",
        ),
    ],
)
def test_the_summary_counts_each_law_of_each_subject_once(
    verdicts: list[Verdict], line: str
) -> None:
    assert line == summary(verdicts)


@pytest.mark.parametrize(
    ("many", "rest"), [(1, ""), (10, ""), (11, " and 1 more"), (40, " and 30 more")]
)
def test_the_summary_names_ten_idle_fields_and_counts_the_rest(many: int, rest: str) -> None:
    names = [f"Room.field_{number}" for number in range(many, 0, -1)]
    told = [Verdict("board", "hotel", "a law", "held")]
    told += [Verdict("board", "hotel", name, IDLE) for name in [*names, *names[:2]]]
    said = f"fields that no example changed anything by: {', '.join(names[:10])}{rest}"
    assert said == summary(told).splitlines()[1]
