"""Wrong boards, made of the turnstile's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from deciderkit import Aggregate, Board, BoardState
from deciderkit.testing.laws import Law
from deciderkit.testing.laws import board as board_laws
from deciderkit.testing.laws.checking import runs
from tests.deciderkit import turnstile as domain
from tests.deciderkit.turnstile import (
    CallMechanic,
    CoinTaken,
    InsertCoin,
    Jammed,
    Kick,
    MechanicCalled,
    Push,
    Unlocked,
    board,
    call_mechanic,
    takings,
    turnstile,
    turnstiles,
)
from tests.domains import cart
from tests.mutants.mutant import Mutant

BOARD_RUNS = runs(domain.board_commands())
CARTS = runs(cart.board_commands())

what_happens_can_be_stored = board_laws.BOARD_LAWS[-1]


def board_with(law: Law[Any], wrong: str, wall: Board, examples: Any = BOARD_RUNS) -> Mutant:
    return Mutant("board", wrong, law, (wall,), examples)


def deciding(decide: Any) -> Board:
    changed: Aggregate = replace(turnstiles, decider=replace(turnstile, decide=decide))
    return replace(board, aggregates=(changed, board.aggregates[1]))


def with_one_purse() -> Any:
    purse: list[int] = []

    def decide(command: domain.Command, state: domain.State) -> Any:
        """Unlock whichever turnstile gets the third coin of all."""
        if isinstance(state, domain.Locked) and isinstance(command, InsertCoin):
            purse.append(command.value)
            if len(purse) % 3 == 0:
                return (CoinTaken(command.turnstile, 2), Unlocked(command.turnstile))
        return turnstile.decide(command, state)

    return decide


def names_another(command: domain.Command, state: domain.State) -> Any:
    decision = turnstile.decide(command, state)
    return (Jammed("west"),) if decision == (Jammed(command.turnstile),) else decision


def calls_the_mechanic(command: domain.Command, state: domain.State) -> Any:
    if isinstance(command, Kick) and isinstance(state, domain.Locked):
        return (MechanicCalled(command.turnstile),)
    return turnstile.decide(command, state)


def cannot_be_kicked(command: domain.Command, state: domain.State) -> Any:
    if isinstance(command, Kick):
        raise NotImplementedError("kicks come in the next sprint")
    return turnstile.decide(command, state)


def silent_when_called_twice() -> Board:
    def decide(command: CallMechanic, state: domain.CallState) -> Any:
        return domain.decide_call(command, state) if isinstance(state, domain.Idle) else ()

    mechanics = board.aggregates[1]
    changed: Aggregate = replace(mechanics, decider=replace(mechanics.decider, decide=decide))
    return replace(board, aggregates=(turnstiles, changed))


def priced_by_nothing() -> Board:
    def decide(command: cart.Command, state: cart.State) -> tuple[cart.Event, ...]:
        nothing = Decimal("NaN")
        return (cart.Added(command.cart, "pear", nothing),) if isinstance(command, cart.Add) else ()

    def evolve(state: cart.State, event: cart.Event | cart.Refusal) -> cart.State:
        return state

    changed: Aggregate = replace(
        cart.carts, decider=replace(cart.cart, decide=decide, evolve=evolve)
    )
    return replace(cart.board, aggregates=(changed, cart.shipments))


class CallPlumber(CallMechanic, frozen=True):
    pass


def call_a_plumber(event: Jammed) -> CallMechanic:
    return CallPlumber(event.turnstile)


class ForgetsToDos(Board):
    def fold(
        self,
        events: Iterable[object],
        state: BoardState | None = None,
        command_ids: Iterable[str] | None = None,
    ) -> BoardState:
        before = state and BoardState(state.position, state.streams, (), state.views)
        return super().fold(events, before, command_ids)


class CountsAnew(Board):
    def fold(
        self,
        events: Iterable[object],
        state: BoardState | None = None,
        command_ids: Iterable[str] | None = None,
    ) -> BoardState:
        before = state and BoardState(0, state.streams, state.waiting, state.views)
        return super().fold(events, before, command_ids)


class ShowsNothing(Board):
    def fold(
        self,
        events: Iterable[object],
        state: BoardState | None = None,
        command_ids: Iterable[str] | None = None,
    ) -> BoardState:
        folded = super().fold(events, state, command_ids)
        return BoardState(folded.position, folded.streams, folded.waiting)


def as_board(kind: type[Board]) -> Board:
    return kind(board.aggregates, board.policies, board.projections)


BOARDS = (
    board_with(
        board_laws.every_command_has_its_place,
        "a policy calls somebody who is not there",
        replace(board, policies=(replace(call_mechanic, then=call_a_plumber),)),
    ),
    board_with(
        board_laws.every_command_has_its_place,
        "a command has no aggregate",
        Board((turnstiles,), (), (takings,)),
    ),
    board_with(
        board_laws.every_event_has_its_place,
        "an event names another stream",
        deciding(names_another),
    ),
    board_with(
        board_laws.every_event_has_its_place,
        "one aggregate gives the other's event",
        deciding(calls_the_mechanic),
    ),
    board_with(
        board_laws.streams_do_not_disturb_each_other,
        "all turnstiles share a purse",
        deciding(with_one_purse()),
        runs(st.builds(InsertCoin, st.sampled_from(["north", "south"]), st.just(1))),
    ),
    board_with(
        board_laws.a_board_can_be_taken_up_anywhere, "forgets its to-dos", as_board(ForgetsToDos)
    ),
    board_with(
        board_laws.a_board_can_be_taken_up_anywhere, "counts positions anew", as_board(CountsAnew)
    ),
    board_with(
        board_laws.every_command_is_decided,
        "a kick that was not foreseen raises",
        deciding(cannot_be_kicked),
    ),
    board_with(
        board_laws.a_command_leads_where_it_says,
        "a push is said to lead to nothing",
        replace(board, aggregates=(replace(turnstiles, leads={Push: ()}), board.aggregates[1])),
    ),
    board_with(
        board_laws.every_todo_ends_or_is_refused,
        "a mechanic who was called by hand says nothing",
        silent_when_called_twice(),
    ),
    board_with(
        what_happens_can_be_stored, "a price that is not a number", priced_by_nothing(), CARTS
    ),
    board_with(board_laws.a_board_is_the_folds_on_it, "folds no views", as_board(ShowsNothing)),
)
