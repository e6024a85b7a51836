"""The laws of a whole board. Each is asked with a board and a list of commands for its aggregates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from deciderkit.board import Board
from deciderkit.decider import Refused, fold
from deciderkit.ids import key_text
from deciderkit.log.codec import Codec
from deciderkit.log.errors import NotStorable
from deciderkit.policy import in_order
from deciderkit.testing.laws.driving import Drive, driven, log_of, taker_of
from deciderkit.testing.laws.law import Law, Told, Unasked, contradict, hold_alike, leaning_on
from deciderkit.testing.laws.placing import (
    Commands,
    every_command_has_its_place,
    every_command_is_decided,
    every_event_has_its_place,
    law,
)
from deciderkit.testing.laws.policy import POLICY_LAWS, on_its_board

__all__ = [
    "BOARD_LAWS",
    "a_board_can_be_taken_up_anywhere",
    "a_board_is_the_folds_on_it",
    "a_command_leads_where_it_says",
    "every_command_has_its_place",
    "every_command_is_decided",
    "every_event_has_its_place",
    "every_todo_ends_or_is_refused",
    "streams_do_not_disturb_each_other",
    "that_events_can_be_stored",
]


@leaning_on(every_command_is_decided, every_event_has_its_place)
@law
def a_command_leads_where_it_says(board: Board, commands: Commands) -> None:
    """A command leads only to the events that the `leads` of its aggregate name, if they name any."""
    for done in driven(board, commands).done:
        expected = done.taker.leads_to[type(done.command)]
        for event in done.events:
            if type(event) not in expected:
                known = Told(", ".join(each.__name__ for each in expected) or "no event at all")
                contradict(command=done.command, event=event, expected_one_of=known)


@leaning_on(every_command_is_decided, every_event_has_its_place)
@law
def streams_do_not_disturb_each_other(board: Board, commands: Commands) -> None:
    """Interleaved streams are independent: each has the events that it would have alone."""
    streams = _by_stream(board, commands)
    together = log_of(board, commands)
    for name, own in streams.items():
        alone = log_of(board, own)
        kept = [event for event in together if board.givers[type(event)].stream(event) == name]
        hold_alike(alone, kept, stream=Told(name))


def _by_stream(board: Board, commands: Commands) -> dict[str, list[Any]]:
    streams: dict[str, list[Any]] = defaultdict(list)
    for command in commands:
        streams[taker_of(board, command).stream(command)].append(command)
    return streams


@leaning_on(every_command_is_decided)
@law
def a_board_can_be_taken_up_anywhere(board: Board, commands: Commands) -> None:
    """Folding the log in two parts equals folding the whole: states, to-dos and views."""
    log = log_of(board, commands)
    whole = board.fold(log)
    for cut in range(len(log) + 1):
        hold_alike(whole, board.fold(log[cut:], board.fold(log[:cut])), cut_after_event=cut)


@leaning_on(every_command_is_decided, a_board_can_be_taken_up_anywhere)
@law
def a_board_is_the_folds_on_it(board: Board, commands: Commands) -> None:
    """What the board folds is what each of its deciders, projections and policies folds alone."""
    log = log_of(board, commands)
    state = board.fold(log)
    for aggregate in board.aggregates:
        for key, own in _by_key(log, aggregate.events, aggregate.key).items():
            alone = fold(aggregate.decider, own)
            hold_alike(alone, state.state(aggregate, key), of=Told(f"{aggregate.name} {key}"))
    for view in board.projections:
        for key, own in _by_key(log, view.takes, view.key).items():
            hold_alike(view.fold(own), state.view(view, key), of=Told(f"{view.name} {key}"))
    todos = in_order(todo for policy in board.policies for todo in policy.todos(log))
    hold_alike([todo.id for todo in todos], [todo.id for todo in state.todos()])


def _by_key(
    log: list[Any], kinds: tuple[type, ...], key: Callable[[Any], object]
) -> dict[str, list[Any]]:
    events: dict[str, list[Any]] = defaultdict(list)
    for event in log:
        if type(event) in kinds:
            events[key_text(key(event))].append(event)
    return events


@law
def every_policy_keeps_its_laws(board: Board, commands: Commands) -> None:
    """Each policy on the board keeps its own laws. They are asked by themselves, and leant on here."""
    for policy in board.policies:
        for each in POLICY_LAWS:
            each(policy, board, on_its_board(each, policy, board, commands))


@leaning_on(every_command_is_decided, every_policy_keeps_its_laws)
@law
def every_todo_ends_or_is_refused(board: Board, commands: Commands) -> None:
    """Every to-do that is done ends, or is refused and so set aside; and there is an end of it."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        before = len(drive.done)
        left = {todo.id for todo in drive.settle()}
        for done in drive.done[before:]:
            refused = any(isinstance(each, Refused) for each in done.decision)
            if done.told in left and not refused:
                expected = Told("an event that ends it, or a refusal")
                contradict(to_do=Told(done.told), expected=expected, actual=done.decision)


def that_events_can_be_stored(codec: Codec | None = None) -> Law[[Board, Commands]]:
    """The law that what happens can be stored, in ``codec`` or in the one that the board's types make."""

    @leaning_on(every_command_is_decided)
    @law
    def what_happens_can_be_stored(board: Board, commands: Commands) -> None:
        """What happens can be stored: each event, as JSON, reads back equal."""
        try:
            kept = codec or Codec.of(board)
        except (TypeError, ValueError) as error:
            raise Unasked(f"no codec was given, and these types make none: {error}") from None
        for event in driven(board, commands, reacting=True).log:
            try:
                kept.readable(event)
            except NotStorable as error:
                contradict(event=event, expected=Told("the same, read back"), said=error)

    return what_happens_can_be_stored


BOARD_LAWS: tuple[Law[[Board, Commands]], ...] = (
    every_command_has_its_place,
    every_event_has_its_place,
    every_command_is_decided,
    a_command_leads_where_it_says,
    streams_do_not_disturb_each_other,
    a_board_can_be_taken_up_anywhere,
    a_board_is_the_folds_on_it,
    every_todo_ends_or_is_refused,
    that_events_can_be_stored(),
)
"""Every law of a board."""
