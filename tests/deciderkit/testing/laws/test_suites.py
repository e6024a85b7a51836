from __future__ import annotations

import pytest

from deciderkit.testing import DeciderLaws
from deciderkit.testing.laws import DECIDER_LAWS
from tests.deciderkit.turnstile import turnstile


def test_a_suite_without_its_subject_says_which_attributes_are_missing() -> None:
    with pytest.raises(TypeError, match=r"^TestTurnstile has no commands: expected"):
        type("TestTurnstile", (DeciderLaws,), {"decider": turnstile})
    with pytest.raises(TypeError, match=r"^TestNothing has no decider and no commands: expected"):
        type("TestNothing", (DeciderLaws,), {})


def test_a_suite_of_ones_own_may_stand_between() -> None:
    house = type("HouseLaws", (DeciderLaws,), {})
    with pytest.raises(TypeError, match=r"^TestDoor has no decider and no commands"):
        type("TestDoor", (house,), {})


def test_there_is_one_test_for_each_law() -> None:
    (mark,) = DeciderLaws.test_law.pytestmark
    assert ("law", DECIDER_LAWS) == mark.args
