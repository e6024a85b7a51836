"""``view``: the read models, now or at any position of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import click
import msgspec
from pyrsistent import PMap, PSet, PVector

from deciderkit.keyed_fold import chunks
from deciderkit.log.port import EventStore
from deciderkit.plain import shown
from deciderkit.projection import Projection
from deciderkit.read_models import UnreadView, Views, after
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.choosing import as_data, projection_called
from deciderkit.shell.cli.edge import Stop, bad_input, counted, out, succeeded, told
from deciderkit.shell.cli.events import sound_log, until
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.store import opened, store_option, until_option
from deciderkit.shell.program import Program


@click.command(short_help="Print the read models, now or at any position.")
@click.argument("name", required=False)
@click.argument("key", required=False)
@store_option
@until_option()
@click.option("--json", "as_json", is_flag=True, help="One view a line, as JSON.")
def view(
    name: str | None,
    key: str | None,
    store: str | None,
    position: int | None,
    as_json: bool,
) -> None:
    """Print the view NAME: the one for the whole log, the one for KEY, or those for all keys.

    Without a NAME the views of the board are listed. A view that cannot take an event stands still
    before it; that is said on stderr.

    \b
    Examples:
      deciderkit view
      deciderkit view boiled
      deciderkit view "by kettle" red --until 7 --json
    """
    if name is None:
        for each in bound().program.board.projections:
            told(f"{each.name}{'  one for each key' if each.is_keyed else ''}")
        return
    with opened(store) as (program, log):
        chosen = projection_called(program.board, name)
        if key is not None and not chosen.is_keyed:
            bad_input(f"view {chosen.name!r} is one for the whole log: expected no KEY")
        views, unread = _views(program, log, chosen, position)
    _note(unread)
    if not chosen.is_keyed:
        _print(views.get("", chosen.initial), as_json=as_json)
    elif key is not None:
        if key not in views:
            raise Stop(
                f"no view {chosen.name!r} of {key!r}: there are {counted(len(views), 'key')}"
            )
        _print(views[key], as_json=as_json)
    else:
        _print_all(views, as_json=as_json)


def _note(unread: tuple[UnreadView, ...]) -> None:
    """Say on stderr which views stand still, and why."""
    for stopped in unread:
        where = f"{stopped.projection} {stopped.key or ''}".strip()
        reason = f"stands still before position {stopped.position}: {stopped.reason}"
        click.echo(f"note: {shown(f'{where} {reason}')}", err=True)


def _views(
    program: Program, log: EventStore, chosen: Projection[Any], position: int | None
) -> tuple[Mapping[str, Any], tuple[UnreadView, ...]]:
    """All views of ``chosen``, and those of them that stand still."""
    if position is None:
        alone = replace(program, board=replace(program.board, policies=(), projections=(chosen,)))
        dispatcher = alone.on(log)
        return succeeded(dispatcher.views(chosen)), succeeded(dispatcher.unread())
    views = Views()
    events = watched(sound_log(log), succeeded(log.head()), "reading")
    for page in chunks(until(events, position)):
        views = after(chosen, page, views)
    return views.by_key, tuple(views.unread.values())


def _print(found: Any, *, as_json: bool) -> None:
    """One view: JSON on a line, or for people each item on a line of its own."""
    if as_json:
        out(as_data(found))
    elif _is_many(found):
        for item in _items(found):
            told(item)
    else:
        told(bound().spell(found))


def _is_many(found: Any) -> bool:
    kinds = (PMap, PSet, PVector, Mapping, Sequence, Set)
    return isinstance(found, kinds) and not isinstance(found, (str, bytes))


def _items(found: Any) -> Iterator[str]:
    """Each item of a collection as text; sets and maps in an order that does not depend on hashing."""
    spell = bound().spell
    if isinstance(found, (Mapping, PMap)):
        return iter(sorted(f"{spell(key)}: {spell(of)}" for key, of in found.items()))
    if isinstance(found, (Set, PSet)):
        return iter(sorted(map(spell, found)))
    return map(spell, found)


def _print_all(views: Mapping[str, Any], *, as_json: bool) -> None:
    for key in sorted(views):
        if as_json:
            out(msgspec.json.encode({"key": key, "view": msgspec.Raw(as_data(views[key]))}))
        else:
            told(f"{key}  {bound().spell(views[key])}")
