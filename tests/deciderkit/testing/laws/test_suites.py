from __future__ import annotations

import pytest

from deciderkit.testing import CodecLaws, DeciderLaws
from deciderkit.testing.laws import DECIDER_LAWS, Unasked
from mars_rover.codec import codec
from mars_rover.testing import events
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


def test_a_codec_needs_no_samples_and_says_that_it_has_none() -> None:
    suite = type("TestCodec", (CodecLaws,), {"codec": codec, "events": events()})()
    with pytest.raises(Unasked, match="no samples: keep some"):
        suite.test_samples()
    suite.test_every_upcast_is_asked()


def test_there_is_one_test_for_each_law() -> None:
    (mark,) = DeciderLaws.test_law.pytestmark
    assert ("law", DECIDER_LAWS) == mark.args
