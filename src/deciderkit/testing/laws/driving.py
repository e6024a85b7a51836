"""A board driven without a shell, for the laws: commands in, a log out, reacting or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board, BoardState
from deciderkit.decider import Refused
from deciderkit.testing.laws.law import Told, contradict

CASCADE = 100
"""How many to-dos one command may lead to before the cascade counts as endless."""


@dataclass
class Drive:
    """A board on its way: its log so far and the state that the log leads to."""

    board: Board
    log: list[Any] = field(default_factory=list)
    state: BoardState = field(default_factory=BoardState)

    def do(self, command: Any) -> tuple[Any, ...]:
        """Decide ``command`` in the state of its aggregate, and record what it led to."""
        taker = taker_of(self.board, command)
        decision = taker.decider.decide(command, self.state.state(taker, taker.key(command)))
        events = [event for event in decision if not isinstance(event, Refused)]
        self.state = self.board.fold(events, self.state)
        self.log += events
        return decision

    def settle(self) -> None:
        """Do what the policies ask for until nothing is left to do."""
        done = 0
        while todos := self.state.todos():
            done += 1
            if done > CASCADE:
                contradict(
                    after=Told(f"{CASCADE} to-dos done one after the other"),
                    expected=Told("nothing left to do"),
                    still_to_do=todos,
                )
            refused = [each for each in self.do(todos[0].command) if isinstance(each, Refused)]
            if refused:
                contradict(to_do=todos[0], expected=Told("an end to it"), refused=refused[0])


def taker_of(board: Board, command: Any) -> Aggregate:
    """The aggregate that takes ``command``; that there is none is a counterexample."""
    taker = board.takers.get(type(command))
    if taker is None:
        known = Told(", ".join(each.__name__ for each in board.commands))
        contradict(command=command, expected_one_of=known)
    return taker


def log_of(board: Board, commands: Sequence[Any]) -> list[Any]:
    """The events that ``commands`` lead to where nobody reacts to them."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
    return drive.log


def tell_drive(board: Board, commands: Sequence[Any]) -> list[str]:
    """The story of a drive without reactions, as far as it can be told of a broken board."""
    lines = ["commands:" if commands else "commands: none"]
    drive = Drive(board)
    for number, command in enumerate(commands, start=1):
        lines.append(f"  {number}. {command!r}")
        try:
            lines += [f"       -> {event!r}" for event in drive.do(command)]
        except Exception as error:
            lines.append(f"       -> raised {type(error).__name__}: {error}")
    return lines
