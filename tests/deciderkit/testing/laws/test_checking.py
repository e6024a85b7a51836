from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from msgspec import Struct

from deciderkit.log.codec import Codec, EventType, Stored
from deciderkit.testing import LawBroken, check_decider, check_policy
from deciderkit.testing.laws import (
    CODEC_LAWS,
    DECIDER_LAWS,
    POLICY_LAWS,
    Unasked,
    check,
    check_codec,
    check_projection,
)
from deciderkit.testing.laws.checking import check_all, label
from deciderkit.testing.laws.decider import decide_is_total
from deciderkit.testing.laws.law import about, contradict
from mars_rover.codec import codec
from mars_rover.testing import events
from pytest_deciderkit import Verdict, conduct
from tests.deciderkit import turnstile as domain
from tests.mars_rover.test_laws import TestCodec as RoverCodec

INTEGERS = st.integers(0, 10**6)


@pytest.fixture(autouse=True)
def verdicts() -> Iterator[list[Verdict]]:
    """What is told in this test, and to nobody else: broken laws here are no news for a summary."""
    told: list[Verdict] = []
    before, conduct.tell = conduct.tell, told.append
    yield told
    conduct.tell = before


@about("name", lambda subject, number: [f"number: {number}"])
def small(subject: str, number: int) -> None:
    """A number is small."""
    if number > 1000:
        contradict(number=number)


@about("name", lambda subject, number: [])
def askable(subject: str, number: int) -> None:
    """A number can be asked."""
    raise Unasked("nobody is at home")


def test_the_smallest_example_is_told_and_how_to_see_it_again() -> None:
    with pytest.raises(LawBroken, match="number: 1001") as caught:
        check(small, ("n",), INTEGERS, seed=17)
    hint = "to see it again: pytest --laws-seed=17, or seed=17 where it is checked"
    assert [hint] == caught.value.__notes__


@contextmanager
def derandomised(whether: bool) -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.register_profile("for this test", settings(), derandomize=whether)
    settings.load_profile("for this test")
    try:
        yield
    finally:
        settings.load_profile(before)


def test_a_seed_of_its_own_is_drawn_where_none_is_given() -> None:
    with derandomised(False), pytest.raises(LawBroken) as caught:
        check(small, ("n",), INTEGERS)
    assert caught.value.__notes__[0].startswith("to see it again: pytest --laws-seed=")


def test_a_derandomised_run_needs_no_seed() -> None:
    with derandomised(True), pytest.raises(LawBroken) as caught:
        check(small, ("n",), INTEGERS)
    assert ["to see it again, run the same: the examples do not change from run to run"] == (
        caught.value.__notes__
    )


def test_the_same_seed_asks_the_same() -> None:
    def asked(seed: int) -> list[int]:
        seen: list[int] = []

        @about("name", lambda subject, number: [])
        def note(subject: str, number: int) -> None:
            seen.append(number)

        check(note, ("n",), INTEGERS, max_examples=30, seed=seed)
        return seen

    assert asked(1) == asked(1) != asked(2)
    assert 30 == len(asked(3))


def test_the_conduct_of_the_process_is_followed_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    @about("name", lambda subject, number: [])
    def note(subject: str, number: int) -> None:
        seen.append(number)

    monkeypatch.setattr(conduct, "examples", 7)
    monkeypatch.setattr(conduct, "seed", 5)
    check(note, ("n",), INTEGERS)
    assert 7 == len(seen)
    check(note, ("n",), INTEGERS, max_examples=3)
    assert 7 + 3 == len(seen)
    assert seen[:3] == seen[7:]


def test_what_does_not_show_every_time_is_told_as_that() -> None:
    first = iter([True])

    @about("name", lambda subject, number: [f"number: {number}"])
    def lucky(subject: str, number: int) -> None:
        """A number is lucky, but for the first."""
        if next(first, False):
            contradict(number=number)

    with pytest.raises(LawBroken, match="it does not show every time that the same is asked"):
        check(lucky, ("n",), INTEGERS)


def test_flakiness_that_is_no_law_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def flaky(*args: object) -> None:
        raise Flaky("something else")

    monkeypatch.setattr("deciderkit.testing.laws.checking._test", lambda *args: flaky)
    with pytest.raises(Flaky, match="something else"):
        check(small, ("n",), INTEGERS)


def test_verdicts_are_told(verdicts: list[Verdict]) -> None:
    check_all([small, askable], ("n",), st.just(1))
    with pytest.raises(LawBroken):
        check(small, ("n",), st.just(1001))
    name = repr("n")
    assert [
        Verdict("name", name, "small", "held"),
        Verdict("name", name, "askable", "left out"),
        Verdict("name", name, "small", "broken"),
    ] == verdicts


def test_a_law_that_could_not_be_asked_is_left_out_and_named() -> None:
    checked = check_all([small, askable], ("n",), st.just(1))
    assert "1 law holds, 1 left out: askable (nobody is at home)" == str(checked)


def test_a_subject_has_the_name_on_its_note_or_that_of_its_function() -> None:
    assert "takings" == label(domain.takings)
    assert "tests.deciderkit.turnstile.decide" == label(domain.turnstile)
    assert "builtins.sorted" == label(sorted)


def test_check_decider_holds_the_laws_together_or_some_alone() -> None:
    whole = check_decider(domain.turnstile, domain.commands(), max_examples=5)
    assert tuple(law.name for law in DECIDER_LAWS) == whole.held
    alone = check_decider(domain.turnstile, domain.commands(), laws=[decide_is_total])
    assert "1 law holds" == str(alone)


def test_check_decider_names_the_first_law_that_does_not_hold() -> None:
    def raises(command: domain.Command, state: domain.State) -> domain.Decision:
        raise ZeroDivisionError

    raising = replace(domain.turnstile, decide=raises)
    with pytest.raises(LawBroken, match="never raises") as caught:
        check_decider(raising, domain.commands())
    assert decide_is_total is caught.value.law


def test_the_other_notes_are_checked_in_one_line_each() -> None:
    outside, few = domain.commands(), 5
    policies = check_policy(domain.call_mechanic, domain.board, outside, max_examples=few)
    assert tuple(law.name for law in POLICY_LAWS) == policies.held
    logs = st.just([domain.CoinTaken("t", 1)])
    assert 4 == len(check_projection(domain.takings, logs, max_examples=few).held)
    assert 6 == len(check_codec(codec, events(), max_examples=few).held)
    samples = RoverCodec.samples
    assert 7 == len(check_codec(codec, events(), samples=samples, max_examples=few).held)


class Landed(Struct, frozen=True):
    at: datetime


OLD = Codec([EventType("Landed", Landed, 3, {1: dict, 2: dict})])
ROME = st.datetimes(
    datetime(1970, 1, 1), timezones=st.just(ZoneInfo("Europe/Rome")), allow_imaginary=False
)


def test_an_upcast_without_a_sample_is_left_out_by_name(verdicts: list[Verdict]) -> None:
    stored = Stored("Landed", 1, b'{"at":"2026-10-25T02:30:00+01:00"}')
    landed = Landed(datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))))
    checked = check_codec(OLD, st.just(landed), samples=[(stored, landed)], max_examples=1)
    assert (
        ("every_upcast_is_asked", "no sample of Landed 2: what was stored so is not asked"),
    ) == (checked.left_out)
    assert Verdict("codec", "Codec", "every_upcast_is_asked", "left out") in verdicts
    both = [(stored, landed), (stored._replace(schema=2), landed)]
    assert () == check_codec(OLD, st.just(landed), samples=both, max_examples=1).left_out


def test_an_hour_that_the_clock_shows_twice_breaks_no_law_of_a_codec() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"), fold=1)
    moments = st.builds(Landed, ROME | st.just(twice))
    check_codec(OLD, moments, laws=CODEC_LAWS, max_examples=50)


class IntoUtc(Codec):
    def encode(self, event: Landed) -> Stored:
        return super().encode(Landed(event.at.astimezone(UTC)))


def test_control_a_codec_that_changes_the_offset_is_found_out() -> None:
    with pytest.raises(LawBroken, match="comes back from the store as it went in"):
        check_codec(IntoUtc(OLD.event_types), st.builds(Landed, ROME), max_examples=50)
