"""The laws of any policy. Each is asked with a policy, the board it stands on, and a list of commands.

A policy alone is a promise; whether its command takes its to-do off the list again shows on a board.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from deciderkit.board import Board
from deciderkit.ids import key_text, todo_of
from deciderkit.policy import Policy, ToDo, Waiting, in_order
from deciderkit.testing.laws.driving import Drive, driven, from_outside, heard_by, tell_drive
from deciderkit.testing.laws.law import (
    Law,
    Told,
    about,
    contradict,
    hold_alike,
    leaning_on,
    left_alone,
)
from deciderkit.testing.laws.placing import every_command_is_decided

AnyPolicy: TypeAlias = Policy[Any, Any]
AnyToDo: TypeAlias = ToDo[Any, Any]
Commands: TypeAlias = Sequence[Any]

_BLINK = timedelta(microseconds=1)


def tell_policy(policy: AnyPolicy, board: Board, commands: Commands) -> list[str]:
    """The story of a policy on its board."""
    return [f"policy: {policy.name}", *tell_drive(board, commands)]


law = about("policy", tell_policy)


@law
def its_board_runs(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """The board on which a policy stands decides every command. It is the board's law, and leant on."""
    every_command_is_decided.asks(board, commands)


@leaning_on(its_board_runs)
@law
def whenever_puts_on_and_until_takes_off(
    policy: AnyPolicy, board: Board, commands: Commands
) -> None:
    """`whenever` puts a to-do on the list, `until` takes the one off that it answers, `unless` all of its key."""
    for drive in _drives(policy, board, commands):
        waiting: Waiting[Any, Any] = Waiting()
        for position, (event, told) in enumerate(zip(drive.log, drive.ids, strict=True), 1):
            before = _brief(waiting.by_position.values())
            waiting = policy.evolve(waiting, position, event, told)
            expected = _heard(policy, before, position, event, told)
            hold_alike(expected, _brief(waiting.by_position.values()), after=event, before=before)


def _heard(
    policy: AnyPolicy, waiting: list[tuple[int, str]], position: int, event: Any, command_id: str
) -> list[tuple[int, str]]:
    """What waits after ``event``, told plainly: places and keys, the oldest first."""
    kind, told = type(event), todo_of(command_id)
    if kind in policy.answers:
        if told and told[0] in policy.slugs:
            off = [each for each in waiting if each[0] == told[1]]
        else:
            off = [each for each in waiting if each[1] == key_text(policy.key(event), policy)][:1]
        waiting = [each for each in waiting if each not in off]
    if kind in policy.excuses:
        waiting = [each for each in waiting if each[1] != key_text(policy.key(event), policy)]
    if kind is policy.whenever:
        waiting = [*waiting, (position, key_text(policy.key(event), policy))]
    return waiting


def _brief(todos: Iterable[AnyToDo]) -> list[tuple[int, str]]:
    return [(todo.position, str(todo.key)) for todo in in_order(todos)]


@leaning_on(its_board_runs, whenever_puts_on_and_until_takes_off)
@law
def todos_depend_on_the_log_alone(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """What is to do depends on the log alone: asked again, or kept event by event, it is the same."""
    for drive in _drives(policy, board, commands):
        once = policy.todos(drive.log)
        hold_alike(_told(once), _told(policy.todos(drive.log)), log=drive.log)
        waiting: Waiting[Any, Any] = Waiting()
        for position, event in enumerate(drive.log, start=1):
            with left_alone(event=event, waiting=waiting):
                waiting = policy.evolve(waiting, position, event)
        hold_alike(_told(in_order(waiting.by_position.values())), _told(once), log=drive.log)


def _told(todos: Iterable[AnyToDo]) -> list[tuple[Any, ...]]:
    """To-dos by what they say; a command may hold what has no hash."""
    return [(todo.position, todo.policy.name, todo.key, todo.command) for todo in todos]


def _drives(policy: AnyPolicy, board: Board, commands: Commands) -> Iterator[Drive]:
    """Where nobody reacts; where every to-do is done at once, late, and late by somebody else."""
    yield driven(board, commands)
    at_once = Drive(board)
    for command in commands:
        at_once.do(command)
        for todo in _open(policy, at_once):
            at_once.do(todo.command, todo.id)
    yield at_once
    late, by_others = driven(board, commands), driven(board, commands)
    for todo in reversed(_open(policy, late)):
        late.do(todo.command, todo.id)
        by_others.do(todo.command)
    yield late
    yield by_others


def _open(policy: AnyPolicy, drive: Drive) -> list[AnyToDo]:
    """What ``policy`` has to do after ``drive``, whether or not it stands on the board."""
    waiting: Waiting[Any, Any] = Waiting()
    for position, (event, told) in enumerate(zip(drive.log, drive.ids, strict=True), 1):
        waiting = policy.evolve(waiting, position, event, told)
    return list(in_order(waiting.by_position.values()))


@leaning_on(its_board_runs, todos_depend_on_the_log_alone)
@law
def a_todo_waits_until_it_is_due(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """When a to-do is due hangs on its event alone, has a zone, and before that it is not asked for."""
    log = driven(board, commands).log
    todos = policy.todos(log)
    dues = [todo.due for todo in todos]  # one without a zone raises
    hold_alike(dues, [todo.due for todo in todos], to_dos=todos)
    for moment in {due for due in dues if due is not None}:
        for now in (moment - _BLINK, moment, moment + _BLINK):
            ready = [todo for todo, due in zip(todos, dues, strict=True) if not due or due <= now]
            hold_alike(_told(ready), _told(policy.todos(log, now)), now=now)


@leaning_on(its_board_runs, todos_depend_on_the_log_alone)
@law
def doing_a_todo_ends_it(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """Doing a to-do ends it, whenever and by whomever it is done: it is not refused, and leads to `until`."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        todos = _open(policy, drive)
        for todo in todos:
            oldest = todo.position == min(each.position for each in todos if each.key == todo.key)
            for told in (todo.id, "")[: 1 + oldest]:
                _do(policy, drive, todo, told)


def _do(policy: AnyPolicy, drive: Drive, todo: AnyToDo, command_id: str) -> None:
    done = drive.decide(todo.command)
    ids = [*drive.ids, *[command_id] * len(done.events)]
    after = Drive(drive.board, [*drive.log, *done.events], ids)
    if todo.id in {each.id for each in _open(policy, after)}:
        names = " or a ".join(each.__name__ for each in (*policy.answers, *policy.excuses))
        contradict(
            to_do=todo,
            state_of_who_does_it=drive.state.state(done.taker, done.taker.key(todo.command)),
            expected=Told(f"a {names} that ends it"),
            actual=done.decision,
            recorded_under=Told(command_id or "an id of somebody else"),
        )


@leaning_on(its_board_runs, todos_depend_on_the_log_alone, doing_a_todo_ends_it)
@law
def a_cascade_ends(policy: AnyPolicy, board: Board, commands: Commands) -> None:
    """A cascade ends: when all that policies ask for is done, nothing is left to do."""
    drive = Drive(board)
    for command in commands:
        drive.do(command)
        if left := [todo for todo in drive.settle() if todo.policy.name == policy.name]:
            contradict(expected=Told("nothing left to do"), still_to_do=left)


POLICY_LAWS: tuple[Law[[AnyPolicy, Board, Commands]], ...] = (
    whenever_puts_on_and_until_takes_off,
    todos_depend_on_the_log_alone,
    a_todo_waits_until_it_is_due,
    doing_a_todo_ends_it,
    a_cascade_ends,
)
"""Every law of a policy."""


def on_its_board(
    law: Law[[AnyPolicy, Board, Commands]], policy: AnyPolicy, board: Board, commands: Commands
) -> list[Any]:
    """What to ask ``law`` of ``policy`` with: a cascade is what policies make of others' commands alone."""
    if law is a_cascade_ends:
        return from_outside(board, commands)
    return heard_by(policy, board, commands)
