"""Every mutant is killed by the law that is meant to, and what is not mutated lives."""

from __future__ import annotations

from contextlib import suppress

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
from tests.mutants.table import MUTANTS
from tests.mutants.turnstiles import PURITY_ONLY


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.of}: {mutant.wrong}")
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
