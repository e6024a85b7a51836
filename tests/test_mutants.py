"""Every mutant is killed by the law that is meant to, and what is not mutated lives."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from deciderkit.testing.laws import (
    BOARD_LAWS,
    CODEC_LAWS,
    DECIDER_LAWS,
    POLICY_LAWS,
    PROJECTION_LAWS,
    Unasked,
    check,
)
from deciderkit.testing.laws.decider import decide_leaves_its_arguments_alone
from tests.mutants.mutant import Mutant
from tests.mutants.mutmut_shell import prepare
from tests.mutants.shell.bug import ROOT, Bug
from tests.mutants.shell.loop import LOOP, REQUESTS
from tests.mutants.shell.stores import LOG
from tests.mutants.shell.table import BUGS
from tests.mutants.table import MUTANTS
from tests.mutants.turnstiles import PURITY_ONLY


@pytest.fixture(autouse=True)
def _what_a_mutant_does_to_this_process_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path.cwd())  # one of them goes elsewhere, a folder up at a time


# One for each law; ``python -m tests.mutants`` runs all of them, and CI runs that.
FIRST = {mutant.law.name: mutant for mutant in reversed(MUTANTS)}.values()


@pytest.mark.parametrize("mutant", FIRST, ids=lambda mutant: f"{mutant.of}: {mutant.wrong}")
def test_a_mutant_is_killed_by_the_law_that_is_meant_to(mutant: Mutant) -> None:
    broken = mutant.killed()
    assert broken is not None
    assert mutant.law is broken.law
    assert str(broken).startswith(f"broken law: {mutant.law.sentence}\n")


def test_there_is_a_mutant_for_every_law() -> None:
    laws = {*DECIDER_LAWS, *PROJECTION_LAWS, *POLICY_LAWS, *BOARD_LAWS, *CODEC_LAWS}
    assert set() == laws - {mutant.law for mutant in MUTANTS}


def test_impurity_alone_is_seen_by_no_law_of_determinism() -> None:
    """The control: every law but the one of purity lets this mutant live."""
    others = [
        law
        for law in DECIDER_LAWS
        if law is not decide_leaves_its_arguments_alone
        and law.name.split("_")[0] in ("decide", "a")
        and not law.name.startswith("a_decider_does_not_depend_on")
    ]
    assert 6 <= len(others)
    for law in others:
        with suppress(
            Unasked
        ):  # it says that the initial state is changed, and finds nothing itself
            check(law, PURITY_ONLY.subjects, PURITY_ONLY.examples, max_examples=10)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.wrong)
def test_a_seeded_bug_stands_in_the_source_once_and_its_test_is_there(bug: Bug) -> None:
    source = (ROOT / "src/deciderkit" / f"{bug.module.replace('.', '/')}.py").read_text()
    assert 1 == source.count(bug.there)
    assert bug.there != bug.instead
    file, _, name = bug.test.partition("::")
    assert (ROOT / "tests" / file).is_file()
    name = name.rpartition("::")[2]
    rooms = (ROOT / "tests" / file, *(ROOT / "src/deciderkit/testing/store_rules").glob("*.py"))
    assert any(f"def {name}(" in room.read_text() for room in rooms)


@pytest.mark.parametrize("bug", [REQUESTS[1], LOOP[0], LOG[2]], ids=lambda bug: bug.wrong)
def test_a_seeded_bug_is_killed_by_the_test_that_is_meant_to(bug: Bug) -> None:
    """Some of them: ``python -m tests.mutants`` runs all."""
    assert bug.killed() is not None


def test_control_a_change_that_changes_nothing_lives() -> None:
    bug = LOOP[0]
    same = Bug("nothing", bug.module, bug.there, f"{bug.there}  # the same", bug.test)
    assert same.killed() is None


def test_mutmut_finds_the_shell_and_the_tests_that_hold_it(tmp_path: Path) -> None:
    prepare(tmp_path / "here")
    options = tomllib.loads((tmp_path / "here" / "pyproject.toml").read_text())["tool"]["mutmut"]
    mutated = options["only_mutate"]
    assert all(each.startswith("src/deciderkit/shell/") for each in mutated)
    tests = [
        each.removeprefix("--ignore=") for each in options["pytest_add_cli_args_test_selection"]
    ]
    for pattern in (*mutated, *tests):
        assert list((tmp_path / "here").glob(pattern)), pattern


def test_there_are_as_many_seeded_bugs_as_promised() -> None:
    assert len(BUGS) >= 60
    assert len(BUGS) == len({(bug.module, bug.there, bug.instead) for bug in BUGS})
