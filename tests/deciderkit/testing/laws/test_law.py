from __future__ import annotations

from unittest import SkipTest

import pytest

from deciderkit import Decider
from deciderkit.testing.laws import DECIDER_LAWS, LawBroken, Unasked
from deciderkit.testing.laws.decider import a_terminal_state_only_refuses
from deciderkit.testing.laws.law import (
    StoodBack,
    about,
    contradict,
    hold_alike,
    leaning_on,
    left_alone,
    name_of,
)
from deciderkit.testing.laws.running import AnyDecider, Commands, states, tell_commands
from tests.deciderkit import turnstile as domain
from tests.mutants.turnstiles import opens_when_broken

BROKEN = Decider[domain.Command, domain.Event, domain.State, domain.Reason](
    domain.Locked(), opens_when_broken, domain.evolve, domain.is_broken
)


@about("number", lambda number: [f"number: {number}"])
def a_number_is_even(number: int) -> None:
    """A number is even,
    whatever it is.

    This is not part of the sentence.
    """
    if number % 2:
        contradict(rest=number % 2, expected=0)


@about("number", lambda number: [])
def unasked_of_zero(number: int) -> None:
    if number == 0:
        raise Unasked("zero is no number")
    raise LawBroken(a_number_is_even, {}, "from within")


@about("decider", tell_commands)
def a_number_of_states(decider: AnyDecider, commands: Commands) -> None:
    """There are no states at all."""
    contradict(states=states(decider, commands))


def test_a_law_is_silent_where_it_holds() -> None:
    a_number_is_even(2)
    a_terminal_state_only_refuses(domain.turnstile, [domain.Kick("t"), domain.Push("t")])


def test_a_law_has_a_name_and_a_sentence() -> None:
    assert "a_number_is_even" == a_number_is_even.name
    assert "A number is even, whatever it is." == a_number_is_even.sentence
    assert "unasked_of_zero" == unasked_of_zero.sentence


def test_a_broken_law_tells_its_story() -> None:
    with pytest.raises(LawBroken) as caught:
        a_terminal_state_only_refuses(BROKEN, [domain.Kick("t"), domain.Push("t")])
    assert [
        "broken law: A terminal state only refuses.",
        "  decider: tests.mutants.turnstiles.opens_when_broken",
        "  commands:",
        "    1. Kick(turnstile='t')",
        "         -> Jammed(turnstile='t')",
        "    2. Push(turnstile='t')",
        "         -> PersonPassed(turnstile='t')",
        "         -> raised CorruptHistory: corrupt history: "
        "PersonPassed(turnstile='t') cannot follow Broken()",
        "  found:",
        "    state     Broken()",
        "    command   Push(turnstile='t')",
        "    expected  one refusal",
        "    actual    (PersonPassed(turnstile='t'),)",
        "  (a_terminal_state_only_refuses)",
    ] == str(caught.value).splitlines()


def test_an_error_in_the_subject_is_a_broken_law_with_its_cause() -> None:
    with pytest.raises(LawBroken, match=r"raised +TypeError: ") as caught:
        a_number_is_even("odd")  # type: ignore[arg-type]
    assert isinstance(caught.value.__cause__, TypeError)


@leaning_on(a_number_is_even)
@about("number", lambda number: [])
def a_number_is_small(number: int) -> None:
    """A number is small, or why else would it be even?"""
    if number > 10:
        contradict(number=number)


@leaning_on(a_number_is_small)
@about("number", lambda number: [])
def a_number_has_one_digit(number: int) -> None:
    """A number that is small has one digit."""
    if number > 9:
        contradict(number=number)


@leaning_on(unasked_of_zero)
@about("number", lambda number: [])
def a_number_is_not_zero(number: int) -> None:
    """A number is not zero."""
    if number == 0:
        contradict(number=number)


def test_a_law_stands_back_where_one_is_broken_on_which_it_leans() -> None:
    with pytest.raises(StoodBack, match=r"^a_number_is_small leans on a_number_is_even, which is "):
        a_number_is_small(13)
    with pytest.raises(LawBroken, match="why else"):
        a_number_is_small(12)
    a_number_is_small(7)


def test_a_law_that_leans_on_one_that_stands_back_does_so_as_well() -> None:
    with pytest.raises(StoodBack, match="leans on a_number_is_small"):
        a_number_has_one_digit(13)
    with pytest.raises(StoodBack, match="leans on a_number_is_small"):
        a_number_has_one_digit(12)
    with pytest.raises(LawBroken):
        a_number_has_one_digit(10)


def test_a_law_that_cannot_be_asked_is_no_reason_to_stand_back() -> None:
    with pytest.raises(LawBroken):
        a_number_is_not_zero(0)


def test_one_fault_of_a_decider_is_told_by_one_law() -> None:
    def explode(command: object, state: object) -> tuple[int, ...]:
        raise ZeroDivisionError("boom")

    bomb = Decider[int, int, int, str](0, explode, lambda state, event: 0, lambda state: True)
    told = []
    for law in DECIDER_LAWS:
        try:
            law(bomb, [1, 2])
        except LawBroken as broken:
            told.append(broken.law.name)
        except Unasked:
            pass
    assert ["decide_is_total"] == told


def test_chance_is_seen_by_asking_a_law_more_than_once() -> None:
    asked = iter([False, True])

    @about("decider", tell_commands)
    def seldom(decider: AnyDecider, commands: Commands) -> None:
        if next(asked, False):
            contradict(seldom=True)

    leaning = leaning_on(seldom)(a_number_of_states)
    with pytest.raises(StoodBack):
        leaning(domain.turnstile, [])


def test_a_law_that_cannot_be_asked_says_so_and_what_is_told_already_is_passed_on() -> None:
    with pytest.raises(SkipTest, match="zero is no number"):
        unasked_of_zero(0)
    with pytest.raises(LawBroken, match="from within"):
        unasked_of_zero(1)


def test_a_run_without_commands_is_told_as_one() -> None:
    with pytest.raises(LawBroken, match="commands: none"):
        a_number_of_states(domain.turnstile, [])


def test_values_are_held_alike_all_the_way_down() -> None:
    hold_alike([1, {"a": 2}], [1, {"a": 2}])
    with pytest.raises(Exception, match="expected"):
        hold_alike([1, {"a": 2}], [1, {"a": 2.0}])


def test_arguments_are_left_alone_or_shown_as_they_were() -> None:
    basket = [1]
    with left_alone(basket=basket):
        sorted(basket)
    with pytest.raises(Exception, match="basket_before") as caught, left_alone(basket=basket):
        basket.append(2)
    assert {"basket_before": "[1]", "basket_after": [1, 2]} == caught.value.facts  # type: ignore[attr-defined]


def test_a_function_is_named_by_where_it_comes_from() -> None:
    assert "tests.deciderkit.turnstile.decide" == name_of(domain.decide)
    assert "42" == name_of(42)
