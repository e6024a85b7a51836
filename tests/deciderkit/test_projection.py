from __future__ import annotations

import pytest
from pyrsistent import pvector

from deciderkit import Projection
from deciderkit.testing import given
from tests.deciderkit.turnstile import (
    CoinTaken,
    Jammed,
    PersonPassed,
    Unlocked,
    diary,
    takings,
)


def test_a_view_begins_with_its_initial_value() -> None:
    given(takings).then_view(0)


def test_a_view_takes_the_events_that_it_is_annotated_with() -> None:
    given(takings, CoinTaken("a", 1), Unlocked("a"), CoinTaken("b", 2)).then_view(3)
    given(diary, CoinTaken("a", 1), PersonPassed("a"), Jammed("a")).then_view(
        pvector(["PersonPassed", "Jammed"])
    )


def test_a_view_goes_on_from_the_one_given() -> None:
    assert takings.fold([CoinTaken("a", 2)], 5) == 7


def test_the_types_taken_are_read_from_evolve() -> None:
    assert (CoinTaken,) == takings.takes
    assert (PersonPassed, Jammed) == diary.takes


def test_without_a_key_there_is_one_view_for_the_whole_log() -> None:
    assert "" == takings.key(CoinTaken("a", 1)) == takings.key(CoinTaken("b", 1))
    assert diary.key(Jammed("a")) == "a"


def test_a_projection_without_annotations_says_what_to_write() -> None:
    silent = Projection("silent", 0, lambda view, event: view)
    with pytest.raises(TypeError, match="parameter 'event' has no annotation"):
        silent.fold([CoinTaken("a", 1)])


def last_value(view: int | None, event: CoinTaken) -> int | None:
    return None if view == 0 else event.value


def test_none_is_a_view_to_go_on_from_like_any_other() -> None:
    initial: int | None = 0
    last = Projection[int | None]("last", initial, last_value)
    assert 1 == last.fold([CoinTaken("a", 1)], None)


def test_a_view_says_whether_there_is_one_for_each_key() -> None:
    assert diary.is_keyed
    assert not takings.is_keyed
