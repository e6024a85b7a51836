"""A board driven without a shell, for the laws: commands in, a log out, reacting or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board, BoardState
from deciderkit.decider import Refused
from deciderkit.policy import ToDo
from deciderkit.testing.laws.law import Told, contradict

CASCADE = 100
"""How many to-dos one command may lead to before the cascade counts as endless."""


class Done(NamedTuple):
    """A command that was decided, by whom, what came of it, and the id of the to-do that it was."""

    command: Any
    taker: Aggregate
    decision: tuple[Any, ...]
    told: str = ""

    @property
    def events(self) -> list[Any]:
        """The decision less its refusals."""
        return [event for event in self.decision if not isinstance(event, Refused)]


@dataclass
class Drive:
    """A board on its way: its log so far, the ids in it, and the state that the log leads to.

    A to-do is done under its own id, as a dispatcher does it; a command from outside has none.
    """

    board: Board
    log: list[Any] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    state: BoardState = field(default_factory=BoardState)
    done: list[Done] = field(default_factory=list)

    def decide(self, command: Any) -> Done:
        """What ``command`` leads to in the state of its aggregate."""
        taker = taker_of(self.board, command)
        state = self.state.state(taker, taker.key(command))
        return Done(command, taker, taker.decider.decide(command, state))

    def do(self, command: Any, command_id: str = "") -> Done:
        """Decide ``command``, and record what it led to."""
        done = self.decide(command)._replace(told=command_id)
        ids = [command_id] * len(done.events)
        self.state = self.board.fold(done.events, self.state, ids)
        self.log += done.events
        self.ids += ids
        self.done.append(done)
        return done

    def settle(self) -> list[ToDo[Any, Any]]:
        """Do each to-do once, whenever it is due, and what comes of that; which of them are left.

        That this does not end is a counterexample.
        """
        tried: set[str] = set()
        while todos := [todo for todo in self.state.todos() if todo.id not in tried]:
            if len(tried) >= CASCADE:
                contradict(
                    after=Told(f"{CASCADE} to-dos done one after the other"),
                    expected=Told("nothing left to do"),
                    still_to_do=todos,
                )
            tried.add(todos[0].id)
            self.do(todos[0].command, todos[0].id)
        return list(self.state.todos())


def driven(board: Board, commands: Sequence[Any], reacting: bool = False) -> Drive:
    """``board`` after ``commands``; where it is ``reacting``, every to-do is done at once."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        if reacting:
            drive.settle()
    return drive


def up_to_trouble(board: Board, commands: Sequence[Any]) -> Iterator[tuple[Drive, Any]]:
    """Each command with the drive before it, up to the first that raises: another law tells of that."""
    drive = Drive(board)
    for command in commands:
        yield drive, command
        try:
            drive.do(command)
        except Exception:
            return


def taker_of(board: Board, command: Any) -> Aggregate:
    """The aggregate that takes ``command``; that there is none is a counterexample."""
    taker = board.takers.get(type(command))
    if taker is None:
        known = Told(", ".join(each.__name__ for each in board.commands))
        contradict(command=command, expected_one_of=known)
    return taker


def log_of(board: Board, commands: Sequence[Any]) -> list[Any]:
    """The events that ``commands`` lead to where nobody reacts to them."""
    return driven(board, commands).log


def from_outside(board: Board, commands: Sequence[Any]) -> list[Any]:
    """``commands`` less those of types that a policy asks for: those are the policy's to give."""
    asked = {kind for policy in board.policies for kind in policy.asks_for}
    return [command for command in commands if type(command) not in asked]


def tell_drive(board: Board, commands: Sequence[Any]) -> list[str]:
    """The story of a drive without reactions, as far as it can be told of a broken board."""
    lines = ["commands:" if commands else "commands: none"]
    drive = Drive(board)
    for number, command in enumerate(commands, start=1):
        lines.append(f"  {number}. {command!r}")
        try:
            lines += [f"       -> {event!r}" for event in drive.do(command).decision]
        except Exception as error:
            lines.append(f"       -> raised {type(error).__name__}: {error}")
    return lines
