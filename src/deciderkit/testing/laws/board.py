"""The laws of a whole board. Each is asked with a board and a list of commands for its aggregates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.decider import Refused, fold
from deciderkit.testing.laws.driving import Drive, log_of, taker_of, tell_drive
from deciderkit.testing.laws.law import Law, Told, about, contradict, hold_alike

Commands: TypeAlias = Sequence[Any]

law = about("board", tell_drive)


@law
def every_command_has_its_place(board: Board, commands: Commands) -> None:
    """Every command, also one that a policy gives, is taken by an aggregate of the board."""
    for command in commands:
        taker_of(board, command)
    for todo in board.fold(log_of(board, commands)).todos():
        taker_of(board, todo.command)


@law
def every_event_has_its_place(board: Board, commands: Commands) -> None:
    """Every event belongs to the aggregate that gave it, and to the stream that the command was for."""
    drive = Drive(board)
    for command in commands:
        taker = taker_of(board, command)
        state = drive.state.state(taker, taker.key(command))
        for event in taker.decider.decide(command, state):
            if isinstance(event, Refused):
                continue
            if type(event) not in taker.events:
                known = Told(", ".join(each.__name__ for each in taker.events))
                contradict(given_by=taker.name, event=event, expected_one_of=known)
            hold_alike(taker.stream(command), taker.stream(event), command=command, event=event)
        drive.do(command)


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


@law
def a_board_can_be_taken_up_anywhere(board: Board, commands: Commands) -> None:
    """Folding the log in two parts equals folding the whole: states, to-dos and views."""
    log = log_of(board, commands)
    whole = board.fold(log)
    for cut in range(len(log) + 1):
        hold_alike(whole, board.fold(log[cut:], board.fold(log[:cut])), cut_after_event=cut)


@law
def a_board_is_the_folds_on_it(board: Board, commands: Commands) -> None:
    """What the board folds is what each of its deciders, projections and policies folds alone."""
    log = log_of(board, commands)
    state = board.fold(log)
    for aggregate in board.aggregates:
        for key, own in _by_key(log, aggregate.events, aggregate).items():
            alone = fold(aggregate.decider, own)
            hold_alike(alone, state.state(aggregate, key), of=Told(f"{aggregate.name} {key}"))
    for view in board.projections:
        for key, own in _by_key(log, view.takes, view).items():
            hold_alike(view.fold(own), state.view(view, key), of=Told(f"{view.name} {key}"))
    todos = [todo for policy in board.policies for todo in policy.todos(log)]
    hold_alike(sorted(todos, key=lambda todo: todo.position), list(state.todos()))


def _by_key(
    log: list[Any], kinds: tuple[type, ...], keyed: Aggregate | Any
) -> dict[str, list[Any]]:
    events: dict[str, list[Any]] = defaultdict(list)
    for event in log:
        if type(event) in kinds:
            events[keyed.key(event)].append(event)
    return events


BOARD_LAWS: tuple[Law[[Board, Commands]], ...] = (
    every_command_has_its_place,
    every_event_has_its_place,
    streams_do_not_disturb_each_other,
    a_board_can_be_taken_up_anywhere,
    a_board_is_the_folds_on_it,
)
"""Every law of a board."""
