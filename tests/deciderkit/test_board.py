from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from pyrsistent import PVector, pvector
from returns.result import Success

from deciderkit import (
    Aggregate,
    Board,
    BoardState,
    CorruptHistory,
    ExternalSystem,
    Policy,
    Projection,
    Refused,
    ToDo,
)
from deciderkit.ids import BadKey
from tests.deciderkit.turnstile import (
    Broken,
    Called,
    CallMechanic,
    CoinTaken,
    Command,
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
    State,
    Unlocked,
    board,
    by_turnstile,
    call_for,
    call_mechanic,
    diary,
    mechanics,
    takings,
    turnstile,
    turnstiles,
)

LOG: tuple[object, ...] = (
    CoinTaken("north", 2),
    CoinTaken("south", 1),
    Unlocked("north"),
    Jammed("south"),
    PersonPassed("north"),
    Jammed("north"),
    MechanicCalled("south"),
)


class Foreign(Struct, frozen=True):
    turnstile: str


def test_a_board_knows_its_messages_from_its_deciders() -> None:
    assert (InsertCoin, Push, Kick, CallMechanic) == board.commands
    assert (CoinTaken, Unlocked, PersonPassed, Jammed, MechanicCalled) == board.events
    assert {Jammed} == board.triggers


def test_a_board_knows_who_takes_a_command_and_who_gives_an_event() -> None:
    assert turnstiles is board.takers[Push]
    assert mechanics is board.takers[CallMechanic]
    assert turnstiles is board.givers[Jammed]
    assert mechanics is board.givers[MechanicCalled]


def test_a_stream_is_named_for_its_category_and_key() -> None:
    assert turnstiles.stream(Push("north")) == "turnstile-north"
    assert mechanics.stream(MechanicCalled("north")) == "mechanic-north"


def test_a_fold_of_the_board_is_a_fold_of_everything_on_it() -> None:
    state = board.fold(LOG)
    assert state.position == 7
    assert (Broken(), Broken()) == (
        state.state(turnstiles, "north"),
        state.state(turnstiles, "south"),
    )
    assert Called() == state.state(mechanics, "south")
    assert (ToDo(call_mechanic, 6, "north", Jammed("north")),) == state.todos()
    assert state.view(takings) == 3
    assert pvector(["PersonPassed", "Jammed"]) == state.view(diary, "north")
    assert pvector(["Jammed"]) == state.view(diary, "south")


def test_what_has_no_events_yet_is_as_it_began() -> None:
    for state in (BoardState(), board.fold(LOG)):
        assert Locked() == state.state(turnstiles, "west")
        assert pvector() == state.view(diary, "west")
    view = BoardState().view(diary)
    assert_type(view, PVector[str])
    assert BoardState().todos() == ()


@given(st.integers(0, len(LOG)))
def test_a_fold_goes_on_from_the_state_given(cut: int) -> None:
    before = board.fold(LOG[:cut])
    assert board.fold(LOG) == board.fold(LOG[cut:], before)
    assert board.fold(LOG[:cut]) == before


def test_a_log_longer_than_a_chunk_is_folded_as_a_whole() -> None:
    rounds = 2000
    log = [CoinTaken("a", 2), Unlocked("a"), PersonPassed("a")] * rounds
    state = board.fold(iter(log))
    assert (3 * rounds, 2 * rounds) == (state.position, state.view(takings))
    assert rounds == len(state.view(diary, "a"))


def test_a_state_of_a_board_with_other_policies_is_not_gone_on_from() -> None:
    second = replace(call_mechanic, name="a second call")
    longer = replace(board, policies=(call_mechanic, second))
    with pytest.raises(ValueError, match="zip"):
        longer.fold([Jammed("south")], board.fold([Jammed("north")]))


def test_a_log_tells_which_to_do_an_event_answers() -> None:
    wall = replace(board, policies=(replace(call_mechanic, key=lambda event: "all"),))
    log = [Jammed("north"), Jammed("south"), MechanicCalled("north")]
    told = wall.fold(log, command_ids=["a~1", "a~2", "call-the-mechanic@2"])
    assert [1] == [todo.position for todo in told.todos()]
    untold = wall.fold(log)
    assert [2] == [todo.position for todo in untold.todos()]
    late = wall.fold(log[1:], wall.fold(log[:1]), ["a~2", "call-the-mechanic@1"])
    assert [2] == [todo.position for todo in late.todos()]


def test_a_log_longer_than_a_chunk_tells_it_as_well() -> None:
    rounds = 5_000
    ids = ["a~1"] * rounds + ["call-the-mechanic@4999"]
    state = board.fold(
        [
            *[Jammed("a")] + [Jammed(f"b{each}") for each in range(rounds - 1)],
            MechanicCalled("b4997"),
        ],
        command_ids=ids,
    )
    assert rounds - 1 == len(state.todos())
    assert 4_999 not in {todo.position for todo in state.todos()}


def test_what_is_not_due_is_not_yet_to_be_done() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    later = replace(call_mechanic, due=lambda event: noon)
    state = replace(board, policies=(later,)).fold([Jammed("north")])
    assert 1 == len(state.todos())
    assert () == state.todos(noon - timedelta(seconds=1))
    assert 1 == len(state.todos(noon))


def test_a_key_that_is_no_text_is_one_in_every_place() -> None:
    numbered = replace(turnstiles, key=lambda message: int(message.turnstile))
    shown = replace(diary, key=lambda event: int(event.turnstile))
    wall = Board((numbered,), (), (shown,))
    state = wall.fold([CoinTaken("007", 2), Unlocked("7"), PersonPassed("7")])
    assert Locked() == state.state(numbered, 7) == state.state(numbered, "7")
    assert pvector(["PersonPassed"]) == state.view(shown, 7) == state.view(shown, "7")
    assert "turnstile-7" == numbered.stream(Push("007"))


def test_a_bad_key_is_named_with_whose_it_is() -> None:
    log, day = (
        [CoinTaken("north", 2), Unlocked("north"), PersonPassed("north")],
        datetime(2026, 7, 1),
    )
    by_day = replace(diary, key=lambda event: day)
    said = f"the key {day!r} of {{}}: expected a str, an int, a UUID or a date"
    with pytest.raises(BadKey) as bad:
        replace(board, projections=(takings, by_day)).fold(log)
    assert said.format("projection 'diary'") == str(bad.value)
    odd = replace(turnstiles, key=lambda message: day)
    with pytest.raises(BadKey) as bad:
        replace(board, aggregates=(mechanics, odd)).fold(log)
    assert said.format(f"aggregate {odd.name!r}") == str(bad.value)
    with pytest.raises(BadKey) as bad:
        odd.stream(log[0])
    assert said.format(f"aggregate {odd.name!r}") == str(bad.value)


def test_a_board_knows_what_leads_to_what() -> None:
    assert {
        Push: turnstiles.events,
        InsertCoin: turnstiles.events,
        Kick: turnstiles.events,
    } == dict(turnstiles.leads_to)
    told = replace(turnstiles, leads={Push: (PersonPassed,), Kick: ()})
    expected = {InsertCoin: turnstiles.events, Push: (PersonPassed,), Kick: ()}
    assert expected == dict(told.leads_to)
    assert expected == dict(Board((told,)).aggregates[0].leads_to)


def test_a_board_knows_who_is_told_of_what() -> None:
    office = ExternalSystem("office", hears=(MechanicCalled, Jammed))
    assert {MechanicCalled, Jammed} == replace(board, externals=(office,)).delivered
    assert set() == board.delivered
    assert {Jammed, MechanicCalled} == board.heard


def test_an_event_that_no_aggregate_gives_is_a_corrupt_history() -> None:
    with pytest.raises(CorruptHistory) as caught:
        board.fold([*LOG, Foreign("a")])
    assert (7, Foreign("a")) == (caught.value.index, caught.value.event)


def test_a_corrupt_event_is_named_by_its_place_in_the_log() -> None:
    with pytest.raises(CorruptHistory) as caught:
        board.fold([Unlocked("east")], board.fold(LOG))
    assert (7, Locked(), Unlocked("east")) == (
        caught.value.index,
        caught.value.state,
        caught.value.event,
    )


def test_a_replay_of_the_board_is_its_fold_as_a_result() -> None:
    assert Success(board.fold(LOG)) == board.replay(LOG)
    assert Success(board.fold(LOG)) == board.replay(LOG[3:], board.fold(LOG[:3]))
    assert board.replay([PersonPassed("north")]).failure().index == 0


def test_where_one_event_asks_twice_the_policy_that_stands_first_comes_first() -> None:
    second = replace(call_mechanic, name="a second call")
    wall = replace(board, policies=(call_mechanic, second))
    todos = wall.fold([Jammed("a"), Jammed("b")]).todos()
    assert [(todo.position, todo.policy.name) for todo in todos] == [
        (1, "call the mechanic"),
        (1, "a second call"),
        (2, "call the mechanic"),
        (2, "a second call"),
    ]


def count_foreign(total: int, event: Foreign) -> int:
    return total + 1


def _policy(whenever: type, until: type) -> Policy[Jammed, CallMechanic]:
    return Policy("stray", whenever, call_for, until, by_turnstile)


def call_for_help(event: Jammed) -> Foreign:
    return Foreign(event.turnstile)


def decide_more(
    command: Command, state: State
) -> tuple[Event | Foreign, ...] | tuple[Refused[Command, Reason]]:
    raise NotImplementedError


DECIDES_MORE: Any = replace(turnstile, decide=decide_more)  # type: ignore[arg-type]

WRONG: dict[str, tuple[Board, dict[str, object], str]] = {
    "two projections of one name": (
        board,
        {"projections": (takings, takings)},
        "two notes are called 'takings': expected a name for each",
    ),
    "a policy that asks for what nobody takes": (
        board,
        {"policies": (Policy("help", Jammed, call_for_help, Jammed, by_turnstile),)},
        "policy 'help' asks for Foreign, which no aggregate takes",
    ),
    "an aggregate and a policy of one name": (
        board,
        {"policies": (replace(call_mechanic, name="Turnstile"),)},
        "two notes are called 'Turnstile': expected a name for each",
    ),
    "two aggregates of one category": (
        board,
        {"aggregates": (turnstiles, replace(mechanics, category="turnstile"))},
        "two aggregates own the streams of 'turnstile': expected a category for each",
    ),
    "a category with a hyphen": (
        board,
        {"aggregates": (turnstiles, replace(mechanics, category="on-call"))},
        "Mechanic: category 'on-call': expected a word without a hyphen, of A-Z a-z 0-9 . _ "
        "with a letter or digit first",
    ),
    "a category without a name": (
        board,
        {"aggregates": (turnstiles, replace(mechanics, category=""))},
        "Mechanic: category '': expected a word without a hyphen, of A-Z a-z 0-9 . _ "
        "with a letter or digit first",
    ),
    "a category with a space": (
        board,
        {"aggregates": (turnstiles, replace(mechanics, category="my account"))},
        "Mechanic: category 'my account': expected a word without a hyphen, of A-Z a-z 0-9 . _ "
        "with a letter or digit first",
    ),
    "a decision that evolve does not name": (
        board,
        {"aggregates": (replace(turnstiles, decider=DECIDES_MORE),)},
        "Turnstile decides Foreign, which its evolve does not name: "
        "expected each type of event by itself",
    ),
    "a command that leads to another's event": (
        board,
        {"aggregates": (replace(turnstiles, leads={Push: (MechanicCalled,)}), mechanics)},
        "Turnstile leads to MechanicCalled, which it does not give",
    ),
    "another's command that leads to an event": (
        board,
        {"aggregates": (replace(turnstiles, leads={CallMechanic: (Jammed,)}), mechanics)},
        "Turnstile leads from CallMechanic, which it does not take",
    ),
    "a policy that excuses with what nobody gives": (
        board,
        {"policies": (replace(call_mechanic, unless=(Foreign,)),)},
        "policy 'call the mechanic' waits for Foreign, which no aggregate gives",
    ),
    "a policy without a name": (
        board,
        {"policies": (replace(call_mechanic, name="?!"),)},
        "policy '?!': expected a name with 1 to 128 letters or digits",
    ),
    "a policy with too long a name": (
        board,
        {"policies": (replace(call_mechanic, name="a" * 129),)},
        f"policy '{'a' * 129}': expected a name with 1 to 128 letters or digits",
    ),
    "two policies of one id": (
        board,
        {"policies": (call_mechanic, replace(call_mechanic, name="Call: the mechanic!"))},
        "the names of two policies both become the id 'call-the-mechanic': expected one for each",
    ),
    "a policy that takes another's former name": (
        board,
        {
            "policies": (
                call_mechanic,
                replace(call_mechanic, name="new", formerly=("call THE mechanic",)),
            )
        },
        "the names of two policies both become the id 'call-the-mechanic': expected one for each",
    ),
    "an external system that hears what nobody gives": (
        board,
        {"externals": (ExternalSystem("office", hears=(Foreign,)),)},
        "external system 'office' hears Foreign, which no aggregate gives",
    ),
    "two external systems that hear one event": (
        board,
        {
            "externals": (
                ExternalSystem("office", hears=(Jammed,)),
                ExternalSystem("pager", hears=(Jammed,)),
            )
        },
        "two external systems hear Jammed: expected one, which may tell the other",
    ),
    "a message with two owners": (
        board,
        {"aggregates": (*board.aggregates, replace(mechanics, name="Twin", category="twin"))},
        "CallMechanic has two owners: expected one aggregate for each message",
    ),
    "a policy that waits for what nobody gives": (
        board,
        {"policies": (_policy(Foreign, MechanicCalled),)},
        "policy 'stray' waits for Foreign, which no aggregate gives",
    ),
    "a policy that ends with what nobody gives": (
        board,
        {"policies": (_policy(Jammed, Foreign),)},
        "policy 'stray' waits for Foreign, which no aggregate gives",
    ),
    "a projection of what nobody gives": (
        board,
        {"projections": (Projection("foreign", 0, count_foreign),)},
        "projection 'foreign' takes Foreign, which no aggregate gives",
    ),
}


@pytest.mark.parametrize(("whole", "change", "problem"), WRONG.values(), ids=WRONG)
def test_a_board_that_cannot_run_says_why(
    whole: Board, change: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match=r"^this board cannot run: ") as caught:
        replace(whole, **change)  # type: ignore[arg-type]
    assert f"this board cannot run: {problem}" == str(caught.value)


def test_an_aggregate_does_not_count_a_refusal_among_its_events() -> None:
    alone = Aggregate("T", "t", turnstiles.decider, by_turnstile)
    assert (CoinTaken, Unlocked, PersonPassed, Jammed) == alone.events
    assert Open() == Board((alone,)).fold(LOG[:1] + LOG[2:3]).state(alone, "north")
