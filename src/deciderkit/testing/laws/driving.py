"""A board driven without a shell, for the laws: commands in, a log out, reacting or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board, BoardState
from deciderkit.decider import Refused
from deciderkit.policy import Policy, ToDo
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


def heard_by(policy: Policy[Any, Any], board: Board, commands: Sequence[Any]) -> list[Any]:
    """Commands from outside that give ``policy`` something to hear, with those of other policies if need be.

    What sets a policy off may come of another policy's command alone. Then the others do what they
    have to do in between: at first what need not wait for its time, and if that is not enough, all.
    """
    outside = from_outside(board, commands)
    for react in (None, lambda todo: todo.policy.due is None, lambda todo: True):
        script, log = _with_others(policy, board, outside, react)
        if any(type(event) is policy.whenever for event in log):
            return script
    return outside


def _with_others(
    policy: Policy[Any, Any],
    board: Board,
    outside: Sequence[Any],
    react: Callable[[ToDo[Any, Any]], bool] | None,
) -> tuple[list[Any], list[Any]]:
    """``outside`` with what other policies ask for in between, up to what raises; and its log."""
    drive, tried = Drive(board), set[str]()
    try:
        for command in outside:
            drive.do(command)
            while react is not None and len(tried) < CASCADE:
                others = [todo for todo in drive.state.todos() if todo.policy.name != policy.name]
                todo = next((each for each in others if each.id not in tried and react(each)), None)
                if todo is None:
                    break
                tried.add(todo.id)
                drive.do(todo.command, todo.id)
    except Exception:
        return list(outside), drive.log
    return [done.command for done in drive.done], drive.log


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
