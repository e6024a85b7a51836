"""The laws of any policy. Each is asked with a policy, the board it stands on, and a list of commands.

A policy alone is a promise; whether its command takes its to-do off the list again shows on a board.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from pyrsistent import PMap, pmap

from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.policy import Policy, ToDo
from deciderkit.testing.laws.driving import Drive, log_of, taker_of, tell_drive
from deciderkit.testing.laws.law import Law, Told, about, contradict, hold_alike, left_alone

AnyPolicy: TypeAlias = Policy[Any, Any]
Commands: TypeAlias = Sequence[Any]


def tell_policy(policy: AnyPolicy, board: Board, commands: Commands) -> list[str]:
    """The story of a policy on its board."""
    return [f"policy: {policy.name}", *tell_drive(board, commands)]


law = about("policy", tell_policy)


@law
def todos_depend_on_the_log_alone(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """What is to do depends on the log alone: asked again, or kept event by event, it is the same."""
    for log in _logs(policy, board, commands):
        once = policy.todos(log)
        hold_alike(once, policy.todos(log), log=log)
        pending: PMap[str, ToDo[Any]] = pmap()
        for position, event in enumerate(log, start=1):
            with left_alone(event=event, pending=pending):
                pending = policy.evolve(pending, position, event)
        hold_alike(set(once), set(pending.values()), log=log)
        hold_alike(_expected_todos(policy, log), once, log=log)


def _logs(policy: AnyPolicy, board: Board, commands: Commands) -> tuple[list[Any], list[Any]]:
    """What the commands lead to where nobody reacts, and where every to-do is done once, at once."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        for todo in policy.todos(drive.log):
            drive.do(todo.command)
    return log_of(board, commands), drive.log


def _expected_todos(policy: AnyPolicy, log: list[Any]) -> tuple[ToDo[Any], ...]:
    """The same, told plainly: for each key the first ``whenever`` since the last ``until``."""
    waiting: list[tuple[int, str, Any]] = []
    for position, event in enumerate(log, start=1):
        if isinstance(event, policy.until):
            waiting = [each for each in waiting if each[1] != policy.key(event)]
        if isinstance(event, policy.whenever):
            waiting.append((position, policy.key(event), event))
    firsts = {key: (position, event) for position, key, event in reversed(waiting)}
    todos = [ToDo(at, policy.name, key, policy.then(event)) for key, (at, event) in firsts.items()]
    return tuple(sorted(todos, key=lambda todo: todo.position))


@law
def whenever_puts_on_and_until_takes_off(
    policy: AnyPolicy, board: Board, commands: Commands
) -> None:
    """`whenever` puts a command on the list, and `until` takes it off again."""
    for log in _logs(policy, board, commands):
        for length, event in enumerate(log, start=1):
            _is_heard(policy, log[:length], event)


def _is_heard(policy: AnyPolicy, log: list[Any], event: Any) -> None:
    waiting = {todo.key for todo in policy.todos(log)}
    if isinstance(event, policy.whenever):
        if policy.key(event) not in waiting:
            contradict(after=event, expected=Told("a to-do for it"), to_do_for=waiting)
    elif isinstance(event, policy.until) and policy.key(event) in waiting:
        contradict(after=event, expected=Told("no to-do for it"), to_do_for=waiting)


@law
def doing_a_todo_ends_it(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """Doing a to-do ends it, whenever it is done: its command is not refused, and leads to `until`."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        for todo in policy.todos(drive.log):
            _do(policy, drive, todo)


def _do(policy: AnyPolicy, drive: Drive, todo: ToDo[Any]) -> None:
    taker = taker_of(drive.board, todo.command)
    state = drive.state.state(taker, taker.key(todo.command))
    decision = taker.decider.decide(todo.command, state)
    events = [event for event in decision if not isinstance(event, Refused)]
    if todo in policy.todos([*drive.log, *events]):
        expected = Told(f"a {policy.until.__name__} that ends it")
        contradict(to_do=todo, state_of_who_does_it=state, expected=expected, actual=decision)


@law
def a_cascade_ends(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """A cascade ends: when all that policies ask for is done, nothing is left to do."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        drive.settle()


POLICY_LAWS: tuple[Law[[AnyPolicy, Board, Commands]], ...] = (
    todos_depend_on_the_log_alone,
    whenever_puts_on_and_until_takes_off,
    doing_a_todo_ends_it,
    a_cascade_ends,
)
"""Every law of a policy."""
