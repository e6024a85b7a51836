from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Policy, ToDo
from deciderkit.ids import BadKey
from deciderkit.policy import Waiting, in_order, is_due
from deciderkit.testing import given
from tests.deciderkit.turnstile import (
    CallMechanic,
    CoinTaken,
    Jammed,
    MechanicCalled,
    PersonPassed,
    call_mechanic,
)

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Tick(Struct, frozen=True):
    clock: str


def waiting_after(policy: Policy[Jammed, CallMechanic], *events: tuple[object, str]) -> list[int]:
    """The positions still to do after events, each recorded under the id beside it."""
    waiting: Waiting[Jammed, CallMechanic] = Waiting()
    for position, (event, command_id) in enumerate(events, 1):
        waiting = policy.evolve(waiting, position, event, command_id)
    assert len(waiting) == len(waiting.by_position)
    return sorted(waiting.by_position)


def test_whenever_puts_a_command_on_the_list() -> None:
    given(call_mechanic, Jammed("a")).then_todos(CallMechanic("a"))


def test_until_takes_it_off_for_its_own_key_only() -> None:
    given(call_mechanic, Jammed("a"), Jammed("b"), MechanicCalled("b")).then_todos(
        CallMechanic("a")
    )


def test_until_without_a_whenever_is_nothing() -> None:
    given(call_mechanic, MechanicCalled("a")).then_nothing()


def test_an_event_that_nobody_waits_for_is_nothing() -> None:
    given(call_mechanic, CoinTaken("a", 1)).then_nothing()


def test_each_asking_is_one_to_do() -> None:
    todos = call_mechanic.todos([CoinTaken("a", 1), Jammed("a"), Jammed("b"), Jammed("a")])
    expected = (
        ToDo(call_mechanic, 2, "a", Jammed("a")),
        ToDo(call_mechanic, 3, "b", Jammed("b")),
        ToDo(call_mechanic, 4, "a", Jammed("a")),
    )
    assert expected == todos


def test_an_until_of_somebody_else_ends_the_oldest_of_its_key() -> None:
    log = [Jammed("a"), Jammed("b"), Jammed("a"), MechanicCalled("a")]
    assert [2, 3] == [todo.position for todo in call_mechanic.todos(log)]
    assert [2] == [todo.position for todo in call_mechanic.todos([*log, MechanicCalled("a")])]


JAMS = [(Jammed("a"), "x~1"), (Jammed("a"), "x~2"), (Jammed("b"), "x~3")]


@pytest.mark.parametrize(
    ("command_id", "left"),
    [
        ("call-the-mechanic@2", [1, 3]),
        ("call-the-mechanic@3", [1, 2]),  # whatever the key of the event says
        ("call-the-mechanic@9", [1, 2, 3]),  # off already, or never asked: it ends no other
        ("turn-off@2", [2, 3]),  # another policy's
        ("call-the-mechanic", [2, 3]),
        ("c1", [2, 3]),
        ("", [2, 3]),
    ],
)
def test_the_id_of_a_commit_tells_which_to_do_it_ends(command_id: str, left: list[int]) -> None:
    assert left == waiting_after(call_mechanic, *JAMS, (MechanicCalled("a"), command_id))


def test_a_policy_that_was_renamed_knows_its_former_to_dos() -> None:
    done = (MechanicCalled("a"), "call-the-mechanic@2")
    renamed = replace(call_mechanic, name="help")
    assert [2, 3] == waiting_after(renamed, *JAMS, done)
    known = replace(renamed, formerly=("call the mechanic",))
    assert [1, 3] == waiting_after(known, *JAMS, done)
    assert "help@2" == ToDo(known, 2, "a", Jammed("a")).id


def test_unless_takes_all_of_its_key_off_whatever_the_id_says() -> None:
    excused = replace(call_mechanic, unless=PersonPassed)
    assert [3] == waiting_after(excused, *JAMS, (PersonPassed("a"), "call-the-mechanic@3"))
    assert [1, 2, 3] == waiting_after(excused, *JAMS, (PersonPassed("c"), ""))


def test_any_of_several_events_ends_it() -> None:
    either = replace(call_mechanic, until=(MechanicCalled, PersonPassed))
    assert [3] == waiting_after(either, *JAMS, (PersonPassed("a"), ""), (MechanicCalled("a"), ""))


def test_to_dos_come_in_the_order_of_the_log_and_not_of_their_keys() -> None:
    keys = [f"key{number}" for number in range(50, 0, -1)]
    todos = call_mechanic.todos([Jammed(key) for key in keys])
    assert keys == [todo.key for todo in todos]


def test_asked_again_after_it_was_done_it_stands_at_the_later_place() -> None:
    todos = call_mechanic.todos([Jammed("a"), MechanicCalled("a"), Jammed("a")])
    assert [todo.position for todo in todos] == [3]


def test_an_event_that_ends_one_to_do_may_ask_for_the_next() -> None:
    clock = Policy("tick", Tick, then=lambda event: "tock", until=Tick, key=lambda event: "clock")
    assert (ToDo(clock, 2, "clock", Tick("a")),) == clock.todos([Tick("a"), Tick("a")])
    assert "tock" == clock.todos([Tick("a")])[0].command


class LoudTick(Tick, frozen=True):
    pass


def test_a_subtype_is_another_event() -> None:
    clock = Policy("tick", Tick, then=lambda event: "tock", until=Tick, key=lambda event: "clock")
    assert () == clock.todos([LoudTick("a")])


def test_evolve_leaves_the_to_dos_before_as_they_were() -> None:
    before = call_mechanic.evolve(Waiting(), 1, Jammed("a"))
    after = call_mechanic.evolve(before, 2, MechanicCalled("a"))
    assert (len(before), len(after)) == (1, 0)
    assert Waiting() == after


def bad_key(event: Jammed | MechanicCalled) -> str:
    raise KeyError(event.turnstile)


def test_a_key_that_raises_is_no_key_and_stops_no_fold() -> None:
    keyless = replace(call_mechanic, key=bad_key)
    with pytest.raises(BadKey, match="the key of policy 'call the mechanic' raises KeyError: 'a'"):
        keyless.todos([Jammed("a")])[0].command  # noqa: B018
    assert [None, None] == [todo.key for todo in keyless.todos([Jammed("a"), Jammed("b")])]
    assert [1, 2, 3] == waiting_after(keyless, *JAMS, (MechanicCalled("a"), ""))  # who knows whose
    unless = replace(keyless, unless=MechanicCalled, until=CoinTaken)
    assert [1, 2, 3] == waiting_after(unless, *JAMS, (MechanicCalled("a"), ""))
    assert [1, 3] == waiting_after(keyless, *JAMS, (MechanicCalled("a"), "call-the-mechanic@2"))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (7, "7"),
        (UUID(int=7), str(UUID(int=7))),
        ("a", "a"),
        (None, None),
        (True, None),
        (1.5, None),
    ],
)
def test_a_key_is_a_text_a_number_or_a_uuid(key: object, text: str | None) -> None:
    (todo,) = replace(call_mechanic, key=lambda event: key).todos([Jammed("a")])
    assert text == todo.key


def test_a_policy_says_which_commands_it_asks_for() -> None:
    assert (CallMechanic,) == call_mechanic.asks_for
    silent = Policy("tick", Tick, then=lambda event: "tock", until=Tick, key=lambda event: "clock")
    with pytest.raises(TypeError, match="what it returns has no annotation"):
        _ = silent.asks_for


def test_a_to_do_shows_what_it_is_and_not_the_whole_policy() -> None:
    shown = repr(ToDo(call_mechanic, 2, "a", Jammed("a")))
    expected = "ToDo(policy='call the mechanic', position=2, key='a', event=Jammed(turnstile='a'))"
    assert expected == shown


def due_at(when: datetime) -> Policy[Jammed, CallMechanic]:
    return replace(call_mechanic, due=lambda event: when)


def test_a_to_do_waits_until_it_is_due() -> None:
    later = due_at(NOON)
    assert 1 == len(later.todos([Jammed("a")]))
    assert () == later.todos([Jammed("a")], NOON - timedelta(microseconds=1))
    assert 1 == len(later.todos([Jammed("a")], NOON))
    assert NOON == later.todos([Jammed("a")])[0].due


def test_a_policy_that_is_not_told_when_is_due_at_once() -> None:
    (todo,) = call_mechanic.todos([Jammed("a")], NOON)
    assert todo.due is None


def test_a_time_without_a_zone_is_refused_when_it_is_due_and_stops_no_fold() -> None:
    (todo,) = due_at(datetime(2026, 7, 1, 12)).todos([Jammed("a")], NOON)
    with pytest.raises(ValueError, match="expected a datetime with a time zone"):
        _ = todo.due
    assert is_due(todo, NOON)


ACTS = st.lists(
    st.tuples(
        st.sampled_from([Jammed, MechanicCalled, PersonPassed]),
        st.sampled_from("abc"),
        st.one_of(st.just(""), st.integers(1, 12).map(lambda place: f"call-the-mechanic@{place}")),
    ),
    max_size=30,
)


@examples(ACTS)
def test_the_fold_equals_a_slow_reading_of_the_log(acts: list[tuple[type, str, str]]) -> None:
    excused = replace(call_mechanic, unless=PersonPassed)
    waiting: Waiting[Jammed, CallMechanic] = Waiting()
    slow: list[tuple[int, str]] = []
    for position, (kind, key, command_id) in enumerate(acts, 1):
        waiting = excused.evolve(waiting, position, kind(key), command_id)
        if kind is Jammed:
            slow.append((position, key))
        elif kind is PersonPassed:
            slow = [each for each in slow if each[1] != key]
        elif command_id:
            slow = [each for each in slow if each[0] != int(command_id.rpartition("@")[2])]
        else:
            oldest = next((each for each in slow if each[1] == key), None)
            slow = [each for each in slow if each != oldest]
    todos = in_order(waiting.by_position.values())
    assert slow == [(todo.position, todo.key) for todo in todos]
    assert {key for _, key in slow} == set(waiting.queues)
