"""``todo``: what the policies have still to do, and what is parked and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import msgspec

from deciderkit.policy import ToDo
from deciderkit.shell.cli.edge import out, succeeded, told
from deciderkit.shell.cli.messages import as_json as message_as_json
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.telling import telling, todo_line
from deciderkit.shell.dispatch.dispatcher import Dispatcher


@click.command(short_help="List what the policies have still to do, or do it.")
@store_option
@click.option("--run", "do_it", is_flag=True, help="Do first what can be done now.")
@click.option("--retry", is_flag=True, help="Let go of all that is parked, and do it.")
@click.option(
    "--json", "as_json", is_flag=True, help="One to-do a line, as JSON; `do` takes its command."
)
@click.option("--quiet", "-q", is_flag=True, help="With --run or --retry: leave out the log.")
def todo(store: str | None, do_it: bool, retry: bool, as_json: bool, quiet: bool) -> None:
    """List what the policies have still to do, in the order in which the log asked for it.

    A line has the position of the event that asked, the policy and the command; with it, when it is
    due, or why it is parked: it could not be done, and waits until somebody lets it go.

    \b
    Examples:
      deciderkit todo
      deciderkit todo --run
      deciderkit todo --retry
    """
    with opened(store, writes=do_it or retry) as (program, log):
        dispatcher = program.on(log, telling(program, quiet=quiet))
        if retry:
            parked = succeeded(dispatcher.parked())
            succeeded(dispatcher.let_go(*(each.todo for each in parked)))
        if do_it or retry:
            succeeded(dispatcher.resume())
        _list(dispatcher, as_json=as_json)


def _list(dispatcher: Dispatcher, *, as_json: bool) -> None:
    parked = {each.todo.id: each.reason for each in succeeded(dispatcher.parked())}
    for each in succeeded(dispatcher.todos()):
        reason = parked.get(each.id)
        if as_json:
            out(_as_json(each, reason))
        else:
            told(as_text(each, reason))


def as_text(todo: ToDo[Any, Any], parked: str | None = None) -> str:
    """One to-do as a line for people."""
    due = _due(todo)
    waits = f"  due {due.isoformat()}" if isinstance(due, datetime) else ""
    why = f"  parked: {parked}" if parked else ""
    return f"{todo.position} {todo_line(todo)}{waits}{why}"


def _as_json(todo: ToDo[Any, Any], parked: str | None) -> bytes:
    try:
        command = message_as_json(todo.command)
    except Exception:  # somebody's `then`; the text says what it raises
        command = None
    return msgspec.json.encode(
        {
            "id": todo.id,
            "position": todo.position,
            "policy": todo.policy.name,
            "key": todo.key,
            "command": command,
            "due": _due(todo),
            "parked": parked,
        }
    )


def _due(todo: ToDo[Any, Any]) -> datetime | None:
    try:
        return todo.due
    except Exception:  # somebody's `due`: doing it will say so
        return None
