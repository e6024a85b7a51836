"""What holds of any board before anything else is asked of it: each message has its place, and is taken.

Each law is asked with a board and a list of commands for its aggregates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from deciderkit.board import Board
from deciderkit.testing.laws.driving import Drive, driven, taker_of, tell_drive, up_to_trouble
from deciderkit.testing.laws.law import Told, about, contradict, hold_alike, leaning_on

Commands: TypeAlias = Sequence[Any]

law = about("board", tell_drive)


@law
def every_command_has_its_place(board: Board, commands: Commands) -> None:
    """Every command, also one that a policy gives, is taken by an aggregate of the board."""
    drive = Drive(board)
    for drive, command in up_to_trouble(board, commands):
        taker_of(board, command)
    for todo in drive.state.todos():
        taker_of(board, todo.command)


@leaning_on(every_command_has_its_place)
@law
def every_event_has_its_place(board: Board, commands: Commands) -> None:
    """Every event belongs to the aggregate that gave it, and to the stream that the command was for."""
    for drive, command in up_to_trouble(board, commands):
        for each in (command, *(todo.command for todo in drive.state.todos())):
            _in_its_place(drive, each)


def _in_its_place(drive: Drive, command: Any) -> None:
    try:
        done = drive.decide(command)
    except Exception:  # see `every_command_is_decided`
        return
    for event in done.events:
        if type(event) not in done.taker.events:
            known = Told(", ".join(each.__name__ for each in done.taker.events))
            contradict(given_by=done.taker.name, event=event, expected_one_of=known)
        hold_alike(
            done.taker.stream(command), done.taker.stream(event), command=command, event=event
        )


@leaning_on(every_command_has_its_place, every_event_has_its_place)
@law
def every_command_is_decided(board: Board, commands: Commands) -> None:
    """Every command is decided, and what was decided follows: no function on the board raises."""
    driven(board, commands)
