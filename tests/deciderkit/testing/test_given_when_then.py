from __future__ import annotations

import gc

import pytest
from pyrsistent import pvector

from deciderkit import CorruptHistory, Decider, Refused
from deciderkit.testing import ForgottenThen, given
from pytest_deciderkit import conduct, warn_of_forgotten
from tests.deciderkit.turnstile import (
    Broken,
    CallMechanic,
    CoinTaken,
    Event,
    InsertCoin,
    Jammed,
    Kick,
    Locked,
    MechanicCalled,
    Open,
    PersonPassed,
    Push,
    Reason,
    Unlocked,
    call_mechanic,
    diary,
    takings,
    turnstile,
)

PAID: tuple[Event, ...] = (CoinTaken("t", 2), Unlocked("t"))


def test_then_holds_for_exactly_the_events_that_happened() -> None:
    given(turnstile).when(InsertCoin("t", 2)).then(*PAID)


def test_then_falls_for_an_event_too_few() -> None:
    with pytest.raises(AssertionError, match="other events than expected"):
        given(turnstile).when(InsertCoin("t", 2)).then(CoinTaken("t", 2))


def test_then_falls_for_an_event_too_many() -> None:
    with pytest.raises(AssertionError, match="other events than expected"):
        given(turnstile).when(InsertCoin("t", 1)).then(*PAID)


def test_then_falls_for_the_events_in_another_order() -> None:
    with pytest.raises(AssertionError, match="other events than expected"):
        given(turnstile).when(InsertCoin("t", 2)).then(*reversed(PAID))


def test_then_shows_the_scenario_and_where_the_events_part() -> None:
    with pytest.raises(AssertionError) as caught:
        given(turnstile, CoinTaken("t", 1)).when(InsertCoin("t", 1)).then(
            CoinTaken("t", 2), Unlocked("t")
        )
    assert str(caught.value).splitlines() == [
        "other events than expected",
        "given  CoinTaken(turnstile='t', value=1)",
        "when   InsertCoin(turnstile='t', value=1)",
        "then   - is what was expected, + is what came",
        "     - CoinTaken(turnstile='t', value=2)",
        "     ?                                ^",
        "     + CoinTaken(turnstile='t', value=1)",
        "     ?                                ^",
        "       Unlocked(turnstile='t')",
    ]


def test_then_refused_falls_for_another_reason_and_for_events() -> None:
    with pytest.raises(AssertionError, match="refusal expected"):
        given(turnstile).when(Push("t")).then_refused(Reason.JAMMED)
    with pytest.raises(AssertionError, match="refusal expected"):
        given(turnstile).when(Kick("t")).then_refused(Reason.NOT_PAID)


def test_then_nothing_falls_for_events_and_for_a_refusal() -> None:
    with pytest.raises(AssertionError, match=r"- nothing\n.*\+ Jammed"):
        given(turnstile).when(Kick("t")).then_nothing()
    with pytest.raises(AssertionError, match=r"- nothing\n.*\+ Refused"):
        given(turnstile).when(Push("t")).then_nothing()


def test_a_scenario_goes_on_where_the_last_then_ended() -> None:
    (
        given(turnstile)
        .when(InsertCoin("t", 2))
        .then(*PAID)
        .when(Kick("t"))
        .then_nothing()
        .when(InsertCoin("t", 1))
        .then_refused(Reason.ALREADY_OPEN)
        .when(Push("t"))
        .then(PersonPassed("t"))
        .then_state(Locked())
    )


def test_then_state_speaks_of_the_history_or_of_the_decision() -> None:
    given(turnstile, *PAID).then_state(Open())
    given(turnstile).when(InsertCoin("t", 1)).then_state(Locked(1)).then_state(Locked(1))
    given(turnstile).when(Push("t")).then_state(Locked()).when(Kick("t")).then_state(Broken())


def test_then_state_falls_for_another_state() -> None:
    with pytest.raises(AssertionError, match="another state than expected"):
        given(turnstile, *PAID).then_state(Locked())
    with pytest.raises(AssertionError, match="another state than expected"):
        given(turnstile).when(InsertCoin("t", 1)).then_state(Locked(2))


def test_then_corrupt_names_the_event_that_cannot_follow() -> None:
    given(turnstile, *PAID, Unlocked("t")).then_corrupt(2)


def test_then_corrupt_falls_for_another_place_and_for_a_history_in_order() -> None:
    with pytest.raises(AssertionError, match="corrupt at event 2"):
        given(turnstile, *PAID, Unlocked("t")).then_corrupt(1)
    with pytest.raises(AssertionError, match="a history in order"):
        given(turnstile, *PAID).then_corrupt(0)


def test_then_corrupt_falls_where_another_state_or_event_is_blamed() -> None:
    def blame(state: int, event: int | Refused[int, str]) -> int:
        raise CorruptHistory("somebody else", event)

    def count(command: int, state: int) -> tuple[int, ...]:
        return (command,)

    liar = Decider[int, int, int, str](0, count, blame, bool)
    with pytest.raises(AssertionError, match="names another state or event"):
        given(liar, 1).then_corrupt(0)


def test_a_list_is_no_decision_even_with_the_right_events_in_it() -> None:
    def as_list(command: object, state: object) -> tuple[int, ...]:
        return [1]  # type: ignore[return-value]

    counter = Decider[str, int, int, str](
        0, as_list, lambda state, event: state, lambda state: False
    )
    with pytest.raises(AssertionError, match="a decision is a tuple, and this is a list"):
        given(counter).when("count").then(1)


def test_events_that_print_the_same_are_shown_with_their_types() -> None:
    class Pushed(str):
        __slots__ = ()

    decider = Decider[str, str, int, str](
        0, lambda command, state: (Pushed("x"),), lambda state, event: state, lambda state: False
    )
    with pytest.raises(AssertionError, match=r"- 'x' of builtins.str\n(.*\n)?.*\+ 'x' of .*Pushed"):
        given(decider).when("push").then("x")


def test_a_long_history_is_cut_in_the_story() -> None:
    round_trip = (*PAID, PersonPassed("t"))
    with pytest.raises(AssertionError, match=r"given  \.\.\. 288 earlier\n"):
        given(turnstile, *round_trip * 100).then_state(Open())


def test_then_view_shows_how_the_events_are_seen() -> None:
    given(takings, *PAID, Jammed("t"), CoinTaken("t", 1)).then_view(3).then_view(3)
    given(diary, *PAID).then_view(pvector())
    with pytest.raises(AssertionError, match="another view than expected"):
        given(takings, *PAID).then_view(3)


def test_then_todos_shows_what_a_policy_has_still_to_do() -> None:
    given(call_mechanic, Jammed("a"), Jammed("b"), MechanicCalled("a")).then_todos(
        CallMechanic("b")
    )
    given(call_mechanic, Jammed("a"), MechanicCalled("a")).then_nothing()
    with pytest.raises(AssertionError, match="other to-dos than expected"):
        given(call_mechanic, Jammed("a")).then_nothing()


def test_a_scenario_begins_with_something_that_events_happen_to() -> None:
    with pytest.raises(TypeError, match="expected a Decider, a Projection or a Policy"):
        given(42)  # type: ignore[call-overload]


def test_a_when_without_a_then_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(conduct, "tell_forgotten", told.append)
    given(turnstile, *PAID).when(Push("t"))
    gc.collect()
    assert told == [
        "nothing was asserted: expected .then...(...) after\n"
        "given  CoinTaken(turnstile='t', value=2)\n"
        "       Unlocked(turnstile='t')\n"
        "when   Push(turnstile='t')"
    ]


def test_a_scenario_that_failed_was_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(conduct, "tell_forgotten", told.append)
    with pytest.raises(AssertionError):
        given(turnstile).when(Kick("t")).then_nothing()
    gc.collect()
    assert told == []


def test_a_scenario_that_could_not_be_built_tells_only_of_its_own_error() -> None:
    with pytest.raises(CorruptHistory):
        given(turnstile, PersonPassed("t")).when(Push("t"))


def test_without_a_plugin_a_forgotten_then_is_a_warning() -> None:
    with pytest.warns(ForgottenThen, match="nothing was asserted"):
        warn_of_forgotten("nothing was asserted")
