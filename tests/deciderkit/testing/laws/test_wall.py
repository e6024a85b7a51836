"""A whole wall is asked in one go, and what is wrong on it is told by the note that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import find
from hypothesis import strategies as st

from deciderkit import Aggregate, Board, Decider, Policy, Refused
from deciderkit.log.codec import Codec
from deciderkit.testing import BoardLaws, LawBroken, check_board
from deciderkit.testing.laws import (
    BOARD_LAWS,
    CODEC_LAWS,
    POLICY_LAWS,
    PROJECTION_LAWS,
    Unasked,
    board_histories,
    check,
    on_the_board,
)
from deciderkit.testing.laws.board import every_todo_ends_or_is_refused, that_events_can_be_stored
from deciderkit.testing.laws.checking import label
from deciderkit.testing.laws.law import StoodBack
from deciderkit.testing.laws.policy import a_cascade_ends
from pytest_deciderkit import conduct, keep_silent
from tests.deciderkit import turnstile as domain
from tests.domains import bank, cart, seats


def questions(*given: Any) -> list[tuple[str, str, str]]:
    asked = on_the_board(domain.board, domain.board_commands(), *given)
    return [(each.law.kind, label(each.subjects[0]), each.law.name) for each in asked]


def test_each_law_is_asked_of_each_note_on_the_board() -> None:
    expected = [("board", "Turnstile, Mechanic", law.name) for law in BOARD_LAWS]
    expected += [("policy", "call the mechanic", law.name) for law in POLICY_LAWS]
    for view in ("takings", "diary"):
        expected += [("projection", view, law.name) for law in PROJECTION_LAWS]
    assert expected == questions()
    codec = [("codec", "Codec", law.name) for law in CODEC_LAWS]
    assert expected + codec == questions(Codec.of(domain.board))


def test_each_question_has_a_name_of_its_own() -> None:
    asked = on_the_board(domain.board, domain.board_commands(), Codec.of(domain.board))
    names = [each.name for each in asked]
    assert len(names) == len(set(names))
    assert "every_event_has_its_place" in names
    assert "policy call the mechanic: doing_a_todo_ends_it" in names


def test_a_suite_asks_all_that_stands_on_its_board(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from deciderkit.testing import BoardLaws
        from tests.domains import cart

        class TestShop(BoardLaws):
            board = cart.board
            commands = cart.board_commands()
        """
    )
    result = pytester.runpytest_inprocess("--laws-examples=3", "-p", "no:cacheprovider")
    told = "laws: 18 checked for 1 board, 1 policy and 1 projection, 0 broken"
    result.stdout.fnmatch_lines([told])
    result.assert_outcomes(passed=19)  # and the report of fields, which is no law


def test_check_board_asks_the_same() -> None:
    few = check_board(domain.board, domain.board_commands(), max_examples=3)
    assert [name for _, _, name in questions()] == list(few.held)
    alone = check_board(domain.board, domain.board_commands(), laws=BOARD_LAWS[:1])
    assert ("every_command_has_its_place",) == alone.held


@pytest.fixture(autouse=True)
def _to_nobody_else() -> Iterator[None]:
    """Broken laws here are no news for a summary."""
    before, conduct.tell = conduct.tell, keep_silent
    yield
    conduct.tell = before


def broken_on(board: Any, commands: Any) -> list[tuple[str, str]]:
    """Which laws are broken on ``board``, of which kind; the ones that stand back are not."""
    found = []
    for each in on_the_board(board, commands):
        try:
            check(each.law, each.subjects, each.examples, max_examples=60, seed=1)
        except LawBroken as broken:
            found.append((broken.law.kind, broken.law.name))
        except Unasked:
            pass
    return found


def blocks_for_ever() -> Any:
    return replace(domain.board, policies=(replace(domain.call_mechanic, until=domain.Unlocked),))


def test_a_policy_that_blocks_for_ever_is_found_by_the_laws_of_the_board() -> None:
    assert [("policy", "doing_a_todo_ends_it")] == (
        broken_on(blocks_for_ever(), domain.board_commands())
    )


def test_control_the_board_as_it_is_breaks_none() -> None:
    assert [] == broken_on(domain.board, domain.board_commands())


def raises(command: domain.Command, state: domain.State) -> domain.Decision:
    raise ZeroDivisionError


def test_a_decider_that_raises_is_told_once() -> None:
    changed = replace(domain.turnstiles, decider=replace(domain.turnstile, decide=raises))
    board = replace(domain.board, aggregates=(changed, domain.board.aggregates[1]))
    assert [("board", "every_command_is_decided")] == broken_on(board, domain.commands())


def test_what_only_a_policy_asks_for_is_left_to_the_policy() -> None:
    """A mechanic whom somebody called before the jam cannot be called again: that is no fault of the policy."""
    early = st.sampled_from([domain.CallMechanic("north"), domain.Kick("north")])
    assert [] == broken_on(domain.board, early)


def test_histories_end_before_what_raises() -> None:
    changed = replace(domain.turnstiles, decider=replace(domain.turnstile, decide=raises))
    board = replace(domain.board, aggregates=(changed, domain.board.aggregates[1]))
    asked = st.sampled_from([domain.CallMechanic("north"), domain.Kick("north")])
    logs = find(board_histories(board, asked), lambda log: log != [])
    assert [domain.MechanicCalled("north")] == logs


class Opaque:
    """What JSON cannot hold."""


def give(command: str, state: int) -> tuple[Opaque, ...]:
    return (Opaque(),)


def take(state: int, event: Opaque | Refused[str, str]) -> int:
    return state


def test_types_that_make_no_codec_are_left_out_where_none_is_given() -> None:
    decider = Decider[str, Opaque, int, str](0, give, take, bank.never)
    board = Board((Aggregate("Odd", "odd", decider, lambda message: "all"),))
    with pytest.raises(Unasked, match="no codec was given, and these types make none: Opaque"):
        that_events_can_be_stored()(board, ["open"])


def test_a_codec_that_is_given_is_asked() -> None:
    law = that_events_can_be_stored(Codec.of(cart.board))
    law(cart.board, [cart.Add("c1", ["pear"])])
    with pytest.raises(LawBroken, match="its type is not in the codec"):
        law(domain.board, [domain.Kick("north")])


def test_two_endless_policies_are_told_with_what_is_still_to_do() -> None:
    def again(event: bank.LetterSent) -> bank.SendLetter:
        return bank.SendLetter(event.account, event.overdrawn)

    echo = Policy("echo", bank.LetterSent, again, bank.LetterSent, bank.by_account)
    board = replace(bank.board, policies=(bank.warn, echo))
    amount = bank.Withdraw(1, bank.CENT)
    with pytest.raises(LawBroken, match="100 to-dos done one after the other"):
        a_cascade_ends(echo, board, [bank.Open(1, "Ada"), amount])
    with pytest.raises(StoodBack):
        every_todo_ends_or_is_refused(board, [bank.Open(1, "Ada"), amount])


class TestHalls(BoardLaws):
    """With a codec, all that stands on this board and in its log is asked."""

    board = seats.board
    commands = seats.board_commands()
    codec = Codec.of(seats.board)
